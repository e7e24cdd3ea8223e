import type { TargetSummary } from '../../core/heat/heatSnapshot';
import type { MeasuredSource } from '../../core/heat/methodResolver';
import { chooseMeasurements, type ShownThread } from './heatOfThreads';
import type { MeasuredThread } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';

/** All isolates and files of a recording, attached or not, and which of their measurements are shown. */
export class RecordedThreads {
  private threads: readonly MeasuredThread[] = [];
  private chosen: ReadonlySet<string> | undefined;
  private showsExact = true;
  private keepRecentMs = 0;

  get all(): readonly MeasuredThread[] {
    return this.threads;
  }

  get selected(): ReadonlySet<string> | undefined {
    return this.chosen;
  }

  select(ids: ReadonlySet<string> | undefined): void {
    this.chosen = ids;
  }

  /** Adds those that are not there yet. */
  add(threads: readonly MeasuredThread[]): void {
    const added = threads.filter((thread) => !this.threads.includes(thread));
    for (const thread of added) thread.keepRecent(this.keepRecentMs);
    if (added.length) this.threads = [...this.threads, ...added];
  }

  /** A sliding view needs the windows of its span kept; the cumulative one needs none. */
  keepFor(window: RecordingOptions['window']): void {
    this.keepRecentMs = window === 'cumulative' ? 0 : window.slidingMs;
    for (const thread of this.threads) thread.keepRecent(this.keepRecentMs);
  }

  /** Drops those that are not to be kept, and the measurements of the others. */
  forget(keep: (thread: MeasuredThread) => boolean): void {
    this.threads = this.threads.filter(keep);
    for (const thread of this.threads) thread.forget();
  }

  forgetExact(): void {
    for (const thread of this.threads) thread.forgetExact();
  }

  showExact(show: boolean): void {
    this.showsExact = show;
  }

  shown(): ShownThread[] {
    const { chosen } = this;
    return chooseMeasurements(
      this.threads.filter(({ id }) => !chosen || chosen.has(id)),
      this.showsExact,
    );
  }

  summaries(): TargetSummary[] {
    return this.threads.map((thread) => thread.summary());
  }

  measuredSource(file: string): MeasuredSource | undefined {
    for (const { resolver } of this.threads) {
      const source = resolver.measuredSource(file);
      if (source) return source;
    }
    return undefined;
  }
}
