import assert from 'node:assert/strict';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import type { FlameState, ToFlamePage } from '../../src/core/protocol/flame';
import { columnsOf } from '../support/columnsBuilder';
import { chosenView, clickBox, colorOfBox, details, pane, pointOn, settle, shoot, tableRows } from './flameCanvas';
import { openFlamePage, type FlameHarness } from './flameHarness';
import type { HarnessOptions } from './pageHarness';
import { pageSuite } from './pageSuite';
import { colorDistance } from './workbench';

const app = '/srv/shop/src/app.js';
const main = `main@${app}:0`;
const handle = `${main} > handle@${app}:10`;
const price = `${handle} > price@/srv/shop/src/price.js:4`;
const ejs = '/srv/shop/node_modules/ejs/lib/ejs.js';
const compile = `${handle} > render@${ejs}:3 > compile@${ejs}:30`;
const readFile = `${handle} > readFile@node:fs:20`;
const gc = '(garbage collector)';

/** A second of a small shop, in time order; rows of left heavy: root, main 95 %, handle 95 %, price 60 %, render 25 %. */
function shop(parts: { price?: number; compile?: number; title?: string } = {}): ProfileColumns {
  const { price: priceMs = 600, compile: compileMs = 250, title = 'shop.cpuprofile' } = parts;
  const steps: [string, number][] = [];
  for (let round = 0; round < 10; round++) {
    steps.push([price, priceMs * 100], [compile, compileMs * 100], [readFile, 10_000], [gc, 5_000]);
  }
  return columnsOf({}, { title, timeline: steps.filter(([, us]) => us > 0), startUs: 5_000_000 });
}

describe('the flame graph page', function () {
  this.timeout(60_000);
  const suite = pageSuite<FlameHarness>(openFlamePage, shoot);

  async function open(
    columns: ProfileColumns | undefined,
    options: Omit<HarnessOptions, 'state'> & { state?: Partial<FlameState> } = {},
  ): Promise<FlameHarness> {
    const { state, ...others } = options;
    const harness = await suite.start({ width: 1200, height: 720, ...others });
    if (columns) {
      await harness.sendProfile(columns, { state: state as FlameState | undefined });
      await harness.page.locator('.details .detail-total', { hasText: /Total|Before/ }).waitFor();
      await settle(harness.page);
    }
    return harness;
  }

  it('says that it is ready before anything is sent to it, and that it waits', async () => {
    const { page, sent } = await open(undefined);
    assert.deepEqual(await sent(), [{ type: 'ready' }]);
    assert.match(await page.locator('.empty').innerText(), /Waiting for the profile/);
  });

  it('draws left heavy, and selects what is clicked', async () => {
    const { page, next } = await open(shop());
    const selected = await next('selected', () => clickBox(page, 3, 0.3));
    assert.deepEqual(selected.place, { functionName: 'price', url: '/srv/shop/src/price.js', line: 4, column: 0 });
    const text = await details(page);
    assert.match(text, /main › handle › price|price total 600 ms \(60\.0 %\) · self 600 ms \(60\.0 %\)/);
    assert.match(text, /src\/price\.js:5/);
    await shoot(page, 'left-heavy-dark');
  });

  it('opens the source by Enter, by Ctrl and a click, and by the link', async () => {
    const { page, next } = await open(shop());
    await clickBox(page, 3, 0.3);
    const byKey = await next('openSource', () => page.keyboard.press('Enter'));
    assert.deepEqual([byKey.place.url, byKey.place.line, byKey.toSide], ['/srv/shop/src/price.js', 4, false]);
    assert.equal((await next('openSource', () => page.keyboard.press('Control+Enter'))).toSide, true);
    const byClick = await next('openSource', () => clickBox(page, 4, 0.7, ['Control']));
    assert.equal(byClick.place.functionName, 'compile');
    const byLink = await next('openSource', () => page.locator('.detail-place').click());
    assert.equal(byLink.place.line, 30);
  });

  it('shows each view by its key, with the selection kept', async () => {
    const { page } = await open(shop());
    await clickBox(page, 3, 0.3);
    for (const [key, name] of [
      ['1', 'Time Order'],
      ['3', 'Inverted'],
      ['4', 'Sandwich'],
      ['5', 'Table'],
      ['2', 'Left Heavy'],
    ]) {
      await page.keyboard.press(key);
      await settle(page);
      assert.equal(await chosenView(page), name);
      assert.match(await details(page), /price/, name);
      await shoot(page, `${name.toLowerCase().replace(' ', '-')}-dark`);
    }
    await page.keyboard.press('6');
    assert.match(await page.locator('.empty').innerText(), /Nothing to compare with yet/);
  });

  it('walks by the keyboard alone, and tells it to assistive technology', async () => {
    const { page, next } = await open(shop());
    const item = page.locator('[role=treeitem]:focus');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    assert.match(await item.innerText(), /^price, total 600 ms, 60\.0 %, self 600 ms$/);
    assert.equal(await item.getAttribute('aria-level'), '4');
    await page.keyboard.press('ArrowRight');
    assert.match(await item.innerText(), /^render, /);
    assert.equal(await item.getAttribute('aria-posinset'), '2');
    await page.keyboard.press('ArrowUp');
    assert.match(await item.innerText(), /^handle, /);
    await page.keyboard.press('z');
    await settle(page);
    const zoomed = (await next('state', () => page.keyboard.press('w'))).state.zoom;
    assert.ok(zoomed.to - zoomed.from < 0.9, JSON.stringify(zoomed));
    const whole = (await next('state', () => page.keyboard.press('Escape'))).state.zoom;
    assert.deepEqual([whole.from, whole.to], [0, 1]);
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await shoot(page, 'help');
    await page.keyboard.press('Escape');
    await page
      .locator('dialog[open]')
      .waitFor({ state: 'detached' })
      .catch(() => undefined);
    await page.keyboard.press('/');
    assert.equal(await page.locator('.search-input:focus').count(), 1);
  });

  it('zooms and pans by the wheel, a drag and a double click', async () => {
    const { page, next } = await open(shop());
    const at = await pointOn(page, 3, 0.3);
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down('Control');
    const zoomed = await next('state', () => page.mouse.wheel(0, -200));
    await page.keyboard.up('Control');
    const { from, to } = zoomed.state.zoom;
    assert.ok(to - from < 0.8 && from < 0.3 && to > 0.3, JSON.stringify(zoomed.state.zoom));
    // What is under the pointer stays there.
    assert.ok(Math.abs((0.3 - from) / (to - from) - 0.3) < 0.01);
    const panned = await next('state', () => page.mouse.wheel(60, 0));
    assert.ok(panned.state.zoom.from > from);
    const dragged = await next('state', async () => {
      await page.mouse.down();
      await page.mouse.move(at.x + 80, at.y, { steps: 4 });
      await page.mouse.up();
    });
    assert.ok(dragged.state.zoom.from < panned.state.zoom.from);
    await page.keyboard.press('0');
    await settle(page);
    const fitted = await next('state', () => page.mouse.dblclick(at.x, at.y));
    assert.ok(
      Math.abs(fitted.state.zoom.to - 0.6) < 1e-6 && fitted.state.zoom.from === 0,
      JSON.stringify(fitted.state.zoom),
    );
  });

  it('finds methods as one types, and says what is wrong with an expression', async () => {
    const { page } = await open(shop());
    const before = await colorOfBox(page, 3, 0.3);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('comp');
    await page.locator('.search-result', { hasText: '1 method · 25.0 %' }).waitFor();
    assert.ok(colorDistance(await colorOfBox(page, 3, 0.3), before) > 15, 'what does not match is dimmed');
    await page.locator('.toggle', { hasText: '.*' }).click();
    await page.locator('.search-input').fill('^(price|compile)$');
    await page.locator('.search-result', { hasText: '2 methods · 85.0 %' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.search-result', { hasText: /^1\/2/ }).waitFor();
    assert.match(await details(page), /price total/);
    await page.keyboard.press('F3');
    await page.locator('.search-result', { hasText: /^2\/2/ }).waitFor();
    await shoot(page, 'search-dark');
    await page.locator('.search-input').fill('price(');
    await page.locator('.search-hint:visible').waitFor();
    await shoot(page, 'search-broken-dark');
    await page.keyboard.press('Escape');
    await settle(page);
    assert.deepEqual(await colorOfBox(page, 3, 0.3), before);
  });

  it('lists methods in a table that sorts, filters and opens sources', async () => {
    const { page, next } = await open(shop());
    await page.keyboard.press('5');
    const bySelf = await tableRows(page);
    assert.match(bySelf[0], /^600 ms 60\.0 % 600 ms 60\.0 % price src\/price\.js:5$/);
    await page.locator('.sort', { hasText: 'Total' }).click();
    assert.match((await tableRows(page))[0], /950 ms 95\.0 % handle/);
    assert.equal(await page.locator('[role=columnheader][aria-sort=descending]').innerText(), 'Total ↓');
    await page.locator('.sort', { hasText: 'Method' }).click();
    assert.match((await tableRows(page))[0], /\(garbage collector\)/);
    await page.locator('.table').focus();
    await page.keyboard.press('End');
    const opened = await next('openSource', () => page.keyboard.press('Enter'));
    assert.equal(opened.place.functionName, 'render');
    await page.locator('.search-input').fill('price');
    await page.locator('.table-count', { hasText: '1 of 7 methods' }).waitFor();
    assert.equal((await tableRows(page)).length, 1);
  });

  it('restricts every view to a range of time, and compares two ranges', async () => {
    const { page } = await open(shop());
    await page.keyboard.press('1');
    await settle(page);
    const strip = await page.locator('.heat-strip').boundingBox();
    assert.ok(strip);
    const drag = async (from: number, to: number): Promise<void> => {
      await page.mouse.move(strip.x + strip.width * from, strip.y + 20);
      await page.mouse.down();
      await page.mouse.move(strip.x + strip.width * to, strip.y + 20, { steps: 5 });
      await page.mouse.up();
      await settle(page);
    };
    // Price runs for the first 60 ms of each 100 ms; the range holds that of the first round.
    await drag(0.005, 0.055);
    assert.match(await page.locator('.range-text').innerText(), /Only [45]\.\d+ ms – 5\d\.\d ms/);
    await page.keyboard.press('5');
    assert.match((await tableRows(page))[0], /100 % price/);
    await page.keyboard.press('1');
    await page.locator('.range-bar button', { hasText: 'second range' }).click();
    const lower = await page.locator('.heat-strip').boundingBox();
    strip.y = lower!.y;
    await drag(0.065, 0.08);
    assert.equal(await chosenView(page), 'Difference');
    assert.match(await page.locator('.range-text').innerText(), /Before: .* After: /);
    await shoot(page, 'ranges-compared-dark');
    await page.locator('.range-bar button', { hasText: 'End' }).click();
    await settle(page);
    assert.equal(await chosenView(page), 'Time Order');
    assert.equal(await page.locator('.range-bar:visible').count(), 0);
  });

  it('compares with another profile: new and gone ones by pattern, changes by colour', async () => {
    const { page } = await open(shop({ compile: 0, title: 'after' }), {});
    await suite.harness.sendComparison(
      columnsOf({ [price]: 300_000, [compile]: 250_000, [readFile]: 100_000, [gc]: 50_000 }, { title: 'before' }),
    );
    await page.keyboard.press('6');
    await page.locator('.legend', { hasText: 'gone' }).waitFor();
    await page.locator('.choices button', { hasText: 'Options' }).click();
    await page.locator('label', { hasText: 'normalised' }).click();
    await page.keyboard.press('Escape');
    await shoot(page, 'difference-dark');
    await clickBox(page, 3, 0.2);
    assert.match(await details(page), /price before 300 ms · after 600 ms · change \+300 ms · \+100 %/);
    await page.keyboard.press('5');
    await page.locator('.sort', { hasText: 'Self change' }).click();
    const rows = await tableRows(page);
    assert.match(rows[0], /300 ms \+300 ms .*price/);
    assert.match(rows.at(-1) ?? '', /−250 ms .*compile/);
    await shoot(page, 'difference-table-dark');
    await suite.harness.setTheme('light');
    await page.keyboard.press('6');
    await shoot(page, 'difference-light');
  });

  it('draws what it shows as SVG and PNG for the editor, which writes it', async () => {
    const { page, next, ask } = await open(shop());
    const choose = (label: string) => async (): Promise<void> => {
      await page.locator('button[aria-label=Export]').click();
      await page.locator('.menu-item', { hasText: label }).click();
    };
    assert.equal((await next('askExport', choose('SVG'))).format, 'svg');
    assert.equal((await next('askExport', choose('PNG'))).format, 'png');
    assert.equal((await next('askExport', choose('another format'))).format, undefined);
    const svg = await ask('draw', { format: 'svg' });
    assert.ok(typeof svg === 'string' && svg.includes('price') && svg.startsWith('<?xml'));
    assert.ok(Number(await ask('draw', { format: 'png' })) > 1000);
    await page.keyboard.press('5');
    await settle(page);
    await assert.rejects(ask('draw', { format: 'svg' }), /The table cannot be exported as a picture/);
    await page.locator('.notice.info', { hasText: 'The table cannot be exported as a picture' }).waitFor();
  });

  it('drops what is no message for it, and says so', async () => {
    const { page, next, send, ask } = await open(shop());
    const tell = (message: object) => () => send(message as ToFlamePage);
    assert.match((await next('failed', tell({ type: 'nothing' }))).message, /unknown message "nothing"/);
    assert.match((await next('failed', tell({ type: 'ended', message: 7 }))).message, /malformed message "ended"/);
    assert.match((await next('failed', tell({ type: 'toString' }))).message, /unknown message/);
    await assert.rejects(ask('format', {}), /cannot be answered/);
    assert.equal(await page.locator('[role=alert]:visible, .notice.info:visible').count(), 0);
  });

  it('shows names as texts, whatever they are', async () => {
    const long = 'x'.repeat(10_000);
    const evil = '</script><img src=x onerror="document.title=1"><b>';
    const { page } = await open(
      columnsOf({
        [`${evil}@/a.js:1`]: 500,
        [`שלום\u202egnp.exe\n"'&@/b.js:2`]: 300,
        [`${long}@/c.js:3`]: 200,
      }),
    );
    assert.equal(await page.locator('img, b').count(), 0);
    const at = await pointOn(page, 1, 0.9);
    await page.mouse.move(at.x, at.y);
    await page.locator('.tooltip:visible').waitFor();
    await clickBox(page, 1, 0.6);
    assert.match(await details(page), /שלום⟨U\+202E⟩gnp\.exe␊"'&/);
    await shoot(page, 'hostile-names');
    await page.keyboard.press('5');
    await settle(page);
    assert.equal(await page.locator('img, b').count(), 0);
    assert.notEqual(await page.title(), '1');
  });

  for (const theme of ['light', 'contrast', 'contrast-light'] as const) {
    it(`follows the theme: ${theme}`, async () => {
      const { page, setTheme } = await open(shop());
      const dark = await colorOfBox(page, 8, 0.5);
      await setTheme(theme);
      await settle(page);
      const ground = await colorOfBox(page, 8, 0.5);
      const isDark = theme === 'contrast';
      assert.ok(isDark ? ground.red === 0 : ground.red === 255 && dark.red === 0x1f, JSON.stringify({ dark, ground }));
      await clickBox(page, 3, 0.3);
      await shoot(page, `left-heavy-${theme}`);
      await page.keyboard.press('1');
      await shoot(page, `time-order-${theme}`);
      await page.keyboard.press('5');
      await shoot(page, `table-${theme}`);
    });
  }

  it('keeps zoom, selection and search when a live profile is refreshed', async () => {
    const { page, next } = await open(shop());
    await page.locator('.search-input').fill('price');
    await page.locator('.search-result', { hasText: '60.0 %' }).waitFor();
    const at = await pointOn(page, 3, 0.3);
    const before = await next('state', () => page.mouse.dblclick(at.x, at.y));
    assert.ok(Math.abs(before.state.zoom.to - 0.6) < 1e-6);
    // A third of the time is price now: it must still fill the width.
    await suite.harness.sendProfile(shop({ price: 300, compile: 550 }), { live: true });
    await page.locator('.search-result', { hasText: '30.0 %' }).waitFor();
    await settle(page);
    await suite.harness.sendProfile(shop({ price: 300, compile: 550 }), { live: true });
    await settle(page);
    const after = (await suite.harness.sent()).filter((message) => message.type === 'state').at(-1);
    assert.ok(after);
    assert.ok(Math.abs(after.state.zoom.to - after.state.zoom.from - 0.3) < 1e-6, JSON.stringify(after.state.zoom));
    assert.match(await details(page), /price total 300 ms \(30\.0 %\)/);
    assert.deepEqual(
      after.state.focus.map((key) => key.split('\n')[0]),
      ['(root)', 'main', 'handle', 'price'],
    );
  });

  it('comes back as it was after a reload', async () => {
    const first = await open(shop());
    await first.page.keyboard.press('3');
    await clickBox(first.page, 1, 0.3);
    const { state } = await first.next('state', () => first.page.keyboard.press('z'));
    await settle(first.page);
    await first.close();
    const { page } = await open(shop(), { state });
    assert.equal(await chosenView(page), 'Inverted');
    assert.match(await details(page), /price/);
    const again = await suite.harness.next('state', () => page.keyboard.press('d'));
    assert.ok(again.state.zoom.to - again.state.zoom.from < 0.9, JSON.stringify(again.state.zoom));
  });

  it('shows the method that the editor asks for, and names from the source', async () => {
    const { page, send } = await open(shop());
    await send({ type: 'focus', frames: [{ functionName: 'compile', url: ejs, line: 30, column: 0 }] });
    assert.match(await details(page), /compile total 250 ms/);
    await send({ type: 'focus', frames: [{ functionName: 'gone', url: '/x.js', line: 1, column: 0 }] });
    await page.locator('.notice.info', { hasText: 'gone is not in this view' }).waitFor();
    const frames = shop().frames.length;
    await send({
      type: 'sources',
      sources: {
        first: 0,
        files: ['/srv/shop/src/price.ts'],
        packages: [],
        file: Int32Array.from({ length: frames }, () => 0),
        line: Int32Array.from({ length: frames }, (_, at) => at + 40),
        package: new Int32Array(frames).fill(-1),
        names: { [shop().frames.findIndex(({ functionName }) => functionName === 'compile')]: 'compileTemplate' },
      },
    });
    await page.locator('.detail-name', { hasText: 'compileTemplate' }).waitFor();
    assert.match(await details(page), /src\/price\.ts:4\d/);
  });

  it('tells progress with a way to cancel, failures with the next step, and problems of a file', async () => {
    const { page, send, next } = await open(shop());
    await send({ type: 'progress', text: 'Reading big.cpuprofile', fraction: 0.4 });
    const cancel = page.locator('.notice button', { hasText: 'Cancel' });
    await cancel.waitFor();
    await shoot(page, 'progress');
    await next('cancelWork', () => cancel.click());
    await send({ type: 'failure', message: 'The file is cut off.', nextStep: 'Record it again.' });
    await page.locator('[role=alert]', { hasText: 'The file is cut off. Record it again.' }).waitFor();
    await suite.harness.sendProfile({ ...shop(), problems: ['3 samples had no node.'] });
    await page.locator('summary', { hasText: 'Read with 1 problem' }).waitFor();
    assert.equal(await page.locator('[role=alert]:visible').count(), 0);
  });

  it('says what to do where there is nothing', async () => {
    const { page } = await open(
      columnsOf(
        { [price]: [0, 10] },
        {
          measures: [
            { kind: 'cpu', label: 'CPU time', unit: 'µs' },
            { kind: 'live', label: 'Live bytes', unit: 'bytes' },
          ],
        },
      ),
    );
    assert.match(await page.locator('.empty').innerText(), /Nothing was measured here/);
    await page.locator('select[aria-label=Measure]').selectOption({ label: 'Live bytes' });
    await settle(page);
    assert.match(await page.locator('.detail-total').innerText(), /Total 10 B/);
    await page.keyboard.press('1');
    assert.match(await page.locator('.empty').innerText(), /no times/);
    await page.locator('.empty button').click();
    await settle(page);
    assert.equal(await chosenView(page), 'Left Heavy');
    assert.equal(await pane(page).isVisible(), true);
  });
});
