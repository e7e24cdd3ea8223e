import { t } from '@vscode/l10n';
import type { NodeProcess } from '../../node/processes/nodeProcess';
import { formatBytes } from '../../core/words/bytes';
import { timeOfDay } from '../../core/words/times';

const MOST_PORTS = 3;

/** A row of the process picker, or the title of a group. */
export type ProcessRow =
  | { readonly kind: 'title'; readonly label: string }
  | {
      readonly kind: 'process';
      readonly process: NodeProcess;
      readonly icon?: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
    };

/** In the order given, which has the processes of the workspace first. */
export function processRows(
  processes: readonly NodeProcess[],
  options: {
    readonly isInWorkspace: (process: NodeProcess) => boolean;
    readonly attachedPids: ReadonlySet<number>;
    readonly shortPath: (path: string) => string;
  },
): ProcessRow[] {
  const groups: { label: string; members: NodeProcess[] }[] = [
    { label: t('From this workspace'), members: [] },
    { label: t('Other processes'), members: [] },
    { label: t('Processes of other users'), members: [] },
    { label: t('The editor itself'), members: [] },
  ];
  for (const process of processes) {
    const group = process.isEditor ? 3 : options.isInWorkspace(process) ? 0 : process.own ? 1 : 2;
    groups[group].members.push(process);
  }
  return groups
    .filter((group) => group.members.length)
    .flatMap((group): ProcessRow[] => [
      { kind: 'title', label: group.label },
      ...group.members.map((process) => processRow(process, options.attachedPids, options.shortPath)),
    ]);
}

function processRow(
  process: NodeProcess,
  attached: ReadonlySet<number>,
  shortPath: (path: string) => string,
): ProcessRow {
  const facts = [t('pid {0}', process.pid)];
  if (process.cpuShare !== undefined) facts.push(t('{0} % CPU', Math.round(process.cpuShare * 100)));
  if (process.residentBytes !== undefined) facts.push(formatBytes(process.residentBytes));
  if (process.runner) facts.push(process.isLauncher ? t('starts others') : t('run by {0}', process.runner));
  if (process.role) facts.push(process.role);
  if (process.ports) facts.push(t('serves port {0}', process.ports.slice(0, MOST_PORTS).join(', ')));
  if (process.isOneOfMany && process.startedAt !== undefined) facts.push(t('since {0}', timeOfDay(process.startedAt)));
  if (process.busyChild) facts.push(t('waits for {0}, pid {1}', process.busyChild.name, process.busyChild.pid));
  if (!process.own && process.user) facts.push(process.user);
  if (process.inspectorPort !== undefined) facts.push(t('inspector on port {0}', process.inspectorPort));
  if (process.agentSocket) facts.push(t('Heatlens agent'));
  const script = process.script ? shortPath(process.script) : process.commandLine;
  const cwd = process.cwd ? shortPath(process.cwd) : undefined;
  return {
    kind: 'process',
    process,
    ...(attached.has(process.pid) ? { icon: 'flame' } : {}),
    label: process.name,
    description: attached.has(process.pid) ? `${facts.join(' · ')} · ${t('attached')}` : facts.join(' · '),
    detail: cwd ? t('{0} in {1}', script, cwd) : script,
  };
}

/** Several sockets and ports may lead in; the agent needs no signal and no port, so it goes first. */
export function isAgentTarget(process: NodeProcess): process is NodeProcess & { agentSocket: string } {
  return process.agentSocket !== undefined;
}
