import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { repositoryRoot } from '../support/nodeVersions';
import type { Color } from './workbench';
import { colorDistance, lens, lensTexts, page, pixels, runCommand, screenshot, setTheme } from './workbench';

const source = readFileSync(join(repositoryRoot, 'test/fixtures/workspaces/shop/src/pricing.ts'), 'utf8').split('\n');

function viewLine(text: string): Locator {
  return page().locator('.view-line', { hasText: text }).first();
}

/** The colour behind a line of code, right of its text. */
async function groundOf(text: string): Promise<Color> {
  const box = await viewLine(text).boundingBox();
  assert.ok(box, `no line "${text}" in view`);
  const columns = source.find((line) => line.includes(text))?.length ?? 0;
  // Fourteen pixels of font size are about eight and a half of width.
  const [color] = await pixels([{ x: box.x + columns * 8.5 + 60, y: box.y + box.height / 2 }]);
  return color;
}

async function lensAboveLine(text: string): Promise<string | undefined> {
  const line = await viewLine(text).boundingBox();
  assert.ok(line, `no line "${text}" in view`);
  for (const candidate of await page().locator('.codelens-decoration').all()) {
    const box = await candidate.boundingBox();
    if (box && box.y < line.y && line.y - box.y < line.height * 1.5)
      return (await candidate.innerText()).replaceAll('\u00a0', ' ');
  }
  return undefined;
}

describe('heat on the screen', () => {
  before(async function () {
    this.timeout(150_000);
    await lens(/% self/)
      .waitFor({ timeout: 120_000 })
      .finally(() => screenshot('first-heat'));
  });

  it('stands above the hot method, with shares that are plausible', async () => {
    const text = await lensAboveLine('score(rounds: number)');
    assert.ok(text, `no lens; there are: ${(await lensTexts()).join(' | ')}`);
    const self = Number(/([\d.]+)(?: ± [\d.]+)? % self/.exec(text)?.[1]);
    // About three quarters; less in the first seconds, when the service is still being compiled.
    assert.ok(self > 30 && self <= 100, text);
  });

  it('is missing above the method that is never called', async () => {
    assert.equal(await lensAboveLine('describe(): string'), undefined);
  });

  for (const name of ['dark', 'light'] as const) {
    it(`colours the hot method's line in the ${name} theme, and not a cold one`, async () => {
      await setTheme(name);
      await sleep(1000);
      const cold = await groundOf('return this.items.map(');
      const hot = await groundOf('score(rounds: number)');
      const warm = await groundOf('discount(rounds: number)');
      await screenshot(`heat-${name}`);
      const brightness = cold.red + cold.green + cold.blue;
      assert.ok(name === 'dark' ? brightness < 200 : brightness > 600, `the theme is ${JSON.stringify(cold)}`);
      assert.ok(colorDistance(hot, cold) > 15, `hot ${JSON.stringify(hot)} cold ${JSON.stringify(cold)}`);
      assert.ok(
        colorDistance(hot, cold) > colorDistance(warm, cold),
        `warm ${JSON.stringify(warm)} hot ${JSON.stringify(hot)}`,
      );
    });

    it(`lists the hot methods in the ${name} theme, the hottest first`, async () => {
      await runCommand('Heatlens: Show Hot Methods');
      const rows = page().locator('.part.sidebar .monaco-list-row', { hasText: /% self/ });
      await rows.first().waitFor();
      await sleep(500);
      await screenshot(`tree-${name}`);
      const texts = await rows.allInnerTexts();
      assert.match(texts[0], /Pricing\.score/);
      assert.match(texts[1], /Pricing\.discount/);
    });

    it(`tells more in a hover in the ${name} theme`, async () => {
      await viewLine('score(rounds: number)')
        .locator('span', { hasText: /^score$/ })
        .last()
        .hover();
      const hover = page().locator('.monaco-hover:visible', { hasText: /self/i }).first();
      await hover.waitFor();
      await screenshot(`hover-${name}`);
      assert.match(await hover.innerText(), /turn/);
      await page().mouse.move(2, 2);
      await page().keyboard.press('Escape');
    });
  }

  it('has one item in the status bar', async () => {
    const items = page().locator('.part.statusbar .statusbar-item[id^="heatlens.heatlens"]');
    assert.equal(await items.count(), 1);
    assert.match(await items.innerText(), /service\.js|measuring|Heatlens/i);
  });

  it('jumps to the method that a row of the list names', async () => {
    await page().keyboard.press('Control+Home');
    await page().locator('.part.sidebar .monaco-list-row', { hasText: 'Pricing.discount' }).first().click();
    await page().locator('.part.statusbar', { hasText: 'Ln 21,' }).waitFor();
  });
});
