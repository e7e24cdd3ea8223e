import { errorText } from '../../core/errors';
import type { Channel } from '../channel';
import type { Instrument, InstrumentCost, InstrumentOptions, MeasuredOn, Parts } from './instrument';
import { createInstruments, type TableInstrument, type WindowSink } from './instrumentTable';
import { createMemoryMeter, type MemoryMeter } from './memoryMeter';
import type { SamplingBackend } from './samplingBackend';
import { TargetQueue } from './targetQueue';

/** Receives what one isolate yields, in the order in which it was measured. */
export interface MeasuringSink {
  readonly windows: WindowSink;
  /** The target has not answered for 10 s, or answers again. */
  responsive(isResponsive: boolean): void;
  /** One window was lost; measuring goes on. */
  problem(text: string): void;
}

export interface MeasuringCost extends InstrumentCost {
  readonly heapUsedBytes?: number;
  readonly externalBytes?: number;
  /** ms that were left out of CPU windows because measuring caused them. */
  readonly leftOutMs?: number;
}

const STOP_PATIENCE_MS = 5_000;

/** Starts all instruments on one isolate and keeps them delivering until stopped. */
export async function startMeasuring(
  channel: Channel,
  backend: SamplingBackend,
  options: InstrumentOptions,
  sink: MeasuringSink,
  on: MeasuredOn = {},
): Promise<Scheduler> {
  const scheduler = new Scheduler(channel, backend, options, sink, on);
  try {
    await scheduler.start();
  } catch (error) {
    // A worker keeps what was begun in it, also when its session has ended.
    await scheduler.stop();
    throw error;
  }
  return scheduler;
}

/** Asks the instruments of one isolate, one at a time, for what each of them is due. */
export class Scheduler {
  private readonly queue: TargetQueue;
  private readonly memory: MemoryMeter;
  private readonly instruments: readonly TableInstrument[];
  /** Those that measure now. */
  private readonly running = new Set<Instrument>();
  private timer: NodeJS.Timeout | undefined;
  private isMeasuring = false;
  private isStopped = false;
  private isOver = false;

  constructor(
    private readonly channel: Channel,
    private readonly backend: SamplingBackend,
    private options: InstrumentOptions,
    private readonly sink: MeasuringSink,
    private readonly on: MeasuredOn,
  ) {
    this.queue = new TargetQueue((isResponsive) => sink.responsive(isResponsive));
    this.memory = createMemoryMeter(channel);
    const exits = (): void => {
      this.isMeasuring = false;
    };
    this.instruments = createInstruments(
      { ...on, channel, backend, memory: this.memory, heapReads: options.heapReads, exits },
      sink.windows,
    );
    void channel.closed.then(() => {
      this.isOver = true;
      on.clock?.stop();
      this.queue.end();
      clearTimeout(this.timer);
    });
  }

  get cost(): MeasuringCost {
    const { heapUsed, external } = this.memory;
    const costs = this.instruments.map(({ instrument }) => instrument.cost);
    const { leftOutMs } = this.backend;
    return Object.assign({ heapUsedBytes: heapUsed, externalBytes: external, leftOutMs }, ...costs) as MeasuringCost;
  }

  async start(): Promise<void> {
    await this.queue.run(async () => {
      // One that may end soon is asked for nothing before it is sampled.
      if (!this.options.startsShort) await this.memory.ask();
      await this.begin();
      if (this.options.startsShort) await this.memory.ask();
    });
    this.schedule();
  }

  /** Begins and ends what is measured of the isolate; what stays goes on undisturbed. Paused, it counts from the restart on. */
  assign(parts: Parts): Promise<void> {
    return this.queue.run(async () => {
      this.options = { ...this.options, parts };
      if (!this.isMeasuring || this.isStopped || this.isOver) return;
      await this.fit();
      this.schedule();
    });
  }

  /** Ends what is measured, delivers it and begins anew by the changed options: costs a start stall. */
  restart(change: Partial<InstrumentOptions>): Promise<void> {
    return this.queue.run(async () => {
      await this.end();
      this.options = { ...this.options, ...change };
      await this.begin();
      this.schedule();
    });
  }

  /**
   * Delivers the open windows and begins new ones by the changed options, without stopping the CPU profiler (so its
   * interval cannot change). What comes afterwards was measured wholly after this call.
   */
  turn(change: Partial<Omit<InstrumentOptions, 'cpuIntervalUs'>>): Promise<void> {
    return this.queue.run(async () => {
      const options = { ...this.options, ...change };
      for (const instrument of this.running) await instrument.turn(options);
      this.options = options;
      this.isMeasuring = true;
      this.schedule();
    });
  }

  /** Ends what is measured and delivers it; `restart` begins again. */
  pause(): Promise<void> {
    return this.queue.run(() => this.end());
  }

  /** Delivers the open CPU window now instead of when it is due. */
  refresh(): Promise<void> {
    return this.queue.run(async () => {
      // Paused: there is nothing to deliver, and nothing to begin.
      if (this.isMeasuring) for (const instrument of this.running) await instrument.refresh();
    });
  }

  /** Ends everything and delivers what is open. Gives up after 5 s on a target that does not answer. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    if (this.isOver) return;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref());
    const ended = this.queue.run(async () => {
      // Whatever fails of it, the rest is put back.
      await this.end().catch(() => undefined);
      for (const { instrument } of this.instruments) await instrument.leave?.().catch(() => undefined);
      await this.backend.dispose();
    });
    await Promise.race([ended.catch(() => undefined), patience, this.channel.closed]);
    this.on.clock?.stop();
  }

  private async begin(): Promise<void> {
    await this.fit();
    this.isMeasuring = true;
  }

  private async fit(): Promise<void> {
    const { parts } = this.options;
    for (const { instrument, part } of this.instruments) {
      const isWanted = !parts || parts[part];
      if (isWanted === this.running.has(instrument)) continue;
      if (isWanted) {
        await instrument.start(this.options);
        this.running.add(instrument);
      } else {
        this.running.delete(instrument);
        await instrument.stop();
      }
    }
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    this.isMeasuring = false;
    const failures: unknown[] = [];
    for (const instrument of this.running) {
      this.running.delete(instrument);
      await instrument.stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private schedule(): void {
    // A refresh may be under way while somebody else schedules the next one: there is only one chain of them.
    clearTimeout(this.timer);
    if (this.isStopped || this.isOver) return;
    const now = Date.now();
    const dueAt = Math.min(Infinity, ...[...this.running].map((instrument) => instrument.dueAt(now)));
    if (dueAt < Infinity) this.timer = setTimeout(() => void this.tick(), Math.max(1, dueAt - now));
  }

  private async tick(): Promise<void> {
    try {
      await this.queue.run(async () => {
        if (this.isStopped || !this.isMeasuring) return;
        await this.memory.ask();
        for (const instrument of this.running) if (this.isMeasuring) await instrument.tend();
      });
    } catch (error) {
      // The end of the channel is told by `closed`; anything else V8 says concerns this window only.
      if (!this.isOver) this.sink.problem(errorText(error));
    }
    if (this.isMeasuring) this.schedule();
  }
}
