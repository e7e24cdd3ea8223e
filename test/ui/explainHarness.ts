import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { ExplainRun } from '../../src/core/database/explainRun';
import { findIn } from '../../src/core/database/mongo/findings/findIn';
import type { Plan, Stage } from '../../src/core/database/plan';
import { readPlan } from '../../src/core/database/mongo/plan/readPlan';
import { suggestIndexes } from '../../src/core/database/mongo/indexes/suggestIndexes';
import { runView } from '../../src/core/database/mongo/run/runView';
import { stageFacts } from '../../src/core/database/mongo/plan/stageFacts';
import { MONGO_WORDS } from '../../src/core/database/mongo/plan/words';
import type { FromExplainPage, StatementView, ToExplainPage } from '../../src/core/protocol/explain';
import { repositoryRoot } from '../support/nodeVersions';
import { openBuiltPage, type HarnessOptions, type PageHarness } from './pageHarness';
import { pageSuite } from './pageSuite';

export type RunMessage = Extract<ToExplainPage, { type: 'run' }>;
export type ExplainHarness = PageHarness<ToExplainPage, FromExplainPage>;

export function openExplainPage(browser: Browser, options: HarnessOptions = {}): Promise<ExplainHarness> {
  return openBuiltPage(browser, 'explain', { width: 1280, height: 860, ...options });
}

/** A statement that can run: one value given, one sampled, one missing. */
export function statementView(more: Partial<StatementView> = {}): StatementView {
  const text =
    'db.products\n  .find({ category: "lamps", price: { $gte: <minimum> }, active: true })\n  .sort({ createdAt: -1 })\n  .limit(20)';
  return {
    place: 'search.ts:42',
    api: 'driver',
    text,
    ranges: [rangeOf(text, '"lamps"', 'category'), rangeOf(text, '<minimum>', 'minimum')],
    holes: [
      { name: 'category', type: 'string', path: 'filter.category', value: 'lamps', source: 'last' },
      { name: 'minimum', type: 'number', path: 'filter.price.$gte', value: null, source: 'none' },
    ],
    choices: [{ condition: 'onlyActive', holds: true }],
    collection: 'products',
    database: 'shop',
    databases: ['shop', 'bare'],
    connection: { name: 'localhost:27017', state: 'connected' },
    verbosity: 'executionStats',
    refused: {},
    problems: [],
    blocked: null,
    ...more,
  };
}

export function rangeOf(text: string, part: string, hole: string): StatementView['ranges'][number] {
  const from = text.indexOf(part);
  return { from, to: from + part.length, hole };
}

const recorded = join(repositoryRoot, 'test/fixtures/mongo/recorded');

/** What a real server answered to one of the recorded commands. */
export function recordedExplain(name: string, verbosity: keyof RecordedExplains = 'executionStats'): unknown {
  const text = readFileSync(join(recorded, `${name}.json`), 'utf8');
  return (JSON.parse(text) as { explain: RecordedExplains }).explain[verbosity];
}

/** Commands that a server explained with execution. */
export function recordedNames(): string[] {
  const folders = ['shop', 'bare', 'sharded'];
  const names = folders.flatMap((folder) =>
    readdirSync(join(recorded, folder)).map((file) => `${folder}/${file.replace(/\.json$/, '')}`),
  );
  return names.filter((name) => {
    const answer = recordedExplain(name) as { ok?: number } | undefined;
    return answer?.ok === 1;
  });
}

interface RecordedExplains {
  readonly queryPlanner: unknown;
  readonly executionStats: unknown;
  readonly allPlansExecution: unknown;
}

export function runMessage(
  explain: unknown,
  more: Partial<ExplainRun> = {},
  message: Partial<RunMessage> = {},
): RunMessage {
  const raw = JSON.stringify(explain, undefined, 2);
  return shownRun(runOf(readPlan(explain), more), { raw, ...message });
}

/** A run with its finished texts. */
export function shownRun(run: ExplainRun, message: Partial<RunMessage> = {}): RunMessage {
  return { type: 'run', run, view: runView(run), raw: '{}', history: [], ...message };
}

export function runOf(plan: Plan, more: Partial<ExplainRun> = {}): ExplainRun {
  const [database, collection] = (plan.namespace ?? 'shop.products').split('.');
  return {
    at: Date.UTC(2026, 3, 1, 10, 30),
    connection: 'localhost:27017',
    database,
    target: collection,
    verbosity: plan.executed ? 'executionStats' : 'queryPlanner',
    text: 'db.products.find({})',
    plan,
    findings: findIn(plan),
    suggestions: suggestIndexes(plan),
    facts: {},
    notes: [],
    ...more,
  };
}

/** A made plan, for what no recording has. */
export function planOf(root: Stage, more: Partial<Plan> = {}): Plan {
  return {
    namespace: 'shop.products',
    command: null,
    engine: 'classic',
    words: MONGO_WORDS,
    executed: true,
    totals: { returned: 1, millis: 100 },
    root,
    rejected: [],
    facts: {},
    problems: [],
    ...more,
  };
}

export function stage(name: string, children: readonly Stage[] = [], more: Partial<Stage> = {}): Stage {
  const made = { name, fields: {}, children, ...more };
  return { ...stageFacts(made), ...made };
}

/** As JSON text: what drives the browser cannot carry what is nested deep. */
export async function sendText(page: Page, message: ToExplainPage): Promise<void> {
  await page.evaluate(
    (text) =>
      (globalThis as unknown as { postMessage(data: unknown, origin: string): void }).postMessage(
        JSON.parse(text),
        '*',
      ),
    JSON.stringify(message),
  );
}

/** What the page asked for, without the state that it saves whenever things rest. */
export async function asked(harness: ExplainHarness): Promise<FromExplainPage[]> {
  return (await harness.sent()).filter(({ type }) => type !== 'state');
}

export function treeRows(page: Page): Locator {
  return page.locator('.tree-body [role=row]');
}

/** Stages as they are listed: name, then what stands beside it. */
export async function stageNames(page: Page): Promise<string[]> {
  return treeRows(page).locator('.stage-name').allInnerTexts();
}

/** ms between the arrival of the last run and its picture. */
export async function runMillis(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { performance } = globalThis as unknown as {
      performance: { getEntriesByName(name: string): { duration: number }[] };
    };
    return performance.getEntriesByName('heatlens:run').at(-1)?.duration ?? -1;
  });
}

export async function shoot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, 'test-output/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(folder, `explain-page-${name}.png`) });
}

export interface ExplainSuite {
  /** Of the test that runs. */
  readonly harness: ExplainHarness;
  /** A page without anything. */
  start(): Promise<ExplainHarness>;
  /** A page with a statement and, where given, a run. */
  open(run?: RunMessage, options?: HarnessOptions & { statement?: Partial<StatementView> }): Promise<ExplainHarness>;
}

export function explainSuite(): ExplainSuite {
  const suite = pageSuite(openExplainPage, shoot);
  return {
    get harness() {
      return suite.harness;
    },
    start: () => suite.start(),
    open: async (run, options = {}) => {
      const harness = await suite.start(options);
      await harness.send({ type: 'statement', statement: statementView(options.statement) });
      await harness.page.locator('.statement-code').waitFor();
      if (run) {
        await sendText(harness.page, run);
        await harness.page.locator('.summary-line').waitFor();
      }
      return harness;
    },
  };
}
