import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CLOSE_HEAP_INTERVAL_BYTES } from '../node/instruments/heapSchedule';
import { calibrationMs } from '../node/recording/exactRun';
import { createRecording, type EngineRecording } from '../node/recording/recording';
import {
  DEFAULT_OPTIONS,
  type LostTarget,
  type RecordingOptions,
  type TargetSpec,
} from '../node/recording/recordingTypes';
import { formatReport, heatReport } from './heatReport';
import { exitCodeOf, launch, type Launched } from './launch';
import { note, print, printJson } from './output';
import { saveProfiles } from './saveProfiles';
import { pathMappings, percentage, wholeNumber } from './usage';
import { isHeatlensError } from '../core/errors';
import { isLoopback } from '../core/loopback';
import { whenAborted } from '../core/abort';
import {
  remoteNotAllowed,
  endedTooSoon,
  endingText,
  programEndedTooSoon,
  stoppedTooSoon,
  nothingMeasured,
  usageError,
} from './cliErrors';
import { noAnswer } from '../node/inspector/inspectorErrors';
import { formatBytes } from '../core/words/bytes';
import { formatDuration } from '../core/words/times';
import { findAgents } from '../node/processes/agentDirectory';
import { birthOf } from '../node/processes/birth';

/** Exact mode is a short, asked-for measurement: it samples closely. */
const EXACT_CPU_INTERVAL_US = 1_000;
/** Of the target's CPU: beyond it interrupt samples would change what they measure. */
const MOST_INTERRUPT_PERCENT = 10;
/** At the end a blocked target is not waited for any longer, ms. */
const LAST_ANSWER_PATIENCE_MS = 10_000;
/** … and for so long it is looked at whether an inspector that was left open closes, ms. */
const LEFT_OPEN_PATIENCE_MS = 10_000;

/** Of a command that was started, a failure of its own has a code of its own: as `env`, `timeout` and `docker run` have it. */
const OWN_FAILURE = 125;
/** A process that cannot be attached to may be about to end, ms. */
const ENDING_PATIENCE_MS = 500;
/** One that said that it ends lets go of its inspector first, ms. */
const ENDED_PATIENCE_MS = 3_000;

/**
 * `heatlens record …`: attach, measure for the given time (or until Ctrl-C), put the process back, report. Resolves to the exit code
 * of a command that was started and ended by itself.
 */
export async function recordCommand(args: readonly string[]): Promise<number | undefined> {
  const { values, command } = splitCommand(args);
  const given = [values.pid, values.inspect, command.length ? command : undefined].filter(
    (target) => target !== undefined,
  );
  if (given.length !== 1) throw usageError('record takes exactly one of --pid, --inspect and -- COMMAND');
  if (values.duration === undefined) throw usageError('record takes --duration SECONDS');
  const durationMs = Number(values.duration) * 1000;
  if (!(durationMs > 0) || durationMs > 24 * 3600 * 1000)
    throw usageError(`--duration takes seconds above 0 and at most a day, not "${values.duration}"`);
  if (values.exact && values.calibrate) throw usageError('record takes --exact or --calibrate, not both');
  if (values.calibrate && values.memory === 'off') throw usageError('--calibrate divides bytes, and --memory is off');
  if (!isMemory(values.memory)) throw usageError('--memory takes both, live, allocated or off');

  const settings: Partial<RecordingOptions> = {
    cpuIntervalUs: values['cpu-interval']
      ? wholeNumber('--cpu-interval', values['cpu-interval'], 50)
      : values.exact
        ? EXACT_CPU_INTERVAL_US
        : DEFAULT_OPTIONS.cpuIntervalUs,
    heapIntervalBytes: values['heap-interval']
      ? wholeNumber('--heap-interval', values['heap-interval'], 1024)
      : values.calibrate
        ? CLOSE_HEAP_INTERVAL_BYTES
        : DEFAULT_OPTIONS.heapIntervalBytes,
    interruptBudget:
      values['interrupt-budget'] === undefined
        ? DEFAULT_OPTIONS.interruptBudget
        : percentage('--interrupt-budget', values['interrupt-budget'], MOST_INTERRUPT_PERCENT) / 100,
    memory: values.memory,
    roots: [...values.root.map((root) => resolve(root)), process.cwd()],
    pathMappings: pathMappings(values.map),
    followChildren: values['follow-children'] || command.length > 0,
  };
  const recording = createRecording(settings, {
    endsAt: () => Date.now() + durationMs,
    exactMemoryOnly: values.exact,
    unfolded: values.calibrate,
  });
  let launched: Launched | undefined;
  try {
    if (command.length) {
      process.exitCode = OWN_FAILURE;
      launched = await launch(command);
    }
    const spec = launched
      ? { kind: 'pid' as const, pid: launched.pid }
      : await targetOf(values, values['allow-remote']);
    const leftOpen = await measure(recording, spec, durationMs, values, launched);
    const problems = recording.threads.flatMap((thread) => [...(thread.measurement('ordinary')?.problems ?? [])]);
    const report = heatReport(recording.snapshot, recording.targets, problems);
    // First of all: a file that cannot be written must not cost the report.
    await (values.json ? printJson(JSON.stringify(report, undefined, 2)) : print(formatReport(report)));
    if (values.out) {
      const saved = await saveProfiles(resolve(values.out), recording.threads, report.exact ? 'exact' : 'ordinary');
      if (saved.length) note(`wrote ${saved.join(', ')}`);
    }
    // The report is there all the same; but that something was left behind must not go by unseen.
    if (leftOpen) await tellLeftOpen(leftOpen);
    const ending = launched?.ending;
    if (!ending) return undefined;
    note(`the program ${endingText(ending)}.`);
    return exitCodeOf(ending);
  } finally {
    await recording.detach();
    recording.dispose();
    await launched?.end();
  }
}

/** The report is there by now: what became of the process is waited for a little. */
async function tellLeftOpen({ message, target, putBack }: LostTarget): Promise<void> {
  note(message);
  const patience = new AbortController();
  const late = delay(LEFT_OPEN_PATIENCE_MS, false, { signal: patience.signal }).catch(() => false);
  const isPutBack = await Promise.race([putBack, late]);
  patience.abort();
  note(
    isPutBack
      ? `the inspector of ${target.label} is closed now.`
      : `the inspector of ${target.label} is still open after ${LEFT_OPEN_PATIENCE_MS / 1000} s; the next start of Heatlens closes it.`,
  );
}

const options = {
  pid: { type: 'string' },
  inspect: { type: 'string' },
  duration: { type: 'string' },
  'cpu-interval': { type: 'string' },
  'heap-interval': { type: 'string' },
  'interrupt-budget': { type: 'string' },
  memory: { type: 'string', default: 'both' },
  exact: { type: 'boolean', default: false },
  calibrate: { type: 'boolean', default: false },
  root: { type: 'string', multiple: true, default: [] },
  map: { type: 'string', multiple: true, default: [] },
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
  { exact, calibrate }: { readonly exact: boolean; readonly calibrate: boolean },
  launched: Launched | undefined,
): Promise<LostTarget | undefined> {
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
  let leftOpen: LostTarget | undefined;
  let isLost = false;
  const lost = recording.onDidLoseTarget((event) => {
    if (isHeatlensError(event.error, 'inspectorLeftOpen')) leftOpen = event;
    else remark(event.message);
    if (recording.targets.some((target) => target.state !== 'ended')) return;
    isLost = true;
    stop.abort();
  });
  try {
    const attaching = recording.attach(spec, {
      signal: stop.signal,
      onNote: note,
      confirmStall: async (predictedMs, heapUsedBytes) => {
        note(
          `the heap has ${formatBytes(heapUsedBytes)}: starting the profiler will stall the process for about ${formatDuration(predictedMs)}.`,
        );
        return true;
      },
    });
    const early = launched?.exited.then((ending) => {
      throw programEndedTooSoon(ending);
    });
    const interrupted = whenAborted(stop.signal).then(() => {
      throw stoppedTooSoon();
    });
    const attached = attaching.catch(async (error: unknown) => {
      // What cannot be attached to has mostly ended, and how it did says more than that it is gone.
      await Promise.race([early, delay(ENDING_PATIENCE_MS, undefined, { ref: false })]);
      throw error;
    });
    await Promise.race([attached, interrupted, ...(early ? [early] : [])]);
    interrupted.catch(() => undefined);
    early?.catch(() => undefined);
    if (exact) await recording.measureExactly(durationMs, { signal: stop.signal });
    else await Promise.race([delay(durationMs), whenAborted(stop.signal)]);
    if (calibrate && !stop.signal.aborted) await calibrateBytes(recording, durationMs, stop.signal);
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
    if (isLost && launched) await Promise.race([launched.exited, delay(ENDED_PATIENCE_MS, undefined, { ref: false })]);
  } finally {
    lost.dispose();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  if (!recording.snapshot && leftOpen) throw leftOpen.error;
  if (!recording.snapshot && launched?.ending) throw programEndedTooSoon(launched.ending);
  if (!recording.snapshot) throw why === undefined ? endedTooSoon() : nothingMeasured(why);
  return leftOpen;
}

/** The last part of a recording. What cannot be calibrated is reported as it was measured. */
async function calibrateBytes(recording: EngineRecording, durationMs: number, signal: AbortSignal): Promise<void> {
  const windowMs = calibrationMs(durationMs);
  note(
    `calibrating for another ${formatDuration(windowMs)}: the process runs without inlining, and slower, meanwhile.`,
  );
  try {
    await recording.calibrate(windowMs, { signal, isLast: true });
  } catch (error) {
    if (!isHeatlensError(error)) throw error;
    note(`not calibrated: ${error.oneLine}`);
  }
}
