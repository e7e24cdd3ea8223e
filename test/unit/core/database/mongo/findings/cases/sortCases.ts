import { type Case, stage, ran, piped, cursor, find } from './answers';

export const sortCases: readonly Case[] = [
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
    rule: 'R20',
    fires: piped([{ $sort: { a: 1 } }, { $unwind: '$l' }, { $limit: 5 }], [cursor(1)]),
    silent: piped([{ $sort: { a: 1 } }, { $limit: 5 }], [cursor(1)]),
  },
];
