import { type Case, ran, piped, cursor, scan, fetched, find, index, lookup } from './answers';

export const conditionCases: readonly Case[] = [
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
    facts: { other: { rows: 9000 } },
    evidence: /a \$nin bounds \$unionWith other; 9,000/,
    silent: piped(
      [{ $unionWith: { coll: 'other', pipeline: [{ $match: { a: { $nin: [1] }, b: 2 } }] } }],
      [cursor(5000), { $unionWith: { coll: 'other' }, nReturned: 9000 }],
    ),
    silentFacts: { other: { rows: 9000 } },
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
    rule: 'R11',
    fires: ran(find({ a: { $ne: 1 } }), fetched(4000, 1500)),
    facts: { rows: 5000 },
    silent: ran(find({ a: { $ne: 1 }, b: 2 }), fetched(4000, 1500)),
    silentFacts: { rows: 5000 },
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
    facts: { columnTypes: { a: ['number'] } },
    evidence: /a is number .* with a string/,
    silent: ran(find({ a: '5' }), scan(5000, 0)),
    silentFacts: { columnTypes: { a: ['number', 'string'] } },
  },
  {
    rule: 'R30',
    fires: ran(find({ a: null }), fetched(30, 20, { filter: { a: { $eq: null } } })),
    evidence: /30 documents/,
    silent: ran(find({ a: null }), fetched(30, 20, { filter: { a: { $eq: null } } })),
    silentFacts: { indexes: [index('a_p', { a: 1 }, { partialFilterExpression: { a: { $exists: true } } })] },
  },
  {
    rule: 'R45',
    fires: ran(find({ a: { $in: Array.from({ length: 201 }, (_, i) => i) } }), fetched(9, 9)),
    evidence: /201 values/,
    silent: ran(find({ a: { $in: Array.from({ length: 200 }, (_, i) => i) } }), fetched(9, 9)),
  },
];
