import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, FrameLocator, Locator } from 'playwright-core';
import { page } from './workbench';

/** The page inside the visible webview. */
export function flame(): FrameLocator {
  return page()
    .locator('iframe.webview.ready')
    .locator('visible=true')
    .last()
    .contentFrame()
    .frameLocator('#active-frame');
}

export function viewTab(view: string): Locator {
  return flame().locator(`#tab-${view}`);
}

/** The big drawing, not the minimap. */
export function canvas(): Locator {
  return flame().locator('#stage canvas.boxes').locator('visible=true').first();
}

export async function selectedName(): Promise<string> {
  return flame().locator('.detail-name').innerText();
}

/** Types a search; the matched share of the total, as it is shown. */
export async function search(text: string): Promise<string> {
  await flame().locator('.search-input').fill(text);
  // Longer than the page waits for the next letter.
  await sleep(400);
  const result = flame().locator('.search-result');
  await result.filter({ hasText: '%' }).waitFor();
  return result.innerText();
}

/** Searches, and selects the first match. */
export async function select(text: string): Promise<void> {
  await search(text);
  await flame().locator('.search-input').press('Enter');
  await flame().locator('.detail-name', { hasText: text }).waitFor();
}

/** What is drawn, to be compared. */
export async function drawing(): Promise<string> {
  // Of the window: the frame of a webview lies under an overlay, so that its own elements cannot be photographed.
  const box = await canvas().boundingBox();
  if (!box) throw new Error('nothing is drawn');
  return (await page().screenshot({ clip: box })).toString('base64');
}

/** How many different colours the big drawing has. */
export async function coloursDrawn(): Promise<number> {
  return canvas().evaluate((element) => {
    // Runs in the browser, whose types are not those of this file.
    const drawn = element as unknown as {
      readonly width: number;
      readonly height: number;
      getContext(kind: '2d'): {
        getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
      };
    };
    const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** The web frame itself, to look at what it uses. */
async function flameFrame(): Promise<Frame> {
  const handle = await flame().locator('body').elementHandle();
  const frame = await handle?.ownerFrame();
  if (!frame) throw new Error('the page has no frame');
  return frame;
}

/** Bytes of the page's JavaScript heap after a collection where one can be had. */
export async function pageHeapBytes(): Promise<number> {
  const frame = await flameFrame();
  return frame.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
}

/** Resident bytes of the extension host that runs below this process. */
export function extensionHostBytes(): number {
  const host = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => read(pid, 'cmdline').includes('--type=extensionHost') && isBelowUs(pid));
  if (host === undefined) throw new Error('no extension host runs');
  return Number(/VmRSS:\s+(\d+) kB/.exec(read(host, 'status'))?.[1]) * 1024;
}

function isBelowUs(pid: number): boolean {
  for (let at = pid; at > 1;) {
    if (at === process.pid) return true;
    at = Number(/PPid:\s+(\d+)/.exec(read(at, 'status'))?.[1] ?? 0);
  }
  return false;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/**
 * Answers a file dialog, which the web workbench shows as a box to type a path in. It looks at folders while it is typed in,
 * and may put its own proposal back: it is answered again until it is content.
 */
export async function answerFileDialog(path: string): Promise<void> {
  const widget = page().locator('.quick-input-widget');
  const input = widget.locator('input').first();
  await widget
    .locator('.quick-input-action', { hasText: /OK|Open|Save/ })
    .first()
    .waitFor();
  for (let tries = 0; tries < 8; tries++) {
    await sleep(800);
    if (!(await widget.isVisible())) return;
    if ((await input.inputValue()) === path) await input.press('Enter');
    else await input.fill(path);
  }
  await widget.waitFor({ state: 'hidden', timeout: 3000 });
}
