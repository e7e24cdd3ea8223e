import type { HeatlensError } from '../../core/errors';
import type { TargetSummary } from '../../core/heat/heatSnapshot';
import { connectToAgent } from '../agent/connectAgent';
import type { ChannelClosed, Connection } from '../channel';
import { connectToHost, connectToPid } from '../inspector/connect';
import { measureProcess, type AttachedProcess, type RunTiming } from './attachedProcess';
import { explainAttach } from './explainAttach';
import type { MeasuredThread } from './measuredThread';
import type { AttachOptions, RecordingOptions, TargetSpec } from './recordingTypes';
import { connectionLost } from '../inspector/inspectorErrors';
import { processGone } from '../inspector/processErrors';

export interface ProcessesOptions {
  /** Present ones, asked for at each attach. */
  readonly options: () => RecordingOptions;
  readonly timing: RunTiming;
  /** A thread's state or numbers changed. */
  readonly onChange: () => void;
  readonly onLost: (target: TargetSummary, error: HeatlensError) => void;
}

/** The processes that are attached now: how they come, how they leave, and how they are lost. */
export class AttachedProcesses {
  private processes: readonly AttachedProcess[] = [];

  constructor(private readonly host: ProcessesOptions) {}

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
        const left = await process.detach();
        if (left) this.host.onLost(process.main.summary(), left);
      }),
    );
  }

  async each(task: (process: AttachedProcess) => Promise<void>): Promise<void> {
    await Promise.all(this.processes.map(task));
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
      return await measureProcess(connection, options(), attach, timing, onChange);
    } catch (error) {
      const left = await connection.close();
      if (left) throw left;
      throw await explainAttach(error, connection.via === 'host-port' ? undefined : connection.pid, signal);
    }
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
      void connection.close();
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
