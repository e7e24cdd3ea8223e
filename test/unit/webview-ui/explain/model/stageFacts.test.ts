import assert from 'node:assert/strict';
import type { Stage } from '../../../../../src/core/database/plan';
import { stageFacts } from '../../../../../src/core/database/mongo/plan/stageFacts';
import { badgesOf, boundRows, flowOf } from '../../../../../webview-ui/explain/model/stageFacts';

function stage(name: string, more: Partial<Stage> = {}): Stage {
  const made = { name, fields: {}, children: [], ...more };
  return { ...stageFacts(made), ...made };
}

describe('what is told of a stage', () => {
  it('flows in from what is examined, or from the stages below', () => {
    assert.deepEqual(flowOf(stage('IXSCAN', { entriesRead: 21, returned: 20 })), { into: 21, out: 20 });
    assert.deepEqual(flowOf(stage('COLLSCAN', { rowsRead: 5000, returned: 3 })), { into: 5000, out: 3 });
    assert.deepEqual(flowOf(stage('FETCH', { returned: 2, children: [stage('IXSCAN', { returned: 20 })] })), {
      into: 20,
      out: 2,
    });
    assert.deepEqual(
      flowOf(stage('OR', { returned: 5, children: [stage('A', { returned: 3 }), stage('B', { returned: 4 })] })),
      { into: 7, out: 5 },
    );
    assert.deepEqual(flowOf(stage('OR', { returned: 5, children: [stage('A', { returned: 3 }), stage('B')] })), {
      into: undefined,
      out: 5,
    });
  });

  it('does not count the pipelines of a join, nor the branches of a facet, as input', () => {
    const input = stage('$cursor', { returned: 48 });
    assert.equal(
      flowOf(
        stage('$lookup', {
          returned: 48,
          children: [input, stage('$match', { returned: 9, fields: { pipelineOf: '$lookup' } })],
        }),
      ).into,
      48,
    );
    assert.equal(
      flowOf(
        stage('$facet', {
          returned: 1,
          children: [input, stage('$group', { returned: 1, fields: { branch: 'total' } })],
        }),
      ).into,
      48,
    );
    assert.equal(
      flowOf(
        stage('$unionWith', {
          returned: 50,
          children: [input, stage('$cursor', { returned: 2, fields: { pipelineOf: '$unionWith' } })],
        }),
      ).into,
      50,
    );
  });

  it('marks what must not be overlooked', () => {
    const kinds = (name: string, more: Partial<Stage>): string[] =>
      badgesOf(stage(name, more)).map(({ kind, bad }) => `${kind}${bad ? '!' : ''}`);
    assert.deepEqual(kinds('SORT', { spilled: true, fields: { totalDataSizeSorted: 80, memLimit: 100 } }), [
      'spilled!',
      'sortInMemory!',
      'memory!',
    ]);
    assert.deepEqual(kinds('SORT', { fields: { limitAmount: 20, totalDataSizeSorted: 8, memLimit: 100 } }), [
      'sortInMemory',
      'memory',
    ]);
    assert.deepEqual(
      kinds('IXSCAN', {
        indexColumns: { a: 1, b: 1 },
        bounds: { a: ['[MinKey, MaxKey]'], b: ['[1, 1]'] },
        fields: { isMultiKey: true },
      }),
      ['multikey', 'fullIndex!'],
    );
    assert.deepEqual(
      kinds('IXSCAN', { indexColumns: { a: 1, b: 1 }, bounds: { a: ['[1, 1]'], b: ['[MinKey, MaxKey]'] } }),
      [],
    );
    assert.deepEqual(kinds('PROJECTION_COVERED', {}), ['covered']);
    assert.deepEqual(kinds('FETCH', { spilled: false }), []);
  });

  it('tells which fields of an index narrow what is read', () => {
    const rows = boundRows(
      stage('IXSCAN', {
        indexColumns: { a: 1, b: -1, c: '2dsphere' },
        bounds: { a: ['[1, 1]'], b: ['[MaxKey, MinKey]'], c: ['[2, 3]'] },
      }),
    );
    assert.deepEqual(
      rows.map(({ field, direction, whole, afterWhole }) => [field, direction, whole, afterWhole]),
      [
        ['a', '↑', false, false],
        ['b', '↓', true, false],
        ['c', '2dsphere', false, true],
      ],
    );
    assert.deepEqual(boundRows(stage('IXSCAN', { indexColumns: { _fts: 'text' }, bounds: {} })).length, 0);
  });
});
