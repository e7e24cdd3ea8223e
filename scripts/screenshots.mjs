// `npm run screenshots`: takes the pictures of README.md from the running editor, showing the demo service under load.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTestHosts } from './hosts/installs.mjs';
import { root } from './hosts/paths.mjs';
import { stopAllGroups } from './hosts/processGroups.mjs';
import { startServer } from './hosts/server.mjs';
import { shopFolder, startShop } from './hosts/shop.mjs';
import { packageVsix } from './hosts/vsix.mjs';
import { launchBrowser, openWorkbench } from './hosts/workbench.mjs';

const hotFile = join(shopFolder, 'src/catalog/search.ts');
const HOT_CODE = 'function typingDistance(';
const pictures = join(root, 'media/screenshots');
const say = (text) => console.log(`▸ ${text}`);

function takePicture(page, name, clip) {
  return page.screenshot({ path: join(pictures, `${name}.png`), ...(clip ? { clip } : {}) });
}

async function runCommand(page, title) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

async function picturesOf(page, theme) {
  const line = page.locator('.view-line', { hasText: HOT_CODE }).first();
  await page.mouse.move(5, 5);
  await takePicture(page, `lens-${theme}`);

  // The method's name: its hover has everything that is known of it.
  const name = line.locator('span span', { hasText: 'typingDistance' }).last();
  await name.hover();
  await page.locator('.monaco-hover:visible', { hasText: 'CPU' }).first().waitFor({ timeout: 20_000 });
  await sleep(500);
  await takePicture(page, `hover-${theme}`);
  await page.keyboard.press('Escape');
  await page.mouse.move(5, 5);

  await runCommand(page, 'Heatlens: Show Hot Methods');
  const sidebar = page.locator('.part.sidebar');
  await sidebar.locator('.monaco-list-row', { hasText: 'typingDistance' }).first().waitFor({ timeout: 30_000 });
  await sleep(500);
  await takePicture(page, `tree-${theme}`, await sidebar.boundingBox());
}

/** A click on the lens opens the graph beside the source, at that method. */
async function pictureOfFlameGraph(page, theme) {
  const toggleSideBar = () => runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await toggleSideBar();
  await page
    .locator('.codelens-decoration a', { hasText: /\d\s?%/ })
    .first()
    .click();
  const graph = page.locator('iframe.webview.ready').first().contentFrame().frameLocator('#active-frame');
  await graph.locator('.detail-name', { hasText: 'typingDistance' }).waitFor({ timeout: 30_000 });
  await page.mouse.move(5, 5);
  await sleep(3000);
  await takePicture(page, `flame-${theme}`);
  await runCommand(page, 'View: Close Editor');
  await toggleSideBar();
}

/** The shop's product search, executed and shown beside its source; the connection is the one that its .env file names. */
async function pictureOfPlan(page, theme) {
  const toggleSideBar = () => runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await toggleSideBar();
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill('productSearch.ts:60');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'productSearch.ts' }).first().click();
  const view = page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  await page
    .locator('.codelens-decoration a', { hasText: /Explain$/ })
    .first()
    .click({ timeout: 30_000 });
  if (theme === 'dark') {
    await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'MONGODB_URI' })
      .first()
      .click({ timeout: 20_000 });
    await view.getByRole('radio', { name: 'Execution statistics' }).check({ timeout: 30_000, force: true });
    await view
      .getByRole('button', { name: /^(Explain|Run)/ })
      .first()
      .click();
  }
  await page
    .locator('.codelens-decoration a', { hasText: /COLLSCAN.*docs read/ })
    .first()
    .waitFor({ timeout: 60_000 });
  await page.mouse.move(5, 5);
  await sleep(3000);
  await takePicture(page, `explain-${theme}`);
  await runCommand(page, 'View: Close Editor');
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill('search.ts:59');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'search.ts' }).first().click();
  await toggleSideBar();
}

async function widenSidebar(page, pixels) {
  const box = await page.locator('.part.sidebar').boundingBox();
  const edge = { x: box.x + box.width + 2, y: box.y + box.height / 2 };
  await page.mouse.move(edge.x, edge.y);
  await page.mouse.down();
  await page.mouse.move(edge.x + pixels, edge.y, { steps: 5 });
  await page.mouse.up();
}

async function main() {
  ensureTestHosts(say);
  const vsix = packageVsix();
  const { pid } = await startShop(say);
  const server = await startServer({
    extensions: [vsix],
    userSettings: {
      'heatlens.attachOnStartup': { pid },
      'editor.fontSize': 13,
      'editor.stickyScroll.enabled': false,
      'editor.lightbulb.enabled': 'off',
      'breadcrumbs.enabled': false,
    },
  });
  const browser = await launchBrowser();
  const place = { folder: shopFolder, openFile: hotFile, line: 59, width: 1320, height: 760 };
  const { page } = await openWorkbench(browser, server, place);
  await page
    .locator('.codelens-decoration', { hasText: /\d\s?%/ })
    .first()
    .waitFor({ timeout: 90_000 });
  await sleep(10_000); // the numbers settle, and memory has been read

  mkdirSync(pictures, { recursive: true });
  await widenSidebar(page, 140);
  for (const theme of ['dark', 'light']) {
    if (theme === 'light') await runCommand(page, 'Preferences: Toggle between Light/Dark Themes');
    await page.locator(`.monaco-workbench.vs${theme === 'dark' ? '-dark' : ''}`).waitFor({ timeout: 20_000 });
    await sleep(1500);
    await picturesOf(page, theme);
    await pictureOfFlameGraph(page, theme);
    await pictureOfPlan(page, theme);
    say(`pictures of the ${theme} theme are in media/screenshots`);
  }
  await browser.close();
}

try {
  await main();
} catch (error) {
  console.error(`✗ ${error.stack}`);
  process.exitCode = 1;
} finally {
  await stopAllGroups();
  process.exit();
}
