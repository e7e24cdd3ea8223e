import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { jsonNames, planNames } from '../../../../../support/planStages';
import { repositoryRoot } from '../../../../../support/nodeVersions';

const recorded = join(repositoryRoot, 'test/fixtures/mongo/recorded');

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.json') && statSync(path).isFile())
    .sort();
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** What of a file's stages its plan does not have. */
function lostStages(answer: unknown): string[] {
  const names = planNames(readPlan(answer));
  return [...jsonNames(answer)]
    .filter(([name, count]) => (names.get(name) ?? 0) < count)
    .map(([name, count]) => `${name} ${names.get(name) ?? 0} of ${count}`);
}

/** The counters as the answer itself gives them: of one plan its own totals, of several the sums. */
function ownTotals(answer: Record<string, unknown>): { returned?: number; keys: number; docs: number } | null {
  const stats: Record<string, number>[] = [];
  const collect = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null || key === 'command') return;
    if (key === 'executionStats') stats.push(value as Record<string, number>);
    else for (const [name, child] of Object.entries(value)) collect(child, name);
  };
  collect(answer, '');
  if (!stats.length) return null;
  const number = (value: unknown): number => Number((value as { $numberLong?: string } | null)?.$numberLong ?? value);
  const sum = (name: string): number => stats.reduce((total, one) => total + number(one[name]), 0);
  const returned = answer.executionStats
    ? number((answer.executionStats as Record<string, number>).nReturned)
    : undefined;
  return { returned, keys: sum('totalKeysExamined'), docs: sum('totalDocsExamined') };
}

describe('plans of recorded answers', () => {
  const explains: { name: string; answer: Record<string, unknown> }[] = [];
  before(() => {
    for (const path of jsonFiles(recorded)) {
      const name = relative(recorded, path);
      if (name.startsWith('server') || name.startsWith('profile')) continue;
      const file = readJson(path) as {
        explain?: Record<string, Record<string, unknown>>;
        error?: unknown;
        writeErrors?: unknown;
      };
      if (file.error || file.writeErrors) continue;
      if (!file.explain) explains.push({ name, answer: file });
      for (const [verbosity, answer] of Object.entries(file.explain ?? {})) {
        if (!answer.error) explains.push({ name: `${name} ${verbosity}`, answer });
      }
    }
  });

  it('have every stage that the answer has', () => {
    assert.ok(explains.length > 500, `only ${explains.length} explains found`);
    const lost = explains
      .map(({ name, answer }) => ({ name, lost: lostStages(answer) }))
      .filter(({ lost }) => lost.length);
    assert.deepEqual(lost, []);
  });

  it('have the counters of the answer', () => {
    let compared = 0;
    for (const { name, answer } of explains) {
      const own = ownTotals(answer);
      const { totals } = readPlan(answer);
      if (!own) assert.deepEqual([totals.entriesRead, totals.rowsRead], [undefined, undefined], name);
      else {
        compared++;
        assert.deepEqual({ keys: totals.entriesRead, docs: totals.rowsRead }, { keys: own.keys, docs: own.docs }, name);
        if (own.returned !== undefined) assert.equal(totals.returned, own.returned, name);
      }
    }
    assert.ok(compared > 300, `only ${compared} compared`);
  });

  it('report no problem', () => {
    assert.deepEqual(
      explains.filter(({ answer }) => readPlan(answer).problems.length).map(({ name }) => name),
      [],
    );
  });

  it('of the profiler have the stages and counters of the entry', () => {
    const entries = jsonFiles(join(recorded, 'profile'));
    assert.ok(entries.length > 70);
    for (const path of entries) {
      const entry = readJson(path);
      const { totals, namespace, executed } = readPlan(entry);
      assert.deepEqual(lostStages(entry), [], path);
      assert.deepEqual(
        {
          returned: totals.returned,
          keys: totals.entriesRead,
          docs: totals.rowsRead,
          millis: totals.millis,
          namespace,
          executed,
        },
        {
          returned: entry.nreturned ?? (entry.execStats as { nReturned: number } | undefined)?.nReturned,
          keys: entry.keysExamined,
          docs: entry.docsExamined,
          millis: entry.millis,
          namespace: entry.ns,
          executed: entry.errCode === undefined,
        },
        path,
      );
    }
  });
});

describe('plans of foreign samples', () => {
  const folder = process.env.HEATLENS_EXPLAIN_SAMPLES;

  it('normalise, lose no stage and keep the counters', function () {
    if (!folder) {
      console.log('      skipped: HEATLENS_EXPLAIN_SAMPLES names no folder of explain results');
      this.skip();
    }
    const paths = jsonFiles(folder);
    assert.ok(paths.length, `${folder} has no .json files`);
    const wrong: string[] = [];
    for (const path of paths) {
      const answer = readJson(path);
      const name = relative(folder, path);
      const lost = lostStages(answer);
      if (lost.length) wrong.push(`${name} lost ${lost.join(', ')}`);
      const own = ownTotals(answer);
      const { totals } = readPlan(answer);
      // Joins count what they read in a place of their own, on top of the totals.
      if (own && !JSON.stringify(answer).includes('"totalDocsExamined":0') && own.docs > (totals.rowsRead ?? -1))
        wrong.push(`${name}: ${totals.rowsRead} of ${own.docs} documents`);
      if (own?.returned !== undefined && totals.returned !== own.returned)
        wrong.push(`${name}: ${totals.returned} of ${own.returned} returned`);
      if (own && own.keys > (totals.entriesRead ?? -1))
        wrong.push(`${name}: ${totals.entriesRead} of ${own.keys} keys`);
    }
    assert.deepEqual(wrong, []);
    console.log(`      ${paths.length} files, no stage lost`);
  });
});
