import assert from 'node:assert/strict';
import { diffMethods } from '../../../../../src/core/flame/comparison/diffMethods';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { columnsOf } from '../../../../support/columnsBuilder';

function rows(before: ProfileColumns, after: ProfileColumns, normalised = false): Record<string, unknown[]> {
  const { methods } = diffMethods(before, after, { normalised });
  return Object.fromEntries(
    methods.map(({ name, line, status, selfBefore, selfAfter, totalBefore, totalAfter }) => [
      `${name}:${line}`,
      [status, selfBefore, selfAfter, totalBefore, totalAfter],
    ]),
  );
}

describe('diffMethods', () => {
  it('gives self and total before and after, recursion counted once, the largest change first', () => {
    const before = columnsOf({
      'main@/a.js:1 > rec@/a.js:5 > rec@/a.js:5 > rec@/a.js:5': 30,
      'main@/a.js:1 > rec@/a.js:5': 10,
      '(idle)': 999,
    });
    const after = columnsOf({ 'main@/a.js:1 > rec@/a.js:5 > rec@/a.js:5': 8, 'main@/a.js:1': 2 });
    const difference = diffMethods(before, after);
    assert.deepEqual(
      [difference.totalBefore, difference.totalAfter, difference.scale, difference.measure.kind],
      [40, 10, 1, 'cpu'],
    );
    assert.deepEqual(
      difference.methods.map(({ name }) => name),
      ['rec', 'main'],
    );
    assert.deepEqual(rows(before, after), { 'rec:5': ['same', 40, 8, 40, 8], 'main:1': ['same', 0, 2, 40, 10] });
  });

  it('tells new, vanished and moved methods', () => {
    const before = columnsOf({ 'gone@/a.js:1': 1, 'shifted@/a.js:10': 2, 'same@/a.js:20': 4 });
    const after = columnsOf({ 'shifted@/a.js:14': 3, 'same@/a.js:20': 4, 'fresh@/a.js:30': 5 });
    assert.deepEqual(rows(before, after), {
      'fresh:30': ['new', 0, 5, 0, 5],
      'gone:1': ['vanished', 1, 0, 1, 0],
      'shifted:14': ['moved', 2, 3, 2, 3],
      'same:20': ['same', 4, 4, 4, 4],
    });
  });

  it('does not guess: two of a name on one side, another file, or no file are no move', () => {
    const before = columnsOf({ 'f@/a.js:1': 1, 'g@/a.js:5': 2, 'h@/a.js:9': 4 });
    const after = columnsOf({ 'f@/a.js:2': 1, 'f@/a.js:3': 1, 'g@/b.js:5': 2, 'h@/a.js:9': 3, 'h@/a.js:12': 1 });
    const statuses = diffMethods(before, after).methods.map(({ name, line, status }) => `${name}:${line} ${status}`);
    assert.deepEqual(statuses.sort(), [
      'f:1 vanished',
      'f:2 new',
      'f:3 new',
      'g:5 new',
      'g:5 vanished',
      'h:12 new',
      'h:9 same',
    ]);
  });

  it('scales before to the total of after when it is normalised', () => {
    const before = columnsOf({ 'a@/a.js:1': 30, 'b@/a.js:2': 10 });
    const after = columnsOf({ 'a@/a.js:1': 300, 'b@/a.js:2': 500 });
    assert.deepEqual(rows(before, after, true), {
      'a:1': ['same', 600, 300, 600, 300],
      'b:2': ['same', 200, 500, 200, 500],
    });
    assert.deepEqual(rows(columnsOf({}), after, true), {
      'a:1': ['new', 0, 300, 0, 300],
      'b:2': ['new', 0, 500, 0, 500],
    });
  });

  it('compares the measures that are asked for', () => {
    const measures = [
      { kind: 'cpu', label: 'CPU time', unit: 'µs' },
      { kind: 'live', label: 'Live bytes', unit: 'bytes' },
    ] as const;
    const before = columnsOf({ 'a@/a.js:1': [1, 100] }, { measures });
    const after = columnsOf({ 'a@/a.js:1': 50 }, { measures: [measures[1]] });
    const { methods, measure } = diffMethods(before, after, { measures: [1, 0] });
    assert.deepEqual([measure.unit, methods[0].selfBefore, methods[0].selfAfter], ['bytes', 100, 50]);
  });
});
