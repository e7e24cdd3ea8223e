import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHeatlensError } from '../../../../../../src/core/errors';
import { findIn } from '../../../../../../src/core/database/mongo/findings/findIn';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { suggestIndexes } from '../../../../../../src/core/database/mongo/indexes/suggestIndexes';
import { planJson } from '../../../../../../src/core/database/mongo/run/planJson';
import { mutateText, randomNumbers } from '../../../../../support/mutate';
import { repositoryRoot } from '../../../../../support/nodeVersions';

const SEEDS = [
  'shop/agg-search-facet',
  'shop/find-or-both',
  'shop/agg-unionWith',
  'sharded/agg-sort-merge',
  'sharded/find-scatter-sort-skip',
  'shop/agg-lookup-pipeline',
];
const CHANGES_EACH = 500;

describe('readPlan, findIn and suggestIndexes of damaged answers', () => {
  for (const [index, name] of SEEDS.entries()) {
    it(`throws nothing but its own error for ${CHANGES_EACH} changes of ${name}`, () => {
      const recorded = JSON.parse(
        readFileSync(join(repositoryRoot, `test/fixtures/mongo/recorded/${name}.json`), 'utf8'),
      ) as { explain: Record<string, unknown> };
      const text = JSON.stringify(recorded.explain.allPlansExecution);
      const random = randomNumbers(index + 1);
      let parsed = 0;
      let accepted = 0;
      for (let tries = 0; parsed < CHANGES_EACH; tries++) {
        if (tries > CHANGES_EACH * 100) throw new Error(`only ${parsed} of ${tries} changes left JSON`);
        // Whole values in the place of others keep the text JSON more often than flipped bytes do.
        let answer: unknown;
        try {
          answer = JSON.parse(tries % 2 ? mutateText(text, random) : swapValue(text, random));
        } catch {
          continue;
        }
        parsed++;
        try {
          const plan = readPlan(answer);
          findIn(plan);
          suggestIndexes(plan);
          planJson({ plan, findings: [], suggestions: [] });
          accepted++;
        } catch (error) {
          if (!isHeatlensError(error)) throw new Error(`${JSON.stringify(answer).slice(0, 2000)}`, { cause: error });
        }
      }
      // Were most of them refused, they would test the first check only.
      assert.ok(accepted > CHANGES_EACH / 2, `only ${accepted} were accepted`);
    });
  }
});

const VALUES = [
  'null',
  '-1',
  '1e308',
  '""',
  '[]',
  '{}',
  '[null]',
  '{"stage":"X"}',
  '[{"stage":""}]',
  '{"$numberLong":"x"}',
  'true',
  '{"queryPlanner":{}}',
  '[[{"$cursor":{}}]]',
  '{"__proto__":{"stage":1}}',
];

/** Puts something else in the place of one to four values. */
function swapValue(text: string, random: () => number): string {
  let result = text;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const colon = result.indexOf('":', Math.floor(random() * result.length));
    if (colon < 0) continue;
    const end = endOfValue(result, colon + 2);
    result = result.slice(0, colon + 2) + VALUES[Math.floor(random() * VALUES.length)] + result.slice(end);
  }
  return result;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let inText = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inText) {
      if (char === '\\') at++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === ',' && depth === 0) return at;
    else if (char === '}' || char === ']') {
      if (depth === 0) return at;
      depth--;
    }
  }
  return text.length;
}
