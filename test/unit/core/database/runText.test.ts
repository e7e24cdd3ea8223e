import assert from 'node:assert/strict';
import { indexSuggestion } from '../../../../src/core/database/mongo/indexes/createIndex';
import type { ExplainRun } from '../../../../src/core/database/explainRun';
import type { Plan, PlanTotals, Stage } from '../../../../src/core/database/plan';
import type { Finding } from '../../../../src/core/database/finding';
import { lensText, runMarkdown } from '../../../../src/core/database/runText';
import { byIndex, findingOf, onlyPlanned, ranPlan, stage } from '../../../support/planBuilder';

function check(plan: Plan, expected: string, findings: Finding[] = []): void {
  assert.equal(lensText({ plan, findings }), expected);
}

describe('lensText', () => {
  const limited = stage('LIMIT', {}, byIndex('category_1_name_1'));

  it('says what happened in one line', () => {
    check(
      ranPlan(limited, { returned: 20, entriesRead: 20, rowsRead: 20, millis: 3 }),
      'IXSCAN category_1_name_1 · 20 returned · 20 docs · 3 ms',
    );
    check(
      ranPlan(stage('COLLSCAN'), { returned: 20, entriesRead: 0, rowsRead: 48211, millis: 843 }),
      'COLLSCAN · 48,211 docs read for 20 · 843 ms · 2 findings',
      [findingOf('R01'), findingOf('R06')],
    );
    check(onlyPlanned(limited), 'IXSCAN category_1_name_1 · planned, not executed · 1 finding', [findingOf('R06')]);
  });

  it('names keys where they are the work, and the few documents of a covered query', () => {
    check(
      ranPlan(stage('IXSCAN', { index: 'a_1' }), { returned: 5, entriesRead: 100000, rowsRead: 0, millis: 40.4 }),
      'IXSCAN a_1 · 100,000 keys read for 5 · 40 ms',
    );
    check(
      ranPlan(stage('IXSCAN', { index: 'a_1' }), { returned: 5, entriesRead: 5, rowsRead: 0, millis: 0.42 }),
      'IXSCAN a_1 · 5 returned · 0 docs · 0.4 ms',
    );
  });

  it('says what a count counted, which is not what it returned', () => {
    const counting = (root: Stage, counts: number, totals: PlanTotals = {}) =>
      ranPlan(root, { returned: 0, ...totals }, { counts });
    const count = (nCounted: number, leaf: Stage) => stage('COUNT', { fields: { nCounted } }, leaf);
    check(
      counting(count(993, stage('COUNT_SCAN', { index: 'a_1' })), 993, { entriesRead: 994, rowsRead: 0, millis: 2 }),
      'COUNT_SCAN a_1 · 993 counted · 0 docs · 2 ms',
    );
    check(
      counting(count(43, stage('COLLSCAN')), 43, { entriesRead: 0, rowsRead: 5000 }),
      'COLLSCAN · 5,000 docs read to count 43',
    );
    check(
      counting(stage('RECORD_STORE_FAST_COUNT', { fields: { nCounted: 7 } }), 7),
      'RECORD_STORE_FAST_COUNT · 7 counted',
    );
  });

  it('says that it did not finish', () => {
    const totals = { returned: 0, rowsRead: 1, millis: 5000 };
    check(
      ranPlan(stage('COLLSCAN'), totals, {
        executed: false,
        failure: { code: 50, message: 'exceeded', timedOut: true },
      }),
      'COLLSCAN · stopped by its time limit · 1 doc read for 0 · 5,000 ms',
    );
    check(
      ranPlan(stage('SORT', {}, stage('COLLSCAN')), {}, { executed: false, failure: { code: 292, message: 'memory' } }),
      'COLLSCAN · did not finish',
    );
  });

  it('names each way to the documents once, and none of other collections', () => {
    const or = stage(
      'FETCH',
      {},
      stage(
        'OR',
        {},
        stage('IXSCAN', { index: 'a_1' }),
        stage('IXSCAN', { index: 'a_1' }),
        stage('IXSCAN', { index: 'b_1' }),
        stage('IXSCAN', { index: 'c_1' }),
        stage('COLLSCAN'),
      ),
    );
    check(onlyPlanned(or), 'IXSCAN a_1 + IXSCAN b_1 + 2 more · planned, not executed');
    const join = stage(
      '$lookup',
      {},
      stage('$cursor', {}, byIndex('a_1')),
      stage('$cursor', { target: 'orders' }, stage('COLLSCAN', { target: 'orders' })),
    );
    check(onlyPlanned(join), 'IXSCAN a_1 · planned, not executed');
    const facet = stage(
      '$facet',
      {},
      stage('$cursor', {}, stage('COLLSCAN')),
      stage('$group', {}, stage('$teeConsumer')),
      stage('$teeConsumer'),
    );
    check(onlyPlanned(facet), 'COLLSCAN · planned, not executed');
    check(onlyPlanned(stage('$documents')), '$documents · planned, not executed');
  });

  it('lets no name of a server command the line', () => {
    check(onlyPlanned(stage('IXSCAN', { index: 'a\n\u202eb' })), 'IXSCAN a␊⟨U+202E⟩b · planned, not executed');
  });
});

describe('runMarkdown', () => {
  const run: ExplainRun = {
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    connection: 'localhost:27017',
    database: 'shop',
    target: 'products',
    verbosity: 'executionStats',
    text: 'db.products.find({})',
    plan: ranPlan(
      byIndex('a_1'),
      { returned: 20, entriesRead: 30, rowsRead: 30, millis: 12 },
      {
        rejected: [stage('FETCH', { returned: 3 }, stage('IXSCAN', { index: 'b_1' }))],
        server: { version: '8.0.1' },
        problems: ['Odd.'],
      },
    ),
    findings: [findingOf('R06', 'warning', '30 documents *sorted*.')],
    suggestions: [
      indexSuggestion({
        target: 'products',
        columns: { a: 1, b: -1 },
        options: {},
        reason: 'Equality on a.',
        replaces: [],
      }),
    ],
    facts: {},
    notes: ['$out was cut off.'],
  };

  it('has the statement, totals, tree, findings, indexes and rejected plans', () => {
    assert.equal(
      runMarkdown(run, 'db.products.find({ a: 1 })'),
      [
        '### Explain of `shop.products`',
        '```js\ndb.products.find({ a: 1 })\n```',
        'IXSCAN a\\_1 · 30 docs read for 20 · 12 ms · 1 finding',
        '- 2026-01-02T03:04:05.000Z on `localhost:27017`, server 8.0.1\n- executionStats, engine classic\n- 20 returned, 30 keys examined, 30 documents examined, 12 ms\n- $out was cut off.\n- Odd.',
        '**Plan**',
        '```\nFETCH\n  IXSCAN a_1\n```',
        '**Findings**',
        '- **warning R06** 30 documents \\*sorted\\*. Do this. (Checked.)',
        '**Suggested indexes**',
        '- `db.products.createIndex({ a: 1, b: -1 })`: Equality on a.',
        '**Rejected plans**',
        '- `IXSCAN b_1`, 3 returned in the trial',
        '',
      ]
        .join('\n\n')
        .trimEnd() + '\n',
    );
  });

  it('cannot be broken out of by names and values', () => {
    const nasty = runMarkdown(
      { ...run, target: 'a`b', plan: onlyPlanned(stage('IXSCAN', { index: '```\n# x' })), findings: [] },
      'db.x.find({ a: "```\\n# y" })',
    );
    assert.ok(nasty.includes('### Explain of `` shop.a`b ``'));
    assert.ok(nasty.includes('````js\ndb.x.find'));
    assert.ok(nasty.includes('````\nIXSCAN ```␊# x\n````'));
    assert.equal(nasty.split('\n').filter((line) => line.startsWith('# ')).length, 0);
  });

  it('says what failed', () => {
    const text = runMarkdown({ ...run, plan: { ...run.plan, executed: false, failure: { message: 'too\nlarge' } } });
    assert.ok(text.includes('**Failed:** too large'));
    assert.ok(text.includes('12 ms until it stopped'));
  });
});
