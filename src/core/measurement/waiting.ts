import { NumberMap } from '../collections/numberMap';
import { frameCategory, type Frame } from '../profile/frame';
import type { CallTree } from '../profile/tree/callTree';
import { sumUntil, type ThreadReadings } from './threadReadings';

/** Samples of one window in time order, by node of the tree (0: nobody's); each lasts to the start of the next. */
export interface SampledSpans {
  readonly nodes: Int32Array;
  readonly startsUs: Float64Array;
  readonly endUs: number;
}

/** Tells time that a thread waited within a call from time that it ran; learns from window to window which calls wait. */
export interface WaitingSplit {
  /** µs waited, by node; at most what the node was sampled. */
  split(tree: CallTree, spans: SampledSpans, readings: ThreadReadings): NumberMap;
}

/** µs of time that are looked at together: a few samples and readings. */
const SLOT_US = 20_000;
const ROUNDS = 8;
/** Functions that wait more get much more: chance in when samples were taken makes all look alike, and few really are. */
const CONTRAST = 4;
/** So often, at most, what is too much for some is given to the others. */
const MOST_FILLS = 20;
/** What is thought of a function before it was seen counts like so much time. */
const PRIOR_US = 20_000;
/** Below is noise, and nothing is said to wait; above its opposite all of it does. */
const NOISE_SHARE = 0.05;
/** Waiting is believed when it is more than so many standard deviations of what chance makes of idle samples. */
const DEVIATIONS = 2;
/** µs by which readings may be wrong together: one tick of a slow kernel. */
const READING_ERROR_US = 10_000;
/** Frames that stand for a system call that may take long; V8 names the innermost one of Node's or of its bindings. */
const BLOCKING = new Set([
  'spawn',
  'spawnSync',
  'execSync',
  'execFileSync',
  'wait',
  'read',
  'readSync',
  'readFileUtf8',
  'writeBuffer',
  'writeString',
  'open',
  'openSync',
  'fsync',
  'fdatasync',
  'stat',
  'lstat',
  'readdir',
  'copyFile',
]);
/** A function that waits so much of its time: what it took to get a CPU afterwards is part of its waiting. */
const WAITS_SHARE = 0.25;
const LIKELY_SHARE = 0.5;
const OUTSIDE_SHARE = 0.05;
const OWN_CODE_SHARE = 0.005;

/** The share of its time that a function is thought to wait before anything is known of it; `fixed`: and ever after. */
function priorOf(frame: Frame, isCoarse: boolean): { share: number; fixed: boolean } {
  switch (frameCategory(frame)) {
    case 'root':
    case 'idle':
      return { share: 1, fixed: true };
    // Others collect while this thread waits for them.
    case 'gc':
      return { share: LIKELY_SHARE, fixed: false };
    case 'program':
    case 'native':
    case 'node':
      return { share: BLOCKING.has(frame.functionName) ? LIKELY_SHARE : OUTSIDE_SHARE, fixed: false };
    case 'source':
    case 'wasm':
      return isCoarse ? { share: 0, fixed: true } : { share: OWN_CODE_SHARE, fixed: false };
  }
}

interface Slot {
  /** µs that the thread neither ran nor was ready to, and that it did not run. */
  readonly restedUs: number;
  readonly offUs: number;
  /** µs sampled, by innermost frame. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * What a thread rested is known exactly for each slot, and what it was in by samples. Which functions rested is what explains
 * both best (expectation maximisation, as for sums of unknown shares): idle time did, and whoever fills slots without rest did
 * not. Chance moves samples between idle and busy, and between functions; so the whole that is given to functions is never more
 * than what rest exceeds idle time by over all windows, nothing as long as that may be chance, and goes to those first that
 * rested most. Garbage collection takes its part, which is no waiting: that is what the thread was busy with.
 */
export function createWaitingSplit(): WaitingSplit {
  const times = new NumberMap();
  const waited = new NumberMap();
  let excessUs = 0;
  let variance = 0;
  let givenUs = 0;

  const shareOf = (frame: number, prior: number): number =>
    ((waited.get(frame) ?? 0) + prior * PRIOR_US) / ((times.get(frame) ?? 0) + PRIOR_US);

  /** By frame that may wait, in these slots. */
  const explain = (slots: readonly Slot[], frames: readonly Frame[], isCoarse: boolean): Map<number, Seen> => {
    const free = new Map<number, Seen>();
    const shares = new Map<number, number>();
    for (const slot of slots) {
      for (const [frame, us] of slot.times) {
        const known = free.get(frame);
        if (known) known.us += us;
        else if (!shares.has(frame)) {
          const { share, fixed } = priorOf(frames[frame], isCoarse);
          shares.set(frame, fixed ? share : shareOf(frame, share));
          if (!fixed) free.set(frame, { us, share: 0, offShare: 0, prior: share });
        }
      }
    }
    const maximise = (restOf: (slot: Slot) => number): void => {
      for (let round = 0; round < ROUNDS; round++) {
        const rested = new Map<number, number>();
        for (const slot of slots) {
          let whole = 0;
          for (const [frame, us] of slot.times) whole += us * shares.get(frame)!;
          if (whole <= 0) continue;
          const perUs = Math.max(0, restOf(slot)) / whole;
          for (const [frame, us] of slot.times)
            rested.set(frame, (rested.get(frame) ?? 0) + us * shares.get(frame)! * perUs);
        }
        for (const [frame, { us }] of free) shares.set(frame, Math.min(1, (rested.get(frame) ?? 0) / us));
      }
    };
    maximise((slot) => slot.restedUs);
    for (const [frame, seen] of free) seen.share = shares.get(frame)!;
    maximise((slot) => slot.offUs);
    for (const [frame, seen] of free) seen.offShare = shares.get(frame)!;
    return free;
  };

  /** µs of waiting that these slots may give to functions. */
  const budgetOf = (slots: readonly Slot[], frames: readonly Frame[], samples: number): number => {
    let restedUs = 0;
    let idleUs = 0;
    let lengthUs = 0;
    for (const slot of slots) {
      restedUs += slot.restedUs;
      for (const [frame, us] of slot.times) {
        lengthUs += us;
        if (priorOf(frames[frame], false).share === 1) idleUs += us;
      }
    }
    const here = restedUs - idleUs;
    const each = lengthUs / samples;
    const idleShare = (idleUs + each) / (lengthUs + 2 * each);
    excessUs += here;
    variance += each * lengthUs * idleShare * (1 - idleShare);
    if (excessUs < DEVIATIONS * Math.sqrt(variance) + READING_ERROR_US) return 0;
    return Math.max(0, Math.min(here, excessUs - givenUs));
  };

  return {
    split(tree, spans, readings) {
      const { frames } = tree.table;
      const { slots, samples } = slotsOf(tree, spans, readings);
      const result = new NumberMap();
      if (!samples) return result;
      const seen = explain(slots, frames, readings.isCoarse);
      const budgetUs = budgetOf(slots, frames, samples);
      const shares = divide(budgetUs, [...seen.values()]);
      const shown = new Map<number, number>();
      let n = 0;
      for (const [frame, { us, offShare }] of seen) {
        const share = shares[n++];
        givenUs += us * share;
        times.add(frame, us);
        waited.add(frame, us * share);
        if (!budgetUs || frameCategory(frames[frame]) === 'gc') continue;
        const all = waited.get(frame)! / times.get(frame)!;
        const whole = all < WAITS_SHARE ? share : Math.max(share, offShare);
        if (all >= NOISE_SHARE) shown.set(frame, Math.max(all, whole) > 1 - NOISE_SHARE ? 1 : whole);
      }
      forEachSpan(spans, readings, (node, us) => {
        const share = shown.get(tree.frames[node]);
        if (share) result.add(node, us * share);
      });
      return result;
    },
  };
}

interface Seen {
  /** µs sampled. */
  us: number;
  /** Of these: the share that it seems to have rested, and not to have run. */
  share: number;
  offShare: number;
  readonly prior: number;
}

/** Shares of their time that functions waited, `budgetUs` together. Where samples cannot tell them apart, the likely ones did. */
function divide(budgetUs: number, seen: readonly Seen[]): number[] {
  const weights = seen.map(({ share, prior }) => share ** CONTRAST * Math.sqrt(prior));
  const shares = seen.map(() => 0);
  let leftUs = budgetUs;
  for (let round = 0, isFull = true; round < MOST_FILLS && isFull; round++) {
    isFull = false;
    const whole = seen.reduce((sum, { us }, n) => sum + (shares[n] < 1 ? us * weights[n] : 0), 0);
    if (whole <= 0 || leftUs <= 0) break;
    const perWeight = leftUs / whole;
    seen.forEach(({ us }, n) => {
      if (shares[n] >= 1) return;
      const more = Math.min(1 - shares[n], perWeight * weights[n]);
      shares[n] += more;
      leftUs -= us * more;
      // Then there is more for the others.
      isFull ||= shares[n] >= 1;
    });
  }
  return shares;
}

function slotsOf(
  tree: CallTree,
  spans: SampledSpans,
  readings: ThreadReadings,
): { slots: readonly Slot[]; samples: number } {
  const { atUs } = readings;
  const spacingUs = atUs.length > 1 ? (atUs[atUs.length - 1] - atUs[0]) / (atUs.length - 1) : 0;
  const slotUs = Math.max(SLOT_US, spacingUs);
  const slots: Slot[] = [];
  let samples = 0;
  let times = new Map<number, number>();
  let startUs = NaN;
  let endUs = NaN;
  const close = (): void => {
    const without = (sumsUs: Float64Array): number =>
      endUs - startUs - (sumUntil(atUs, sumsUs, endUs) - sumUntil(atUs, sumsUs, startUs));
    slots.push({ restedUs: without(readings.usedUs), offUs: without(readings.ranUs), times });
    times = new Map();
    startUs = endUs;
  };
  forEachSpan(spans, readings, (node, us, from) => {
    if (Number.isNaN(startUs)) startUs = from;
    endUs = from + us;
    const frame = tree.frames[node];
    times.set(frame, (times.get(frame) ?? 0) + us);
    samples++;
    if (endUs - startUs >= slotUs) close();
  });
  if (times.size) close();
  return { slots, samples };
}

/** What of the samples is covered by readings. */
function forEachSpan(
  { nodes, startsUs, endUs }: SampledSpans,
  { atUs }: ThreadReadings,
  visit: (node: number, us: number, fromUs: number) => void,
): void {
  if (!atUs.length) return;
  const last = atUs[atUs.length - 1];
  for (let n = 0; n < nodes.length; n++) {
    const from = Math.max(startsUs[n], atUs[0]);
    const to = Math.min(n + 1 < nodes.length ? startsUs[n + 1] : endUs, last);
    if (to > from) visit(nodes[n], to - from, from);
  }
}
