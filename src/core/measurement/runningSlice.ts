import { NumberMap } from '../collections/numberMap';
import { forEachTick, tickKey, type CpuSlice } from './cpuSlice';

/** Ticks on a line are taken for those of the call that waited when their share is so near to that of the waiting. */
const NEAR_SHARE = 0.12;

/** What of a slice the thread ran: as if nobody had sampled while it waited. */
export function runningSlice(slice: CpuSlice): CpuSlice {
  const { waitingUs } = slice;
  if (!waitingUs?.size) return slice;
  const waitedShare = (node: number): number => {
    const waited = waitingUs.get(node);
    return waited ? Math.min(1, waited / slice.selfUs.get(node)!) : 0;
  };
  const rest = (values: ReadonlyMap<number, number>): NumberMap => {
    const result = new NumberMap();
    values.forEach((value, node) => {
      const share = waitedShare(node);
      if (share < 1) result.add(node, value * (1 - share));
    });
    return result;
  };
  const selfUs = rest(slice.selfUs);
  return { ...slice, selfUs, hits: rest(slice.hits), ticks: runningTicks(slice, waitedShare), waitingUs: undefined };
}

/**
 * V8 does not say on which line a function waited. A function that waits does so on one line as a rule (`Atomics.wait` in a
 * loop, with the work beside it that V8 may have inlined): it is the one that was hit as often as the function waited.
 * Where no line is, all lose alike.
 */
function runningTicks(slice: CpuSlice, waitedShare: (node: number) => number): NumberMap {
  const result = new NumberMap();
  const lines = new Map<number, [line: number, ticks: number][]>();
  forEachTick(slice, (node, line, ticks) => {
    const share = waitedShare(node);
    if (!share) result.add(tickKey(node, line), ticks);
    else if (share < 1) {
      const own = lines.get(node);
      if (own) own.push([line, ticks]);
      else lines.set(node, [[line, ticks]]);
    }
  });
  for (const [node, own] of lines) {
    const all = own.reduce((sum, [, ticks]) => sum + ticks, 0);
    const waited = all * waitedShare(node);
    const away = ([, ticks]: [number, number]): number => Math.abs(ticks - waited);
    const nearest = own.reduce((best, each) => (away(each) < away(best) ? each : best));
    const taken = away(nearest) <= NEAR_SHARE * all ? Math.min(nearest[1], waited) : 0;
    const others = all - (taken ? nearest[1] : 0);
    const factor = others > 0 ? 1 - (waited - taken) / others : 0;
    for (const each of own) {
      const [line, ticks] = each;
      const left = taken && each === nearest ? ticks - taken : ticks * factor;
      if (left > 0) result.add(tickKey(node, line), left);
    }
  }
  return result;
}
