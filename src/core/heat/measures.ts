import type { HeatSnapshot, MethodHeat } from './heatSnapshot';

/** What methods are sorted and coloured by. */
export type Measure = 'self' | 'total' | 'live' | 'allocated';

export const MEASURES: readonly Measure[] = ['self', 'total', 'live', 'allocated'];

type Totals = Pick<HeatSnapshot, 'memory'>;

/** ms for CPU measures, bytes for memory. */
export function measureValue(heat: Pick<MethodHeat, 'cpu' | 'memory'>, measure: Measure): number {
  switch (measure) {
    case 'self':
      return heat.cpu.selfMs;
    case 'total':
      return heat.cpu.totalMs;
    case 'live':
      return heat.memory.liveBytes;
    case 'allocated':
      return heat.memory.allocatedBytes;
  }
}

/** 0..1 of the same measure over the whole snapshot; 0 where nothing was measured. */
export function measureShare(heat: Pick<MethodHeat, 'cpu' | 'memory'>, measure: Measure, totals: Totals): number {
  switch (measure) {
    case 'self':
      return heat.cpu.selfShare;
    case 'total':
      return heat.cpu.totalShare;
    case 'live':
      return share(heat.memory.liveBytes, totals.memory.liveBytes);
    case 'allocated':
      return share(heat.memory.allocatedBytes, totals.memory.allocatedBytes);
  }
}

/** Of the time that threads ran or were blocked in calls: the part that they were blocked in this method, or below it. */
export function waitingShare({ cpu }: Pick<MethodHeat, 'cpu'>, totals: Pick<HeatSnapshot, 'cpu'>): number {
  return share(cpu.totalWaitingMs, totals.cpu.sampledMs + (totals.cpu.waitingMs ?? 0));
}

/** Above the threshold (0..1) by at least one measure, or by what it waits: what is below shows nothing. */
export function isHot(
  heat: Pick<MethodHeat, 'cpu' | 'memory'>,
  totals: Pick<HeatSnapshot, 'cpu' | 'memory'>,
  threshold: number,
): boolean {
  const isShown = (value: number): boolean => value > 0 && value >= threshold;
  return (
    MEASURES.some((measure) => isShown(measureShare(heat, measure, totals))) || isShown(waitingShare(heat, totals))
  );
}

/** Hottest first; equal ones by total time, then by place, so that rows do not jump between refreshes. */
export function compareByMeasure(measure: Measure): (a: MethodHeat, b: MethodHeat) => number {
  return (a, b) =>
    measureValue(b, measure) - measureValue(a, measure) ||
    b.cpu.totalMs - a.cpu.totalMs ||
    (a.source.file < b.source.file ? -1 : a.source.file > b.source.file ? 1 : a.source.index - b.source.index);
}

/** The measure to colour by: the wished one, or one that the snapshot has (a heap profile alone has no CPU). */
export function usableMeasure(wished: Measure, snapshot: Pick<HeatSnapshot, 'cpu' | 'memory'>): Measure {
  const has = (measure: Measure): boolean => {
    if (measure === 'live') return snapshot.memory.liveBytes > 0;
    if (measure === 'allocated') return snapshot.memory.allocatedBytes > 0;
    return snapshot.cpu.sampledMs > 0;
  };
  return has(wished) ? wished : (MEASURES.find(has) ?? wished);
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}
