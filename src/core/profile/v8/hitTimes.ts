import type { LinkedNodes } from './linkNodes';
import type { V8CpuColumns } from './v8Columns';
import { isTime } from './timedSamples';

/** V8's default interval; only used when a file has no times at all. */
const DEFAULT_INTERVAL_US = 1_000;

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
  for (const node of order) {
    const count = hitCounts[node];
    if (!Number.isSafeInteger(count) || count <= 0) continue;
    hits[node] = count;
    total += count;
  }
  if (!total && order.length) problems.push('the profile has no samples');
  const hasTimes = isTime(startTime) && isTime(endTime) && endTime > startTime;
  return {
    hits,
    total,
    startUs: isTime(startTime) ? startTime : 0,
    perHitUs: hasTimes && total ? (endTime - startTime) / total : DEFAULT_INTERVAL_US,
  };
}
