import { type Case, stage, ran, piped, cursor, scan, keys, fetched, open, find, index } from './answers';

export const accessCases: readonly Case[] = [
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
    facts: { indexes: [index('a_1', { a: 1 })], rows: 5000 },
    silent: ran(find({ $or: [{ a: 1 }, { a: 2 }] }), scan(5000, 5)),
  },
  {
    rule: 'R34',
    fires: ran(find({ a: true }), fetched(3000, 3000)),
    facts: { rows: 5000 },
    evidence: /3,000 of 5,000 documents \(60 %\)/,
    silent: ran(find({ a: true }), fetched(300, 300)),
    silentFacts: { rows: 5000 },
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
    rule: 'R44',
    fires: ran(
      find({ b: 1 }, { hint: 'a_1' }),
      fetched(900, 900, {}, keys({ keysExamined: 900, nReturned: 900, indexBounds: open })),
    ),
    silent: ran(find({ a: 1 }, { hint: 'a_1' }), fetched(9, 9)),
  },
  {
    rule: 'R47',
    fires: piped([{ $match: {} }, { $group: { _id: 1, n: { $sum: 1 } } }], [cursor(5000)]),
    evidence: /All 5,000 documents/,
    silent: piped([{ $match: { a: 1 } }, { $group: { _id: 1, n: { $sum: 1 } } }], [cursor(5000)]),
  },
];
