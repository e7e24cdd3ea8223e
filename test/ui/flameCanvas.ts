import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../support/nodeVersions';
import type { Color } from './workbench';

/** The drawing of a view, or in a sandwich the lower one. */
export function pane(page: Page): Locator {
  return page.locator('.layer:not(.callers) .flame-pane');
}

/** A point on a box: its row, and where it lies within the drawing's width (0..1). */
export async function pointOn(page: Page, row: number, share: number): Promise<{ x: number; y: number }> {
  const box = await pane(page).boundingBox();
  assert.ok(box, 'nothing is drawn');
  return { x: box.x + box.width * share, y: box.y + row * 18 + 9 };
}

export async function clickBox(
  page: Page,
  row: number,
  share: number,
  modifiers: readonly ('Control' | 'Alt')[] = [],
): Promise<void> {
  const { x, y } = await pointOn(page, row, share);
  for (const key of modifiers) await page.keyboard.down(key);
  await page.mouse.click(x, y);
  for (const key of modifiers) await page.keyboard.up(key);
}

/** The colour of a box near its lower right, where no text is. */
export async function colorOfBox(page: Page, row: number, share: number): Promise<Color> {
  await settle(page);
  return page.evaluate(
    ({ at, top }) => {
      // Runs in the browser, whose types are not those of this file.
      const { document } = globalThis as unknown as {
        document: {
          querySelector(selector: string): {
            width: number;
            getContext(kind: '2d'): {
              getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
            };
          };
        };
      };
      const canvas = document.querySelector('.layer:not(.callers) canvas.boxes');
      const [red, green, blue] = canvas.getContext('2d').getImageData(Math.round(canvas.width * at), top, 1, 1).data;
      return { red, green, blue };
    },
    { at: share, top: row * 18 + 15 },
  );
}

/** Movements are over and the picture is at rest. */
export async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(450);
}

export async function shoot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, 'test-output/screenshots');
  mkdirSync(folder, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(folder, `flame-page-${name}.png`) });
}

/** Texts of the rows of the table that are in the document. */
export async function tableRows(page: Page): Promise<string[]> {
  await settle(page);
  return (await page.locator('.table-body .table-row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
}

export async function chosenView(page: Page): Promise<string> {
  return (await page.locator('.tab[aria-selected="true"]').innerText()).trim();
}

export async function details(page: Page): Promise<string> {
  await settle(page);
  return (await page.locator('.details').innerText()).replace(/\s+/g, ' ');
}
