import assert from 'node:assert/strict';
import {
  createHeapReadBudget,
  HEAP_READ_BUDGET,
  firstLiveReadAt,
  heapIntervalFor,
  nextHeapPlan,
  predictHeapReadMs,
  predictStartStallMs,
  timedHeapPlan,
} from '../../../../src/node/instruments/heapSchedule';

describe('heap windows', () => {
  it('alternate, short ones for allocated bytes and ever longer ones for live bytes', () => {
    const plans = Array.from({ length: 14 }, (_, done) => nextHeapPlan('both', done, 1_000));
    assert.deepEqual(
      plans.map(({ measure }) => measure),
      Array.from({ length: 14 }, (_, i) => (i % 2 ? 'live' : 'allocated')),
    );
    const lengths = (measure: string): number[] =>
      plans.filter((plan) => plan.measure === measure).map(({ endsAt }) => (endsAt - 1_000) / 1_000);
    assert.deepEqual(lengths('allocated'), [4, 4, 4, 4, 4, 4, 4]);
    assert.deepEqual(lengths('live'), [26, 52, 104, 208, 416, 600, 600]);
  });

  it('of one measure last: live bytes to the end, allocated ones until buffers have grown', () => {
    assert.deepEqual(nextHeapPlan('live', 3, 0), { measure: 'live', endsAt: Infinity });
    assert.deepEqual(nextHeapPlan('allocated', 3, 0), { measure: 'allocated', endsAt: 26_000 });
  });

  it('keeps the numbers of a long live window until the next one has something to say', () => {
    assert.equal(firstLiveReadAt(false, 5_000), 5_000);
    assert.equal(firstLiveReadAt(true, 5_000), 25_000);
  });

  it('fill a run of known length: allocated bytes first, live bytes to its end', () => {
    assert.deepEqual(timedHeapPlan('both', 0, 1_000, 11_000), { measure: 'allocated', endsAt: 5_000 });
    assert.deepEqual(timedHeapPlan('both', 1, 5_000, 11_000), { measure: 'live', endsAt: Infinity });
    assert.deepEqual(timedHeapPlan('allocated', 0, 1_000, 11_000), { measure: 'allocated', endsAt: Infinity });
    assert.deepEqual(timedHeapPlan('live', 0, 1_000, 11_000), { measure: 'live', endsAt: Infinity });
  });
});

describe('bytes between heap samples', () => {
  const within = (interval: number, least: number): void =>
    assert.ok(interval >= least && interval < least * 1.1, `${interval} of ${least}`);

  it('are those asked for, or so many that a target that allocates fast is not slowed down', () => {
    within(heapIntervalFor(262_144, 0), 262_144);
    within(heapIntervalFor(262_144, 1e9), 1e6);
    within(heapIntervalFor(8_192, 20e6, 4_000), 8_192);
    within(heapIntervalFor(8_192, 1e9, 4_000), 250_000);
  });

  it('are more where a long window would keep too many samples', () => {
    within(heapIntervalFor(8_192, 100e6, 4_000, 5_000), 25_000);
    within(heapIntervalFor(8_192, 100e6, 4_000, 3_600_000), 3.6e6);
  });
});

describe('heap reads', () => {
  it('take no more than their share of wall time, whatever they cost', () => {
    for (const readMs of [1, 40, 300, 3_000]) {
      const budget = createHeapReadBudget(0);
      for (let now = 0; now < 3_600_000; now += 500) {
        if (budget.waitMs(readMs, now) === 0) budget.record(readMs, now);
      }
      const share = budget.share(3_600_000);
      assert.ok(share <= HEAP_READ_BUDGET, `${readMs} ms: ${share}`);
      assert.ok(budget.spentMs > 0, `${readMs} ms: some are made`);
      assert.equal(budget.lastMs, readMs);
    }
  });

  it('say how long the next one has to wait', () => {
    const budget = createHeapReadBudget(10_000);
    // 50 ms are 1 % of 5 s.
    assert.equal(budget.waitMs(50, 10_000), 5_000);
    assert.equal(budget.waitMs(50, 15_000), 0);
    budget.record(100, 15_000);
    assert.equal(budget.waitMs(50, 15_000), 15_000);
    assert.equal(budget.share(25_000), 100 / 15_000);
  });

  it('are predicted to cost more on a larger heap', () => {
    for (const predict of [predictHeapReadMs, predictStartStallMs]) {
      const sizes = [0, 1e6, 30e6, 240e6, 299e6, 300e6, 1e9, 4e9].map(predict);
      assert.deepEqual(
        [...sizes].sort((a, b) => a - b),
        sizes,
      );
      assert.ok(sizes[0] > 0);
    }
    assert.ok(predictStartStallMs(28e6) < 100 && predictStartStallMs(1e9) > 2_000);
  });
});
