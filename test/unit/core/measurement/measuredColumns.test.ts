import assert from 'node:assert/strict';
import { CallTree } from '../../../../src/core/profile/tree/callTree';
import { addCpuProfile, forEachTick, type CpuSlice } from '../../../../src/core/measurement/cpuSlice';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { addHeapProfile, type HeapSlice } from '../../../../src/core/measurement/heapSlice';
import type { V8CpuProfile, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { SampleLog } from '../../../../src/core/measurement/sampleLog';
import { measuredBytes, measuredCpu } from '../../../../src/core/measurement/measuredColumns';
import { writeCpuProfile, writeHeapProfile } from '../../../../src/core/profile/formats/writeV8';
import { readV8Cpu, readV8Heap } from '../../../../src/core/profile/v8/readV8';
import { cpuColumnsOf, heapColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';
import { assertCpuProfile, assertHeapProfile } from '../../../support/v8Formats';
import { readFixture } from '../../../support/recordedProfiles';

/** µs, samples and ticks by stack. */
interface Sums {
  self: Record<string, number>;
  hits: Record<string, number>;
  ticks: Record<string, number>;
}

function writtenCpu(...[tree, slice, samples]: [CallTree, CpuSlice, SampleLog]): V8CpuProfile {
  const columns = measuredCpu(tree, slice, samples, 'measured');
  return JSON.parse([...writeCpuProfile(columns, 0)].join('')) as V8CpuProfile;
}

function writtenHeap(tree: CallTree, slice: HeapSlice): V8HeapProfile {
  const columns = measuredBytes(tree, slice, 'live', 'measured');
  return JSON.parse([...writeHeapProfile(columns, 0)].join('')) as V8HeapProfile;
}

function addHeap(tree: CallTree, profile: V8HeapProfile): HeapSlice {
  return addHeapProfile(tree, readV8Heap(heapColumnsOf(profile)!, '', 'live'));
}

function addWindows(windows: readonly V8CpuProfile[]): { sums: Sums; written: V8CpuProfile } {
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
    const slice = addCpuProfile(tree, readV8Cpu(cpuColumnsOf(window), '', true), { notBeforeUs: lastEnd, samples });
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
    written: writtenCpu(tree, whole, samples),
  };
}

describe('written CPU profiles', () => {
  const main = 'main@/a.js:0';
  const hot = 'hot@/a.js:5';
  const check = (windows: readonly V8CpuProfile[]): V8CpuProfile => {
    const { sums, written } = addWindows(windows);
    assertCpuProfile(written);
    assert.deepEqual(addWindows([written]).sums, sums);
    return written;
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
    const { sums, written } = addWindows([
      cpuProfile([{ stack: main, us: 100 }], 0),
      cpuProfile([{ stack: hot, us: 100 }], 10_000),
    ]);
    assert.deepEqual(addWindows([written]).sums, sums);
    assertCpuProfile(written);
  });

  for (const version of [20, 22, 24, 26] as const) {
    it(`give the sums of a recording of Node ${version} again`, () => {
      const recorded = readFixture(`node${version}.cpuprofile`) as V8CpuProfile;
      const file = check([recorded]);
      assert.equal(file.samples!.length, recorded.samples!.length);
    });
  }

  it('are valid when nothing was measured', () => {
    assertCpuProfile(
      writtenCpu(
        new CallTree(new FrameTable()),
        { selfUs: new Map(), hits: new Map(), ticks: new Map(), startUs: Infinity, endUs: -Infinity },
        new SampleLog(),
      ),
    );
  });
});

describe('written heap profiles', () => {
  const check = (profile: V8HeapProfile): V8HeapProfile => {
    const tree = new CallTree(new FrameTable());
    const slice = addHeap(tree, profile);
    const file = writtenHeap(tree, slice);
    assertHeapProfile(file);
    const again = addHeap(tree, file);
    assert.deepEqual([...again].sort(), [...slice].sort());
    return file;
  };

  it('give equal bytes when they are read again', () => {
    check(heapProfile({ 'main@/a.js:0': 10, 'main@/a.js:0 > hot@/a.js:5': 300, '(V8 API)': 77 }));
  });

  it('leave out the branches of other windows', () => {
    const tree = new CallTree(new FrameTable());
    addHeap(tree, heapProfile({ 'earlier@/a.js:0': 10 }));
    const slice = addHeap(tree, heapProfile({ 'main@/a.js:0 > hot@/a.js:5': 300 }));
    const { head, samples } = writtenHeap(tree, slice);
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
      check(readFixture(`node${version}.heapprofile`) as V8HeapProfile);
    });
  }
});
