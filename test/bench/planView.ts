import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Stage } from '../../src/core/database/plan';
import { repositoryRoot } from '../support/nodeVersions';
import {
  openExplainPage,
  planOf,
  runMillis,
  runOf,
  sendText,
  stage,
  statementView,
  type RunMessage,
  shownRun,
} from '../ui/explainHarness';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median, quantile } from './statistics';

const STAGES = 500;
const SHOWN_MS = 200;

/** From the arrival of a plan at the built page until it is on the screen, in a browser without a GPU. */
export async function measurePlanView({ quick }: BenchOptions): Promise<Row[]> {
  const { launchBrowser } = (await import(pathToFileURL(join(repositoryRoot, 'scripts/hosts/workbench.mjs')).href)) as {
    launchBrowser(): Promise<Browser>;
  };
  const browser = await launchBrowser();
  const firsts: number[] = [];
  const later: number[] = [];
  try {
    for (let page = 0; page < (quick ? 2 : 5); page++) {
      const harness = await openExplainPage(browser);
      await harness.send({ type: 'statement', statement: statementView() });
      for (let round = 0; round < (quick ? 4 : 8); round++) {
        // Each has two stages more, so that it is seen when its own tree is there.
        const count = STAGES + 2 * round;
        await sendText(harness.page, broadRun(count));
        await harness.page.locator(`.tree[aria-rowcount="${count + 2}"]`).waitFor();
        (round ? later : firsts).push(await runMillis(harness.page));
      }
      await harness.close();
    }
  } finally {
    await browser.close();
  }
  const part = 'mongo, plan view';
  const note = `${STAGES} stages, from the message to the frame that shows them`;
  return [
    { part, what: 'plan, first of a page', value: median(firsts), unit: 'ms', limit: SHOWN_MS, note },
    {
      part,
      what: 'plan, later ones',
      value: median(later),
      unit: 'ms',
      limit: SHOWN_MS,
      note: `p95 ${quantile(later, 0.95).toFixed(0)} ms`,
    },
  ];
}

/** An `OR` of index scans with a fetch each: `count` stages below it. */
function broadRun(count: number): RunMessage {
  const branches = Array.from({ length: count / 2 }, (_, at): Stage => {
    const scan = stage('IXSCAN', [], {
      index: `a_${at}`,
      entriesRead: at,
      returned: at,
      selfMillis: 1,
      fields: { works: at },
    });
    return stage('FETCH', [scan], { returned: at, rowsRead: at, selfMillis: 2, fields: { works: at } });
  });
  return shownRun(runOf(planOf(stage('OR', branches))));
}
