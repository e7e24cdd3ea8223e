import { settle, type ThreadReadings } from '../../src/core/measurement/threadReadings';
import type { StackSample } from './profileBuilder';

/** What a thread did for a while: how it looks when it is sampled, and what of the time it ran or was ready to. */
export interface Stretch {
  readonly stack: string;
  readonly ms: number;
  /** Share of it, 0..1. */
  readonly ran: number;
  /** Share of it that it was ready and had no CPU. */
  readonly ready?: number;
  readonly line?: number;
}

const POLL_US = 10_000;

/** A thread whose account is read now and then, and the samples that V8 would take of it. Times start at `startUs`. */
export function threadTimeline(
  stretches: readonly Stretch[],
  { startUs = 1_000, sampleUs = 5_000, bookedEveryUs = 0, isCoarse = false } = {},
): { samples: StackSample[]; readings: ThreadReadings } {
  const ends: number[] = [];
  let whole = 0;
  for (const { ms } of stretches) ends.push((whole += ms * 1_000));
  const at = (us: number): Stretch =>
    stretches[
      Math.max(
        0,
        ends.findIndex((end) => end > us),
      )
    ];
  const sumAt = (us: number, shareOf: (stretch: Stretch) => number): number => {
    let sum = 0;
    stretches.forEach((stretch, n) => {
      const from = ends[n] - stretch.ms * 1_000;
      sum += Math.max(0, Math.min(us, ends[n]) - from) * shareOf(stretch);
    });
    return sum;
  };
  const samples: StackSample[] = [];
  // Never at the same place of a pattern that repeats.
  for (let us = 0, n = 0; us < whole; n++) {
    const next = Math.min(whole, us + sampleUs + ((n * 7) % 5) * 100);
    const { stack, line } = at(us);
    samples.push({ stack, line, us: next - us });
    us = next;
  }
  const times: number[] = [];
  for (let us = 0; us < whole; us += isCoarse ? whole : POLL_US) times.push(us);
  times.push(whole);
  // A kernel that books at its ticks only says what was true at the last of them, unless the thread slept since.
  const booked = (us: number): number =>
    bookedEveryUs && us < whole && at(us).ran === 1 ? Math.floor(us / bookedEveryUs) * bookedEveryUs : us;
  const atUs = Float64Array.from(times, (us) => us + startUs);
  const ranUs = Float64Array.from(times, (us) => sumAt(booked(us), ({ ran }) => ran));
  const usedUs = Float64Array.from(times, (us) => sumAt(booked(us), ({ ran, ready = 0 }) => ran + ready));
  settle(atUs, usedUs);
  settle(atUs, ranUs);
  return { samples, readings: { atUs, usedUs, ranUs, isCoarse } };
}
