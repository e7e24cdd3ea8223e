import assert from 'node:assert/strict';
import { compareRuns } from '../../../../../src/core/database/comparison/compareRuns';
import type { RunComparison, ComparableRun } from '../../../../../src/core/database/explainRun';
import type { Plan } from '../../../../../src/core/database/plan';
import { byIndex, findingOf, onlyPlanned, ranPlan, stage } from '../../../../support/planBuilder';

const scan = stage('COLLSCAN');
const SCANNED = ranPlan(stage('SORT', {}, scan), { returned: 20, entriesRead: 0, rowsRead: 48211, millis: 843 });
const INDEXED = ranPlan(byIndex('category_1_name_1'), { returned: 20, entriesRead: 20, rowsRead: 20, millis: 3 });

function compared(
  before: Plan,
  after: Plan,
  more: [Partial<ComparableRun>, Partial<ComparableRun>] = [{}, {}],
): RunComparison {
  return compareRuns({ plan: before, findings: [], ...more[0] }, { plan: after, findings: [], ...more[1] });
}

function check(before: Plan, after: Plan, verdict: RunComparison['verdict'], summary: string): RunComparison {
  const comparison = compared(before, after);
  assert.deepEqual([comparison.verdict, comparison.summary], [verdict, summary]);
  return comparison;
}

function effects({ changes }: RunComparison): Record<string, string> {
  return Object.fromEntries(
    changes.map(({ what, before, after, effect }) => [what, `${before} > ${after}: ${effect}`]),
  );
}

describe('compareRuns', () => {
  it('says what an index has changed', () => {
    const comparison = check(
      SCANNED,
      INDEXED,
      'better',
      'Reads 20 documents instead of 48,211, with the index category_1_name_1, nothing is sorted in memory any more.',
    );
    assert.deepEqual(effects(comparison), {
      plan: 'COLLSCAN > IXSCAN category_1_name_1: better',
      sort: 'in memory > none in memory: better',
      'documents examined': '48,211 > 20: better',
      'keys examined': '0 > 20: neutral',
      'documents per result': '2,411 > 1: better',
      time: '843 ms > 3 ms: better',
    });
  });

  it('says what is lost without it', () => {
    const comparison = check(
      INDEXED,
      SCANNED,
      'worse',
      'Reads 48,211 documents instead of 20, by a scan of the collection instead of IXSCAN category_1_name_1, it sorts in memory now.',
    );
    assert.equal(effects(comparison).plan, 'IXSCAN category_1_name_1 > COLLSCAN: worse');
  });

  it('calls equal work the same, however much the time differs', () => {
    const slow = { ...INDEXED, totals: { ...INDEXED.totals, millis: 900 } };
    const faster = check(
      slow,
      INDEXED,
      'same',
      'The same plan and the same work, 20 documents and 20 keys read, in 3 ms instead of 900 ms, which cache or load explain.',
    );
    assert.equal(effects(faster).time, '900 ms > 3 ms: better');
    check(
      INDEXED,
      slow,
      'same',
      'The same plan and the same work, 20 documents and 20 keys read, in 900 ms instead of 3 ms, which cache or load explain.',
    );
  });

  it('takes small differences of time for noise', () => {
    for (const [was, is] of [
      [3, 7.5],
      [3, 8],
      [100, 149],
      [0, 5],
    ]) {
      const [before, after] = [was, is].map((millis) => ({ ...INDEXED, totals: { ...INDEXED.totals, millis } }));
      assert.deepEqual(
        compared(before, after),
        { verdict: 'same', summary: 'The same plan and the same work, 20 documents and 20 keys read.', changes: [] },
        `${was} ${is}`,
      );
    }
  });

  it('weighs fewer documents against more keys, a sort and time', () => {
    const run = (keysExamined: number, docsExamined: number, millis = 10) =>
      ranPlan(byIndex('a_1'), { returned: 10, entriesRead: keysExamined, rowsRead: docsExamined, millis });
    assert.equal(compared(run(20, 20), run(20, 0)).verdict, 'better');
    assert.equal(compared(run(5000, 20), run(20, 20)).summary, 'Reads 20 keys instead of 5,000.');
    assert.equal(compared(run(100, 500), run(90_000, 20)).verdict, 'worse');
    assert.equal(compared(run(1000, 1000), run(20, 20, 700)).verdict, 'mixed');
    assert.equal(compared(run(1000, 1000), run(20, 20, 40)).verdict, 'better', 'a moment of load');
    assert.equal(compared(run(100, 100), run(101, 104)).verdict, 'same');
    const sorted = ranPlan(stage('SORT', {}, byIndex('a_1')), { returned: 10, entriesRead: 20, rowsRead: 20 });
    assert.equal(compared(run(5000, 5000), sorted).verdict, 'mixed');
  });

  it('compares what each result costs when the results differ, and says so', () => {
    const run = (returned: number, work: number) =>
      ranPlan(byIndex('a_1'), { returned, entriesRead: work, rowsRead: work });
    const alike = compared(run(20, 20), run(200, 200));
    assert.equal(alike.verdict, 'same');
    assert.match(
      alike.summary,
      /^Reads 200 documents instead of 20; the results differ \(200 returned instead of 20\), so values or data may have changed\.$/,
    );
    assert.equal(compared(run(20, 20), run(200, 4000)).verdict, 'worse');
    assert.equal(compared(run(0, 500), run(0, 2)).verdict, 'better');
  });

  it('compares only shapes where one of them did not run', () => {
    const sorted = onlyPlanned(stage('SORT', {}, scan));
    assert.deepEqual(
      [compared(sorted, onlyPlanned(byIndex('a_1'))).verdict, compared(onlyPlanned(byIndex('a_1')), sorted).verdict],
      ['better', 'worse'],
    );
    check(
      onlyPlanned(byIndex('a_1')),
      onlyPlanned(byIndex('a_1')),
      'same',
      'The plan is the same; without counters only the shapes are compared.',
    );
    check(
      onlyPlanned(byIndex('a_1')),
      onlyPlanned(byIndex('b_1')),
      'unknown',
      'Uses the index b_1 instead of IXSCAN a_1; without counters only the shapes are compared.',
    );
    const half = compared(sorted, INDEXED, [{ verbosity: 'queryPlanner' }, { verbosity: 'executionStats' }]);
    assert.equal(half.verdict, 'better');
    assert.match(half.summary, /only one of them ran/);
    assert.deepEqual(
      half.changes.map(({ what }) => what),
      ['plan', 'sort', 'verbosity'],
    );
  });

  it('sees that bounds differ though stages are the same', () => {
    const bounded = (interval: string) => onlyPlanned(stage('IXSCAN', { index: 'a_1', bounds: { a: [interval] } }));
    assert.equal(compared(bounded('[1, 1]'), bounded('[MinKey, MaxKey]')).verdict, 'unknown');
  });

  it('says that a run stopped, and which', () => {
    const stopped = {
      ...SCANNED,
      executed: false,
      failure: { code: 50, message: 'operation exceeded time limit', timedOut: true as const },
    };
    assert.equal(compared(stopped, INDEXED).verdict, 'better');
    assert.match(compared(stopped, INDEXED).summary, /^Now it finishes, /);
    assert.match(compared(INDEXED, stopped).summary, /^It no longer finishes: operation exceeded time limit, /);
    assert.equal(compared(stopped, stopped).verdict, 'unknown');
    assert.match(compared(stopped, stopped).summary, /^Neither run finished/);
  });

  it('names findings that are gone and new, and how severe they are', () => {
    const { changes } = compareRuns(
      { plan: SCANNED, findings: [findingOf('R01'), findingOf('R06'), findingOf('R06')] },
      { plan: INDEXED, findings: [findingOf('R06'), findingOf('R22', 'info', 'Large.')] },
    );
    assert.deepEqual(
      changes.filter(({ what }) => what === 'finding').map(({ before, after, effect }) => [before, after, effect]),
      [
        ['R01 Seen.', 'gone', 'better'],
        ['R06 Seen.', 'gone', 'better'],
        ['none', 'R22 Large.', 'neutral'],
      ],
    );
  });

  it('says that connection, database, verbosity and values are others', () => {
    const text = (category: string) => `db.products.find({ category: "${category}", active: true }).limit(20)`;
    const comparison = compared(INDEXED, INDEXED, [
      { connection: 'a:27017', database: 'shop', verbosity: 'executionStats', text: text('Books') },
      { connection: 'b:27017', database: 'bare', verbosity: 'allPlansExecution', text: text('Garden tools') },
    ]);
    assert.equal(comparison.verdict, 'same');
    assert.deepEqual(effects(comparison), {
      verbosity: 'executionStats > allPlansExecution: neutral',
      connection: 'a:27017 > b:27017: neutral',
      database: 'shop > bare: neutral',
      values: '"Books" > "Garden tools": neutral',
    });
    assert.match(comparison.summary, /; the values differ; the runs were against different data\.$/);
  });

  it('names both counters where one rises and the other falls', () => {
    const scanned = ranPlan(scan, { returned: 400, entriesRead: 0, rowsRead: 5000 });
    const indexed = (docsExamined: number) =>
      ranPlan(byIndex('price_1'), { returned: 400, entriesRead: 5000, rowsRead: docsExamined });
    check(
      scanned,
      indexed(2600),
      'mixed',
      'Reads 2,600 documents instead of 5,000 and 5,000 keys instead of 0, with the index price_1.',
    );
    check(
      scanned,
      indexed(416),
      'better',
      'Reads 416 documents and 5,000 keys instead of 5,000 documents, with the index price_1.',
    );
    check(scanned, indexed(4900), 'worse', 'Reads 5,000 keys instead of 0, with the index price_1.');
  });

  it('takes a sort of a few documents for nothing', () => {
    const joined = (input: number) =>
      ranPlan(stage('SORT', {}, stage('FETCH', { returned: input }, stage('IXSCAN', { index: 'vip_1' }))), {
        returned: 48,
        entriesRead: 48,
        rowsRead: 48,
      });
    const before = ranPlan(stage('FETCH', {}, stage('IXSCAN', { index: '_id_' })), {
      returned: 48,
      entriesRead: 1000,
      rowsRead: 1000,
    });
    assert.deepEqual(
      [compared(before, joined(48)).verdict, compared(before, joined(400)).verdict],
      ['better', 'mixed'],
    );
  });

  it('knows that plans for distinct values count otherwise', () => {
    const distinct = ranPlan(
      stage('DISTINCT_SCAN', { index: 'category_1' }),
      { returned: 12, entriesRead: 12, rowsRead: 0 },
      { distinct: true },
    );
    check(
      ranPlan(scan, { returned: 5000, entriesRead: 0, rowsRead: 5000 }, { distinct: true }),
      distinct,
      'better',
      'Reads 0 documents and 12 keys instead of 5,000 documents, with the index category_1.',
    );
  });

  it('names a stage that came or went while the access stayed', () => {
    const covered = ranPlan(stage('PROJECTION_COVERED', {}, stage('IXSCAN', { index: 'a_1' })), {
      returned: 20,
      entriesRead: 20,
      rowsRead: 0,
    });
    const comparison = compared(ranPlan(byIndex('a_1'), { returned: 20, entriesRead: 20, rowsRead: 20 }), covered);
    assert.deepEqual(
      [comparison.verdict, comparison.summary, effects(comparison).stages],
      ['better', 'Reads 0 documents instead of 20.', 'FETCH, IXSCAN > PROJECTION_COVERED, IXSCAN: neutral'],
    );
  });
});
