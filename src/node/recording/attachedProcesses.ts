import type { HeatlensError } from '../../core/errors';
import type { TargetSummary } from '../../core/heat/heatSnapshot';
import { connectToAgent } from '../agent/connectAgent';
import type { ChannelClosed, Connection, LeftBehind } from '../channel';
import { connectToHost, connectToPid } from '../inspector/connect';
import { measureProcess, type AttachedProcess, type RunTiming, type SharedMeasuring } from './attachedProcess';
import { explainAttach } from './explainAttach';
import type { MeasuredThread } from './measuredThread';
import { createMeasuringTurns } from './measuringTurns';
import { manyIsolates, neverSampled } from './turnTexts';
import type { AttachOptions, RecordingOptions, TargetSpec } from './recordingTypes';
import { connectionLost } from '../inspector/inspectorErrors';
import { processGone } from '../inspector/processErrors';

export interface ProcessesOptions {
  /** Present ones, asked for at each attach. */
  readonly options: () => RecordingOptions;
  readonly timing: RunTiming;
  /** A thread's state or numbers changed. */
  readonly onChange: () => void;
  readonly onLost: (target: TargetSummary, error: HeatlensError, putBack?: Promise<boolean>) => void;
}

/** The processes that are attached now: how they come, how they leave, and how they are lost. */
export class AttachedProcesses {
  private processes: readonly AttachedProcess[] = [];
  private mostIsolates = 0;
  private readonly shared: SharedMeasuring;
  /** Where it is noted that not all are measured all the time, and what is noted. */

  private noted: { readonly thread: MeasuredThread; many?: string; unseen?: string } | undefined;

  constructor(private readonly host: ProcessesOptions) {
    const turns = createMeasuringTurns({
      cpuIntervalUs: () => host.options().cpuIntervalUs,
      endsAt: host.timing.endsAt,
      onTurns: () => this.noteTurns(),
    });
    this.shared = { turns, heapReads: { startedAt: Date.now(), spentMs: 0 } };
  }

  get all(): readonly AttachedProcess[] {
    return this.processes;
  }

  /** All isolates that were seen of them. */
  get threads(): readonly MeasuredThread[] {
    return this.processes.flatMap(({ threads }) => threads);
  }

  find(pid: number): AttachedProcess | undefined {
    return this.processes.find(({ connection }) => connection.pid === pid);
  }

  /** One that is attached already is returned as it is. Rejects with the error to show. */
  async attach(spec: TargetSpec, attach: AttachOptions): Promise<AttachedProcess> {
    const known = spec.kind === 'pid' && this.find(spec.pid);
    if (known) return known;
    const process = await this.connectAndMeasure(spec, attach);
    this.processes = [...this.processes, process];
    this.host.onChange();
    void process.connection.closed.then((closed) => this.closed(process, closed));
    if (attach.signal?.aborted) {
      await process.detach();
      attach.signal.throwIfAborted();
    }
    return process;
  }

  /** The process of that target, or all. */
  async detach(targetId?: string): Promise<void> {
    const leaving = this.processes.filter(({ threads }) => !targetId || threads.some(({ id }) => id === targetId));
    this.processes = this.processes.filter((process) => !leaving.includes(process));
    await Promise.allSettled(
      leaving.map(async (process) => {
        this.tellLeft(process, await process.detach());
      }),
    );
  }

  async each(task: (process: AttachedProcess) => Promise<void>): Promise<void> {
    await Promise.all(this.processes.map(task));
  }

  dispose(): void {
    this.shared.turns.dispose();
  }

  private noteTurns(): void {
    const { state, unseen } = this.shared.turns;
    if (Math.max(this.mostIsolates, state.isolates) <= state.cpu && !unseen.threads) return;
    const thread = this.processes.at(0)?.main ?? this.noted?.thread;
    if (!thread) return;
    if (this.noted?.thread !== thread) this.noted = { thread };
    const replace = (what: 'many' | 'unseen', text: string): void => {
      thread.replaceProblem(this.noted![what], text);
      this.noted![what] = text;
    };
    this.mostIsolates = Math.max(this.mostIsolates, state.isolates);
    if (this.mostIsolates > state.cpu) replace('many', manyIsolates(this.mostIsolates, state));
    if (unseen.threads) replace('unseen', neverSampled(unseen.threads, unseen.usedMs, unseen.allMs));
  }

  private async connectAndMeasure(spec: TargetSpec, attach: AttachOptions): Promise<AttachedProcess> {
    const { signal, onProgress } = attach;
    const connection = await connect(spec, attach).catch(async (error: unknown) => {
      throw await explainAttach(error, spec.kind === 'pid' ? spec.pid : undefined, signal);
    });
    try {
      onProgress?.('Starting the profilers…');
      signal?.throwIfAborted();
      const { options, timing, onChange } = this.host;
      return await measureProcess(connection, options(), attach, timing, this.shared, onChange);
    } catch (error) {
      const left = await connection.close();
      if (left) throw left.error;
      throw await explainAttach(error, connection.via === 'host-port' ? undefined : connection.pid, signal);
    }
  }

  private tellLeft(process: AttachedProcess, left: LeftBehind | undefined): void {
    if (left) this.host.onLost(process.main.summary(), left.error, left.putBack);
  }

  private closed(process: AttachedProcess, closed: ChannelClosed): void {
    this.processes = this.processes.filter((other) => other !== process);
    if (closed.reason !== 'closed-by-us') {
      const { connection } = process;
      const error =
        closed.reason === 'target-ended'
          ? processGone(connection.pid)
          : (closed.error ?? connectionLost(`process ${connection.pid}`));
      process.ended();
      this.host.onLost(process.main.summary(), error);
      void connection.close().then((left) => this.tellLeft(process, left));
    }
    this.host.onChange();
  }
}

function connect(spec: TargetSpec, attach: AttachOptions): Promise<Connection> {
  switch (spec.kind) {
    case 'pid':
      return connectToPid(spec.pid, { ...attach, birth: spec.birth });
    case 'host':
      return connectToHost(spec.host, spec.port, attach);
    case 'agent':
      return connectToAgent(spec.socket);
  }
}
