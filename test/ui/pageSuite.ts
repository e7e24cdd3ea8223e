import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { repositoryRoot } from '../support/nodeVersions';
import type { HarnessOptions } from './pageHarness';

export interface PageSuite<H> {
  /** Of the test that runs. */
  readonly harness: H;
  start(options?: HarnessOptions): Promise<H>;
}

/** One browser for a suite, a page for each test; no test may leave an error on its page. */
export function pageSuite<H extends { readonly page: Page; readonly errors: string[]; close(): Promise<void> }>(
  openPage: (browser: Browser, options: HarnessOptions) => Promise<H>,
  shoot: (page: Page, name: string) => Promise<void>,
): PageSuite<H> {
  let browser: Browser;
  let harness: H;
  before(async () => {
    const { launchBrowser } = (await import(
      pathToFileURL(join(repositoryRoot, 'scripts/hosts/workbench.mjs')).href
    )) as {
      launchBrowser(): Promise<Browser>;
    };
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await shoot(harness.page, `failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
    const errors = harness.errors;
    await harness.close();
    assert.deepEqual(errors, []);
  });
  return {
    get harness() {
      return harness;
    },
    start: async (options = {}) => (harness = await openPage(browser, options)),
  };
}
