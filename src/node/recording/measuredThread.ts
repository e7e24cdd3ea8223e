import type { TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import { createInlinedTickResolver, type InlinedTickResolver } from '../../core/heat/inlinedTicks';
import type { MethodResolver } from '../../core/heat/methodResolver';
import { Measurement } from '../../core/measurement/measurement';
import type { Accuracy } from '../../core/profile/accuracy';
import type { TargetThread } from '../channel';
import type { SamplingBackend } from '../instruments/samplingBackend';
import { startThreadSampler, type SamplerOptions, type ThreadSampler } from '../instruments/threadSampler';

/** What windows count as while they are being measured; those of a transition count as nothing. */
export type WindowUse = Accuracy | 'discard';

/** One isolate with everything that was measured on it. It outlives the isolate. */
export class MeasuredThread {
  use: WindowUse = 'approximate';
  state: TargetState = 'starting';
  /** See `Measurement`. */
  keepRecentMs = 0;
  predictedStartStallMs: number | undefined;
  samplingShare: number | undefined;
  private stateBeforeSilence: TargetState = 'starting';
  sampler: ThreadSampler | undefined;
  private measurements: { approximate: Measurement; exact: Measurement | undefined } = newMeasurements();
  private inlined: { measurement: Measurement; resolver: InlinedTickResolver } | undefined;

  constructor(
    readonly id: string,
    readonly label: string,
    readonly identity: Pick<TargetSummary, 'pid' | 'threadId' | 'nodeVersion'>,
    readonly resolver: MethodResolver,
    private readonly onChange: () => void,
  ) {}

  measurement(accuracy: Accuracy): Measurement | undefined {
    return this.measurements[accuracy];
  }

  /** Ticks tell inlined callees apart where V8 could not; exact numbers need no such guess. */
  inlinedTicks(accuracy: Accuracy): InlinedTickResolver | undefined {
    if (accuracy === 'exact') return undefined;
    const measurement = this.measurements.approximate;
    if (this.inlined?.measurement !== measurement) {
      this.inlined = { measurement, resolver: createInlinedTickResolver(this.resolver, measurement.cpuTree) };
    }
    return this.inlined.resolver;
  }

  forget(): void {
    this.measurements = newMeasurements();
  }

  forgetExact(): void {
    this.measurements.exact = undefined;
  }

  async start(thread: TargetThread, backend: SamplingBackend, options: SamplerOptions): Promise<void> {
    this.sampler = await startThreadSampler(thread.channel, backend, options, {
      cpu: (window) => {
        this.current?.addCpu(window.profile, window);
        this.onChange();
      },
      heap: (measure, profile, interval) => {
        const measurement = this.current;
        if (measure === 'live') measurement?.addLive(profile, interval);
        else measurement?.addAllocated(profile, interval);
        this.onChange();
      },
      responsive: (isResponsive) => {
        if (!isResponsive) {
          this.stateBeforeSilence = this.state;
          this.setState('unresponsive');
        } else if (this.state === 'unresponsive') this.setState(this.stateBeforeSilence);
      },
      problem: (text) => this.measurements.approximate.problems.add(text),
    });
    this.setState('measuring');
  }

  setState(state: TargetState): void {
    // An ended target stays ended, whatever answers arrive late.
    if (this.state === state || this.state === 'ended' || this.state === 'detached') return;
    this.state = state;
    this.onChange();
  }

  summary(): TargetSummary {
    const cost = this.sampler?.cost;
    return {
      id: this.id,
      label: this.label,
      ...this.identity,
      state: this.state,
      cost: {
        startStallMs: cost?.startStallMs,
        predictedStartStallMs: this.predictedStartStallMs,
        refreshMs: cost?.refreshMs,
        refreshMaxMs: cost?.refreshMaxMs,
        heapReadShare: cost?.heapReadShare ?? 0,
        heapReadMs: cost?.heapReadMs,
        nextHeapReadInMs: cost?.nextHeapReadInMs,
        samplingShare: this.samplingShare,
      },
      heapUsedBytes: cost?.heapUsedBytes,
      externalBytes: cost?.externalBytes,
    };
  }

  /** Where windows that end now are counted; undefined while they are discarded. */
  get current(): Measurement | undefined {
    if (this.use === 'discard') return undefined;
    const measurement =
      this.use === 'exact' ? (this.measurements.exact ??= new Measurement()) : this.measurements.approximate;
    measurement.keepRecentMs = this.keepRecentMs;
    return measurement;
  }
}

function newMeasurements(): { approximate: Measurement; exact: Measurement | undefined } {
  return { approximate: new Measurement(), exact: undefined };
}
