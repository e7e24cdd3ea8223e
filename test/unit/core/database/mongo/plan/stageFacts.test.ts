import assert from 'node:assert/strict';
import { stageFacts, type StageFacts } from '../../../../../../src/core/database/mongo/plan/stageFacts';
import type { Stage } from '../../../../../../src/core/database/plan';

function facts(name: string, more: Partial<Stage> = {}): StageFacts {
  return stageFacts({ name, fields: {}, children: [], ...more });
}

describe('what is told of a stage without words of MongoDB', () => {
  it('is its role, by the name of either engine and of pipelines', () => {
    const roles = [
      'COLLSCAN',
      'EXPRESS_IXSCAN',
      'FETCH',
      '$sort',
      'SORT_MERGE',
      '$lookup',
      'GROUP',
      'LIMIT',
      'AND_HASH',
    ];
    assert.deepEqual(
      roles.map((name) => facts(name).role),
      ['scan', 'indexScan', 'fetch', 'sort', 'other', 'join', 'group', 'limit', 'other'],
    );
  });

  it('adds up the memory of accumulators', () => {
    assert.deepEqual(facts('$group', { fields: { maxAccumulatorMemoryUsageBytes: { count: 100, sum: 50 } } }).memory, {
      used: 150,
    });
    assert.deepEqual(facts('FETCH'), { role: 'fetch' });
  });

  it('finds what is sorted by, of a plan and of a pipeline', () => {
    assert.deepEqual(facts('SORT', { fields: { sortPattern: { a: 1 } } }).sortBy, { a: 1 });
    assert.deepEqual(facts('$sort', { fields: { $sort: { sortKey: { b: -1 }, limit: 5 } } }).sortBy, { b: -1 });
    assert.deepEqual(facts('$sort', { fields: { $sort: { c: 1 } } }).sortBy, { c: 1 });
    assert.equal(facts('FETCH').sortBy, undefined);
  });

  it('names what begins a tree of its own, and what only hands on what it is fed', () => {
    assert.deepEqual(facts('$group', { fields: { branch: 'total' } }).relation, { kind: 'branch', name: 'total' });
    assert.deepEqual(facts('$match', { target: 'orders', fields: { pipelineOf: '$lookup' } }).relation, {
      kind: 'subplan',
      name: 'orders',
    });
    assert.deepEqual(facts('$cursor', { fields: { pipelineOf: '$unionWith' } }).relation?.kind, 'union');
    assert.equal(facts('$teeConsumer').internal, true);
    assert.equal(facts('COLLSCAN').internal, undefined);
  });
});
