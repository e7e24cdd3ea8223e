// `npm run demo`: the sample service under load over a database, its heat as a table, and the editor showing the same heat at
// the lines.
//
//   node scripts/demo.mjs [--once]
//
// --once ends after the table, after the editor (in a headless browser) has shown heat on the hot method, and after the product
// search was explained without and with the index that was suggested for it.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureChromium, ensureDependencies, ensureServer } from './hosts/installs.mjs';
import { hostsOf } from './hosts/mongo.mjs';
import { findChromium, findDesktopCode, hasDisplay, root } from './hosts/paths.mjs';
import { startGroup, stopAllGroups, temporaryFolder } from './hosts/processGroups.mjs';
import { quietSettings, startServer } from './hosts/server.mjs';
import { shopFolder, startShop } from './hosts/shop.mjs';
import { packageVsix } from './hosts/vsix.mjs';
import { launchBrowser, openWorkbench, workbenchUrl } from './hosts/workbench.mjs';

const once = process.argv.includes('--once');
const unknown = process.argv.slice(2).find((arg) => arg !== '--once');
if (unknown) {
  console.error(`Unknown option ${unknown}. The only one is --once.`);
  process.exit(2);
}

const say = (text) => console.log(`▸ ${text}`);
const hotFile = join(shopFolder, 'src/catalog/search.ts');
const HOT_METHOD = 'typingDistance';
const hotLine = lineOf(hotFile, `function ${HOT_METHOD}(`);
const QUERY_FILE = 'demo/service/src/products/productSearch.ts';
/** What the queries are explained with, by the end of the value's place in them: page 3 of the oak furniture. */
const queryValues = { category: 'furniture', $regex: 'oak', $skip: 40, $gt: 'bright oak mirror No. 5' };

/** 1-based. */
function lineOf(file, code) {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(code)) + 1
  );
}

/** What the command line prints as JSON. */
/** A connection string may hold a password: it is not to stand in a list of processes, nor in the message of a failure. */
async function heatlens(args, uri) {
  const env = uri === undefined ? process.env : { ...process.env, HEATLENS_MONGODB_URI: uri };
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.js', ...args, '--json'], options);
  return JSON.parse(stdout);
}

function settings(pid) {
  return { 'heatlens.attachOnStartup': { pid } };
}

async function printTable(pid) {
  say(`node dist/cli.js record --pid ${pid} --duration 6`);
  const record = startGroup(process.execPath, ['dist/cli.js', 'record', '--pid', String(pid), '--duration', '6'], {
    cwd: root,
  });
  const { code } = await record.exited;
  await record.stop();
  console.log(record.output.trimEnd());
  if (code !== 0) throw new Error(`heatlens record ended with code ${code}`);
  return record.output;
}

/** A desktop VS Code with a profile of its own: nothing of the user's is touched. */
async function openDesktop(code, vsix, pid) {
  const data = temporaryFolder('code');
  mkdirSync(join(data, 'user/User'), { recursive: true });
  writeFileSync(join(data, 'user/User/settings.json'), JSON.stringify({ ...quietSettings, ...settings(pid) }, null, 2));
  const profile = ['--user-data-dir', join(data, 'user'), '--extensions-dir', join(data, 'extensions')];
  if (process.getuid?.() === 0) profile.push('--no-sandbox');
  const install = startGroup(code, [...profile, '--install-extension', vsix, '--force']);
  const { code: status } = await install.exited;
  if (status !== 0) throw new Error(`VS Code could not install the extension:\n${install.output}`);
  startGroup(code, [...profile, '--new-window', '--wait', shopFolder, '--goto', `${hotFile}:${hotLine}`]);
  say('VS Code opens the hot file with Heatlens attached.');
}

async function openServer(vsix, pid) {
  const server = await startServer({ extensions: [vsix], userSettings: settings(pid) });
  return { server, place: { folder: shopFolder, openFile: hotFile, line: hotLine } };
}

/** The lens that stands above the hot method, once it has numbers. */
async function verifyEditor({ server, place }) {
  const browser = await launchBrowser();
  try {
    const { page } = await openWorkbench(browser, server, place);
    let shown;
    for (const end = Date.now() + 90_000; !/\d\s?%/.test(shown ?? ''); await sleep(500)) {
      if (Date.now() > end) {
        mkdirSync(join(root, 'test-output'), { recursive: true });
        await page.screenshot({ path: join(root, 'test-output/demo-failed.png') });
        throw new Error(`The editor showed no heat above ${HOT_METHOD} within 90 s, see test-output/demo-failed.png.`);
      }
      shown = await lensAbove(page, `function ${HOT_METHOD}(`);
    }
    console.log(`The editor shows above ${HOT_METHOD}: ${shown}`);
  } finally {
    await browser.close();
  }
}

/** Text of the lens directly above the line that holds `code`, as laid out on the screen. */
async function lensAbove(page, code) {
  const lines = page.locator('.view-line', { hasText: code });
  const line =
    (await lines.count()) > 0 &&
    (await lines
      .first()
      .boundingBox({ timeout: 1000 })
      .catch(() => undefined));
  if (!line) return undefined;
  for (const lens of await page.locator('.codelens-decoration').all()) {
    const box = await lens.boundingBox({ timeout: 1000 }).catch(() => undefined);
    if (box && box.y < line.y && line.y - box.y < line.height * 1.5)
      return (await lens.textContent())?.replaceAll('\u00a0', ' ');
  }
  return undefined;
}

/**
 * Explains the product search, creates what is suggested for it, and explains it again: it must read a tenth at most. The page
 * by name, which the demo has beside it, must then read what it returns.
 */
async function verifyExplain(uri) {
  const statements = await heatlens(['statements', QUERY_FILE]);
  const explain = ({ line, holes }) => {
    const values = holes.flatMap(({ name, path }) => [
      '--value',
      `${name}=${JSON.stringify(queryValues[path.split('.').at(-1)])}`,
    ]);
    return heatlens(['explain', `${QUERY_FILE}:${line}`, ...values, '--verbosity', 'executionStats'], uri);
  };
  const search = statements.find(({ command }) => command === 'aggregate');
  const searchAfter = statements.find(({ command }) => command === 'find');
  const { MongoClient } = await import('mongodb');
  const client = await MongoClient.connect(uri);
  try {
    say(`node dist/cli.js explain ${QUERY_FILE}:${search.line}`);
    const products = client.db().collection('products');
    // An index of an exercise before would leave nothing to suggest.
    await products.dropIndexes();
    const before = await explain(search);
    const [suggestion] = before.suggestions;
    if (!suggestion) throw new Error('no index is suggested for the product search');
    const index = await products.createIndex(suggestion.key, suggestion.options);
    const [after, paged] = [await explain(search), await explain(searchAfter)];
    await products.dropIndex(index);
    console.log(`without an index: ${explainText(before)}`);
    console.log(`as suggested:     ${explainText(after)}`);
    console.log(`and without skip: ${explainText(paged)}`);
    const scans = explainText(before).startsWith('COLLSCAN') && before.findings.some(({ rule }) => rule === 'R01');
    if (!scans) throw new Error('the product search is not found to scan its collection');
    if (!explainText(after).startsWith(`IXSCAN ${index}`)) throw new Error(`the product search does not use ${index}`);
    if (after.totals.docsExamined * 10 > before.totals.docsExamined)
      throw new Error(`${index} does not make the product search read a tenth`);
    if (paged.totals.docsExamined > paged.totals.returned)
      throw new Error('the page by name reads more than it returns');
  } finally {
    await client.close();
  }
}

function explainText({ root: plan, totals, findings }) {
  const open = [plan];
  let reading = open.pop();
  for (; reading && !/SCAN$/.test(reading.name); reading = open.pop()) open.push(...reading.children);
  const access = [reading?.name ?? plan.name, reading?.index].filter(Boolean).join(' ');
  const work = `${totals.docsExamined.toLocaleString('en')} documents and ${totals.keysExamined.toLocaleString('en')} keys read`;
  return `${access}, ${work}, ${totals.millis} ms, findings ${findings.map(({ rule }) => rule).join(' ') || 'none'}`;
}

async function main() {
  const code = once ? undefined : hasDisplay() && findDesktopCode();
  ensureDependencies(root, say);
  if (!code) ensureServer(say);
  if (once) ensureChromium(say);

  say('building Heatlens and the sample service');
  const vsix = packageVsix();
  const { url, pid, uri, load } = await startShop(say);
  say(`the shop runs at ${url} (pid ${pid}), started without any flag`);
  await sleep(1000);

  const table = await printTable(pid);
  if (once) {
    const { server, place } = await openServer(vsix, pid);
    const first = table.split('\n').find((row) => /search\.ts:\d+/.test(row)) ?? '';
    if (!first.includes(HOT_METHOD) || !first.includes(`search.ts:${hotLine}`)) {
      throw new Error(`the table does not lead with ${HOT_METHOD} at search.ts:${hotLine}`);
    }
    await verifyEditor({ server, place });
    await server.stop();
    await verifyExplain(uri);
    const health = await fetch(`${url}/health`);
    if (!health.ok) throw new Error(`the shop answers ${health.status} after it was measured`);
    await load.stop();
    console.log('The shop still serves.');
    return;
  }

  if (code) await openDesktop(code, vsix, pid);
  else {
    const { server, place } = await openServer(vsix, pid);
    console.log(`\nThe editor, with Heatlens attached and the hot file open:\n\n  ${workbenchUrl(server, place)}\n`);
    if (hasDisplay() && findChromium()) {
      const browser = await launchBrowser({ headless: false });
      await openWorkbench(browser, server, place);
    } else console.log('No display was found: open this address in a browser of this machine.');
  }
  console.log(`
In the editor, beside the heat: open src/products/productSearch.ts and choose Explain above the query of search. Heatlens asks
which connection to use, and offers that of the shop (${hostsOf(uri)}); it asks for the values that the text does not
give, then shows the plan, what is wrong with it, and the index that would help. More to find is listed in demo/README.md.
`);
  console.log('Ctrl-C ends the demo.');
  await new Promise(() => setInterval(() => undefined, 60_000));
}

try {
  await main();
  await stopAllGroups();
  process.exit(0);
} catch (error) {
  console.error(`✗ ${error.message}`);
  await stopAllGroups();
  process.exit(1);
}
