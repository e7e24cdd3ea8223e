import { type Case, stage, ran, piped, cursor, scan, find, index, lookup } from './answers';

export const pipelineCases: readonly Case[] = [
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
    facts: { other: { rows: 2000, indexes: [index('_id_', { _id: 1 })] } },
    silent: piped([], [cursor(50), lookup({})]),
    silentFacts: { other: { rows: 2000, indexes: [index('y_1', { y: 1 })] } },
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
    rule: 'R21',
    fires: piped([{ $project: { a: 1 } }, { $group: { _id: '$a' } }], [cursor(1)]),
    silent: piped([{ $project: { a: { $toLower: '$a' } } }, { $group: { _id: '$a' } }], [cursor(1)]),
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
];
