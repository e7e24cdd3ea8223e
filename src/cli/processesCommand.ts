import { parseArgs } from 'node:util';
import { formatBytes } from '../core/words/bytes';
import { listNodeProcesses } from '../node/processes/listNodeProcesses';
import { closeLeftOpen } from '../node/inspector/closeLeftOpen';
import { findAgents } from '../node/processes/agentDirectory';
import { redact } from '../core/redact';
import type { NodeProcess } from '../node/processes/nodeProcess';
import { timeOfDay } from '../core/words/times';
import { formatTable, note, print, printJson } from './output';
import { percentText } from '../core/words/shares';

const MOST_PORTS = 3;

/** `heatlens processes [--json]`: Node processes that can be attached to, those of this folder first. */
export async function processesCommand(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  for (const pid of await closeLeftOpen())
    note(`closed the inspector of process ${pid}, which a Heatlens that was killed had left open.`);
  for (const text of (await findAgents()).notes) note(text);
  const processes = await listNodeProcesses({ workspaceFolders: [process.cwd()] });
  if (values.json) {
    const hidden = (_key: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);
    return printJson(JSON.stringify(processes, hidden, 2));
  }
  if (!processes.length)
    return print(['No other Node process runs here. Start the service, then run heatlens processes again.']);
  const rows = processes.map((found) => [
    String(found.pid),
    found.cpuShare === undefined ? '-' : percentText(found.cpuShare),
    found.residentBytes === undefined ? '-' : formatBytes(found.residentBytes),
    found.agentSocket
      ? 'agent'
      : found.inspectorPort
        ? `port ${found.inspectorPort}`
        : found.own
          ? 'closed'
          : `user ${found.user ?? '?'}`,
    redact(nameOf(found)),
    found.cwd ?? '-',
  ]);
  await print(formatTable(['PID', 'CPU', 'MEMORY', 'INSPECTOR', 'NAME', 'FOLDER'], rows, new Set([0, 1, 2])));
}

/** With what tells it from others: `server.js (worker 2, port 3000)`. */
function nameOf({ name, runner, role, ports, isOneOfMany, startedAt, busyChild }: NodeProcess): string {
  const facts = [
    ...(runner ? [runner] : []),
    ...(role ? [role] : []),
    ...(ports ? [`port ${ports.slice(0, MOST_PORTS).join(', ')}${ports.length > MOST_PORTS ? ', …' : ''}`] : []),
    ...(isOneOfMany && startedAt !== undefined ? [`since ${timeOfDay(startedAt)}`] : []),
    ...(busyChild ? [`waits for ${busyChild.name}, ${busyChild.pid}`] : []),
  ];
  return facts.length ? `${name} (${facts.join('; ')})` : name;
}
