import type { LinkedNodes } from './linkNodes';
import type { V8CpuColumns } from './v8Columns';
import { isTime, LONGEST_US } from './timedSamples';

/** V8's default interval; only used when a file has no times at all. */
const DEFAULT_INTERVAL_US = 1_000;

/** A year of V8's shortest interval is less. */
const MOST_HITS = 1e12;

/** Samples by node of the file, for files that only count them, and the time that each stands for. */
export interface HitTimes {
  readonly hits: Float64Array;
  readonly total: number;
  readonly startUs: number;
  readonly perHitUs: number;
}

export function hitTimes(
  { hitCounts, startTime, endTime }: V8CpuColumns,
  { order }: LinkedNodes,
  problems: string[],
): HitTimes {
  const hits = new Float64Array(hitCounts.length);
  let total = 0;
  let impossible = 0;
  for (const node of order) {
    const count = hitCounts[node];
    if (!Number.isSafeInteger(count) || count <= 0) continue;
    if (count > MOST_HITS) {
      impossible++;
      continue;
    }
    hits[node] = count;
    total += count;
  }
  if (!total && order.length) problems.push('the profile has no samples');
  if (impossible) problems.push(`${impossible} nodes have more samples than there can be; they count as none`);
  const hasTimes = isTime(startTime) && isTime(endTime) && endTime > startTime && endTime - startTime < LONGEST_US;
  return {
    hits,
    total,
    startUs: isTime(startTime) ? startTime : 0,
    perHitUs: hasTimes && total ? (endTime - startTime) / total : DEFAULT_INTERVAL_US,
  };
}
