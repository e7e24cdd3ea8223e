import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import { exportToFile } from '../../src/node/profiles/exportProfile';
import { readColumns } from '../../src/node/profiles/readColumns';
import { columnsOf } from '../support/columnsBuilder';
import { repositoryRoot } from '../support/nodeVersions';
import { profileFixtures } from '../support/recordedProfiles';

const pageFolder = join(repositoryRoot, 'dist/webview');

describe('HTML report', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-report-'));
  let browser: Browser;

  before(async () => {
    assert.ok(existsSync(join(pageFolder, 'flame.js')), 'run `npm run build` first');
    const script = pathToFileURL(join(repositoryRoot, 'scripts/hosts/workbench.mjs')).href;
    browser = await ((await import(script)) as { launchBrowser(): Promise<Browser> }).launchBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report as a user would, from its file and without a network; fails on any error, refusal or request. */
  async function withReport(
    name: string,
    columns: ProfileColumns,
    colorScheme: 'dark' | 'light',
    task: (page: Page) => Promise<void>,
    comparison?: ProfileColumns,
  ): Promise<void> {
    const path = join(folder, `${name}.html`);
    await exportToFile(columns, 'html', path, { pageFolder, comparison });
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, offline: true, colorScheme });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => requests.push(request.url().replace(/^blob:.*/, 'blob:')));
      await page.goto(pathToFileURL(path).href);
      await task(page);
      const screenshots = join(repositoryRoot, 'test-output/screenshots');
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, `html-report-${name}.png`) });
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        [...new Set(requests)].filter((url) => url !== 'blob:'),
        [pathToFileURL(path).href],
      );
      assert.equal(page.workers().length, 1, 'the layouts are made in a worker');
    } finally {
      await context.close();
    }
  }

  for (const colorScheme of ['dark', 'light'] as const) {
    it(`shows a recorded profile from its file alone, ${colorScheme}`, async () => {
      const [columns] = await readColumns(join(profileFixtures, 'node22.cpuprofile'));
      await withReport(`recorded-${colorScheme}`, columns, colorScheme, async (page) => {
        await page.getByRole('treeitem', { name: /main/ }).first().waitFor({ state: 'attached' });
        assert.equal(await page.title(), 'node22.cpuprofile');
      });
    });
  }

  it('compares with an earlier profile', async () => {
    const before = columnsOf({ 'main@/a.js:0 > hot@/a.js:9': 9_000, 'main@/a.js:0': 1_000 }, { title: 'before' });
    const after_ = columnsOf(
      { 'main@/a.js:0 > hot@/a.js:9': 3_000, 'main@/a.js:0 > fresh@/a.js:20': 2_000 },
      { title: 'after' },
    );
    const compare = async (page: Page): Promise<void> => {
      await page.getByRole('tab', { name: 'Difference' }).click();
      await page.getByText(/Before 10\S* ms, after 5\S* ms/).waitFor();
    };
    await withReport('difference', after_, 'light', compare, before);
  });

  it('runs nothing that stands in names', async () => {
    const nasty = [
      '</script><script>alert(1)</script>',
      '<!--<script>',
      '<img src=x onerror=alert(2)>',
      '"\'`${alert(3)}',
      '\u202e\u0000\ud800',
      ']]>',
      'x'.repeat(10_000),
    ];
    const columns = columnsOf(
      Object.fromEntries(nasty.map((name, i) => [`${name}@file:///${name}.js:${i}`, 1_000 + i])),
      { title: nasty.join(' ') },
    );
    await withReport('names', columns, 'dark', async (page) => {
      await page.getByRole('treeitem').first().waitFor({ state: 'attached' });
      assert.equal(await page.locator('script').count(), 2);
      assert.equal(await page.locator('img').count(), 0);
    });
  });
});
