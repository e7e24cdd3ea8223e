import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../../../../src/core/database/plan';
import { stageFacts } from '../../../../../src/core/database/mongo/plan/stageFacts';
import { readPlan } from '../../../../../src/core/database/mongo/plan/readPlan';
import {
  counterpart,
  firstRow,
  pathOf,
  planRows,
  rowAt,
  shownRows,
  totalMillis,
  typedRow,
} from '../../../../../webview-ui/explain/model/planRows';
import { repositoryRoot } from '../../../../support/nodeVersions';

function stage(name: string, children: Stage[] = [], more: Partial<Stage> = {}): Stage {
  const made = { name, fields: {}, children, ...more };
  return { ...stageFacts(made), ...made };
}

function recorded(name: string): ReturnType<typeof planRows> {
  const { explain } = JSON.parse(
    readFileSync(join(repositoryRoot, 'test/fixtures/mongo/recorded', `${name}.json`), 'utf8'),
  ) as { explain: Record<string, unknown> };
  return planRows(readPlan(explain.executionStats).root);
}

const tree = stage('OR', [stage('FETCH', [stage('IXSCAN')]), stage('SORT', [stage('COLLSCAN')])]);

describe('the rows of a plan', () => {
  it('stand parents first, with their place', () => {
    const rows = planRows(tree);
    assert.deepEqual(
      rows.map(({ stage: { name }, depth, position }) => [name, depth, position]),
      [
        ['OR', 0, 0],
        ['FETCH', 1, 0],
        ['IXSCAN', 2, 0],
        ['SORT', 1, 1],
        ['COLLSCAN', 2, 0],
      ],
    );
    assert.deepEqual(pathOf(rows[4]), [1, 0]);
    assert.equal(rowAt(rows, [1, 0]), rows[4]);
    assert.equal(rowAt(rows, []), rows[0]);
    assert.equal(rowAt(rows, [2]), undefined);
    assert.equal(rowAt(rows, undefined), undefined);
  });

  it('leave out what is folded', () => {
    const rows = planRows(tree);
    const names = (...folded: number[]): string[] =>
      shownRows(rows, new Set(folded.map((at) => rows[at]))).map(({ stage: { name } }) => name);
    assert.deepEqual(names(1), ['OR', 'FETCH', 'SORT', 'COLLSCAN']);
    assert.deepEqual(names(1, 3), ['OR', 'FETCH', 'SORT']);
    assert.deepEqual(names(0), ['OR']);
    assert.deepEqual(names(2), ['OR', 'FETCH', 'IXSCAN', 'SORT', 'COLLSCAN']);
  });

  it('name the branches of $facet, the pipelines of joins, and shards', () => {
    const facet = recorded('shop/agg-search-facet').flatMap(({ branch, stage: { name } }) =>
      branch ? [[name, branch.kind, 'name' in branch ? branch.name : '']] : [],
    );
    assert.deepEqual(facet.map(([, kind]) => kind).sort(), ['facet', 'facet', 'input']);
    const shards = recorded('sharded/find-scatter').flatMap(({ branch }) =>
      branch?.kind === 'shard' ? [branch.name] : [],
    );
    assert.deepEqual([...new Set(shards)].sort(), ['shard1', 'shard2']);
    const union = recorded('shop/agg-unionWith').flatMap(({ branch }) => (branch ? [branch] : []));
    assert.ok(
      union.some(({ kind }) => kind === 'pipeline'),
      JSON.stringify(union),
    );
  });

  it('are found again in another run only where the same stage stands', () => {
    const rows = planRows(tree);
    const other = planRows(stage('OR', [stage('FETCH', [stage('COUNT_SCAN')])]));
    assert.equal(counterpart(other, rows[1]), other[1]);
    assert.equal(counterpart(other, rows[2]), undefined);
    assert.equal(counterpart(other, rows[3]), undefined);
  });

  it('are found by the letters of their names, from the next one on', () => {
    const rows = planRows(stage('$lookup', [stage('FETCH', [stage('FETCH', [stage('IXSCAN')])])]));
    assert.equal(typedRow(rows, 0, 'f'), 1);
    assert.equal(typedRow(rows, 1, 'f'), 2);
    assert.equal(typedRow(rows, 2, 'f'), 1);
    assert.equal(typedRow(rows, 3, 'l'), 0);
    assert.equal(typedRow(rows, 1, 'fe'), 1);
    assert.equal(typedRow(rows, 0, 'x'), -1);
  });

  it('begin with the first finding, else what took longest, else a leaf', () => {
    const rows = planRows(tree);
    assert.equal(firstRow(rows, [{}, { stage: [1] }]), rows[3]);
    const timed = planRows(
      stage('LIMIT', [stage('SORT', [stage('COLLSCAN', [], { selfMillis: 2 })], { selfMillis: 9 })]),
    );
    assert.equal(firstRow(timed, []), timed[1]);
    assert.equal(firstRow(rows, []), rows[2]);
  });

  it('know no time of the whole where no time is told', () => {
    assert.equal(totalMillis({ totals: {}, root: tree }), undefined);
    assert.equal(totalMillis({ totals: { millis: 0 }, root: tree }), 0);
    assert.equal(totalMillis({ totals: { millis: 3 }, root: stage('A', [], { millis: 5 }) }), 5);
  });

  it('take a plan of 50,000 levels', () => {
    let deep = stage('IXSCAN');
    for (let level = 0; level < 50_000; level++) deep = stage('FETCH', [deep]);
    const rows = planRows(deep);
    assert.equal(rows.length, 50_001);
    assert.equal(pathOf(rows[50_000]).length, 50_000);
    assert.equal(shownRows(rows, new Set([rows[10]])).length, 11);
  });
});
