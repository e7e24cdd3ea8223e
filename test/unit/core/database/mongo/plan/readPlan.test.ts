import assert from 'node:assert/strict';
import { Long } from 'bson';
import { isHeatlensError } from '../../../../../../src/core/errors';
import type { Stage } from '../../../../../../src/core/database/plan';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { allStages } from '../../../../../support/planStages';

/** The tree by names: `A(B, C(D))`. */
function shape(stage: Stage): string {
  return stage.children.length ? `${stage.name}(${stage.children.map(shape).join(', ')})` : stage.name;
}

function named(root: Stage, name: string): Stage {
  const found = allStages([root]).find((stage) => stage.name === name);
  assert.ok(found, `no ${name} in ${shape(root)}`);
  return found;
}

const scan = {
  stage: 'IXSCAN',
  indexName: 'a_1',
  keyPattern: { a: 1 },
  direction: 'forward',
  indexBounds: { a: ['[1, 1]'] },
};

describe('readPlan', () => {
  it('reads the stages and counters of a classic find', () => {
    const plan = readPlan({
      queryPlanner: {
        namespace: 'shop.things',
        parsedQuery: { a: { $eq: 1 } },
        winningPlan: { stage: 'FETCH', filter: { b: { $gt: 2 } }, inputStage: scan },
        rejectedPlans: [{ stage: 'COLLSCAN', direction: 'forward' }],
      },
      executionStats: {
        executionSuccess: true,
        nReturned: 3,
        executionTimeMillis: 9,
        totalKeysExamined: { $numberLong: '5' },
        totalDocsExamined: Long.fromNumber(5),
        executionStages: {
          stage: 'FETCH',
          nReturned: 3,
          executionTimeMillisEstimate: 8,
          docsExamined: 5,
          inputStage: { ...scan, nReturned: 5, executionTimeMillisEstimate: { $numberInt: '6' }, keysExamined: 5 },
        },
      },
      command: { find: 'things', filter: { a: 1, b: { $gt: 2 } }, $db: 'shop' },
      serverInfo: { host: 'h', version: '4.4.1' },
    });
    assert.deepEqual(plan.totals, { returned: 3, entriesRead: 5, rowsRead: 5, millis: 9 });
    assert.equal(plan.engine, 'classic');
    assert.equal(plan.executed, true);
    assert.equal(plan.namespace, 'shop.things');
    assert.deepEqual(plan.server, { version: '4.4.1', host: 'h' });
    assert.equal(shape(plan.root), 'FETCH(IXSCAN)');
    assert.deepEqual(plan.root.filter, { b: { $gt: 2 } }, 'the residual filter, which only the plan tells');
    assert.deepEqual(
      { millis: plan.root.millis, self: plan.root.selfMillis, docs: plan.root.rowsRead },
      { millis: 8, self: 2, docs: 5 },
    );
    const [leaf] = plan.root.children;
    assert.deepEqual(
      { ...leaf, fields: leaf.fields.direction },
      {
        role: 'indexScan',
        name: 'IXSCAN',
        index: 'a_1',
        indexColumns: { a: 1 },
        bounds: { a: ['[1, 1]'] },
        returned: 5,
        entriesRead: 5,
        millis: 6,
        selfMillis: 6,
        fields: 'forward',
        children: [],
      },
    );
    assert.deepEqual(plan.rejected.map(shape), ['COLLSCAN']);
    assert.deepEqual(plan.facts.parsedQuery, { a: { $eq: 1 } });
  });

  it('joins slot-based stages with the plan by the number of the plan node', () => {
    const plan = readPlan({
      explainVersion: '2',
      queryPlanner: {
        namespace: 'd.c',
        winningPlan: {
          queryPlan: { stage: 'FETCH', planNodeId: 2, inputStage: { ...scan, planNodeId: 1 } },
          slotBasedPlan: { slots: 's', stages: '[2] nlj' },
        },
      },
      executionStats: {
        nReturned: 4,
        executionTimeMillis: 3,
        totalKeysExamined: 6,
        totalDocsExamined: 4,
        executionStages: {
          stage: 'nlj',
          planNodeId: 2,
          nReturned: 4,
          executionTimeMillisEstimate: 3,
          outerStage: { stage: 'ixseek', planNodeId: 1, nReturned: 6, executionTimeMillisEstimate: 1, keysExamined: 6 },
          innerStage: {
            stage: 'limit',
            planNodeId: 2,
            nReturned: 4,
            inputStage: { stage: 'seek', planNodeId: 2, nReturned: 4, numReads: 4 },
          },
        },
      },
    });
    assert.equal(plan.engine, 'sbe');
    assert.equal(shape(plan.root), 'FETCH(IXSCAN)');
    assert.deepEqual([plan.root.returned, plan.root.rowsRead, plan.root.millis, plan.root.selfMillis], [4, 4, 3, 2]);
    assert.deepEqual([plan.root.children[0].returned, plan.root.children[0].entriesRead], [6, 6]);
    assert.deepEqual(
      (plan.root.fields.slotStages as { stage: string }[]).map(({ stage }) => stage),
      ['nlj', 'limit', 'seek'],
    );
  });

  it('chains the stages of a pipeline above its cursor, with trees for branches and joins', () => {
    const plan = readPlan({
      stages: [
        {
          $cursor: {
            queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } },
            executionStats: {
              nReturned: 10,
              executionTimeMillis: 7,
              totalKeysExamined: 0,
              totalDocsExamined: 10,
              executionStages: { stage: 'COLLSCAN', nReturned: 10, docsExamined: 10, executionTimeMillisEstimate: 2 },
            },
          },
          nReturned: 10,
          executionTimeMillisEstimate: 3,
        },
        {
          $lookup: { from: 'other', as: 'o', localField: 'x', foreignField: 'y', pipeline: [{ $match: { z: 1 } }] },
          totalDocsExamined: { $numberLong: '40' },
          totalKeysExamined: 0,
          collectionScans: 10,
          nReturned: 10,
          executionTimeMillisEstimate: 5,
        },
        {
          $unionWith: {
            coll: 'more',
            pipeline: [{ $cursor: { queryPlanner: { winningPlan: { stage: 'COLLSCAN' } } } }, { $project: { a: 1 } }],
          },
          nReturned: 12,
        },
        {
          $facet: {
            n: [
              { $teeConsumer: {}, executionTimeMillisEstimate: 6 },
              { $group: { _id: null }, executionTimeMillisEstimate: 7 },
            ],
            page: [{ $teeConsumer: {} }, { $limit: 2 }],
          },
          nReturned: 1,
          executionTimeMillisEstimate: 7,
        },
      ],
      command: { aggregate: 'v', pipeline: [], $db: 'd' },
    });
    assert.equal(
      shape(plan.root),
      '$facet($unionWith($lookup($cursor(COLLSCAN), $match), $project($cursor(COLLSCAN))), $group($teeConsumer), $limit($teeConsumer))',
    );
    assert.deepEqual(
      plan.root.children.map(({ fields }) => fields.branch),
      [undefined, 'n', 'page'],
    );
    const lookup = named(plan.root, '$lookup');
    assert.deepEqual(
      [lookup.rowsRead, lookup.entriesRead, lookup.target, lookup.fields.collectionScans],
      [40, 0, 'other', 10],
    );
    assert.equal(lookup.selfMillis, 2);
    assert.equal(named(plan.root, '$match').target, 'other');
    assert.equal(named(plan.root, '$project').target, 'more');
    assert.equal(named(plan.root, 'COLLSCAN').target, undefined);
    assert.deepEqual(plan.totals, { returned: 1, entriesRead: 0, rowsRead: 50, millis: 7 });
    assert.equal(plan.namespace, 'd.v', 'the name of the view');
    assert.equal(named(plan.root, '$group').selfMillis, 1);
    assert.equal(plan.root.selfMillis, 0);
  });

  it('adds up the work of shards, and takes the longest time', () => {
    const shard = (shardName: string, docs: number, millis: number): object => ({
      shardName,
      executionSuccess: true,
      nReturned: 2,
      executionTimeMillis: millis,
      executionStages: { stage: 'COLLSCAN', nReturned: 2, docsExamined: docs, executionTimeMillisEstimate: millis },
    });
    const plan = readPlan({
      queryPlanner: {
        mongosPlannerVersion: 1,
        winningPlan: {
          stage: 'SHARD_MERGE',
          shards: ['b', 'a'].map((shardName) => ({
            shardName,
            namespace: 'd.c',
            parsedQuery: {},
            winningPlan: { stage: 'COLLSCAN', filter: { of: shardName } },
            rejectedPlans: [scan],
          })),
        },
      },
      executionStats: {
        nReturned: 4,
        executionTimeMillis: 12,
        totalKeysExamined: 0,
        totalDocsExamined: 30,
        executionStages: {
          stage: 'SHARD_MERGE',
          nReturned: 4,
          executionTimeMillis: 12,
          shards: [shard('a', 10, 4), shard('b', 20, 9)],
        },
      },
    });
    assert.equal(shape(plan.root), 'SHARD_MERGE(COLLSCAN, COLLSCAN)');
    assert.deepEqual(
      plan.root.children.map((stage) => [stage.shard, stage.rowsRead, stage.filter]),
      [
        ['a', 10, { of: 'a' }],
        ['b', 20, { of: 'b' }],
      ],
    );
    assert.equal(plan.root.selfMillis, 3);
    assert.equal(plan.totals.rowsRead, 30);
    assert.equal(plan.namespace, 'd.c');
    assert.deepEqual(
      plan.rejected.map(({ name, shard: of }) => [name, of]),
      [
        ['IXSCAN', 'a'],
        ['IXSCAN', 'b'],
      ],
    );
  });

  it('puts the merging part of a sharded pipeline above what the shards ran', () => {
    const part = (docs: number, millis: number): object => ({
      host: 'h',
      queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } },
      executionStats: {
        nReturned: 3,
        executionTimeMillis: millis,
        totalKeysExamined: 1,
        totalDocsExamined: docs,
        executionStages: { stage: 'COLLSCAN', nReturned: 3 },
      },
    });
    const plan = readPlan({
      mergeType: 'mongos',
      splitPipeline: {
        shardsPart: [{ $group: { _id: '$a' } }],
        mergerPart: [{ $group: { _id: '$$ROOT._id', $doingMerge: true } }, { $sort: { sortKey: { n: 1 } } }],
      },
      shards: { s1: part(10, 5), s2: part(7, 8) },
      command: { aggregate: 'c', pipeline: [{ $group: { _id: '$a' } }], $db: 'd' },
    });
    assert.equal(shape(plan.root), '$sort($group(COLLSCAN, COLLSCAN))');
    assert.deepEqual(plan.totals, { returned: 6, entriesRead: 2, rowsRead: 17, millis: 8 });
    assert.equal(plan.facts.mergeType, 'mongos');
    assert.equal(readPlan({ splitPipeline: null, shards: { only: part(1, 1) } }).root.shard, 'only');
  });

  it('reads the trials of allPlansExecution into the plans that lost', () => {
    const trial = (stage: string, score: number): object => ({
      nReturned: 1,
      totalKeysExamined: 2,
      totalDocsExamined: 3,
      score,
      executionStages: { stage, nReturned: 1 },
    });
    const plan = readPlan({
      queryPlanner: {
        winningPlan: { stage: 'A' },
        rejectedPlans: [{ stage: 'B', inputStage: { stage: 'X' } }, { stage: 'C' }],
      },
      executionStats: {
        nReturned: 1,
        executionStages: { stage: 'A' },
        allPlansExecution: [trial('A', 3), trial('B', 2), trial('C', 1)],
      },
    });
    assert.deepEqual(
      plan.rejected.map(({ name, returned, fields }) => [name, returned, (fields.trial as { score: number }).score]),
      [
        ['B', 1, 2],
        ['C', 1, 1],
      ],
    );
    assert.equal((plan.facts.winnerTrial as { score: number }).score, 3);
  });

  it('keeps unknown stages with all that they say', () => {
    const plan = readPlan({
      queryPlanner: {
        winningPlan: {
          stage: 'NEW_THING',
          knob: { $numberLong: '7' },
          leftHand: { stage: 'L' },
          rightHand: [{ stage: 'R' }, { stage: 'S' }],
        },
      },
    });
    assert.equal(shape(plan.root), 'NEW_THING(L, R, S)');
    assert.deepEqual(plan.root.fields, { knob: 7 });
    assert.equal(plan.executed, false);
    assert.deepEqual(plan.totals, {});
  });

  it('reads express plans, COUNT_SCAN and IDHACK as they are', () => {
    const express = readPlan({
      queryPlanner: { winningPlan: { stage: 'EXPRESS_IXSCAN', keyPattern: '{ a: 1, "b.c": -1 }', indexName: 'x' } },
    });
    assert.deepEqual([express.engine, express.root.indexColumns], ['express', { a: 1, 'b.c': -1 }]);
    const indexBounds = { startKey: { a: 1 }, startKeyInclusive: true, endKey: { a: 1 }, endKeyInclusive: true };
    const counted = readPlan({
      queryPlanner: { winningPlan: { stage: 'COUNT', inputStage: { stage: 'COUNT_SCAN', indexBounds } } },
    }).root.children[0];
    assert.equal(counted.bounds, undefined);
    assert.deepEqual(counted.fields.indexBounds, indexBounds);
    assert.equal(readPlan({ queryPlanner: { winningPlan: { stage: 'IDHACK' } } }).root.index, '_id_');
  });

  it('reads answers of servers before 3.0', () => {
    const plan = readPlan({
      cursor: 'BtreeCursor a_1 reverse',
      n: 2,
      nscanned: 5,
      nscannedObjects: 4,
      scanAndOrder: true,
      indexOnly: false,
      millis: 3,
      indexBounds: { a: [[1, 9]] },
      server: 'h:1',
    });
    assert.equal(shape(plan.root), 'SORT(FETCH(IXSCAN))');
    assert.deepEqual([plan.engine, plan.totals], ['legacy', { returned: 2, entriesRead: 5, rowsRead: 4, millis: 3 }]);
    const leaf = named(plan.root, 'IXSCAN');
    assert.deepEqual([leaf.index, leaf.bounds], ['a_1', { a: ['[1, 9]'] }]);
    assert.deepEqual(readPlan({ cursor: 'BasicCursor', n: 2, nscanned: 5, nscannedObjects: 5, millis: 0 }).totals, {
      returned: 2,
      entriesRead: 0,
      rowsRead: 5,
      millis: 0,
    });
  });

  it('reads entries of the profiler and slow-query lines, from the summary where there is no more', () => {
    const line = readPlan({
      msg: 'Slow query',
      attr: {
        type: 'command',
        ns: 'd.c',
        command: { find: 'c', $db: 'd' },
        planSummary: 'IXSCAN { a: 1 }, COLLSCAN',
        keysExamined: 1,
        docsExamined: 9,
        nreturned: 3,
        durationMillis: 120,
      },
    });
    assert.equal(shape(line.root), 'OR(IXSCAN, COLLSCAN)');
    assert.deepEqual(line.root.children[0].indexColumns, { a: 1 });
    assert.deepEqual(line.totals, { returned: 3, entriesRead: 1, rowsRead: 9, millis: 120 });
    assert.equal(line.namespace, 'd.c');
  });

  it('says why an execution failed, and what it did until then', () => {
    const plan = readPlan({
      queryPlanner: { winningPlan: { stage: 'SORT' } },
      executionStats: {
        executionSuccess: false,
        errorMessage: 'memory',
        errorCode: 292,
        nReturned: 0,
        totalDocsExamined: 453,
        executionStages: { stage: 'SORT', usedDisk: false, failed: true },
      },
    });
    assert.deepEqual(
      [plan.executed, plan.failure, plan.totals.rowsRead, plan.root.spilled],
      [false, { message: 'memory', code: 292 }, 453, false],
    );
  });

  it('knows look-alikes by what they answer', () => {
    const azure = readPlan({
      explainVersion: 2,
      command: "db.runCommand({explain: { 'find' : 'x' }})",
      queryPlanner: { namespace: 'd.x', winningPlan: { stage: 'COLLSCAN' } },
      executionStats: {
        nReturned: 1,
        totalDocsExamined: 5,
        executionStages: { stage: 'COLLSCAN', totalDocsExamined: 5, executionTimeMillis: 2.5 },
      },
    });
    assert.deepEqual(
      [azure.engine, azure.command, azure.root.rowsRead, azure.root.millis, azure.namespace],
      ['documentdb', null, 5, 2.5, 'd.x'],
    );
    const amazon = readPlan({
      queryPlanner: { winningPlan: { stage: 'COLLSCAN' } },
      executionStats: {
        executionTimeMillis: '0.246',
        planningTimeMillis: '0.1',
        executionStages: { stage: 'COLLSCAN', nReturned: '5', executionTimeMillisEstimate: '0.2' },
      },
    });
    assert.deepEqual(
      [amazon.engine, amazon.totals, amazon.root.millis],
      ['documentdb', { returned: 5, millis: 0.246 }, 0.2],
    );
    const ferret = readPlan({
      queryPlanner: { Plan: { 'Node Type': 'Limit', Plans: [{ 'Node Type': 'Seq Scan', 'Actual Rows': 3 }] } },
      serverInfo: { ferretdb: {} },
    });
    assert.deepEqual([ferret.engine, shape(ferret.root)], ['ferretdb', 'Limit(Seq Scan)']);
    const cosmos = readPlan({
      stages: [{ stage: '$query', timeInclusiveMS: 4, timeExclusiveMS: 3, in: 9, out: 5 }],
      totalMS: 5,
    });
    assert.deepEqual(
      [cosmos.engine, cosmos.root.name, cosmos.root.returned, cosmos.root.selfMillis],
      ['cosmos', '$query', 5, 3],
    );
  });

  for (const input of [null, 3, 'text', [], {}, { ok: 1 }, { n: 0, writeErrors: [] }, { stages: 5 }, { shards: {} }]) {
    it(`says that ${JSON.stringify(input)} is no explain`, () => {
      assert.throws(
        () => readPlan(input),
        (error) => isHeatlensError(error) && error.code === 'noExplain',
      );
    });
  }

  it('tells what the server said when it refused', () => {
    assert.throws(
      () => readPlan({ ok: 0, errmsg: 'unknown operator: $nope', code: 2 }),
      (error) =>
        isHeatlensError(error) &&
        error.code === 'explainRefused' &&
        /unknown operator: \$nope\..*error 2/.test(error.oneLine),
    );
  });

  it('reads plans of any depth', () => {
    let stage: Record<string, unknown> = { stage: 'COLLSCAN', filter: { a: 1 } };
    for (let i = 0; i < 100_000; i++) stage = { stage: 'FETCH', inputStage: stage };
    let depth = 0;
    for (
      let at: Stage | undefined = readPlan({ queryPlanner: { winningPlan: stage } }).root;
      at;
      at = at.children.at(0)
    )
      depth++;
    assert.equal(depth, 100_001);
    let pipeline: unknown = [{ $limit: 1 }];
    for (let i = 0; i < 20_000; i++) pipeline = [{ $unionWith: { coll: 'c', pipeline } }];
    assert.equal(allStages([readPlan({ stages: pipeline }).root]).length, 20_001);
    let shards: unknown = { a: { stages: [{ $limit: 1 }] } };
    for (let i = 0; i < 50_000; i++) shards = { a: { shards } };
    assert.throws(() => readPlan({ shards }), isHeatlensError);
    let slots: unknown = { stage: 'x' };
    for (let i = 0; i < 50_000; i++) slots = { queryPlan: slots, stage: 'x' };
    assert.equal(
      readPlan({ queryPlanner: { winningPlan: slots }, executionStats: { executionStages: { stage: 'x' } } }).root.name,
      'x',
    );
  });
});
