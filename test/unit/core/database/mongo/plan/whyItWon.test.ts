import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { whyItWon, type WhyItWon } from '../../../../../../src/core/database/mongo/plan/whyItWon';
import { repositoryRoot } from '../../../../../support/nodeVersions';

const recorded = join(repositoryRoot, 'test/fixtures/mongo/recorded');

function recordedPlans(name: string, verbosity = 'allPlansExecution'): WhyItWon[] {
  const { explain } = JSON.parse(readFileSync(join(recorded, `${name}.json`), 'utf8')) as {
    explain: Record<string, unknown>;
  };
  return whyItWon(readPlan(explain[verbosity]));
}

/** A plan with one rejected one, each with what it did in the trial. */
function plans(winner: object, rejected: object, trials: readonly object[] = []): WhyItWon[] {
  return whyItWon(
    readPlan({
      queryPlanner: { namespace: 'shop.products', winningPlan: winner, rejectedPlans: [rejected] },
      executionStats: { executionSuccess: true, nReturned: 1, executionStages: winner, allPlansExecution: trials },
    }),
  );
}

const fetch = (index: string, more: object = {}): object => ({
  stage: 'FETCH',
  ...more,
  inputStage: { stage: 'IXSCAN', indexName: index },
});

describe('why a plan won', () => {
  it('names the end that only the winner came to, and the sort that delivers nothing', () => {
    const [{ reasons, trial, winner, rejected }] = recordedPlans('shop/find-esr-wrong');
    assert.deepEqual(reasons, [
      'The winner came to its end after 25 steps, this plan did not: being finished counts most.',
      'In 25 steps of the trial the winner delivered 10 documents, this plan 0.',
      'A sort in memory delivers nothing before it has read everything, so it looks idle for the whole trial.',
    ]);
    assert.deepEqual([winner.name, rejected.name], ['LIMIT', 'SORT']);
    assert.deepEqual([trial?.winner.works, trial?.winner.returned, trial?.winner.reachedEnd], [25, 10, true]);
    assert.deepEqual([trial?.rejected.works, trial?.rejected.returned, trial?.rejected.reachedEnd], [25, 0, false]);
  });

  it('compares what was delivered where neither came to its end', () => {
    const [{ reasons }] = recordedPlans('shop/find-brand-price');
    assert.deepEqual(reasons, ['In 101 steps of the trial the winner delivered 101 documents, this plan 5.']);
  });

  it('names what breaks a tie', () => {
    const [{ reasons }] = recordedPlans('shop/agg-project-covered');
    assert.equal(
      reasons[0],
      'Both delivered 101 documents in 101 steps; the winner does it without reading documents, which breaks the tie.',
    );
  });

  it('says that a choice between equals is none', () => {
    const [{ reasons }] = recordedPlans('shop/find-eq');
    assert.deepEqual(reasons, [
      'Both delivered 101 documents in 101 steps, and nothing else tells them apart: the planner took the one that it had made first. Either could run the next time.',
    ]);
  });

  it('reads the plan of the same shard as the winner', () => {
    const found = recordedPlans('sharded/agg-sort-merge');
    assert.deepEqual(
      found.map(({ rejected, winner }) => [rejected.shard, winner.shard, rejected.name, winner.name]),
      [
        ['shard2', 'shard2', 'SORT', 'LIMIT'],
        ['shard1', 'shard1', 'LIMIT', 'SORT'],
      ],
    );
    assert.match(found[1].reasons[0], /^In 7,323 steps of the trial the winner delivered 25 documents, this plan 0\.$/);
  });

  it('computes the score of the planner: every recorded winner has the highest', () => {
    let trials = 0;
    for (const folder of ['shop', 'bare', 'sharded']) {
      for (const file of readdirSync(join(recorded, folder))) {
        const { explain } = JSON.parse(readFileSync(join(recorded, folder, file), 'utf8')) as {
          explain?: Record<string, unknown>;
        };
        if (!explain?.allPlansExecution || 'error' in explain) continue;
        let found: WhyItWon[];
        try {
          found = whyItWon(readPlan(explain.allPlansExecution));
        } catch {
          // The server refused to explain it.
          continue;
        }
        for (const { trial, reasons } of found) {
          if (!trial) continue;
          trials++;
          const [own, other] = [trial.winner.score, trial.rejected.score];
          assert.ok(
            own !== undefined && other !== undefined && own >= other - 1e-9,
            `${folder}/${file}: ${own} and ${other}`,
          );
          assert.ok(reasons.length > 0, file);
        }
      }
    }
    assert.ok(trials >= 30, `${trials} trials`);
  });

  it('computes what newer servers tell, and prefers what they tell', () => {
    const run = (works: number, isEOF: number): object => fetch('a_1', { works, advanced: 1, isEOF, nReturned: 1 });
    const [computed] = plans(fetch('a_1'), fetch('b_1'), [
      { nReturned: 1, executionStages: run(2, 1) },
      { nReturned: 1, executionStages: run(2, 0) },
    ]);
    // What a server 8.2 tells for such a plan.
    assert.deepEqual([computed.trial?.winner.score, computed.trial?.rejected.score], [2.5002, 1.5002]);
    assert.equal(computed.trial?.winner.scoreTold, false);
    const [told] = plans(fetch('a_1'), fetch('b_1'), [
      {
        nReturned: 1,
        score: 7.5,
        executionStages: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'a_1' } },
      },
      {
        nReturned: 1,
        score: 6,
        executionStages: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'b_1' } },
      },
    ]);
    assert.deepEqual([told.trial?.winner.score, told.trial?.winner.scoreTold], [7.5, true]);
    assert.equal(told.reasons[0], 'The planner scored the winner 7.5, this plan 6.');
  });

  it('does not make up a reason where the numbers speak against the winner', () => {
    const run = (advanced: number): object => fetch('a_1', { works: 10, advanced, isEOF: 0, nReturned: advanced });
    const [{ reasons }] = plans(fetch('a_1'), fetch('b_1'), [
      { nReturned: 2, executionStages: run(2) },
      { nReturned: 9, executionStages: run(9) },
    ]);
    assert.match(reasons[0], /this plan did better/);
  });

  it('has no trial without its numbers, and says only what the plans show', () => {
    const [{ trial, reasons }] = recordedPlans('shop/find-esr-wrong', 'executionStats');
    assert.equal(trial, undefined);
    assert.deepEqual(reasons, ['The winner does without a sort in memory.']);
    assert.deepEqual(plans(fetch('a_1'), fetch('b_1'))[0].reasons, []);
  });

  it('walks plans of any depth', () => {
    let deep: object = { stage: 'IXSCAN', indexName: 'a_1' };
    for (let level = 0; level < 20_000; level++) deep = { stage: 'FETCH', inputStage: deep };
    const [{ winner }] = plans(deep, deep);
    assert.equal(winner.name, 'FETCH');
  });
});
