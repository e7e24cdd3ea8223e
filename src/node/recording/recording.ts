import { basename, dirname } from 'node:path';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { errorText } from '../../core/errors';
import type { HeatSnapshot, TargetSummary } from '../../core/heat/heatSnapshot';
import { connectionLost } from '../inspector/inspectorErrors';
import { nothingAttached } from './recordingErrors';
import { processGone } from '../inspector/processErrors';
import { connectToAgent } from '../agent/connectAgent';
import type { Connection } from '../channel';
import { connectToHost, connectToPid } from '../inspector/connect';
import { descendantsOf } from '../processes/listNodeProcesses';
import { profileWithoutPositions } from '../profiles/profileErrors';
import { readProfile } from '../profiles/readProfile';
import { createMethodResolver } from '../sources/createMethodResolver';
import { measureProcess, type AttachedProcess, type RunTiming } from './attachedProcess';
import { explainAttach } from './explainAttach';
import { chooseMeasurements, heatOfThreads } from './heatOfThreads';
import { MeasuredThread } from './measuredThread';
import { createColumnsReader } from './recordedColumns';
import type { AttachOptions, Recording, RecordingOptions, TargetSpec } from './recordingTypes';

/** Windows of several isolates that end at about the same moment make one snapshot. */
const SETTLE_MS = 100;
const CHILDREN_POLL_MS = 2_000;

export const DEFAULT_OPTIONS: RecordingOptions = {
  cpuIntervalUs: 5_000,
  heapIntervalBytes: 256 * 1024,
  memory: 'both',
  refreshMs: 2_000,
  window: 'cumulative',
  pathMappings: [],
  followChildren: false,
  roots: [],
};

/** What the command line needs beyond what the editor uses. */
export interface EngineRecording extends Recording {
  /** Isolates with their raw measurements, for saving them. */
  readonly threads: readonly MeasuredThread[];
  /** Delivers what is open and resolves to the heat of it. */
  flush(): Promise<HeatSnapshot | undefined>;
}

export function createRecording(initial: Partial<RecordingOptions> = {}, timing: RunTiming = {}): EngineRecording {
  let options: RecordingOptions = { ...DEFAULT_OPTIONS, ...initial };
  const changed = new Emitter<void>();
  const lost = new Emitter<{ target: TargetSummary; message: string }>();
  const cleanup = new DisposableStore();
  cleanup.add(changed);
  cleanup.add(lost);
  let processes: AttachedProcess[] = [];
  let threads: MeasuredThread[] = [];
  let selected: ReadonlySet<string> | undefined;
  let snapshot: HeatSnapshot | undefined;
  let paused = false;
  let showExact = true;
  let exactRunning = 0;
  let building: Promise<void> | undefined;
  let dirty = false;
  let generation = 0;
  let settle: NodeJS.Timeout | undefined;
  let childrenTimer: NodeJS.Timeout | undefined;

  const shown = (): MeasuredThread[] => threads.filter((thread) => !selected || selected.has(thread.id));
  const summaries = (): TargetSummary[] => threads.map((thread) => thread.summary());

  const build = async (): Promise<void> => {
    while (dirty) {
      dirty = false;
      const born = generation;
      const view = chooseMeasurements(shown(), showExact);
      await Promise.all(processes.map((process) => process.updateCost()));
      const built = await heatOfThreads(view, options, summaries());
      if (born === generation) snapshot = built;
    }
    changed.fire();
  };
  /** Rebuilds until nothing is newer than the snapshot. */
  const rebuild = (): Promise<void> => {
    dirty = true;
    building ??= build().finally(() => (building = undefined));
    return building;
  };
  const changeSoon = (): void => {
    if (cleanup.isDisposed) return;
    settle ??= setTimeout(() => {
      settle = undefined;
      void rebuild();
    }, SETTLE_MS);
  };

  const syncThreads = (): void => {
    for (const process of processes) {
      for (const thread of process.threads) if (!threads.includes(thread)) threads = [...threads, thread];
    }
    const keepMs = options.window === 'cumulative' ? 0 : options.window.slidingMs;
    for (const thread of threads) thread.keepRecentMs = keepMs;
  };
  const onChange = (): void => {
    syncThreads();
    changeSoon();
  };

  const connect = (spec: TargetSpec, attach: AttachOptions): Promise<Connection> => {
    switch (spec.kind) {
      case 'pid':
        return connectToPid(spec.pid, attach);
      case 'host':
        return connectToHost(spec.host, spec.port, attach);
      case 'agent':
        return connectToAgent(spec.socket);
    }
  };

  const attach = async (spec: TargetSpec, attachOptions: AttachOptions = {}): Promise<TargetSummary> => {
    const known = spec.kind === 'pid' && processes.find((process) => process.connection.pid === spec.pid);
    if (known) return known.threads[0].summary();
    const connection = await connect(spec, attachOptions).catch(async (error: unknown) => {
      throw await explainAttach(error, spec.kind === 'pid' ? spec.pid : undefined, attachOptions.signal);
    });
    let process: AttachedProcess;
    try {
      attachOptions.onProgress?.('Starting the profilers…');
      attachOptions.signal?.throwIfAborted();
      process = await measureProcess(connection, options, attachOptions, timing, onChange);
    } catch (error) {
      await connection.close();
      throw await explainAttach(
        error,
        connection.via === 'host-port' ? undefined : connection.pid,
        attachOptions.signal,
      );
    }
    processes = [...processes, process];
    syncThreads();
    void connection.closed.then((closed) => {
      processes = processes.filter((other) => other !== process);
      if (closed.reason !== 'closed-by-us') {
        const ended = closed.reason === 'target-ended';
        const error = ended ? processGone(connection.pid) : connectionLost(`process ${connection.pid}`);
        for (const thread of process.threads) thread.setState('ended');
        lost.fire({ target: process.threads[0].summary(), message: error.oneLine });
        void connection.close();
      }
      changeSoon();
    });
    if (attachOptions.signal?.aborted) {
      await process.detach();
      attachOptions.signal.throwIfAborted();
    }
    changeSoon();
    watchChildren();
    return process.threads[0].summary();
  };

  const watchChildren = (): void => {
    if (childrenTimer || !options.followChildren) return;
    const refused = new Set<number>();
    const look = async (): Promise<void> => {
      for (const { connection } of [...processes]) {
        if (connection.via === 'host-port') continue;
        for (const child of await descendantsOf(connection.pid)) {
          if (refused.has(child.pid) || processes.some((process) => process.connection.pid === child.pid)) continue;
          // One that cannot be attached to now (still starting, no inspector) is not worth a message every two seconds.
          refused.add(child.pid);
          const spec: TargetSpec = child.agentSocket
            ? { kind: 'agent', socket: child.agentSocket }
            : { kind: 'pid', pid: child.pid };
          await attach(spec).catch((error: unknown) => {
            processes[0]?.threads[0]
              ?.measurement('approximate')
              ?.problems.add(`child ${child.pid}: ${errorText(error)}`);
          });
        }
      }
    };
    const again = (): void => {
      childrenTimer = setTimeout(() => {
        void look()
          .catch(() => undefined)
          .then(() =>
            options.followChildren && processes.length && !cleanup.isDisposed ? again() : (childrenTimer = undefined),
          );
      }, CHILDREN_POLL_MS);
    };
    again();
  };

  const forget = async (keep: (thread: MeasuredThread) => boolean): Promise<void> => {
    // Windows that are open now hold what is to be forgotten; closing them draws the line.
    await Promise.allSettled(processes.map((process) => process.refresh()));
    generation++;
    threads = threads.filter(keep);
    for (const thread of threads) thread.forget();
    snapshot = undefined;
    await rebuild();
  };

  const isAttached = (thread: MeasuredThread): boolean => processes.some((process) => process.threads.includes(thread));

  return {
    get options() {
      return options;
    },
    get targets() {
      return summaries();
    },
    get threads() {
      return threads;
    },
    get selected() {
      return selected;
    },
    select(ids) {
      selected = ids;
      void rebuild();
    },
    get snapshot() {
      return snapshot;
    },
    get paused() {
      return paused;
    },
    get measuringExactly() {
      return exactRunning > 0;
    },
    onDidChange: changed.event,
    onDidLoseTarget: lost.event,
    measuredSource(file) {
      for (const thread of threads) {
        const source = thread.resolver.measuredSource(file);
        if (source) return source;
      }
      return undefined;
    },
    mainChannels: () =>
      processes.map(({ threads: [main], connection }) => ({
        label: main.summary().label,
        channel: connection.main.channel,
      })),
    openColumns: () =>
      createColumnsReader(
        () => chooseMeasurements(shown(), showExact),
        () => options.window,
      ),
    attach,
    async detach(targetId) {
      const leaving = processes.filter(({ threads: own }) => !targetId || own.some((thread) => thread.id === targetId));
      processes = processes.filter((process) => !leaving.includes(process));
      await Promise.allSettled(leaving.map((process) => process.detach()));
      if (!processes.length) paused = false;
      await rebuild();
    },
    async pause() {
      if (!processes.length) throw nothingAttached();
      paused = true;
      await Promise.all(processes.map((process) => process.pause()));
      await rebuild();
    },
    async resume() {
      paused = false;
      await Promise.all(processes.map((process) => process.resume()));
      await rebuild();
    },
    reset: () => forget(() => true),
    clear: () => forget(isAttached),
    async updateOptions(change) {
      const before = options;
      options = { ...options, ...change };
      syncThreads();
      const sampling = (['cpuIntervalUs', 'heapIntervalBytes', 'memory', 'refreshMs'] as const).some(
        (key) => options[key] !== before[key],
      );
      if (sampling) await Promise.all(processes.map((process) => process.restart(options)));
      watchChildren();
      await rebuild();
    },
    async measureExactly(durationMs, { signal, onProgress } = {}) {
      if (!processes.length) throw nothingAttached();
      if (paused) await this.resume();
      for (const thread of threads) thread.forgetExact();
      exactRunning++;
      try {
        await Promise.all(processes.map((process) => process.measureExactly(durationMs, signal, onProgress)));
      } finally {
        exactRunning--;
        showExact = true;
        await rebuild();
      }
    },
    showApproximate() {
      showExact = false;
      for (const thread of threads) thread.forgetExact();
      void rebuild();
    },
    async flush() {
      await Promise.all(processes.map((process) => process.refresh()));
      await rebuild();
      return snapshot;
    },
    async loadFiles(paths) {
      const problems: string[] = [];
      for (const path of paths) {
        try {
          threads = [...threads, await loadFile(path, options)];
        } catch (error) {
          problems.push(errorText(error));
        }
      }
      for (const thread of threads)
        thread.measurement('approximate')?.problems.forEach((problem) => problems.push(`${thread.label}: ${problem}.`));
      await rebuild();
      return { problems };
    },
    dispose() {
      clearTimeout(settle);
      clearTimeout(childrenTimer);
      cleanup.dispose();
      const leaving = processes;
      processes = [];
      for (const process of leaving) void process.detach();
    },
  };
}

/** A file is a target that has ended already. */
async function loadFile(path: string, options: RecordingOptions): Promise<MeasuredThread> {
  const file = await readProfile(path);
  if (file.format !== 'cpuprofile' && file.format !== 'heapprofile') throw profileWithoutPositions(path, file.format);
  const resolver = createMethodResolver({
    pathMappings: options.pathMappings,
    roots: [...options.roots, dirname(path)],
  });
  const thread = new MeasuredThread(`file:${path}`, basename(path), {}, resolver, () => undefined);
  thread.use = file.note.accuracy;
  const measurement = thread.current!;
  if (file.format === 'cpuprofile') measurement.addCpuColumns(file.profile);
  else measurement.addHeapColumns(file.profile, file.note.measure, { startMs: 0, endMs: file.note.windowMs });
  thread.setState('ended');
  return thread;
}
