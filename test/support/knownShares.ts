import type { HeatSnapshot } from '../../src/core/heat/heatSnapshot';

/** Self shares of the four functions of test/fixtures/accuracy/workload.js. */
const knownShares: Readonly<Record<string, number>> = { fifty: 0.5, thirty: 0.3, fifteen: 0.15, five: 0.05 };

/** The largest error of one of them, in percentage points. */
export function largestError(snapshot: HeatSnapshot, mode: 'loops' | 'inlined'): number {
  const suffix = mode === 'loops' ? 'Loop' : '';
  const shareOf = (name: string): number =>
    snapshot.methods.find(({ source }) => source.method.name === name + suffix)?.cpu.selfShare ?? 0;
  return Math.max(...Object.entries(knownShares).map(([name, share]) => Math.abs(shareOf(name) - share) * 100));
}
