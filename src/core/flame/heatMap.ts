import { frameCategory } from '../profile/frame';
import type { ProfileColumns } from '../profile/profileColumns';

/** How busy a target was over time. Each column is `rows` buckets of `bucketUs`, one after the other. */
export interface HeatMap {
  readonly columns: number;
  readonly rows: number;
  /** µs of the target's clock: start of the first bucket. */
  readonly startUs: number;
  readonly bucketUs: number;
  /** By bucket, column-major: the part of it that samples fill which are not idle, 0..1. */
  readonly values: Float32Array;
}

/** Of the whole timeline, in `columns` × `rows` equal buckets; undefined where the measure has no timeline or no length. */
export function createHeatMap(
  profile: ProfileColumns,
  measure: number,
  columns: number,
  rows: number,
): HeatMap | undefined {
  const { timeline, frames, nodeFrames } = profile;
  if (!timeline || timeline.measure !== measure || !timeline.nodes.length) return undefined;
  const { nodes, startsUs, endUs } = timeline;
  const startUs = startsUs[0];
  const buckets = columns * rows;
  const bucketUs = (endUs - startUs) / buckets;
  if (!(buckets > 0 && bucketUs > 0)) return undefined;

  const isIdle = Uint8Array.from(frames, (frame) => (frameCategory(frame) === 'idle' ? 1 : 0));
  const shares = new Float64Array(buckets);
  // Runs of busy samples: most buckets are of one, and adding them one by one would round a thousand times.
  for (let i = 0; i < nodes.length;) {
    const isBusy = nodes[i] > 0 && !isIdle[nodeFrames[nodes[i]]];
    const from = startsUs[i++];
    while (i < nodes.length && (nodes[i] > 0 && !isIdle[nodeFrames[nodes[i]]]) === isBusy) i++;
    if (isBusy)
      fill(shares, (from - startUs) / bucketUs, ((i < nodes.length ? startsUs[i] : endUs) - startUs) / bucketUs);
  }
  return { columns, rows, startUs, bucketUs, values: Float32Array.from(shares, (share) => Math.min(1, share)) };
}

/** Adds the part of each bucket between two places, in buckets. */
function fill(shares: Float64Array, from: number, to: number): void {
  const first = Math.min(shares.length - 1, Math.floor(from));
  const last = Math.min(shares.length - 1, Math.floor(to));
  if (first === last) {
    shares[first] += to - from;
    return;
  }
  shares[first] += first + 1 - from;
  for (let bucket = first + 1; bucket < last; bucket++) shares[bucket] = 1;
  shares[last] += to - last;
}
