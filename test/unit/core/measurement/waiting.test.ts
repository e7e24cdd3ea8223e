import assert from 'node:assert/strict';
import { Measurement } from '../../../../src/core/measurement/measurement';
import { cpuProfile } from '../../../support/profileBuilder';
import { threadTimeline, type Stretch } from '../../../support/threadTimeline';

const main = 'main@/a.js:1';
const hot = `${main} > hot@/a.js:20`;
const waits = `${main} > waits@/a.js:30`;
const spawns = `${main} > spawnSync@node:child_process:9 > spawn`;

/** ms sampled and waited, by innermost function, of windows of two seconds. */
function measure(
  stretches: readonly Stretch[],
  options: Parameters<typeof threadTimeline>[1] = {},
  windows = 3,
): Record<string, { ms: number; waitedMs: number }> {
  const measurement = new Measurement();
  const length = stretches.reduce((sum, { ms }) => sum + ms, 0);
  const round = Array.from({ length: Math.max(1, Math.round(2_000 / length)) }, () => stretches).flat();
  let startUs = 1_000;
  for (let n = 0; n < windows; n++) {
    const { samples, readings } = threadTimeline(round, { ...options, startUs });
    const profile = cpuProfile(samples, startUs);
    measurement.addCpu(profile, { startMs: 0, endMs: 1 }, readings);
    startUs = profile.endTime;
  }
  const { slice } = measurement.cpu('cumulative', 0)!;
  assert.ok(slice.waitingUs, 'somebody could tell');
  const result: Record<string, { ms: number; waitedMs: number }> = {};
  const { frames, table } = measurement.cpuTree;
  slice.selfUs.forEach((us, node) => {
    const waited = slice.waitingUs!.get(node) ?? 0;
    assert.ok(waited >= 0 && waited <= us + 1e-6, `${waited} of ${us} µs`);
    const entry = (result[table.frames[frames[node]].functionName] ??= { ms: 0, waitedMs: 0 });
    entry.ms += us / 1_000;
    entry.waitedMs += waited / 1_000;
  });
  return result;
}

const shareOf = (found: { ms: number; waitedMs: number } | undefined): number => found!.waitedMs / found!.ms;

describe('what waited and what ran', () => {
  it('is running where the thread used all of its time, whenever its kernel books that', () => {
    for (const bookedEveryUs of [0, 4_000, 10_000, 30_000])
      assert.equal(
        measure([{ stack: hot, ms: 500, ran: 1 }], { bookedEveryUs })['hot'].waitedMs,
        0,
        `${bookedEveryUs}`,
      );
  });

  it('is running where it was ready and had no CPU', () => {
    assert.equal(measure([{ stack: hot, ms: 500, ran: 0.2, ready: 0.8 }])['hot'].waitedMs, 0);
  });

  it('is waiting where it used nothing in a call', () => {
    const found = measure([
      { stack: waits, ms: 80, ran: 0 },
      { stack: spawns, ms: 100, ran: 0.02 },
      { stack: hot, ms: 60, ran: 1 },
      { stack: '(idle)', ms: 33, ran: 0 },
    ]);
    assert.ok(shareOf(found['waits']) > 0.95, JSON.stringify(found));
    assert.ok(shareOf(found['spawn']) > 0.9, JSON.stringify(found));
    assert.ok(shareOf(found['hot']) < 0.05, JSON.stringify(found));
    assert.equal(found['(idle)'].waitedMs, 0);
  });

  it('is told apart when both are shorter than the time between samples', () => {
    const found = measure([
      { stack: spawns, ms: 3, ran: 0 },
      { stack: hot, ms: 2, ran: 1 },
    ]);
    assert.ok(shareOf(found['spawn']) > 0.8, JSON.stringify(found));
    assert.ok(shareOf(found['hot']) < 0.2, JSON.stringify(found));
  });

  it('is not waiting of a service that idles between short requests', () => {
    const found = measure([
      { stack: hot, ms: 2, ran: 1 },
      { stack: '(idle)', ms: 3, ran: 0 },
      { stack: `${main} > write`, ms: 1, ran: 1 },
      { stack: '(idle)', ms: 5, ran: 0 },
    ]);
    assert.ok(shareOf(found['hot']) < 0.05 && shareOf(found['write']) < 0.05, JSON.stringify(found));
  });

  it('is waiting with what it takes to get a CPU afterwards', () => {
    const found = measure([
      { stack: waits, ms: 80, ran: 0, ready: 0.3 },
      { stack: hot, ms: 20, ran: 0.6, ready: 0.4 },
    ]);
    assert.ok(shareOf(found['waits']) > 0.95, JSON.stringify(found));
    assert.ok(shareOf(found['hot']) < 0.05, JSON.stringify(found));
  });

  it('is garbage collection while other threads collect for this one', () => {
    const found = measure([
      { stack: '(garbage collector)', ms: 60, ran: 0.3 },
      { stack: hot, ms: 140, ran: 1 },
    ]);
    assert.equal(found['(garbage collector)'].waitedMs, 0);
    assert.ok(shareOf(found['hot']) < 0.05, JSON.stringify(found));
  });

  it('is waiting of nobody where V8 saw no function', () => {
    assert.ok(shareOf(measure([{ stack: '(program)', ms: 500, ran: 0 }])['(program)']) > 0.95);
  });

  it('keeps to calls that are known to block where only the sum of a window is known', () => {
    const found = measure(
      [
        { stack: waits, ms: 100, ran: 0 },
        { stack: spawns, ms: 100, ran: 0 },
        { stack: hot, ms: 100, ran: 1 },
      ],
      { isCoarse: true },
    );
    assert.ok(found['spawn'].waitedMs > 0.9 * found['spawn'].ms, JSON.stringify(found));
    assert.equal(found['waits'].waitedMs + found['hot'].waitedMs, 0);
  });

  it('is unknown without readings', () => {
    const measurement = new Measurement();
    measurement.addCpu(cpuProfile([{ stack: hot, us: 1_000 }]), { startMs: 0, endMs: 1 });
    assert.equal(measurement.cpu('cumulative', 0)!.slice.waitingUs, undefined);
  });
});
