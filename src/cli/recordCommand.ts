import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { createRecording, type EngineRecording } from '../node/recording/recording';
import { DEFAULT_OPTIONS, type RecordingOptions, type TargetSpec } from '../node/recording/recordingTypes';
import { formatReport, heatReport } from './heatReport';
import { launch, type Launched } from './launch';
import { note, print, printJson } from './output';
import { saveProfiles } from './saveProfiles';
import { wholeNumber } from './usage';
import { isHeatlensError, type HeatlensError } from '../core/errors';
import { isLoopback } from '../core/loopback';
import { whenAborted } from '../core/abort';
import { remoteNotAllowed, endedTooSoon, stoppedTooSoon, nothingMeasured, usageError } from './cliErrors';
import { noAnswer } from '../node/inspector/inspectorErrors';
import { formatBytes } from '../core/words/bytes';
import { formatDuration } from '../core/words/times';
import { findAgents } from '../node/processes/agentDirectory';
import { birthOf } from '../node/processes/birth';

/** Exact mode is a short, asked-for measurement: it samples closely. */
const EXACT_CPU_INTERVAL_US = 1_000;
/** At the end a blocked target is not waited for any longer, ms. */
const LAST_ANSWER_PATIENCE_MS = 10_000;

/** `heatlens record …`: attach, measure for the given time (or until Ctrl-C), put the process back, report. */
export async function recordCommand(args: readonly string[]): Promise<void> {
  const { values, command } = splitCommand(args);
  const given = [values.pid, values.inspect, command.length ? command : undefined].filter(
    (target) => target !== undefined,
  );
  if (given.length !== 1) throw usageError('record takes exactly one of --pid, --inspect and -- COMMAND');
  if (values.duration === undefined) throw usageError('record takes --duration SECONDS');
  const durationMs = Number(values.duration) * 1000;
  if (!(durationMs > 0) || durationMs > 24 * 3600 * 1000)
    throw usageError(`--duration takes seconds above 0 and at most a day, not "${values.duration}"`);
  if (!isMemory(values.memory)) throw usageError('--memory takes both, live, allocated or off');

  const settings: Partial<RecordingOptions> = {
    cpuIntervalUs: values['cpu-interval']
      ? wholeNumber('--cpu-interval', values['cpu-interval'], 50)
      : values.exact
        ? EXACT_CPU_INTERVAL_US
        : DEFAULT_OPTIONS.cpuIntervalUs,
    heapIntervalBytes: values['heap-interval']
      ? wholeNumber('--heap-interval', values['heap-interval'], 1024)
      : DEFAULT_OPTIONS.heapIntervalBytes,
    memory: values.memory,
    roots: [...values.root.map((root) => resolve(root)), process.cwd()],
    followChildren: values['follow-children'] || command.length > 0,
  };
  const recording = createRecording(settings, { endsAt: () => Date.now() + durationMs, exactMemoryOnly: values.exact });
  let launched: Launched | undefined;
  try {
    if (command.length) launched = await launch(command);
    const spec = launched
      ? { kind: 'pid' as const, pid: launched.pid }
      : await targetOf(values, values['allow-remote']);
    const leftOpen = await measure(recording, spec, durationMs, values.exact, launched);
    const problems = recording.threads.flatMap((thread) => [...(thread.measurement('approximate')?.problems ?? [])]);
    const report = heatReport(recording.snapshot, recording.targets, problems);
    // First of all: a file that cannot be written must not cost the report.
    await (values.json ? printJson(JSON.stringify(report, undefined, 2)) : print(formatReport(report)));
    if (values.out) {
      const saved = await saveProfiles(resolve(values.out), recording.threads, report.exact ? 'exact' : 'approximate');
      if (saved.length) note(`wrote ${saved.join(', ')}`);
    }
    // The report is there all the same; but that something was left behind must not go by unseen.
    if (leftOpen) note(leftOpen.oneLine);
  } finally {
    await recording.detach();
    recording.dispose();
    await launched?.end();
  }
}

const options = {
  pid: { type: 'string' },
  inspect: { type: 'string' },
  duration: { type: 'string' },
  'cpu-interval': { type: 'string' },
  'heap-interval': { type: 'string' },
  memory: { type: 'string', default: 'both' },
  exact: { type: 'boolean', default: false },
  root: { type: 'string', multiple: true, default: [] },
  'follow-children': { type: 'boolean', default: false },
  'allow-remote': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
} satisfies ParseArgsConfig['options'];

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options }).values;

/**
 * Options and the command behind `--`. Options may also follow the command (`record -- node app.js --duration 5`): when
 * no duration stands before the `--`, the command ends where the rest of the line is nothing but our own options.
 */
function splitCommand(args: readonly string[]): { values: ReturnType<typeof parse>; command: readonly string[] } {
  const separator = args.indexOf('--');
  if (separator < 0) return { values: parse(args), command: [] };
  const before = args.slice(0, separator);
  const after = args.slice(separator + 1);
  const values = parse(before);
  for (let end = 1; values.duration === undefined && end < after.length; end++) {
    if (!after[end].startsWith('--')) continue;
    try {
      const all = parse([...before, ...after.slice(end)]);
      if (all.duration !== undefined) return { values: all, command: after.slice(0, end) };
    } catch {
      // Not ours from here on; perhaps from a later word.
    }
  }
  return { values, command: after };
}

async function targetOf(values: { pid?: string; inspect?: string }, allowRemote: boolean): Promise<TargetSpec> {
  if (values.pid !== undefined) {
    const pid = wholeNumber('--pid', values.pid, 1);
    const birth = await birthOf(pid);
    const { sockets, notes } = await findAgents();
    for (const text of notes) note(text);
    const agent = sockets.find((socket) => socket.pid === pid && socket.threadId === 0);
    return agent ? { kind: 'agent', socket: agent.socket } : { kind: 'pid', pid, birth };
  }
  const match =
    /^(?:ws:\/\/)?(?:\[([^\]]+)\]|([^:/]*)):(\d+)(?:\/.*)?$/.exec(values.inspect!) ??
    /^()()(\d+)$/.exec(values.inspect!);
  if (!match) throw usageError(`--inspect takes HOST:PORT, not "${values.inspect}"`);
  const host = match[1] || match[2] || '127.0.0.1';
  if (!isLoopback(host) && !allowRemote) throw remoteNotAllowed(host);
  return { kind: 'host', host, port: wholeNumber('--inspect', match[3], 1) };
}

function isMemory(value: string): value is RecordingOptions['memory'] {
  return ['both', 'live', 'allocated', 'off'].includes(value);
}

async function measure(
  recording: EngineRecording,
  spec: TargetSpec,
  durationMs: number,
  exact: boolean,
  launched: Launched | undefined,
): Promise<HeatlensError | undefined> {
  const stop = new AbortController();
  let why: string | undefined;
  const remark = (text: string): void => {
    // With nothing to show it is the error itself, and not a remark on a report.
    if (recording.snapshot) note(text);
    else why = text;
  };
  const interrupt = (): void => {
    if (recording.snapshot) note('stopped early; what was measured so far follows.');
    why = 'it was stopped before the first refresh.';
    stop.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let leftOpen: HeatlensError | undefined;
  const lost = recording.onDidLoseTarget(({ message, error }) => {
    if (isHeatlensError(error, 'inspectorLeftOpen')) leftOpen = error;
    else remark(message);
    if (!recording.targets.some((target) => target.state !== 'ended')) stop.abort();
  });
  try {
    const attaching = recording.attach(spec, {
      signal: stop.signal,
      confirmStall: async (predictedMs, heapUsedBytes) => {
        note(
          `the heap has ${formatBytes(heapUsedBytes)}: starting the profiler will stall the process for about ${formatDuration(predictedMs)}.`,
        );
        return true;
      },
    });
    const early = launched?.exited.then(() => {
      throw endedTooSoon();
    });
    const interrupted = whenAborted(stop.signal).then(() => {
      throw stoppedTooSoon();
    });
    await Promise.race([attaching, interrupted, ...(early ? [early] : [])]);
    interrupted.catch(() => undefined);
    early?.catch(() => undefined);
    if (exact) await recording.measureExactly(durationMs, { signal: stop.signal });
    else await Promise.race([delay(durationMs), whenAborted(stop.signal)]);
    // Ends the open windows while the connection still answers questions about source maps.
    const ended = recording.pause().then(
      () => true,
      () => true,
    );
    const answered = await Promise.race([ended, delay(LAST_ANSWER_PATIENCE_MS, false, { ref: false })]);
    if (!answered)
      remark(
        `${noAnswer('The process', LAST_ANSWER_PATIENCE_MS / 1000).message} What it did since its last answer is missing.`,
      );
    await recording.detach();
  } finally {
    lost.dispose();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  if (!recording.snapshot && leftOpen) throw leftOpen;
  if (!recording.snapshot) throw why === undefined ? endedTooSoon() : nothingMeasured(why);
  return leftOpen;
}
