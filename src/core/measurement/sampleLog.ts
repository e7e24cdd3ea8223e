import { GrowableFloat64, GrowableInt32 } from '../collections/growable';
import type { SampleSink } from './cpuSlice';

/** About 12 bytes each: an hour at 5 ms is 720,000 samples. */
const MOST_SAMPLES = 1_000_000;

/** Samples in time order. When it is full, the older half is forgotten: sums live elsewhere and lose nothing. */
export class SampleLog implements SampleSink {
  private nodes = new GrowableInt32();
  private times = new GrowableFloat64();
  private endUs = Infinity;
  /** Samples that were forgotten. */
  dropped = 0;

  push(node: number, timestampUs: number, continued: boolean): void {
    const gap = timestampUs > this.endUs;
    // A stack without a frame: the time until the next sample is nobody's.
    if (gap) this.append(0, this.endUs);
    this.endUs = Infinity;
    const isSame = continued && !gap && this.length > 0 && this.nodes.get(this.length - 1) === node;
    if (!isSame) this.append(node, timestampUs);
  }

  end(timestampUs: number): void {
    this.endUs = timestampUs;
  }

  get length(): number {
    return this.nodes.length;
  }

  /** Call-tree node of each sample. */
  get sampleNodes(): Int32Array {
    return this.nodes.view();
  }

  /** µs of the target's clock. */
  get timestampsUs(): Float64Array {
    return this.times.view();
  }

  private append(node: number, timestampUs: number): void {
    if (this.nodes.length >= MOST_SAMPLES) this.forgetOlderHalf();
    this.nodes.push(node);
    this.times.push(timestampUs);
  }

  private forgetOlderHalf(): void {
    const { nodes, times } = this;
    const from = Math.floor(nodes.length / 2);
    this.dropped += from;
    this.nodes = new GrowableInt32();
    this.times = new GrowableFloat64();
    nodes
      .view()
      .subarray(from)
      .forEach((node) => this.nodes.push(node));
    times
      .view()
      .subarray(from)
      .forEach((time) => this.times.push(time));
  }
}
