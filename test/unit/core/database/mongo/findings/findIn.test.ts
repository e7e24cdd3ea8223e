import assert from 'node:assert/strict';
import { findIn } from '../../../../../../src/core/database/mongo/findings/findIn';
import { RULES } from '../../../../../../src/core/database/mongo/findings/rules';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { NOW, stage, ran, scan, keys, found, find } from './cases/answers';
import { accessCases } from './cases/accessCases';
import { sortCases } from './cases/sortCases';
import { conditionCases } from './cases/conditionCases';
import { pipelineCases } from './cases/pipelineCases';
import { resultAndPlannerCases } from './cases/resultAndPlannerCases';
import { findStatements } from '../../../../../support/findStatements';

const cases = [...accessCases, ...sortCases, ...conditionCases, ...pipelineCases, ...resultAndPlannerCases];

describe('findIn', () => {
  for (const [at, { rule, fires, severity, evidence, facts, silent, silentFacts }] of cases.entries()) {
    it(`${rule} ${RULES[rule].title.toLowerCase()}: fires and keeps silent (${at})`, () => {
      const all = found(fires, facts);
      const own = all.find((one) => one.rule === rule);
      assert.ok(own, `did not fire: ${JSON.stringify(all)}`);
      if (severity) assert.equal(own.severity, severity);
      if (evidence) assert.match(own.evidence, evidence);
      assert.ok(own.guard && own.advice);
      assert.deepEqual(
        found(silent, silentFacts).filter((one) => one.rule === rule),
        [],
      );
    });
  }

  it('tests every rule of the table', () => {
    // Those of the source have tests of their own.
    const tested = new Set([...cases.map(({ rule }) => rule), 'R36', 'R42', 'R43']);
    assert.deepEqual(
      Object.keys(RULES).filter((rule) => !tested.has(rule)),
      [],
    );
  });

  it('says of a large result what the source does with it', () => {
    const plan = readPlan(ran(find({}), stage('COLLSCAN', { nReturned: 20_000 })));
    const of = (code: string): string[] => {
      const [statement] = findStatements(
        `import { MongoClient } from 'mongodb';\nconst c = new MongoClient('x').db().collection('c');\n${code}`,
        'a.ts',
      );
      return findIn(plan, new Map(), { now: NOW, statement })
        .filter(({ rule }) => rule === 'R24')
        .map(({ evidence }) => evidence);
    };
    assert.deepEqual(of('async function f() { return c.find({}).toArray(); }'), [
      '20,000 documents returned without a limit, and the source puts all of them in one list.',
    ]);
    assert.deepEqual(of('async function f() { for await (const one of c.find({})) console.log(one); }'), []);
  });

  it('points to the stage that shows it', () => {
    const answer = ran(
      find({ a: 1 }),
      stage('LIMIT', { nReturned: 5 }, stage('OR', { nReturned: 5 }, keys({ nReturned: 0 }), scan(48_211, 5))),
    );
    const own = found(answer).find(({ rule }) => rule === 'R01');
    assert.deepEqual(own?.stage, [0, 1]);
  });
});
