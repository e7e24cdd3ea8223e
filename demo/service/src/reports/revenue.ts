export interface RevenueReport {
  readonly orders: number;
  readonly sumCents: number;
  readonly medianCents: number;
  /** Range that holds the mean with a certainty of 95 %, by resampling. */
  readonly meanRangeCents: readonly [number, number];
}

export function revenueReport(totals: readonly number[]): RevenueReport {
  const sorted = [...totals].sort((a, b) => a - b);
  return {
    orders: sorted.length,
    sumCents: sorted.reduce((sum, cents) => sum + cents, 0),
    medianCents: sorted[Math.floor(sorted.length / 2)] ?? 0,
    meanRangeCents: bootstrapMean(sorted, 400),
  };
}

function bootstrapMean(totals: readonly number[], rounds: number): [number, number] {
  if (totals.length === 0) return [0, 0];
  let seed = 42;
  const means: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let sum = 0;
    for (let pick = 0; pick < totals.length; pick += 1) {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      sum += totals[seed % totals.length];
    }
    means.push(sum / totals.length);
  }
  means.sort((a, b) => a - b);
  return [Math.round(means[Math.floor(rounds * 0.025)]), Math.round(means[Math.floor(rounds * 0.975)])];
}
