import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../support/nodeVersions';

/** The one page that all UI suites share; set by `setup.ts`, because the first lens takes tens of seconds. */
let shared: Page | undefined;

export function setSharedPage(page: Page | undefined): void {
  shared = page;
}

/** A window besides the shared one. */
export interface OtherWindow {
  readonly language?: string;
  /** The sample service without it. */
  readonly folder?: string;
  readonly file?: string;
  /** On a server of its own, where nothing is attached. */
  readonly own?: 'trusted' | 'restricted';
}

/** Set by `setup.ts`. */
let openWindow: ((place: OtherWindow) => Promise<{ page: Page; close(): Promise<void> }>) | undefined;

export function setWindowOpener(open: typeof openWindow): void {
  openWindow = open;
}

/** Runs what is to be seen in another window, which is the page meanwhile. */
export async function inWindow(place: OtherWindow, look: () => Promise<void>): Promise<void> {
  assert.ok(openWindow, 'run UI tests with --require out/test/ui/setup.js');
  const before = page();
  const other = await openWindow(place);
  shared = other.page;
  try {
    await look();
  } catch (error) {
    // When the suite looks at a failure, the window is gone.
    await screenshot('failed-in-another-window');
    throw error;
  } finally {
    shared = before;
    await other.close();
  }
}

export function page(): Page {
  assert.ok(shared, 'run UI tests with --require out/test/ui/setup.js');
  return shared;
}

function quickInput(): Locator {
  return page().locator('.quick-input-widget');
}

/**
 * Opens the quick input by a key, types into it and leaves a row with the text focused. A busy window may still be
 * closing the quick input before, which then takes the key or what is typed: so it is closed first, and all is done
 * again while no such row comes.
 */
async function openQuickInput(key: string, typed: string, row: string | RegExp): Promise<void> {
  for (let tries = 1; ; tries++) {
    for (let escapes = 0; escapes < 10 && (await quickInput().isVisible()); escapes++) {
      await page().keyboard.press('Escape');
      await quickInput()
        .waitFor({ state: 'hidden', timeout: 1000 })
        .catch(() => undefined);
    }
    try {
      await page().keyboard.press(key);
      await quickInput().locator('input').first().fill(typed, { timeout: 5000 });
      await focusRow(row, 8000);
      return;
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}

/** Accepts what is focused in the quick input and waits until it is closed. */
async function acceptQuickInput(): Promise<void> {
  for (let enters = 0; enters < 5 && (await quickInput().isVisible()); enters++) {
    await page().keyboard.press('Enter');
    await quickInput()
      .waitFor({ state: 'hidden', timeout: 5000 })
      .catch(() => undefined);
  }
}

/** By the keyboard: on a busy machine rows still move when they could be clicked. */
async function focusRow(text: string | RegExp, timeout?: number): Promise<void> {
  const row = page().locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  await row.waitFor({ timeout });
  for (let steps = 0; steps < 30 && !/\bfocused\b/.test((await row.getAttribute('class')) ?? ''); steps++)
    await page().keyboard.press('ArrowDown');
}

/** Runs a command from the palette by its title. */
export async function runCommand(title: string): Promise<void> {
  await openQuickInput('F1', `>${title}`, title);
  await page().keyboard.press('Enter');
}

/** Chooses the first row with the text. */
export async function pick(text: string | RegExp): Promise<void> {
  await focusRow(text);
  await page().keyboard.press('Enter');
}

/** Opens a file of the workspace by its name through Quick Open. */
export async function openFile(name: string, line = 1): Promise<void> {
  await openQuickInput('Control+P', name, name);
  await acceptQuickInput();
  await page().locator('.tab.active', { hasText: name }).waitFor();
  await openQuickInput('Control+G', `:${line}`, /./);
  await acceptQuickInput();
}

/** Leaves the workbench in a dark or a light theme. */
export async function setTheme(theme: 'dark' | 'light'): Promise<void> {
  const dark = (await page().locator('.monaco-workbench.vs-dark').count()) > 0;
  if (dark !== (theme === 'dark')) await runCommand('Preferences: Toggle between Light/Dark Themes');
  await page()
    .locator(theme === 'dark' ? '.monaco-workbench.vs-dark' : '.monaco-workbench.vs')
    .waitFor();
}

/** Text of all lenses in view. */
export async function lensTexts(): Promise<string[]> {
  return (await page().locator('.codelens-decoration a').allTextContents()).map((text) =>
    text.replaceAll('\u00a0', ' '),
  );
}

export function lens(text: string | RegExp): Locator {
  return page().locator('.codelens-decoration', { hasText: text }).first();
}

/** Writes `test-output/screenshots/NAME.png` and returns its path. */
export async function screenshot(name: string): Promise<string> {
  const folder = join(repositoryRoot, 'test-output/screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page().screenshot({ path });
  return path;
}

export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Colours that are really on the screen at points of the page, as the browser painted them. */
export async function pixels(points: readonly { readonly x: number; readonly y: number }[]): Promise<Color[]> {
  const image = await page().screenshot({ type: 'png' });
  return page().evaluate(
    async ({ base64, at }) => {
      // Runs in the browser, whose types are not those of this file.
      const browser = globalThis as unknown as {
        createImageBitmap(blob: unknown): Promise<{ width: number; height: number }>;
        OffscreenCanvas: new (
          width: number,
          height: number,
        ) => {
          getContext(kind: '2d'): {
            drawImage(image: unknown, x: number, y: number): void;
            getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
          };
        };
      };
      // The page's content security policy forbids to fetch a data: URL.
      const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], {
        type: 'image/png',
      });
      const bitmap = await browser.createImageBitmap(blob);
      const context = new browser.OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return at.map(({ x, y }) => {
        const [red, green, blue] = context.getImageData(Math.round(x), Math.round(y), 1, 1).data;
        return { red, green, blue };
      });
    },
    { base64: image.toString('base64'), at: points },
  );
}

/** Sum of the differences of the three channels, 0..765. */
export function colorDistance(a: Color, b: Color): number {
  return Math.abs(a.red - b.red) + Math.abs(a.green - b.green) + Math.abs(a.blue - b.blue);
}
