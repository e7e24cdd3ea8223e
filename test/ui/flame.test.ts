import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { assertPictureOf } from '../support/drawnPicture';
import { repositoryRoot } from '../support/nodeVersions';
import {
  answerFileDialog,
  canvas,
  coloursDrawn,
  drawing,
  extensionHostBytes,
  flame,
  pageHeapBytes,
  search,
  select,
  selectedName,
  viewTab,
} from './flamePage';
import { openFile, page, runCommand, screenshot, setTheme, pick } from './workbench';

const workspace = join(repositoryRoot, 'test/fixtures/workspaces/shop');
const source = readFileSync(join(workspace, 'src/pricing.ts'), 'utf8').split('\n');
const names = { profile: 'flame-ui.cpuprofile', before: 'flame-before.cpuprofile' };

function lineOf(text: string): number {
  return source.findIndex((line) => line.includes(text)) + 1;
}

/** What `node --cpu-prof` writes when the service ends by itself; in the workspace, so that the explorer shows it. */
async function record(name: string, ms: number): Promise<void> {
  const script = `setTimeout(() => process.kill(process.pid, 'SIGTERM'), ${ms}); require(${JSON.stringify(join(workspace, 'lib/service.js'))});`;
  await promisify(execFile)(
    'node',
    ['--cpu-prof', '--cpu-prof-dir', workspace, '--cpu-prof-name', name, '-e', script],
    { timeout: 20_000 },
  );
}

async function until(what: string, probe: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !(await probe()); await sleep(100))
    if (Date.now() > end) assert.fail(`waited ${ms / 1000} s in vain: ${what}`);
}

const views = ['timeOrder', 'leftHeavy', 'inverted', 'sandwich', 'table'] as const;

describe('a flame graph on the screen', function () {
  this.timeout(90_000);
  before(async () => {
    await Promise.all([record(names.profile, 3000), record(names.before, 1500)]);
    await runCommand('View: Close All Editors');
    await setTheme('dark');
  });

  after(async () => {
    for (const name of Object.values(names)) rmSync(join(workspace, name), { force: true });
    await setTheme('dark');
    await runCommand('View: Close All Editors');
  });

  it('opens by a double click on a .cpuprofile', async () => {
    await runCommand('View: Show Explorer');
    await runCommand('Refresh Explorer');
    await page().locator('.explorer-folders-view .monaco-list-row', { hasText: names.profile }).dblclick();
    await page().locator('.tab.active', { hasText: names.profile }).waitFor();
    await viewTab('timeOrder').waitFor();
    await flame()
      .locator('.detail-total', { hasText: /samples/ })
      .waitFor();
    await runCommand('View: Toggle Primary Side Bar Visibility');
    await sleep(500);
    await screenshot('flame-opened');
  });

  for (const view of views) {
    it(`has the view ${view}`, async () => {
      const before = (await canvas().isVisible()) ? await drawing() : '';
      await viewTab(view).click();
      await until(`${view} chosen`, async () => (await viewTab(view).getAttribute('aria-selected')) === 'true');
      if (view === 'sandwich') await select('score');
      await sleep(600);
      await screenshot(`flame-${view}-dark`);
      if (view === 'table') {
        const rows = flame().locator('.table-body .table-row');
        await rows.first().waitFor();
        assert.match((await rows.allInnerTexts()).join('\n'), /score/);
        return;
      }
      assert.notEqual(await drawing(), before);
      // Of boxes by their heat, not of the background alone.
      assert.ok((await coloursDrawn()) > 3, `${view} has ${await coloursDrawn()} colours`);
    });
  }

  it('searches as one types, and takes a broken expression as one that is not finished', async () => {
    await viewTab('leftHeavy').click();
    assert.match(await search('score'), /\d.*%/);
    await screenshot('flame-search-dark');
    const isRegExp = flame().locator('.search .toggle').last();
    await isRegExp.click();
    await flame().locator('.search-input').fill('score(');
    await until('a hint', async () => ((await flame().locator('.search-hint').innerText()) || '').length > 5);
    await flame().locator('.search-input').fill('^(score|discount)$');
    await flame().locator('.search-result', { hasText: '%' }).waitFor();
    await isRegExp.click();
  });

  it('zooms into the selected method and out again', async () => {
    await flame().locator('.search-input').fill('');
    await runCommand('Heatlens: Reset Flame Graph Zoom');
    await sleep(500);
    const whole = await drawing();
    await select('score');
    const selected = await drawing();
    const button = flame().locator('.detail-actions .button:visible').first();
    await button.click();
    await sleep(700);
    const zoomed = await drawing();
    assert.notEqual(zoomed, whole);
    await screenshot('flame-zoomed-dark');
    await runCommand('Heatlens: Reset Flame Graph Zoom');
    await until('the whole again', async () => (await drawing()) !== zoomed);
    assert.notEqual(selected, zoomed);
    const box = await canvas().boundingBox();
    assert.ok(box);
    await page().mouse.move(box.x + box.width / 3, box.y + 10);
    const before = await drawing();
    await page().keyboard.down('Control');
    await page().mouse.wheel(0, -400);
    await page().keyboard.up('Control');
    await until('a zoom by the wheel', async () => (await drawing()) !== before);
    await runCommand('Heatlens: Reset Flame Graph Zoom');
  });

  it('leads to the line of the TypeScript source', async () => {
    await select('score');
    await flame().locator('.detail-place').click();
    await page().locator('.tab.active', { hasText: 'pricing.ts' }).waitFor();
    await page()
      .locator('.part.statusbar', { hasText: `Ln ${lineOf('score(rounds: number)')},` })
      .waitFor();
    await screenshot('flame-source-dark');
    assert.equal(await page().locator('.editor-group-container').count(), 2, 'beside the graph');
  });

  it('reveals what is selected in the source beside it, and keeps the focus', async () => {
    await select('discount');
    await page().locator('.view-line', { hasText: 'discount(rounds: number)' }).first().waitFor();
    assert.match(await selectedName(), /discount/);
  });

  for (const [name, theme] of [
    ['light', 'Light Modern'],
    ['hc-dark', 'Dark High Contrast'],
    ['hc-light', 'Light High Contrast'],
    ['dark', 'Dark Modern'],
  ] as const) {
    it(`is drawn in the colours of the theme ${theme}`, async () => {
      await page().locator('.tab', { hasText: names.profile }).first().click();
      await viewTab('leftHeavy').click();
      const before = await drawing();
      await runCommand('Preferences: Color Theme');
      await page().locator('.quick-input-widget input').fill(theme);
      await sleep(500);
      await page().keyboard.press('Enter');
      await sleep(1200);
      await screenshot(`flame-theme-${name}`);
      await viewTab('table').click();
      await sleep(400);
      await screenshot(`flame-table-${name}`);
      await viewTab('leftHeavy').click();
      assert.notEqual(await drawing(), before);
    });
  }

  it('shows the difference to another profile', async () => {
    await runCommand('Heatlens: Compare Profiles');
    await answerFileDialog(join(workspace, names.before));
    await until('the difference', async () => (await viewTab('difference').getAttribute('aria-selected')) === 'true');
    await sleep(800);
    await screenshot('flame-difference-dark');
    assert.match(await flame().locator('.detail-total').innerText(), /^Before \d.*after \d/i);
  });

  /**
   * The command is offered where the flame graph has the focus, which comes back to it late when a dialog closes: it may then be
   * in the source beside it, or close the dialog that has just opened.
   */
  async function askForFile(format: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await page().locator('.tab', { hasText: names.profile }).first().click();
        await viewTab('leftHeavy').click();
        await runCommand('Heatlens: Export Flame Graph');
        await pick(format);
        const ok = page().locator('.quick-input-widget .quick-input-action', { hasText: 'OK' });
        await ok.waitFor({ timeout: 8000 });
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  it('is exported by a dialog', async () => {
    for (const [label, ending] of [
      ['SVG', '.svg'],
      ['HTML', '.html'],
      ['Speedscope JSON', '.speedscope.json'],
    ] as const) {
      const path = join(workspace, `flame-ui${ending}`);
      rmSync(path, { force: true });
      await askForFile(label);
      // Beside the profile, under its name.
      await until(
        'the proposal',
        async () => (await page().locator('.quick-input-widget input').first().inputValue()) === path,
      );
      await sleep(500);
      await page().keyboard.press('Enter');
      await until(path, () => existsSync(path));
      const text = readFileSync(path, 'utf8');
      rmSync(path);
      if (ending === '.svg') await assertPictureOf(text, join(workspace, names.profile));
      else assert.match(text, ending === '.html' ? /^<!doctype html>/i : /^\{.*speedscope/s);
    }
  });

  it('is used by the keyboard alone', async () => {
    // A dialog that was open a moment ago may give the focus back while one types: then it is typed again.
    await until('the match', async () => {
      await page().locator('.tab', { hasText: names.profile }).first().click();
      await page().keyboard.press('Control+F');
      await flame().locator('.search-input:focus').waitFor({ timeout: 5000 });
      await page().keyboard.press('Control+A');
      await page().keyboard.type('score');
      // The first Enter may come before the search, and then asks for it.
      for (let enters = 0; enters < 5; enters++) {
        await page().keyboard.press('Enter');
        await sleep(300);
        if ((await selectedName()).includes('score')) return true;
      }
      return false;
    });
    await page().keyboard.press('Escape');
    await page().keyboard.press('Escape');
    await page().keyboard.press('2');
    await until('left heavy', async () => (await viewTab('leftHeavy').getAttribute('aria-selected')) === 'true');
    const name = await selectedName();
    await page().keyboard.press('ArrowUp');
    await until('its caller', async () => (await selectedName()) !== name);
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await page()
      .locator('.tab.active', { hasText: /pricing\.ts|service\.ts/ })
      .waitFor();
  });
});

describe('a live flame graph on the screen', function () {
  this.timeout(150_000);

  after(async () => {
    await runCommand('View: Close All Editors');
    // What the suites of the heat look at.
    await openFile('pricing.ts');
  });

  it('refreshes for a minute, focus and zoom kept, memory flat', async () => {
    await runCommand('View: Close All Editors');
    await runCommand('Heatlens: Show Flame Graph');
    await flame().locator('.detail-total', { hasText: /\d/ }).waitFor({ timeout: 30_000 });
    await viewTab('leftHeavy').click();
    await select('score');
    await flame().locator('.detail-actions .button:visible').first().click();
    await sleep(5_000);
    await screenshot('flame-live-start');
    const crumbs = await flame().locator('.breadcrumb').innerText();
    const samples = async (): Promise<number> =>
      Number(/([\d,]+) samples/.exec(await flame().locator('.detail-total').innerText())?.[1].replaceAll(',', '') ?? 0);
    const counts = [await samples()];
    // The first refreshes fill caches and compile code.
    await sleep(10_000);
    const [heap, host] = [await pageHeapBytes(), extensionHostBytes()];
    for (let i = 0; i < 5; i++) {
      await sleep(10_000);
      counts.push(await samples());
      assert.equal(await flame().locator('.breadcrumb').innerText(), crumbs, 'the focused stack');
      assert.match(await selectedName(), /score/);
    }
    await screenshot('flame-live-end');
    assert.ok(
      counts.every((count, i) => i === 0 || count > counts[i - 1]),
      counts.join(),
    );
    const grown = { page: (await pageHeapBytes()) - heap, host: extensionHostBytes() - host };
    assert.ok(grown.page < 20e6 && grown.host < 60e6, JSON.stringify({ heap, host, grown }));
  });
});
