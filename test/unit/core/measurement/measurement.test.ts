import assert from 'node:assert/strict';
import { cpuColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import { Measurement } from '../../../../src/core/measurement/measurement';
import type { CpuSlice } from '../../../../src/core/measurement/cpuSlice';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';

const main = 'main@/a.js:0';
const hot = 'hot@/a.js:5';

/** A window of one stack; µs of the target's clock are epoch ms times 1000 here. */
function add(measurement: Measurement, stack: string, startMs: number, endMs: number): void {
  measurement.addCpu(cpuProfile([{ stack, us: (endMs - startMs) * 1_000 }], startMs * 1_000), { startMs, endMs });
}

function total(cpu: { slice: CpuSlice } | undefined): number {
  return [...cpu!.slice.selfUs.values()].reduce((sum, us) => sum + us, 0) / 1_000;
}

function bytes(slice: ReadonlyMap<number, number>): number {
  return [...slice.values()].reduce((sum, size) => sum + size, 0);
}

describe('what was measured on one isolate', () => {
  it('is nothing before the first window', () => {
    const measurement = new Measurement();
    assert.deepEqual(
      [measurement.cpu('cumulative', 0), measurement.live, measurement.allocated],
      [undefined, undefined, undefined],
    );
    assert.equal(measurement.cpu({ slidingMs: 1_000 }, 0), undefined);
  });

  it('is the sum of all windows, overlaps once', () => {
    const measurement = new Measurement();
    add(measurement, main, 1_000, 3_000);
    add(measurement, main, 2_500, 5_000);
    const cpu = measurement.cpu('cumulative', 99_000);
    assert.equal(total(cpu), 4_000);
    assert.deepEqual(cpu!.interval, { startMs: 1_000, endMs: 5_000 });
  });

  it('slides: only windows that reach into the last ms count', () => {
    const measurement = new Measurement();
    for (let second = 0; second < 60; second++)
      add(measurement, second % 2 ? main : hot, second * 1_000, (second + 1) * 1_000);
    const cpu = measurement.cpu({ slidingMs: 10_000 }, 60_000);
    assert.equal(total(cpu), 10_000);
    assert.deepEqual(cpu!.interval, { startMs: 50_000, endMs: 60_000 });
    // A window counts as long as a part of it is inside.
    assert.equal(total(measurement.cpu({ slidingMs: 10_000 }, 60_500)), 10_000);
    assert.equal(measurement.cpu({ slidingMs: 10_000 }, 100_000), undefined);
    assert.equal(total(measurement.cpu('cumulative', 100_000)), 60_000);
  });

  it('keeps windows for as long as a sliding view looks back', () => {
    const measurement = new Measurement();
    measurement.keepRecentMs = 600_000;
    for (let minute = 0; minute < 30; minute++) add(measurement, main, minute * 60_000, (minute + 1) * 60_000);
    assert.equal(total(measurement.cpu({ slidingMs: 3_600_000 }, 1_800_000)), 600_000);
    assert.equal(total(measurement.cpu('cumulative', 0)), 1_800_000);
  });

  it('takes a file whole, whatever its clock', () => {
    const measurement = new Measurement();
    measurement.addCpuColumns(cpuColumnsOf(cpuProfile([{ stack: main, us: 2_000 }], 9_000_000)));
    measurement.addCpuColumns(cpuColumnsOf(cpuProfile([{ stack: main, us: 2_000 }], 1_000)));
    assert.equal(total(measurement.cpu('cumulative', 0)), 4);
    assert.deepEqual(measurement.cpu('cumulative', 0)!.interval, { startMs: 1, endMs: 9_002 });
  });

  it('collects problems once each', () => {
    const measurement = new Measurement();
    for (let i = 0; i < 3; i++) measurement.addCpuColumns(cpuColumnsOf({ nodes: [], startTime: 0, endTime: 0 }));
    measurement.addLive({} as never, { startMs: 0, endMs: 1 });
    assert.deepEqual([...measurement.problems], ['the profile has no nodes', 'the profile has no head node']);
  });

  it('goes on after a window whose profile is broken', () => {
    const measurement = new Measurement();
    add(measurement, main, 1_000, 2_000);
    measurement.addCpu({ nodes: 7, startTime: NaN, endTime: NaN } as never, { startMs: 2_000, endMs: 3_000 });
    add(measurement, main, 3_000, 4_000);
    assert.equal(total(measurement.cpu('cumulative', 0)), 2_000);
  });

  it('replaces live bytes and adds allocated ones', () => {
    const measurement = new Measurement();
    measurement.addLive(heapProfile({ [main]: 10 }), { startMs: 0, endMs: 5 });
    measurement.addLive(heapProfile({ [main]: 30 }), { startMs: 0, endMs: 9 });
    measurement.addAllocated(heapProfile({ [main]: 100, [hot]: 1 }), { startMs: 0, endMs: 4_000 });
    measurement.addAllocated(heapProfile({ [main]: 200 }), { startMs: 10_000, endMs: 14_000 });
    assert.deepEqual([bytes(measurement.live!.slice), measurement.live!.interval], [30, { startMs: 0, endMs: 9 }]);
    const { slice, windowMs, interval } = measurement.allocated!;
    assert.deepEqual([bytes(slice), windowMs, interval], [301, 8_000, { startMs: 0, endMs: 14_000 }]);
  });
});
