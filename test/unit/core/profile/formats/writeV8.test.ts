import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import { writeCpuProfile, writeHeapProfile } from '../../../../../src/core/profile/formats/writeV8';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import type { V8CpuProfile, V8HeapProfile } from '../../../../../src/core/profile/v8/v8Profile';
import { columnsOf } from '../../../../support/columnsBuilder';
import { measured } from '../../../../support/heatOf';
import { assertCpuProfile, assertHeapProfile } from '../../../../support/v8Formats';

function cpuOf(columns: ProfileColumns, measure = 0): V8CpuProfile {
  return JSON.parse([...writeCpuProfile(columns, measure)].join('')) as V8CpuProfile;
}

function heapOf(columns: ProfileColumns, measure = 0): V8HeapProfile & { heatlens: { measure: string } } {
  return JSON.parse([...writeHeapProfile(columns, measure)].join('')) as V8HeapProfile & {
    heatlens: { measure: string };
  };
}

/** Self time by name, by the reader that knows nothing of this writer. */
function selfByName(profile: V8CpuProfile): Record<string, number> {
  const measurement = measured({ cpu: profile });
  const { cpuTree: tree } = measurement;
  const result: Record<string, number> = {};
  for (const [node, us] of measurement.cpu('cumulative', 0)!.slice.selfUs) {
    const { functionName } = tree.table.frames[tree.frames[node]];
    result[functionName] = (result[functionName] ?? 0) + us;
  }
  return result;
}

describe('writeCpuProfile', () => {
  it('writes the samples of the timeline', () => {
    const columns = columnsOf(
      {},
      {
        startUs: 5_000,
        timeline: [
          ['a@/a.js:1 > b@/a.js:2', 10],
          ['a@/a.js:1', 5],
          ['', 7],
          ['a@/a.js:1 > b@/a.js:2', 2],
        ],
      },
    );
    const profile = cpuOf(columns);
    assertCpuProfile(profile);
    assert.deepEqual([profile.startTime, profile.endTime], [5_000, 5_024]);
    assert.deepEqual(profile.timeDeltas, [0, 10, 5, 7]);
    assert.deepEqual(
      profile.samples!.map((id) => profile.nodes.find((node) => node.id === id)!.callFrame.functionName),
      ['b', 'a', '(root)', 'b'],
    );
    assert.deepEqual(
      profile.nodes.map(({ callFrame, hitCount }) => [callFrame.functionName, hitCount]),
      [
        ['(root)', 1],
        ['a', 1],
        ['b', 2],
      ],
    );
    assert.deepEqual(selfByName(profile), { a: 5, b: 12 });
  });

  it('makes one sample of each stack where nothing is known of the order', () => {
    const columns = columnsOf({ 'a@/a.js:1': 100, 'a@/a.js:1 > b@/a.js:2': 20.4, 'c@/a.js:3': 3 });
    const profile = cpuOf(columns);
    assertCpuProfile(profile);
    assert.equal(profile.samples!.length, 3);
    assert.deepEqual(selfByName(profile), { a: 100, b: 20, c: 3 });
  });

  it('takes a counted sample for a millisecond, and refuses bytes', () => {
    const counted = columnsOf({ a: 7 }, { measures: [{ kind: 'other', label: 'Samples', unit: 'count' }] });
    assert.deepEqual(selfByName(cpuOf(counted)), { a: 7_000 });
    const bytes = columnsOf({ a: 7 }, { measures: [{ kind: 'live', label: 'Live bytes', unit: 'bytes' }] });
    assert.throws(
      () => writeCpuProfile(bytes, 0),
      (error: unknown) => isHeatlensError(error) && error.code === 'noMeasure',
    );
  });

  it('does not let rounding add up', () => {
    const columns = columnsOf(
      {},
      { startUs: 0.0004, timeline: Array.from({ length: 3_000 }, (_, i) => [i % 2 ? 'a' : 'b', 1 / 3] as const) },
    );
    const { timeDeltas, startTime, endTime } = cpuOf(columns);
    const length = timeDeltas!.reduce((sum, delta) => sum + delta, 0);
    assert.ok(timeDeltas!.every(Number.isInteger));
    assert.deepEqual([length, endTime - startTime], [1_000, 1_000]);
  });

  it('writes the ticks that the columns have, on lines counted from 1', () => {
    const columns = columnsOf({}, { timeline: [['a@/a.js:1', 10]] });
    assert.ok(cpuOf(columns).nodes.every((node) => node.positionTicks === undefined));
    const ticks = { nodes: Int32Array.of(1, 1), lines: Int32Array.of(3, 8), counts: Float64Array.of(2.4, 0.2) };
    assert.deepEqual(
      cpuOf({ ...columns, ticks }).nodes.map(({ positionTicks }) => positionTicks),
      [
        [],
        [
          { line: 4, ticks: 2 },
          { line: 9, ticks: 1 },
        ],
      ],
    );
  });

  it('writes an empty profile', () => {
    const profile = cpuOf(columnsOf({}));
    assert.deepEqual([profile.nodes.length, profile.samples, profile.startTime, profile.endTime], [1, [], 0, 0]);
  });
});

describe('writeHeapProfile', () => {
  const measures = [
    { kind: 'live', label: 'Live bytes', unit: 'bytes' },
    { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
  ] as const;

  it('nests the branches that have bytes', () => {
    const columns = columnsOf(
      {
        'a@/a.js:1 > b@/a.js:2 > c@/a.js:3': [10, 1],
        'a@/a.js:1': [5, 0],
        'a@/a.js:1 > d@/a.js:4': [0, 9],
        'e@/a.js:5': [7, 0],
      },
      { measures },
    );
    const live = heapOf(columns);
    assertHeapProfile(live);
    assert.equal(live.heatlens.measure, 'live');
    const shape = (profile: V8HeapProfile): string => {
      const text = (node: V8HeapProfile['head']): string =>
        `${node.callFrame.functionName}${node.selfSize}(${node.children.map(text).join()})`;
      return text(profile.head);
    };
    assert.equal(shape(live), '(root)0(a5(b0(c10())),e7())');
    const allocated = heapOf(columns, 1);
    assert.equal(allocated.heatlens.measure, 'allocated');
    assert.equal(shape(allocated), '(root)0(a0(b0(c1()),d9()))');
  });

  it('refuses what is no bytes', () => {
    assert.throws(
      () => writeHeapProfile(columnsOf({ a: 1 }), 0),
      (error: unknown) => isHeatlensError(error) && error.code === 'noMeasure',
    );
  });

  it('nests 10,000 deep', () => {
    const depth = 10_000;
    const chain: ProfileColumns = {
      ...columnsOf({ 'f@/a.js:1': 0 }, { measures: measures.slice(0, 1) }),
      parents: Int32Array.from({ length: depth }, (_, node) => node - 1),
      nodeFrames: Int32Array.from({ length: depth }, (_, node) => (node ? 1 : 0)),
      measures: [
        { ...measures[0], self: Float64Array.from({ length: depth }, (_, node) => (node === depth - 1 ? 1 : 0)) },
      ],
    };
    let levels = 0;
    for (let node: V8HeapProfile['head'] | undefined = heapOf(chain).head; node; node = node.children[0]) levels++;
    assert.equal(levels, depth);
  });
});
