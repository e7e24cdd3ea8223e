import assert from 'node:assert/strict';
import type { CollectionFacts, Finding } from '../../../../../../src/core/database/plan';
import { findIn } from '../../../../../../src/core/database/mongo/findings/findIn';
import { RULES } from '../../../../../../src/core/database/mongo/findings/rules';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { findStatements } from '../../../../../../src/core/database/mongo/calls/findStatements';

type Fields = Record<string, unknown>;
const NOW = Date.UTC(2026, 0, 31);

function stage(name: string, fields: Fields, ...below: Fields[]): Fields {
  if (!below.length) return { stage: name, ...fields };
  return below.length === 1
    ? { stage: name, ...fields, inputStage: below[0] }
    : { stage: name, ...fields, inputStages: below };
}

/** An answer to explain; the totals are of the stages. */
function ran(command: Fields, root: Fields, more: Fields = {}): Fields {
  const sum = (name: string, node: Fields): number =>
    Number(node[name] ?? 0) +
    [node.inputStage, ...((node.inputStages as Fields[] | undefined) ?? [])].reduce<number>(
      (total, child) => total + (child ? sum(name, child as Fields) : 0),
      0,
    );
  const { rejectedPlans, ...others } = more;
  return {
    queryPlanner: { namespace: 'd.c', winningPlan: root, ...(rejectedPlans ? { rejectedPlans } : {}) },
    executionStats: {
      executionSuccess: true,
      nReturned: root.nReturned,
      executionTimeMillis: 1,
      totalKeysExamined: sum('keysExamined', root),
      totalDocsExamined: sum('docsExamined', root),
      executionStages: root,
    },
    command: { ...command, $db: 'd' },
    ...others,
  };
}

function piped(pipeline: Fields[], stages: Fields[]): Fields {
  return { stages, command: { aggregate: 'c', pipeline, $db: 'd' } };
}

const cursor = (nReturned: number): Fields => ({
  $cursor: {
    queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } },
    executionStats: {
      nReturned,
      totalKeysExamined: 0,
      totalDocsExamined: nReturned,
      executionStages: { stage: 'COLLSCAN', nReturned, docsExamined: nReturned },
    },
  },
  nReturned,
});
const scan = (docsExamined: number, nReturned: number, filter: Fields = { a: { $eq: 1 } }): Fields =>
  stage('COLLSCAN', { filter, docsExamined, nReturned });
const keys = (fields: Fields): Fields =>
  stage('IXSCAN', { indexName: 'a_1', keyPattern: { a: 1 }, indexBounds: { a: ['[1, 1]'] }, ...fields });
const fetched = (
  docs: number,
  nReturned: number,
  fields: Fields = {},
  of: Fields = keys({ keysExamined: docs, nReturned: docs }),
): Fields => stage('FETCH', { docsExamined: docs, nReturned, ...fields }, of);
const open = { a: ['[MinKey, MaxKey]'] };

function found(answer: unknown, facts: CollectionFacts | Record<string, CollectionFacts> = {}): Finding[] {
  const map = 'c' in facts || 'other' in facts ? facts : { c: facts as CollectionFacts };
  return findIn(readPlan(answer), new Map(Object.entries(map)), { now: NOW });
}

interface Case {
  readonly rule: keyof typeof RULES;
  readonly fires: unknown;
  readonly severity?: Finding['severity'];
  readonly evidence?: RegExp;
  readonly facts?: CollectionFacts | Record<string, CollectionFacts>;
  /** What looks alike and must stay silent, with its own facts. */
  readonly silent: unknown;
  readonly silentFacts?: CollectionFacts | Record<string, CollectionFacts>;
}

const find = (filter: Fields, more: Fields = {}): Fields => ({ find: 'c', filter, ...more });
const index = (
  name: string,
  key: Fields,
  options: Fields = {},
  usage?: { operations: number; since: string },
): { name: string; key: Fields; options: Fields; usage?: typeof usage } => ({
  name,
  key,
  options,
  ...(usage ? { usage } : {}),
});
const lookup = (more: Fields, nReturned = 50): Fields => ({
  $lookup: { from: 'other', as: 'o', localField: 'x', foreignField: 'y' },
  nReturned,
  ...more,
});
const sharded = (filter: Fields, ...shards: string[]): Fields => ({
  queryPlanner: {
    winningPlan: {
      stage: 'SHARD_MERGE',
      shards: shards.map((shardName) => ({ shardName, namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } })),
    },
  },
  command: { find: 'c', filter, $db: 'd' },
});
const byA = [
  {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      indexName: 'a_1_b_1',
      keyPattern: { a: 1, b: 1 },
      indexBounds: { a: ['[1, 1]'], b: ['["x, y", "x, y"]'] },
    },
  },
];

const cases: Case[] = [
  {
    rule: 'R01',
    fires: ran(find({ a: 1 }), scan(48_211, 20)),
    severity: 'error',
    evidence: /48,211 documents of c read for 20/,
    silent: ran(find({}), stage('COLLSCAN', { docsExamined: 48_211, nReturned: 48_211 })),
  },
  {
    rule: 'R01',
    fires: ran(find({ a: 1 }), scan(5000, 100)),
    severity: 'warning',
    silent: ran(find({ a: 1 }), scan(999, 3)),
  },
  {
    rule: 'R01',
    fires: ran(find({ a: 1 }), scan(5000, 1000)),
    severity: 'info',
    silent: ran(find({ a: 1 }, { hint: { $natural: 1 } }), scan(5000, 1)),
  },
  {
    rule: 'R02',
    fires: ran(find({ a: 1, b: 2 }), fetched(3000, 2, { filter: { b: { $eq: 2 } } })),
    severity: 'error',
    evidence: /3,000 documents fetched for 2 returned/,
    silent: ran(find({ a: 1 }), stage('COUNT', { nReturned: 0 }, fetched(3000, 3000))),
  },
  {
    rule: 'R02',
    fires: ran(find({ a: 1, b: 2 }), fetched(300, 0, { filter: { b: { $eq: 2 } } })),
    severity: 'warning',
    evidence: /no matching documents/,
    silent: ran(find({ a: 1 }, { limit: 2 }), stage('LIMIT', { nReturned: 2 }, fetched(300, 2, { isEOF: 0 }))),
  },
  {
    rule: 'R03',
    fires: ran(
      find({ a: { $gt: 1 } }),
      fetched(
        5,
        5,
        {},
        keys({
          keysExamined: 900,
          nReturned: 5,
          keyPattern: { a: 1, b: 1 },
          indexBounds: { a: ['[1, 5]'], b: ['[MinKey, MaxKey]'] },
        }),
      ),
    ),
    evidence: /900 keys.*5 returned, and b is not bounded/,
    silent: ran(find({ a: 1 }), fetched(5, 5, {}, keys({ keysExamined: 900, nReturned: 5, dupsDropped: 895 }))),
  },
  {
    rule: 'R04',
    fires: ran(find({ b: 1 }), fetched(900, 900, {}, keys({ keysExamined: 900, nReturned: 900, indexBounds: open }))),
    evidence: /a is not bounded/,
    silent: ran(
      find({}),
      stage('PROJECTION_COVERED', { nReturned: 900 }, keys({ keysExamined: 900, nReturned: 900, indexBounds: open })),
    ),
  },
  {
    rule: 'R05',
    fires: ran(
      find({ b: 1 }, { sort: { a: 1 } }),
      fetched(
        55_555,
        12_646,
        { filter: { b: { $eq: 1 } } },
        keys({ keysExamined: 55_555, nReturned: 55_555, indexBounds: open }),
      ),
    ),
    evidence: /55,555 documents fetched for 12,646/,
    silent: ran(
      find({ b: 1 }, { sort: { a: 1 }, limit: 5 }),
      stage(
        'LIMIT',
        { nReturned: 5 },
        fetched(300, 5, { filter: { b: 1 } }, keys({ keysExamined: 300, nReturned: 300, isEOF: 0, indexBounds: open })),
      ),
    ),
  },
  {
    rule: 'R06',
    fires: ran(
      find({}, { sort: { b: -1 } }),
      stage(
        'SORT',
        { sortPattern: { b: -1 }, totalDataSizeSorted: 6_154_908, nReturned: 30_000 },
        stage('COLLSCAN', { nReturned: 30_000, docsExamined: 30_000 }),
      ),
    ),
    severity: 'warning',
    evidence: /30,000 documents, 6\.2 MB, sorted in memory by b: -1/,
    silent: ran(
      find({}, { sort: { b: { $meta: 'textScore' } } }),
      stage(
        'SORT',
        { sortPattern: { b: { $meta: 'textScore' } }, nReturned: 500 },
        stage('COLLSCAN', { nReturned: 500 }),
      ),
    ),
  },
  {
    rule: 'R06',
    fires: piped([], [cursor(5000), { $sort: { sortKey: { b: 1 } }, nReturned: 5000 }]),
    severity: 'warning',
    silent: piped(
      [],
      [
        cursor(5000),
        { $group: { _id: '$a', n: { $sum: 1 } }, nReturned: 500 },
        { $sort: { sortKey: { n: 1 } }, nReturned: 500 },
      ],
    ),
  },
  {
    rule: 'R07',
    fires: ran(find({}), stage('SORT', { usedDisk: true, spills: 3, memLimit: 100_000, nReturned: 1 })),
    severity: 'error',
    evidence: /3 spills.*100\.0 kB/,
    silent: ran(find({}), stage('SORT', { usedDisk: false, spills: 0, nReturned: 1 })),
  },
  {
    rule: 'R08',
    fires: ran(find({}), stage('SORT', { totalDataSizeSorted: 60_000, memLimit: 100_000, nReturned: 1 })),
    evidence: /60\.0 kB of 100\.0 kB/,
    silent: ran(find({}), stage('SORT', { totalDataSizeSorted: 50_000, memLimit: 100_000, nReturned: 1 })),
  },
  {
    rule: 'R09',
    fires: ran(
      find({}, { sort: { b: 1 }, allowDiskUse: false }),
      stage('SORT', { sortPattern: { b: 1 }, nReturned: 500 }, stage('COLLSCAN', { nReturned: 500 })),
    ),
    silent: ran(
      find({}, { sort: { b: 1 } }),
      stage('SORT', { sortPattern: { b: 1 }, nReturned: 500 }, stage('COLLSCAN', { nReturned: 500 })),
    ),
  },
  {
    rule: 'R10',
    fires: ran(find({ a: { $regex: 'tool', $options: 'i' } }), scan(5000, 4)),
    evidence: /\/tool\/i: the flag i/,
    silent: ran(find({ a: { $regex: '^tool' } }), scan(5000, 4)),
  },
  {
    rule: 'R10',
    fires: piped(
      [{ $match: { b: 1 } }, { $facet: { page: [{ $match: { a: { $regex: 'x' } } }] } }],
      [cursor(5000), { $facet: { page: [{ $teeConsumer: {} }, { $match: { a: { $regex: 'x' } } }] }, nReturned: 1 }],
    ),
    evidence: /a is matched with \/x\/ in branch page of \$facet: .*; 5,000 documents flow/,
    silent: piped(
      [{ $match: { b: 1 } }, { $facet: { page: [{ $match: { a: { $regex: 'x' } } }] } }],
      [cursor(500), { $facet: { page: [{ $teeConsumer: {} }, { $match: { a: { $regex: 'x' } } }] }, nReturned: 1 }],
    ),
  },
  {
    rule: 'R10',
    fires: piped(
      [{ $lookup: { from: 'other', as: 'o', pipeline: [{ $match: { a: { $regex: 'x', $options: 'i' } } }] } }],
      [cursor(5000), lookup({ totalDocsExamined: 9000 })],
    ),
    evidence: /in \$lookup of other: the flag i/,
    silent: piped(
      [{ $lookup: { from: 'other', as: 'o', pipeline: [{ $match: { k: 1, a: { $regex: 'x', $options: 'i' } } }] } }],
      [cursor(5000), lookup({ totalDocsExamined: 9000 })],
    ),
  },
  {
    rule: 'R11',
    fires: piped(
      [{ $unionWith: { coll: 'other', pipeline: [{ $match: { a: { $nin: [1] } } }] } }],
      [cursor(5000), { $unionWith: { coll: 'other' }, nReturned: 9000 }],
    ),
    facts: { other: { documents: 9000 } },
    evidence: /a \$nin bounds \$unionWith other; 9,000/,
    silent: piped(
      [{ $unionWith: { coll: 'other', pipeline: [{ $match: { a: { $nin: [1] }, b: 2 } }] } }],
      [cursor(5000), { $unionWith: { coll: 'other' }, nReturned: 9000 }],
    ),
    silentFacts: { other: { documents: 9000 } },
  },
  {
    rule: 'R13',
    fires: piped(
      [
        {
          $lookup: {
            from: 'other',
            as: 'o',
            let: { x: '$x' },
            pipeline: [{ $match: { $expr: { $gt: ['$a', { $add: ['$b', '$$x'] }] } } }],
          },
        },
      ],
      [cursor(50), lookup({ totalDocsExamined: 90_000 })],
    ),
    evidence: /\$expr of \$lookup of other is tested on documents; 90,000/,
    silent: piped(
      [
        {
          $lookup: {
            from: 'other',
            as: 'o',
            let: { x: '$x' },
            pipeline: [{ $match: { $expr: { $eq: ['$a', '$$x'] } } }],
          },
        },
      ],
      [cursor(50), lookup({ totalDocsExamined: 90_000 })],
    ),
  },
  {
    rule: 'R03',
    fires: ran(
      find({ a: 1, b: 2 }),
      fetched(
        9,
        9,
        {},
        keys({
          keysExamined: 900,
          nReturned: 9,
          keyPattern: { a: 1, c: 1, b: 1 },
          indexBounds: { a: ['[1, 1]'], c: ['[MinKey, MaxKey]'], b: ['[2, 2]'] },
        }),
      ),
    ),
    silent: ran(
      find({ a: 1, b: { $regex: 'x', $options: 'i' } }),
      fetched(
        9,
        9,
        {},
        keys({
          keysExamined: 900,
          nReturned: 9,
          filter: { b: { $regex: 'x', $options: 'i' } },
          keyPattern: { a: 1, b: 1 },
          indexBounds: { a: ['[1, 1]'], b: ['["", {})', '[/x/i, /x/i]'] },
        }),
      ),
    ),
  },
  {
    rule: 'R41',
    fires: sharded({ a: 1 }, 's1', 's2'),
    facts: { shardKey: { k: 1 } },
    silent: sharded({ a: { $in: [1, 2] } }, 's1', 's2'),
    silentFacts: { shardKey: { a: 'hashed' } },
  },
  {
    rule: 'R11',
    fires: ran(find({ a: { $ne: 1 } }), fetched(4000, 1500)),
    facts: { documents: 5000 },
    silent: ran(find({ a: { $ne: 1 }, b: 2 }), fetched(4000, 1500)),
    silentFacts: { documents: 5000 },
  },
  {
    rule: 'R12',
    fires: ran(find({ $where: 'this.a > 1' }), scan(5, 1)),
    severity: 'error',
    evidence: /\$where/,
    silent: ran(find({ where: 'x' }), scan(5, 1)),
  },
  {
    rule: 'R13',
    fires: ran(find({ $expr: { $gt: ['$a', '$b'] } }), scan(5000, 10, { $expr: { $gt: ['$a', '$b'] } })),
    silent: ran(find({ a: 1, $expr: { $gt: ['$a', '$b'] } }), fetched(10, 9, { filter: { $expr: {} } })),
  },
  {
    rule: 'R14',
    fires: ran(find({}, { skip: 4000, limit: 10 }), stage('SKIP', { skipAmount: 0, nReturned: 10 }, scan(4010, 4010))),
    severity: 'warning',
    evidence: /4,000 documents skipped for 10/,
    silent: ran(find({}, { skip: 40, limit: 10 }), stage('SKIP', { nReturned: 10 }, scan(50, 50))),
  },
  {
    rule: 'R14',
    fires: piped([{ $facet: { page: [{ $skip: 20_000 }, { $limit: 20 }] } }], [cursor(30_000)]),
    severity: 'error',
    silent: piped([{ $facet: { page: [{ $skip: 20 }, { $limit: 20 }] } }], [cursor(30_000)]),
  },
  {
    rule: 'R15',
    fires: piped(
      [],
      [
        cursor(5000),
        {
          $facet: {
            n: [{ $teeConsumer: {} }, { $group: { _id: { $const: null } } }, { $project: {} }],
            page: [{ $teeConsumer: {} }, { $skip: 2 }, { $limit: 9 }],
          },
          nReturned: 1,
        },
      ],
    ),
    evidence: /5,000 documents flow into both n and page/,
    silent: piped(
      [],
      [cursor(5000), { $facet: { a: [{ $group: { _id: '$x' } }], page: [{ $limit: 9 }] }, nReturned: 1 }],
    ),
  },
  {
    rule: 'R16',
    fires: piped([], [cursor(50), lookup({ collectionScans: 50, totalDocsExamined: 50_000, indexesUsed: [] })]),
    severity: 'error',
    evidence: /50 scans of other, 50,000 documents read, for 50 input documents/,
    silent: piped([], [cursor(50), lookup({ collectionScans: 0, totalDocsExamined: 50, indexesUsed: ['y_1'] })]),
  },
  {
    rule: 'R16',
    fires: piped([], [cursor(50), lookup({})]),
    severity: 'error',
    facts: { other: { documents: 2000, indexes: [index('_id_', { _id: 1 })] } },
    silent: piped([], [cursor(50), lookup({})]),
    silentFacts: { other: { documents: 2000, indexes: [index('y_1', { y: 1 })] } },
  },
  {
    rule: 'R17',
    fires: piped([], [cursor(50), lookup({ totalDocsExamined: 6000, collectionScans: 0, indexesUsed: ['y_1'] })]),
    evidence: /120 each/,
    silent: piped([], [cursor(50), lookup({ totalDocsExamined: 500, collectionScans: 0, indexesUsed: ['y_1'] })]),
  },
  {
    rule: 'R18',
    fires: piped(
      [],
      [
        cursor(5000),
        { $lookup: { from: 'x', as: 'x' }, nReturned: 5000 },
        { $match: { kind: { $eq: 'a' } }, nReturned: 5 },
      ],
    ),
    evidence: /kind runs behind \$lookup and gets 5,000/,
    silent: piped(
      [],
      [cursor(5000), { $addFields: { kind: 'b' }, nReturned: 5000 }, { $match: { kind: { $eq: 'a' } }, nReturned: 5 }],
    ),
  },
  {
    rule: 'R19',
    fires: piped([{ $unwind: '$l' }, { $match: { 'l.x': 1 } }, { $group: { _id: '$_id' } }], [cursor(1)]),
    silent: piped([{ $unwind: '$l' }, { $group: { _id: '$l.x' } }], [cursor(1)]),
  },
  {
    rule: 'R20',
    fires: piped([{ $sort: { a: 1 } }, { $unwind: '$l' }, { $limit: 5 }], [cursor(1)]),
    silent: piped([{ $sort: { a: 1 } }, { $limit: 5 }], [cursor(1)]),
  },
  {
    rule: 'R21',
    fires: piped([{ $project: { a: 1 } }, { $group: { _id: '$a' } }], [cursor(1)]),
    silent: piped([{ $project: { a: { $toLower: '$a' } } }, { $group: { _id: '$a' } }], [cursor(1)]),
  },
  {
    rule: 'R22',
    fires: ran(find({ a: 1 }), fetched(10, 10)),
    facts: { averageBytes: 20_000 },
    silent: ran(find({ a: 1 }, { projection: { a: 1 } }), fetched(10, 10)),
    silentFacts: { averageBytes: 20_000 },
  },
  {
    rule: 'R23',
    fires: ran(find({ a: 1 }, { projection: { a: 1 } }), stage('PROJECTION_SIMPLE', { nReturned: 9 }, fetched(9, 9))),
    evidence: /every field but _id, so 9 documents/,
    silent: ran(
      find({ a: 1 }, { projection: { a: 1, b: 1, c: 1 } }),
      stage('PROJECTION_SIMPLE', { nReturned: 9 }, fetched(9, 9)),
    ),
  },
  {
    rule: 'R24',
    fires: ran(find({}), stage('COLLSCAN', { nReturned: 10_001 })),
    evidence: /10,001/,
    silent: ran(find({}, { limit: 20_000 }), stage('COLLSCAN', { nReturned: 10_001 })),
  },
  {
    rule: 'R24',
    fires: piped([], [cursor(5000), { $group: { _id: '$a', all: { $push: '$x' } }, nReturned: 2 }]),
    evidence: /all collects 5,000 documents into 2 groups/,
    silent: piped([], [cursor(5000), { $group: { _id: '$a', all: { $push: '$x' } }, nReturned: 100 }]),
  },
  {
    rule: 'R25',
    fires: ran(find({ a: 1 }), fetched(10, 10, {}, keys({ keysExamined: 400, nReturned: 10, isMultiKey: true }))),
    severity: 'warning',
    evidence: /40\.0 each/,
    silent: ran(find({ a: 1 }), fetched(100, 100, {}, keys({ keysExamined: 400, nReturned: 100, isMultiKey: true }))),
  },
  {
    rule: 'R26',
    fires: ran(find({ a: 1 }), stage('AND_SORTED', { nReturned: 1 }, keys({}), keys({ indexName: 'b_1' }))),
    evidence: /a_1, b_1/,
    silent: ran(find({ a: 1 }), stage('OR', { nReturned: 1 }, keys({}), keys({}))),
  },
  {
    rule: 'R27',
    fires: ran(find({ $or: [{ a: 1 }, { b: 2 }] }), stage('SUBPLAN', { nReturned: 5 }, scan(5000, 5))),
    evidence: /2 branches.*5,000/,
    facts: { indexes: [index('a_1', { a: 1 })], documents: 5000 },
    silent: ran(find({ $or: [{ a: 1 }, { a: 2 }] }), scan(5000, 5)),
  },
  {
    rule: 'R28',
    fires: ran(find({ a: 'x' }), scan(5000, 5)),
    facts: { indexes: [index('a_ci', { a: 1 }, { collation: { locale: 'en', strength: 2 } })] },
    evidence: /a_ci has collation en with strength 2, the command has no collation/,
    silent: ran(find({ a: 5 }), scan(5000, 5)),
    silentFacts: { indexes: [index('a_ci', { a: 1 }, { collation: { locale: 'en', strength: 2 } })] },
  },
  {
    rule: 'R29',
    fires: ran(find({ a: '5' }), scan(5000, 0)),
    facts: { fieldTypes: { a: ['number'] } },
    evidence: /a is number .* with a string/,
    silent: ran(find({ a: '5' }), scan(5000, 0)),
    silentFacts: { fieldTypes: { a: ['number', 'string'] } },
  },
  {
    rule: 'R30',
    fires: ran(find({ a: null }), fetched(30, 20, { filter: { a: { $eq: null } } })),
    evidence: /30 documents/,
    silent: ran(find({ a: null }), fetched(30, 20, { filter: { a: { $eq: null } } })),
    silentFacts: { indexes: [index('a_p', { a: 1 }, { partialFilterExpression: { a: { $exists: true } } })] },
  },
  {
    rule: 'R31',
    fires: ran(find({}), stage('EOF', { nReturned: 0 })),
    facts: { indexes: [index('a_1', { a: 1 }), index('a_1_b_1', { a: 1, b: 1 })] },
    evidence: /a_1_b_1 starts with all fields of a_1/,
    silent: ran(find({}), stage('EOF', { nReturned: 0 })),
    silentFacts: { indexes: [index('a_1', { a: 1 }, { unique: true }), index('a_1_b_1', { a: 1, b: 1 })] },
  },
  {
    rule: 'R32',
    fires: ran(find({}), stage('EOF', { nReturned: 0 })),
    facts: { indexes: [index('a_1', { a: 1 }, {}, { operations: 0, since: '2026-01-01T00:00:00Z' })] },
    evidence: /30 days ago/,
    silent: ran(find({}), stage('EOF', { nReturned: 0 })),
    silentFacts: { indexes: [index('a_1', { a: 1 }, {}, { operations: 0, since: '2026-01-30T00:00:00Z' })] },
  },
  {
    rule: 'R33',
    fires: ran(find({}), stage('EOF', { nReturned: 0 })),
    facts: { indexes: Array.from({ length: 21 }, (_, i) => index(`f${i}_1`, { [`f${i}`]: 1 })) },
    silent: ran(find({}), stage('EOF', { nReturned: 0 })),
    silentFacts: { indexes: Array.from({ length: 20 }, (_, i) => index(`f${i}_1`, { [`f${i}`]: 1 })) },
  },
  {
    rule: 'R34',
    fires: ran(find({ a: true }), fetched(3000, 3000)),
    facts: { documents: 5000 },
    evidence: /3,000 of 5,000 documents \(60 %\)/,
    silent: ran(find({ a: true }), fetched(300, 300)),
    silentFacts: { documents: 5000 },
  },
  {
    rule: 'R35',
    fires: ran(
      { update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } } }] },
      stage('UPDATE', { nReturned: 0 }, scan(5000, 1)),
    ),
    severity: 'error',
    evidence: /5,000 documents read to find 1/,
    silent: ran(
      { delete: 'c', deletes: [{ q: {}, limit: 0 }] },
      stage('DELETE', { nReturned: 0 }, stage('COLLSCAN', { nReturned: 5000, docsExamined: 5000 })),
    ),
  },
  {
    rule: 'R37',
    fires: ran({ update: 'c', updates: [{ q: { _id: 1 }, u: { a: 1, b: 2 } }] }, stage('UPDATE', { nReturned: 0 })),
    evidence: /2 fields/,
    silent: ran(
      { update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 } } }] },
      stage('UPDATE', { nReturned: 0 }),
    ),
  },
  {
    rule: 'R38',
    fires: ran(find({ a: 1, b: 'x, y' }), fetched(9, 9), { rejectedPlans: byA }),
    evidence: /a_1_b_1 bounds (a, b|b, a)/,
    silent: ran(find({ a: 1 }), fetched(9, 9), { rejectedPlans: byA }),
  },
  {
    rule: 'R39',
    fires: { op: 'query', ns: 'd.c', command: { find: 'c' }, planSummary: 'COLLSCAN', replanned: true },
    silent: { op: 'query', ns: 'd.c', command: { find: 'c' }, planSummary: 'COLLSCAN' },
  },
  {
    rule: 'R40',
    fires: { queryPlanner: { maxScansToExplodeReached: true, winningPlan: { stage: 'EOF' } } },
    evidence: /maxScansToExplodeReached/,
    silent: { queryPlanner: { maxScansToExplodeReached: false, winningPlan: { stage: 'EOF' } } },
  },
  {
    rule: 'R41',
    fires: sharded({ a: 1 }, 's1', 's2'),
    evidence: /2 shards were asked \(s1, s2\)/,
    silent: sharded({ a: 1 }, 's1'),
  },
  {
    rule: 'R44',
    fires: ran(
      find({ b: 1 }, { hint: 'a_1' }),
      fetched(900, 900, {}, keys({ keysExamined: 900, nReturned: 900, indexBounds: open })),
    ),
    silent: ran(find({ a: 1 }, { hint: 'a_1' }), fetched(9, 9)),
  },
  {
    rule: 'R45',
    fires: ran(find({ a: { $in: Array.from({ length: 201 }, (_, i) => i) } }), fetched(9, 9)),
    evidence: /201 values/,
    silent: ran(find({ a: { $in: Array.from({ length: 200 }, (_, i) => i) } }), fetched(9, 9)),
  },
  {
    rule: 'R46',
    fires: piped([], [cursor(5), lookup({ totalDocsExamined: 6000, collectionScans: 0, indexesUsed: ['y_1'] }, 5)]),
    evidence: /1,200 each/,
    silent: piped(
      [],
      [
        cursor(5),
        {
          $lookup: { from: 'other', as: 'o', localField: 'x', foreignField: 'y', unwinding: {} },
          totalDocsExamined: 6000,
          collectionScans: 0,
          indexesUsed: ['y_1'],
          nReturned: 6000,
        },
      ],
    ),
  },
  {
    rule: 'R47',
    fires: piped([{ $match: {} }, { $group: { _id: 1, n: { $sum: 1 } } }], [cursor(5000)]),
    evidence: /All 5,000 documents/,
    silent: piped([{ $match: { a: 1 } }, { $group: { _id: 1, n: { $sum: 1 } } }], [cursor(5000)]),
  },
  {
    rule: 'R48',
    fires: {
      queryPlanner: { winningPlan: { stage: 'COLLSCAN' } },
      executionStats: {
        executionSuccess: false,
        errorCode: 50,
        errorMessage: 'operation exceeded time limit',
        executionStages: { stage: 'COLLSCAN' },
      },
    },
    evidence: /error 50: operation exceeded/,
    silent: ran(find({}), scan(1, 1)),
  },
];

describe('findIn', () => {
  for (const [at, { rule, fires, severity, evidence, facts, silent, silentFacts }] of cases.entries()) {
    it(`${rule} ${RULES[rule].title.toLowerCase()}: fires and keeps silent (${at})`, () => {
      const all = found(fires, facts);
      const own = all.find((one) => one.rule === rule);
      assert.ok(own, `did not fire: ${JSON.stringify(all)}`);
      if (severity) assert.equal(own.severity, severity);
      if (evidence) assert.match(own.evidence, evidence);
      assert.ok(own.guard && own.advice);
      assert.deepEqual(
        found(silent, silentFacts).filter((one) => one.rule === rule),
        [],
      );
    });
  }

  it('tests every rule of the table', () => {
    // Those of the source have tests of their own.
    const tested = new Set([...cases.map(({ rule }) => rule), 'R36', 'R42', 'R43']);
    assert.deepEqual(
      Object.keys(RULES).filter((rule) => !tested.has(rule)),
      [],
    );
  });

  it('says of a large result what the source does with it', () => {
    const plan = readPlan(ran(find({}), stage('COLLSCAN', { nReturned: 20_000 })));
    const of = (code: string): string[] => {
      const [statement] = findStatements(
        `import { MongoClient } from 'mongodb';\nconst c = new MongoClient('x').db().collection('c');\n${code}`,
        'a.ts',
      );
      return findIn(plan, new Map(), { now: NOW, statement })
        .filter(({ rule }) => rule === 'R24')
        .map(({ evidence }) => evidence);
    };
    assert.deepEqual(of('async function f() { return c.find({}).toArray(); }'), [
      '20,000 documents returned without a limit, and the source puts all of them in one list.',
    ]);
    assert.deepEqual(of('async function f() { for await (const one of c.find({})) console.log(one); }'), []);
  });

  it('points to the stage that shows it', () => {
    const answer = ran(
      find({ a: 1 }),
      stage('LIMIT', { nReturned: 5 }, stage('OR', { nReturned: 5 }, keys({ nReturned: 0 }), scan(48_211, 5))),
    );
    const own = found(answer).find(({ rule }) => rule === 'R01');
    assert.deepEqual(own?.stage, [0, 1]);
  });
});
