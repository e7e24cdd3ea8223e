import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { FrameLocator, Locator } from 'playwright-core';
import { startEmbeddedMongo } from '../../demo/embedded-mongo/src/server';
import { seedProducts } from '../host/mongoData';
import {
  colorDistance,
  lens,
  lensTexts,
  openFile,
  page,
  pixels,
  runCommand,
  screenshot,
  setTheme,
  pick,
} from './workbench';

type Server = Awaited<ReturnType<typeof startEmbeddedMongo>>;

const isRaw = (text: string): string => text.replaceAll('\u00a0', ' ');

/** The plan view that is shown. */
function plan(): FrameLocator {
  return page().frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
}

/** The lens of a text that stands right above a line of code. */
async function lensAbove(line: string, text: RegExp): Promise<Locator | undefined> {
  const box = await page().locator('.view-line', { hasText: line }).first().boundingBox();
  for (const row of await page().locator('.codelens-decoration').all()) {
    const place = await row.boundingBox();
    if (!box || !place || place.y >= box.y || box.y - place.y > box.height * 1.6) continue;
    for (const link of await row.locator('a').all()) if (text.test(isRaw(await link.innerText()))) return link;
  }
  return undefined;
}

async function waitForLens(line: string, text: RegExp, seconds = 60): Promise<Locator> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(300)) {
    const found = await lensAbove(line, text).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`no lens ${text} above "${line}"; there are: ${(await lensTexts()).join(' | ')}`);
}

function dialogButton(name: string): Locator {
  return page().locator('.monaco-dialog-box').getByRole('button', { name });
}

describe('an explained query on the screen', function () {
  this.timeout(120_000);
  let server: Server;
  let client: MongoClient;
  const tents = 'exports.tents';

  before(async function () {
    this.timeout(180_000);
    server = await startEmbeddedMongo({});
    client = await new MongoClient(server.uri).connect();
    await seedProducts(client);
    // A window that has just opened answers no keys yet.
    await lens(/% self/).waitFor({ timeout: 120_000 });
    await setTheme('dark');
    await openFile('search.js');
  });

  after(async () => {
    await client.close();
    await server.close();
    await setTheme('dark');
    await runCommand('View: Close All Editors');
    await openFile('pricing.ts');
  });

  it('has a lens above it', async () => {
    await waitForLens(tents, /^\S*\s*Explain$/);
    await screenshot('explain-lens');
  });

  it('is explained by a click, against a connection that is asked for once', async () => {
    await (await waitForLens(tents, /Explain$/)).click();
    const input = page().locator('.quick-input-widget input');
    await input.waitFor();
    assert.equal(await input.getAttribute('type'), 'password');
    await input.fill(new URL('/shop', server.uri).href);
    await page().keyboard.press('Enter');
    await waitForLens(tents, /COLLSCAN/);
    await plan().getByText('COLLSCAN').first().waitFor({ timeout: 30_000 });
    await sleep(500);
    await screenshot('explain-dark');
  });

  it('has its suggested index tried on a sample, after asking for its size, and leaves nothing behind', async () => {
    await plan()
      .getByRole('button', { name: /^Try It/ })
      .first()
      .click();
    await pick(/documents/);
    await dialogButton('Copy Sample').click();
    await plan()
      .getByText(/Better/)
      .first()
      .waitFor({ timeout: 30_000 });
    await screenshot('explain-trial');
    const { databases } = await client.db('admin').admin().listDatabases();
    assert.deepEqual(
      databases.map(({ name }) => name).filter((name) => name.includes('scratch')),
      [],
    );
    assert.deepEqual(
      await client
        .db('shop')
        .collection('products')
        .listIndexes()
        .toArray()
        .then((all) => all.length),
      1,
    );
  });

  it('has the facts of its collection in the view', async () => {
    await page().locator('.view-line', { hasText: tents }).first().click();
    await runCommand('Heatlens: Show Collection Facts');
    const row = (text: RegExp): Locator => page().locator('.part.sidebar .monaco-list-row', { hasText: text }).first();
    await row(/Documents.*3/).waitFor();
    await row(/_id_.*_id: 1/).waitFor();
    await screenshot('mongo-view-dark');
  });

  it('is recorded by the database profiler for as long as was chosen', async () => {
    await runCommand('Heatlens: Set Database Profiling Level');
    await pick(/All operations/);
    await pick(/^5 minutes/);
    await dialogButton('Start Profiling').click();
    const level = async (): Promise<unknown> => (await client.db('shop').command({ profile: -1 })).was;
    for (const end = Date.now() + 10_000; (await level()) !== 2 && Date.now() < end;) await sleep(200);
    assert.equal(await level(), 2);
    await page()
      .locator('.part.sidebar .monaco-list-row', { hasText: /switched back in [45]:\d\d/ })
      .first()
      .waitFor();
    await client.db('shop').collection('products').find({ category: 'hats', active: true }).toArray();
    await runCommand('Heatlens: Refresh MongoDB View');
    const shape = page()
      .locator('.part.sidebar .monaco-list-row', { hasText: /find products.*COLLSCAN/ })
      .first();
    await shape.waitFor();
    await screenshot('mongo-profiler-dark');
    // Of the same shape, with another value.
    await shape.click();
    await page()
      .locator('.part.statusbar', { hasText: /Ln 18, Col \d+ \(\d+ selected\)/ })
      .waitFor();
    await runCommand('Heatlens: Set Database Profiling Level');
    await pick(/^Off/);
    for (const end = Date.now() + 10_000; (await level()) !== 0 && Date.now() < end;) await sleep(200);
    assert.equal(await level(), 0);
  });

  it('is underlined where the finding is', async () => {
    await page().locator('.squiggly-warning, .squiggly-error, .squiggly-info').first().waitFor();
  });

  it('is better with the index that was suggested, and says so in lens and plan view', async () => {
    await client.db('shop').collection('products').createIndex({ category: 1, active: 1 });
    await (await waitForLens(tents, /Explain$/)).click();
    await waitForLens(tents, /^IXSCAN category_1_active_1.*better/);
    await plan().getByText('category_1_active_1').first().waitFor();
    await sleep(500);
    await screenshot('explain-better-dark');
  });

  it('is readable in a light theme too', async () => {
    await setTheme('light');
    await sleep(1000);
    await screenshot('explain-better-light');
    const box = await page().locator('iframe.webview.ready').last().boundingBox();
    assert.ok(box);
    const [ground] = await pixels([{ x: box.x + box.width - 30, y: box.y + box.height - 30 }]);
    assert.ok(colorDistance(ground, { red: 255, green: 255, blue: 255 }) < 90, JSON.stringify(ground));
    await setTheme('dark');
  });
});
