import assert from 'node:assert/strict';
import { mergeProfiles } from '../../../../../src/core/profile/tree/mergeProfiles';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { assertColumns, columnsOf, valuesByStack } from '../../../../support/columnsBuilder';

const bytes = [{ kind: 'live', label: 'Live bytes', unit: 'bytes' }] as const;

describe('mergeProfiles', () => {
  it('sums one measure by stack and keeps each other measure apart', () => {
    const a = columnsOf({ 'main@/a.js:1 > hot@/a.js:5': 10, 'main@/a.js:1': 3 });
    const b = columnsOf({ 'main@/a.js:1 > cold@/a.js:9': 4, 'main@/a.js:1 > hot@/a.js:5': 5 });
    const live = columnsOf({ 'main@/a.js:1 > hot@/a.js:5': 4096, '': 7 }, { measures: bytes });
    const { columns, nodeOf } = mergeProfiles([a, live, b], 'both');
    assertColumns(columns);
    assert.equal(columns.title, 'both');
    assert.deepEqual(
      columns.measures.map(({ kind }) => kind),
      ['cpu', 'live'],
    );
    assert.deepEqual(valuesByStack(columns), {
      'main@/a.js:1:0': 3,
      'main@/a.js:1:0 > hot@/a.js:5:0': 15,
      'main@/a.js:1:0 > cold@/a.js:9:0': 4,
    });
    assert.deepEqual(valuesByStack(columns, 1), { '': 7, 'main@/a.js:1:0 > hot@/a.js:5:0': 4096 });
    [a, live, b].forEach((profile, index) => {
      assert.equal(nodeOf[index].length, profile.parents.length);
      for (let node = 1; node < profile.parents.length; node++) {
        assert.equal(columns.parents[nodeOf[index][node]], nodeOf[index][profile.parents[node]]);
        assert.deepEqual(
          columns.frames[columns.nodeFrames[nodeOf[index][node]]],
          profile.frames[profile.nodeFrames[node]],
        );
      }
    });
  });

  it('tells frames apart by line, column and url', () => {
    const { columns } = mergeProfiles(
      [columnsOf({ 'f@/a.js:1': 1, 'f@/a.js:2': 2 }), columnsOf({ 'f@/b.js:1': 4 })],
      'x',
    );
    assert.deepEqual(valuesByStack(columns), { 'f@/a.js:1:0': 1, 'f@/a.js:2:0': 2, 'f@/b.js:1:0': 4 });
  });

  it('makes one node of several children of one frame', () => {
    const twice: ProfileColumns = {
      ...columnsOf({ 'f@/a.js:1': 1 }),
      parents: Int32Array.of(-1, 0, 0),
      nodeFrames: Int32Array.of(0, 1, 1),
      measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self: Float64Array.of(0, 1, 2) }],
    };
    const { columns, nodeOf } = mergeProfiles([twice], 'x');
    assert.deepEqual(valuesByStack(columns), { 'f@/a.js:1:0': 3 });
    assert.deepEqual([...nodeOf[0]], [0, 1, 1]);
  });

  it('keeps the only timeline, on its measure, and drops two', () => {
    const timed = columnsOf(
      {},
      {
        timeline: [
          ['f@/a.js:1', 10],
          ['', 5],
          ['f@/a.js:1 > g@/a.js:2', 20],
        ],
        startUs: 100,
      },
    );
    const live = columnsOf({ 'g@/a.js:2': 9 }, { measures: bytes });
    const { columns } = mergeProfiles([live, timed], 'x');
    assertColumns(columns);
    assert.equal(columns.timeline?.measure, 1);
    assert.deepEqual([...columns.timeline.startsUs, columns.timeline.endUs], [100, 110, 115, 135]);
    const names = [...columns.timeline.nodes].map((node) => columns.frames[columns.nodeFrames[node]].functionName);
    assert.deepEqual(names, ['f', '(root)', 'g']);
    assert.equal(mergeProfiles([timed, timed], 'x').columns.timeline, undefined);
  });

  it('merges nothing into an empty profile', () => {
    const { columns, nodeOf } = mergeProfiles([], 'nothing');
    assertColumns(columns);
    assert.deepEqual([columns.parents.length, nodeOf.length], [1, 0]);
  });
});
