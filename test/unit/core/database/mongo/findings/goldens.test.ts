import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TargetFacts } from '../../../../../../src/core/database/facts';
import type { ExistingIndex } from '../../../../../../src/core/database/indexes';
import { findIn } from '../../../../../../src/core/database/mongo/findings/findIn';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { suggestIndexes } from '../../../../../../src/core/database/mongo/indexes/suggestIndexes';
import { findingJson, suggestionJson } from '../../../../../../src/core/database/mongo/run/planJson';
import { repositoryRoot } from '../../../../../support/nodeVersions';

const recorded = join(repositoryRoot, 'test/fixtures/mongo/recorded');
const goldens = join(repositoryRoot, 'test/fixtures/mongo/findings');
/** Set to 1, the goldens are written anew from what the rules say today. */
const refresh = process.env.HEATLENS_UPDATE_GOLDENS === '1';

const CHOSEN = [
  'shop/agg-search-facet',
  'bare/agg-search-facet',
  'bare/find-brand-price',
  'shop/find-brand-price',
  'bare/agg-lookup-indexed',
  'shop/find-or-half',
  'shop/find-regex-i',
  'shop/find-skip-large',
  'shop/find-collation-miss',
  'shop/find-almost-covered',
  'bare/update-many-unindexed',
  'sharded/agg-sort-merge',
  'sharded/find-scatter-sort-skip',
  'special/sort-spilled',
  'special/max-time-expired',
];

const DOCUMENTS: Readonly<Record<string, number>> = {
  products: 5000,
  customers: 1000,
  orders: 20_000,
  audits: 30_000,
  nodes: 2000,
  edges: 6000,
};

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** What the data set has; the database `bare` has no index but the one of every collection. */
function factsOf(name: string): Map<string, TargetFacts> {
  return new Map(
    Object.entries(DOCUMENTS).map(([collection, documents]) => {
      const id: ExistingIndex = { name: '_id_', columns: { _id: 1 }, options: {} };
      if (name.startsWith('bare/')) return [collection, { rows: documents, indexes: [id] }];
      const { cursor } = readJson(join(recorded, `server/listIndexes-${collection}.json`)) as {
        cursor: { firstBatch: { name: string; key: Record<string, unknown> }[] };
      };
      const list = cursor.firstBatch;
      assert.ok(list.length, `no indexes recorded for ${collection}`);
      return [
        collection,
        {
          rows: documents,
          indexes: list.map(({ name: index, key, ...options }) => ({ name: index, columns: key, options })),
        },
      ];
    }),
  );
}

describe('findings of recorded answers', () => {
  for (const name of CHOSEN) {
    it(`of ${name} are the golden ones`, () => {
      const file = readJson(join(recorded, `${name}.json`)) as { explain?: Record<string, Record<string, unknown>> };
      const { executionStats, queryPlanner } = file.explain ?? {};
      const answer = file.explain ? (executionStats && !executionStats.error ? executionStats : queryPlanner) : file;
      const plan = readPlan(answer);
      const facts = factsOf(name);
      const actual = {
        findings: findIn(plan, facts, { now: Date.UTC(2026, 10, 21) }).map(findingJson),
        suggestions: suggestIndexes(plan, facts).map((one) => ({ text: one.ddl, ...suggestionJson(one) })),
      };
      const path = join(goldens, `${name.replace('/', '-')}.json`);
      const text = `${JSON.stringify(actual, undefined, 2)}\n`;
      if (refresh) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      assert.ok(existsSync(path), `${path} is missing: run once with HEATLENS_UPDATE_GOLDENS=1`);
      assert.equal(text, readFileSync(path, 'utf8'));
    });
  }

  it('never throw, whatever the plan', () => {
    const facts = factsOf('shop/');
    for (const name of [
      ...CHOSEN,
      'shop/agg-geoNear',
      'shop/find-multikey-all',
      'shop/agg-bucket',
      'shop/find-text-score',
    ]) {
      const file = readJson(join(recorded, `${name}.json`)) as { explain?: Record<string, Record<string, unknown>> };
      const answers: Record<string, unknown>[] = file.explain ? Object.values(file.explain) : [file];
      for (const answer of answers) {
        if (answer.error) continue;
        const plan = readPlan(answer);
        assert.deepEqual(
          findIn(plan, facts).filter(
            ({ stage = [] }) =>
              stage.reduce<typeof plan.root | undefined>((at, child) => at?.children[child], plan.root) === undefined,
          ),
          [],
        );
        suggestIndexes(plan, facts);
      }
    }
  });

  it('take a few milliseconds for an answer of 1 MB, and 16 MB in proportion', function () {
    this.timeout(20_000);
    const one = readJson(join(recorded, 'shop/find-or-both.json')) as {
      explain: { executionStats: { queryPlanner: Record<string, unknown>; executionStats: Record<string, unknown> } };
    };
    const { queryPlanner, executionStats } = one.explain.executionStats;
    const many = (copies: number): object => ({
      stage: 'OR',
      inputStages: Array.from({ length: copies }, () => structuredClone(executionStats.executionStages)),
    });
    const answerOf = (bytes: number): object => {
      const copies = Math.ceil(bytes / 2 / JSON.stringify(executionStats.executionStages).length);
      return {
        ...one.explain.executionStats,
        queryPlanner: { ...queryPlanner, winningPlan: many(copies) },
        executionStats: { ...executionStats, executionStages: many(copies) },
      };
    };
    const fastest = (answer: object, rounds: number): number => {
      let best = Infinity;
      for (let i = 0; i < rounds; i++) {
        const start = performance.now();
        findIn(readPlan(answer));
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    // Five milliseconds is the aim on an idle machine; on a busy one this only finds what is not linear.
    const small = fastest(answerOf(1_000_000), 60);
    assert.ok(small <= 60, `1 MB took ${small.toFixed(1)} ms`);
    const large = fastest(answerOf(16_000_000), 3);
    assert.ok(large <= 3000, `16 MB took ${large.toFixed(0)} ms`);
  });
});
