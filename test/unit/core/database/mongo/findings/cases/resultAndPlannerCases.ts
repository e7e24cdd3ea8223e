import { type Case, stage, ran, piped, cursor, scan, fetched, find, index, sharded, byA } from './answers';

export const resultAndPlannerCases: readonly Case[] = [
  {
    rule: 'R41',
    fires: sharded({ a: 1 }, 's1', 's2'),
    facts: { shardKey: { k: 1 } },
    silent: sharded({ a: { $in: [1, 2] } }, 's1', 's2'),
    silentFacts: { shardKey: { a: 'hashed' } },
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
