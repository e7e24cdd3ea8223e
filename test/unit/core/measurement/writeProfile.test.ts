import assert from 'node:assert/strict';
import { CallTree } from '../../../../src/core/profile/tree/callTree';
import { absorbCpuProfile, forEachTick } from '../../../../src/core/measurement/cpuSlice';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { absorbHeapProfile } from '../../../../src/core/measurement/heapSlice';
import type { RawCpuProfile, RawHeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { SampleLog } from '../../../../src/core/measurement/sampleLog';
import { toCpuProfile, toHeapProfile } from '../../../../src/core/measurement/writeProfile';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';
import { assertCpuProfile, assertHeapProfile } from '../../../support/v8Formats';
import { readFixture } from '../../../support/recordedProfiles';

/** µs, samples and ticks by stack. */
interface Sums {
  self: Record<string, number>;
  hits: Record<string, number>;
  ticks: Record<string, number>;
}

function absorbWindows(windows: readonly RawCpuProfile[]): { sums: Sums; written: RawCpuProfile } {
  const tree = new CallTree(new FrameTable());
  const samples = new SampleLog();
  let lastEnd = -Infinity;
  const whole = {
    selfUs: new Map<number, number>(),
    hits: new Map<number, number>(),
    ticks: new Map<number, number>(),
    startUs: Infinity,
    endUs: -Infinity,
  };
  for (const window of windows) {
    const { slice } = absorbCpuProfile(tree, window, { notBeforeUs: lastEnd, samples });
    for (const key of ['selfUs', 'hits', 'ticks'] as const) {
      for (const [node, value] of slice[key]) whole[key].set(node, (whole[key].get(node) ?? 0) + value);
    }
    whole.startUs = Math.min(whole.startUs, slice.startUs);
    whole.endUs = Math.max(whole.endUs, slice.endUs);
    lastEnd = window.endTime;
  }
  const path = (node: number): string =>
    node > 0
      ? `${path(tree.parents[node])}/${JSON.stringify({ ...tree.table.frames[tree.frames[node]], scriptId: '' })}`
      : '';
  const named = (values: ReadonlyMap<number, number>): Record<string, number> =>
    Object.fromEntries([...values].map(([node, value]): [string, number] => [path(node), Math.round(value)]).sort());
  const ticks: Record<string, number> = {};
  forEachTick(whole, (node, line, count) => (ticks[`${path(node)}:${line}`] = Math.round(count)));
  return {
    sums: {
      self: named(whole.selfUs),
      hits: named(whole.hits),
      ticks: Object.fromEntries(Object.entries(ticks).sort()),
    },
    written: toCpuProfile(tree, whole, samples),
  };
}

describe('written CPU profiles', () => {
  const main = 'main@/a.js:0';
  const hot = 'hot@/a.js:5';
  const check = (windows: readonly RawCpuProfile[]): RawCpuProfile => {
    const { sums, written } = absorbWindows(windows);
    const file = JSON.parse(JSON.stringify(written)) as RawCpuProfile;
    assertCpuProfile(file);
    assert.deepEqual(absorbWindows([file]).sums, sums);
    return file;
  };

  it('give equal sums when they are read again', () => {
    const file = check([
      cpuProfile([
        { stack: main, us: 120, line: 1 },
        { stack: `${main} > ${hot}`, us: 310, line: 6 },
        { stack: `${main} > ${hot}`, us: 95, line: 7 },
        { stack: '(idle)', us: 1_000 },
        { stack: '(garbage collector)', us: 33 },
      ]),
    ]);
    assert.equal(file.endTime - file.startTime, 1_558);
  });

  it('give equal sums when windows were joined', () => {
    const samples = Array.from({ length: 40 }, (_, i) => ({
      stack: i % 3 ? main : `${main} > ${hot}`,
      us: 90 + (i % 5) * 7,
      line: i % 4,
    }));
    const first = cpuProfile(samples.slice(0, 25), 5_000);
    const startOfSecond = 5_000 + samples.slice(0, 20).reduce((sum, { us }) => sum + us, 0);
    // The windows share samples 20 to 24, as they do when the second is opened before the first is ended.
    const file = check([first, cpuProfile(samples.slice(20), startOfSecond)]);
    assert.equal(file.samples!.length, 40);
    // The first one ends within its last sample, which goes on in the second.
    const cut = check([{ ...first, endTime: first.endTime - 40 }, cpuProfile(samples.slice(20), startOfSecond)]);
    assert.deepEqual([cut.samples, cut.timeDeltas], [file.samples, file.timeDeltas]);
  });

  it('give equal sums when there is a pause in between', () => {
    const { sums, written } = absorbWindows([
      cpuProfile([{ stack: main, us: 100 }], 0),
      cpuProfile([{ stack: hot, us: 100 }], 10_000),
    ]);
    assert.deepEqual(absorbWindows([written]).sums, sums);
    assertCpuProfile(written);
  });

  for (const version of [20, 22, 24, 26] as const) {
    it(`give the sums of a recording of Node ${version} again`, () => {
      const recorded = readFixture(`node${version}.cpuprofile`) as RawCpuProfile;
      const file = check([recorded]);
      assert.equal(file.samples!.length, recorded.samples!.length);
    });
  }

  it('are valid when nothing was measured', () => {
    assertCpuProfile(
      toCpuProfile(
        new CallTree(new FrameTable()),
        { selfUs: new Map(), hits: new Map(), ticks: new Map(), startUs: Infinity, endUs: -Infinity },
        new SampleLog(),
      ),
    );
  });
});

describe('written heap profiles', () => {
  const check = (profile: RawHeapProfile): RawHeapProfile => {
    const tree = new CallTree(new FrameTable());
    const { slice } = absorbHeapProfile(tree, profile);
    const file = JSON.parse(JSON.stringify(toHeapProfile(tree, slice))) as RawHeapProfile;
    assertHeapProfile(file);
    const again = absorbHeapProfile(tree, file);
    assert.deepEqual([...again.slice].sort(), [...slice].sort());
    return file;
  };

  it('give equal bytes when they are read again', () => {
    check(heapProfile({ 'main@/a.js:0': 10, 'main@/a.js:0 > hot@/a.js:5': 300, '(V8 API)': 77 }));
  });

  it('leave out the branches of other windows', () => {
    const tree = new CallTree(new FrameTable());
    absorbHeapProfile(tree, heapProfile({ 'earlier@/a.js:0': 10 }));
    const { slice } = absorbHeapProfile(tree, heapProfile({ 'main@/a.js:0 > hot@/a.js:5': 300 }));
    const { head, samples } = toHeapProfile(tree, slice);
    assert.deepEqual(
      head.children.map(({ callFrame }) => callFrame.functionName),
      ['main'],
    );
    assert.deepEqual(
      samples!.map(({ size }) => size),
      [300],
    );
  });

  for (const version of [20, 22, 24, 26] as const) {
    it(`give the bytes of a recording of Node ${version} again`, () => {
      check(readFixture(`node${version}.heapprofile`) as RawHeapProfile);
    });
  }
});
