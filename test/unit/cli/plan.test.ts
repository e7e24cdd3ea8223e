import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPlan, planCommand } from '../../../src/cli/planCommand';
import { isHeatlensError } from '../../../src/core/errors';
import type { ExplainRun } from '../../../src/core/database/explainRun';
import { planJson } from '../../../src/core/database/mongo/run/planJson';
import { savedRun } from '../../../src/core/database/mongo/run/savedRun';

const answer = {
  queryPlanner: {
    namespace: 'shop.things',
    winningPlan: { stage: 'SORT', inputStage: { stage: 'COLLSCAN', filter: { a: { $eq: 1 } } } },
    rejectedPlans: [{ stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'b_1' } }],
  },
  executionStats: {
    executionSuccess: true,
    nReturned: 20,
    executionTimeMillis: 843,
    totalKeysExamined: 0,
    totalDocsExamined: 48211,
    executionStages: {
      stage: 'SORT',
      sortPattern: { b: 1 },
      nReturned: 20,
      executionTimeMillisEstimate: 840,
      inputStage: {
        stage: 'COLLSCAN',
        filter: { a: { $eq: 1 } },
        nReturned: 20,
        docsExamined: 48211,
        executionTimeMillisEstimate: 800,
      },
    },
  },
  command: { find: 'things', filter: { a: 1 }, sort: { b: 1 }, $db: 'shop' },
};

function saved(explain: object): ExplainRun {
  return savedRun(JSON.stringify(explain), 'answer.json');
}

describe('heatlens plan', () => {
  it('prints the tree with its numbers, the findings and the index', () => {
    const text = formatPlan(saved(answer)).join('\n');
    assert.ok(
      text.startsWith(
        'shop.things (classic): 20 returned, 0 keys, 48,211 documents, 843 ms\n\nSORT  20 returned, 40 ms\n  COLLSCAN  20 returned, 48,211 documents, 800 ms\n\n1 rejected plan: IXSCAN b_1\n\nerror R01  48,211 documents of things read for 20 that match.',
      ),
      text,
    );
    assert.ok(text.includes('index  db.things.createIndex({ a: 1, b: 1 })'), text);
  });

  it('has every field that its JSON promises', () => {
    const report = JSON.parse(JSON.stringify(planJson(saved(answer)))) as Record<string, unknown>;
    for (const field of [
      'namespace',
      'command',
      'engine',
      'executed',
      'totals',
      'root',
      'rejected',
      'findings',
      'suggestions',
    ])
      assert.ok(field in report, field);
    assert.deepEqual(report.totals, { returned: 20, keysExamined: 0, docsExamined: 48211, millis: 843 });
  });

  it('says what was not executed', () => {
    const lines = formatPlan(saved({ queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } } }));
    assert.match(lines.join('\n'), /planned, not executed/);
  });

  describe('with bad files', () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), 'heatlens-plan-'))));
    after(() => rmSync(folder, { recursive: true, force: true }));

    const refused = async (args: string[], code: string): Promise<void> =>
      assert.rejects(planCommand(args), (error) => isHeatlensError(error) && error.code === code);

    it('says what is wrong', async () => {
      writeFileSync(join(folder, 'broken.json'), '{"queryPlanner": ');
      writeFileSync(join(folder, 'other.json'), '{"a": 1}');
      await refused([join(folder, 'missing.json')], 'unreadable');
      await refused([join(folder, 'broken.json')], 'notJson');
      await refused([join(folder, 'other.json')], 'noExplain');
      await refused([], 'usage');
    });
  });
});
