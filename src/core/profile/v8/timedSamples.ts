import type { NodeIds } from './linkNodes';
import type { Numbers } from '../../collections/numberColumn';
import type { V8CpuColumns } from './v8Columns';

/** µs. No clock reaches it, and sums of times below it stay exact enough and finite. */
const NO_TIME = 1e18;

/** µs, a year: nothing was sampled for longer, nor did a sample last so long. */
export const LONGEST_US = 3.2e13;

/** Samples in time order. A sample lasts to the start of the next one. */
export interface TimedSamples {
  /** Node in the order of the file; -1 where the file has no such node. */
  readonly nodes: Int32Array;
  /** µs of the target's clock. */
  readonly startsUs: Float64Array;
  readonly endUs: number;
}

export function isTime(us: number): boolean {
  return us > -NO_TIME && us < NO_TIME;
}

/** Undefined where the file has no samples with times. */
export function timedSamples(raw: V8CpuColumns, ids: NodeIds, problems: string[]): TimedSamples | undefined {
  const { samples, timeDeltas } = raw;
  if (!samples?.length || !timeDeltas) return undefined;
  const { startsUs, unordered, timeless } = startTimes(
    timeDeltas,
    samples.length,
    isTime(raw.startTime) ? raw.startTime : 0,
  );
  const { nodes, unknown } = nodesOf(samples, ids);
  if (timeless) problems.push(`${timeless} samples have no time, or an impossible one`);
  if (unknown) problems.push(`${unknown} samples name nodes that the profile does not have`);
  if (unordered) sortByTime(nodes, startsUs);
  const last = startsUs[startsUs.length - 1];
  const endUs = isTime(raw.endTime) ? Math.max(raw.endTime, last) : last;
  if (endUs - last <= LONGEST_US) return { nodes, startsUs, endUs };
  problems.push('the profile ends more than a year after its last sample, which counts as no time');
  return { nodes, startsUs, endUs: last };
}

function startTimes(
  deltas: Numbers,
  count: number,
  startUs: number,
): { startsUs: Float64Array; unordered: boolean; timeless: number } {
  const startsUs = new Float64Array(count);
  const timed = Math.min(count, deltas.length);
  let clock = startUs;
  let unordered = false;
  let timeless = count - timed;
  for (let n = 0; n < timed; n++) {
    const delta = deltas[n];
    const next = clock + delta;
    if (next > -NO_TIME && next < NO_TIME && delta > -LONGEST_US && delta < LONGEST_US) {
      // V8 itself writes small negative deltas when samples of the VM thread and the sampler cross; sorting mends them.
      if (next < clock && n > 0) unordered = true;
      clock = next;
    } else timeless++;
    startsUs[n] = clock;
  }
  startsUs.fill(clock, timed);
  return { startsUs, unordered, timeless };
}

function nodesOf(samples: Numbers, ids: NodeIds): { nodes: Int32Array; unknown: number } {
  const nodes = new Int32Array(samples.length);
  let unknown = 0;
  for (let n = 0; n < samples.length; n++) {
    const node = ids.find(samples[n]);
    nodes[n] = node;
    if (node < 0) unknown++;
  }
  return { nodes, unknown };
}

/** Stable. Samples of real profiles are a few places off at most, which insertion mends in one pass. */
function sortByTime(nodes: Int32Array, startsUs: Float64Array): void {
  let moves = 8 * nodes.length;
  for (let n = 1; n < nodes.length; n++) {
    const start = startsUs[n];
    const node = nodes[n];
    let to = n;
    for (; to > 0 && startsUs[to - 1] > start; to--, moves--) {
      startsUs[to] = startsUs[to - 1];
      nodes[to] = nodes[to - 1];
    }
    startsUs[to] = start;
    nodes[to] = node;
    if (moves < 0) return sortFarOff(nodes, startsUs);
  }
}

/**
 * What insertion has done so far keeps equal times in their order, so that going on from there is stable too. Merges runs of
 * twice the length over and over: `sort` with a function that compares takes ten times as long.
 */
function sortFarOff(nodes: Int32Array, startsUs: Float64Array): void {
  const { length } = nodes;
  let fromNodes = nodes;
  let fromStarts = startsUs;
  let toNodes: Int32Array = new Int32Array(length);
  let toStarts: Float64Array = new Float64Array(length);
  for (let run = 1; run < length; run *= 2) {
    for (let start = 0; start < length; start += 2 * run) {
      const middle = Math.min(start + run, length);
      const end = Math.min(start + 2 * run, length);
      let left = start;
      let right = middle;
      for (let to = start; to < end; to++) {
        const takesLeft = left < middle && (right >= end || fromStarts[left] <= fromStarts[right]);
        const from = takesLeft ? left++ : right++;
        toNodes[to] = fromNodes[from];
        toStarts[to] = fromStarts[from];
      }
    }
    [fromNodes, toNodes] = [toNodes, fromNodes];
    [fromStarts, toStarts] = [toStarts, fromStarts];
  }
  if (fromNodes === nodes) return;
  nodes.set(fromNodes);
  startsUs.set(fromStarts);
}
