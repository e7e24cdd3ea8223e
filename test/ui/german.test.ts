import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { explainTexts } from '../../src/core/pageTexts/explain';
import { flameTexts } from '../../src/core/pageTexts/flame';
import { translatedTexts } from '../../src/editor/webview/pageTexts';
import { columnsOf } from '../support/columnsBuilder';
import { repositoryRoot } from '../support/nodeVersions';
import { explainSuite, recordedExplain, runMessage, shoot as shootPlan } from './explainHarness';
import { shoot } from './flameCanvas';
import { openFlamePage, type FlameHarness } from './flameHarness';
import { flame, viewTab } from './flamePage';
import { pageSuite } from './pageSuite';
import { inWindow, lens, page, runCommand, screenshot } from './workbench';

/** The whole translation, handed to the pages as the editor does; that it is whole is what the unit tests say. */
const bundle = JSON.parse(readFileSync(join(repositoryRoot, 'l10n/bundle.l10n.de.json'), 'utf8')) as Record<
  string,
  string
>;

/** All that is read on the page or told to assistive technology. */
async function wordsOf(page: Page): Promise<string> {
  const told = await page
    .locator('[title], [aria-label], [placeholder]')
    .evaluateAll((elements) =>
      elements.flatMap((element) =>
        ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      ),
    );
  return [await page.locator('body').innerText(), ...told].join('\n');
}

/** English sentences that are left; words alone may be the same in both languages. */
function englishIn(words: string, english: Readonly<Record<string, string>>): string[] {
  return Object.values(english).filter(
    (text) => text.length > 14 && !/\{\d\}/.test(text) && bundle[text] !== text && words.includes(text),
  );
}

describe('the flame graph page in German', function () {
  this.timeout(60_000);
  const suite = pageSuite<FlameHarness>(openFlamePage, shoot);

  it('has no English sentence', async () => {
    const { page, sendProfile } = await suite.start({ data: { texts: translatedTexts(flameTexts, bundle) } });
    assert.match(await page.locator('.empty').innerText(), /Profil/);
    await sendProfile(
      columnsOf({}, { title: 'shop.cpuprofile', timeline: [['main@/srv/app.js:0', 5000]], startUs: 0 }),
    );
    await page.locator('.details .detail-total', { hasText: 'Gesamt' }).waitFor();
    const words = await wordsOf(page);
    assert.ok(words.includes('Größte links') && words.includes('Zeitfolge'), words);
    assert.deepEqual(englishIn(words, flameTexts), []);
    await shoot(page, 'german');
  });
});

describe('the plan view page in German', function () {
  this.timeout(60_000);
  const suite = explainSuite();

  it('has no English sentence', async () => {
    const run = runMessage(recordedExplain('shop/find-eq'));
    const { page } = await suite.open(run, { data: { texts: translatedTexts(explainTexts, bundle) } });
    const words = await wordsOf(page);
    assert.ok(words.includes('Noch einmal erklären') || words.includes('Erneut erklären'), words);
    assert.deepEqual(englishIn(words, explainTexts), []);
    await shootPlan(page, 'german');
  });
});

describe('a window in German', function () {
  this.timeout(180_000);

  it('speaks German in lenses, views, commands, messages and pages', async () => {
    await inWindow({ language: 'de' }, async () => {
      // It is attached at start-up, as the English one is.
      await lens(/ % gesamt/).waitFor({ timeout: 90_000 });
      await page().locator('.activitybar .action-item a[aria-label*="Heatlens"]').first().click();
      const sidebar = page().locator('.part.sidebar');
      for (const title of ['Heiße Methoden', 'Ziele'])
        await sidebar.locator('.pane-header', { hasText: title }).waitFor();
      await screenshot('german-heat');

      await runCommand('Heatlens: Abfrage am Cursor erklären');
      await runCommand('Notifications: Show Notifications');
      const message = page().locator('.notifications-center .notification-list-item');
      await message.filter({ hasText: 'Am Cursor steht keine MongoDB-Abfrage. Setzen Sie den Cursor' }).waitFor();
      await page().keyboard.press('Escape');

      await runCommand('Heatlens: Flammengraph anzeigen');
      await viewTab('leftHeavy').waitFor();
      assert.match(await viewTab('leftHeavy').innerText(), /Größte links/);
      await flame().locator('.detail-total', { hasText: 'Gesamt' }).waitFor();
      await screenshot('german-flame-graph');
    });
  });
});
