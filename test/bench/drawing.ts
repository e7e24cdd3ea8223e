import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { ViewKind } from '../../src/core/flame/view/viewOptions';
import type { FlameState } from '../../src/core/protocol/flame';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import { repositoryRoot } from '../support/nodeVersions';
import { syntheticColumns } from '../support/syntheticColumns';
import { syntheticProfile } from '../support/syntheticProfile';
import { openFlamePage, type FlameHarness } from '../ui/flameHarness';
import { measurePeer } from './drawingPeer';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median, quantile } from './statistics';

const PAINT_LIMIT_MS = 250;
const FRAME_LIMIT_MS = 16.7;
const drawing = { width: 1400, height: 800 };
/** Steps of the script, one per frame. */
const FRAMES = 240;

/** What runs in the page; its types are not those of this file. */
interface PageWindow {
  benchPosted: number;
  benchPainted: number;
  benchWork: number[];
  benchTimes: number[];
  requestAnimationFrame(callback: (now: number) => void): number;
  performance: { now(): number };
  addEventListener(type: 'message', listener: () => void, capture: boolean): void;
  CanvasRenderingContext2D: {
    prototype: { putImageData(...args: unknown[]): void; canvas: { classList: { contains(name: string): boolean } } };
  };
  WheelEvent: new (type: string, init: object) => object;
  document: {
    querySelector(selector: string): {
      dispatchEvent(event: object): void;
      getBoundingClientRect(): { left: number; top: number; width: number; height: number };
    };
  };
}

/** First paint after the data, and frames while zooming and panning, in a browser without a GPU. */
export async function measureDrawing({ quick }: BenchOptions): Promise<Row[]> {
  const samples = quick ? 100_000 : 1_000_000;
  const columns = syntheticColumns(syntheticProfile(samples));
  const { launchBrowser } = (await import(pathToFileURL(join(repositoryRoot, 'scripts/hosts/workbench.mjs')).href)) as {
    launchBrowser(): Promise<Browser>;
  };
  const browser = await launchBrowser();
  try {
    const rows: Row[] = [];
    for (const view of ['timeOrder', 'leftHeavy'] as const)
      rows.push(...(await measureView(browser, columns, view, quick)));
    return [...rows, ...(await measurePeer(browser, columns))];
  } finally {
    await browser.close();
  }
}

async function measureView(browser: Browser, columns: ProfileColumns, view: ViewKind, quick: boolean): Promise<Row[]> {
  const samples = columns.timeline!.nodes.length;
  const note = `${samples.toLocaleString('en')} samples, ${columns.parents.length.toLocaleString('en')} nodes, ${view === 'timeOrder' ? 'time order' : 'left heavy'}`;
  const paints: number[] = [];
  let harness: FlameHarness | undefined;
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    await harness?.close();
    harness = await openBenchPage(browser);
    await harness.page.waitForTimeout(400);
    paints.push(await firstPaint(harness, columns, view));
  }
  if (!harness) return [];
  await fitDrawing(harness.page);
  await harness.page.waitForTimeout(500);
  const moved = await moveAbout(harness.page);
  const heap = await heapOf(harness.page);
  await harness.close();
  const row = (what: string, value: number, unit: Row['unit'], more: Partial<Row> = {}): Row => ({
    part: 'drawing',
    what: `${what}, ${view}`,
    value,
    unit,
    note,
    ...more,
  });
  return [
    row('first paint after the data', median(paints), 'ms', quick ? {} : { limit: PAINT_LIMIT_MS }),
    row('frame p50', quantile(moved.intervals, 0.5), 'ms'),
    row('frame p95', Math.round(quantile(moved.intervals, 0.95) * 10) / 10, 'ms', { limit: FRAME_LIMIT_MS }),
    row('work per frame p50', quantile(moved.work, 0.5), 'ms'),
    row('work per frame p95', quantile(moved.work, 0.95), 'ms'),
    row('heap of the page', heap / 1e6, 'MB'),
  ];
}

/** Counts what the page does in its frames, from outside: nothing in the page is there for this. */
async function openBenchPage(browser: Browser): Promise<FlameHarness> {
  const harness = await openFlamePage(browser, { width: drawing.width, height: drawing.height + 210 });
  await harness.page.evaluate(() => {
    const scope = globalThis as unknown as PageWindow;
    scope.benchWork = [];
    scope.benchPosted = scope.benchPainted = 0;
    const request = scope.requestAnimationFrame.bind(scope);
    let current = -1;
    scope.requestAnimationFrame = (callback) =>
      request((now) => {
        const started = scope.performance.now();
        callback(now);
        const took = scope.performance.now() - started;
        // All callbacks of one frame have one time.
        if (now === current) scope.benchWork[scope.benchWork.length - 1] += took;
        else scope.benchWork.push(took);
        current = now;
      });
    scope.addEventListener('message', () => (scope.benchPosted ||= scope.performance.now()), true);
    const { prototype } = scope.CanvasRenderingContext2D;
    const put = prototype.putImageData;
    prototype.putImageData = function (this: typeof prototype, ...args) {
      put.apply(this, args);
      if (scope.benchPosted && this.canvas.classList.contains('boxes')) {
        // The frame is on the screen when the next one begins.
        request(() => (scope.benchPainted ||= scope.performance.now()));
      }
    };
  });
  return harness;
}

async function firstPaint(harness: FlameHarness, columns: ProfileColumns, view: ViewKind): Promise<number> {
  const state = { version: 1, view } as FlameState;
  await harness.sendProfile(columns, { state });
  const { page } = harness;
  await page.waitForFunction(() => (globalThis as unknown as PageWindow).benchPainted > 0, undefined, {
    timeout: 60_000,
  });
  return page.evaluate(() => {
    const { benchPainted, benchPosted } = globalThis as unknown as PageWindow;
    return benchPainted - benchPosted;
  });
}

async function fitDrawing(page: Page): Promise<void> {
  const box = await page.locator('.layer:not(.callers) .flame-pane').boundingBox();
  const window = page.viewportSize();
  if (box && window)
    await page.setViewportSize({
      width: drawing.width,
      height: Math.round(window.height + drawing.height - box.height),
    });
}

/** Zooms in by the wheel, pans, and zooms out again, one step per frame. */
function moveAbout(page: Page): Promise<{ intervals: number[]; work: number[] }> {
  return page.evaluate(async (count) => {
    const scope = globalThis as unknown as PageWindow;
    const pane = scope.document.querySelector('.layer:not(.callers) .flame-pane');
    const { left, top, width, height } = pane.getBoundingClientRect();
    const wheel = (init: object): void =>
      pane.dispatchEvent(
        new scope.WheelEvent('wheel', {
          bubbles: true,
          cancelable: true,
          clientX: left + width * 0.37,
          clientY: top + height / 2,
          ...init,
        }),
      );
    scope.benchWork.length = 0;
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      let step = 0;
      const next = (now: number): void => {
        times.push(now);
        if (step === count) {
          resolve();
          return;
        }
        const part = Math.floor((step / count) * 6);
        if (part === 0 || part === 2) wheel({ deltaY: -20, ctrlKey: true });
        else if (part === 1 || part === 3) wheel({ deltaX: step % 2 ? 60 : 45, deltaY: step % 16 < 8 ? 12 : -12 });
        else wheel({ deltaY: 24, ctrlKey: true });
        step++;
        scope.requestAnimationFrame(next);
      };
      scope.requestAnimationFrame(next);
    });
    // A screen shows whole periods; the clock of frames errs by a tenth of a millisecond.
    const period = 1000 / 60;
    const intervals = times.slice(1).map((time, index) => Math.round((time - times[index]) / period) * period);
    return { intervals, work: scope.benchWork.slice() };
  }, FRAMES);
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}
