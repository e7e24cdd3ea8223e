import assert from 'node:assert/strict';
import type { ExplainRun } from '../../../../../src/core/database/explainRun';
import type { Plan, Stage } from '../../../../../src/core/database/plan';
import type { Finding } from '../../../../../src/core/database/finding';
import type { IndexSuggestion } from '../../../../../src/core/database/indexes';
import { runView } from '../../../../../src/core/database/mongo/run/runView';
import { MONGO_WORDS } from '../../../../../src/core/database/mongo/plan/words';
import type { ToExplainPage } from '../../../../../src/core/protocol/explain';
import {
  findingsByRow,
  newModel,
  paneOf,
  replacedIndexes,
  stateOf,
  takeRun,
  worstOf,
} from '../../../../../webview-ui/explain/model/pageModel';

function stage(name: string, children: readonly Stage[] = []): Stage {
  return { role: 'other', name, fields: {}, children };
}

const suggestion: IndexSuggestion = {
  target: 'products',
  columns: { brand: 1 },
  options: {},
  ddl: 'db.products.createIndex({ brand: 1 })',
  reason: '',
  replaces: ['brand_1', 'gone'],
};
const found = (severity: Finding['severity'], path?: number[]): Finding => ({
  rule: 'R01',
  title: '',
  severity,
  evidence: '',
  guard: '',
  advice: '',
  ...(path ? { stage: path } : {}),
});

function run(root: Stage, more: Partial<ExplainRun> = {}): Parameters<typeof takeRun>[1] {
  const plan: Plan = {
    namespace: 'shop.products',
    command: null,
    engine: 'classic',
    words: MONGO_WORDS,
    executed: true,
    totals: {},
    root,
    rejected: [],
    facts: {},
    problems: [],
  };
  const made: ExplainRun = {
    at: 0,
    connection: '',
    database: 'shop',
    target: 'products',
    verbosity: 'executionStats',
    text: '',
    plan,
    findings: [],
    suggestions: [],
    facts: {},
    notes: [],
    ...more,
  };
  return { type: 'run', run: made, view: runView(made), raw: '{}', history: [] };
}

const three = stage('LIMIT', [stage('FETCH', [stage('IXSCAN')])]);

describe('what the plan view shows', () => {
  it('begins at the first finding, and keeps its place where the same stages stand in the next run', () => {
    const model = newModel();
    takeRun(model, run(three, { findings: [found('info'), found('warning', [0])] }));
    assert.equal(model.selected?.stage.name, 'FETCH');
    model.collapsed = new Set([model.rows[1]]);
    takeRun(model, run(three));
    assert.deepEqual([model.selected?.stage.name, [...model.collapsed].map(({ index }) => index)], ['FETCH', [1]]);
    takeRun(model, run(stage('COLLSCAN')));
    assert.deepEqual([model.selected?.stage.name, model.collapsed.size], ['COLLSCAN', 0]);
  });

  it('comes back as it was saved, as far as the plan has it', () => {
    const model = newModel();
    takeRun(model, run(three), { version: 1, pane: 'raw', selected: [0], collapsed: [[0], [7, 7]] });
    assert.deepEqual(stateOf(model), { version: 1, pane: 'tree', selected: [0], collapsed: [[0]] });
    takeRun(model, run(three), { selected: [4] });
    assert.equal(model.selected?.stage.name, 'IXSCAN');
    assert.deepEqual(
      [paneOf({ pane: 'scale' }), paneOf({ pane: 'other' as 'raw' }), paneOf(undefined)],
      ['scale', 'tree', 'tree'],
    );
  });

  it('unfolds what a selection would be hidden in', () => {
    const model = newModel();
    takeRun(model, run(three), { selected: [0, 0], collapsed: [[], [0]] });
    assert.equal(model.collapsed.size, 0);
  });

  it('keeps the trial of an index only as long as the index is suggested', () => {
    const model = newModel();
    model.trials.set(suggestion.ddl, {} as Extract<ToExplainPage, { type: 'trial' }>);
    takeRun(model, run(three, { suggestions: [suggestion] }));
    assert.equal(model.trials.size, 1);
    takeRun(model, run(three));
    assert.equal(model.trials.size, 0);
  });

  it('marks stages with the worst that was found there', () => {
    const model = newModel();
    takeRun(
      model,
      run(three, {
        findings: [found('info', [0, 0]), found('error', [0, 0]), found('warning', [9]), found('warning')],
      }),
    );
    const marks = findingsByRow(model);
    assert.deepEqual(
      [...marks].map(([row, findings]) => [row.stage.name, worstOf(findings)]),
      [['IXSCAN', 'error']],
    );
  });

  it('tells the key of an index that becomes redundant where it is known', () => {
    const model = newModel();
    takeRun(model, run(three, { facts: { indexes: [{ name: 'brand_1', columns: { brand: 1 }, options: {} }] } }));
    assert.deepEqual(replacedIndexes(model, suggestion), [{ name: 'brand_1', key: '{ brand: 1 }' }, { name: 'gone' }]);
  });
});
