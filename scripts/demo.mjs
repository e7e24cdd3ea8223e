// `npm run demo`: the sample service under load, its heat as a table, and the editor showing the same heat at the lines.
//
//   node scripts/demo.mjs [--once]
//
// --once ends after the table and after the editor (in a headless browser) has shown heat on the hot method.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureChromium, ensureDependencies, ensureServer } from './hosts/installs.mjs';
import { findChromium, findDesktopCode, hasDisplay, root } from './hosts/paths.mjs';
import { startGroup, stopAllGroups, temporaryFolder } from './hosts/processGroups.mjs';
import { quietSettings, startServer } from './hosts/server.mjs';
import { packageVsix } from './hosts/vsix.mjs';
import { launchBrowser, openWorkbench, workbenchUrl } from './hosts/workbench.mjs';

const once = process.argv.includes('--once');
const unknown = process.argv.slice(2).find((arg) => arg !== '--once');
if (unknown) {
  console.error(`Unknown option ${unknown}. The only one is --once.`);
  process.exit(2);
}

const say = (text) => console.log(`▸ ${text}`);
const service = join(root, 'demo/service');
const hotFile = join(service, 'src/catalog/search.ts');
const hotMethod = 'typingDistance';
const hotLine = readFileSync(hotFile, 'utf8').split('\n').findIndex((line) => line.includes(`function ${hotMethod}(`)) + 1;

function node(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with code ${status}`);
}

async function startService() {
  // No flags, and no port of its own: it is profiled as any service would be.
  const group = startGroup(process.execPath, ['dist/server.js'], { cwd: service, env: { ...process.env, PORT: '0' } });
  let exit;
  void group.exited.then((result) => (exit = result));
  for (let waited = 0; waited < 15_000; waited += 100) {
    const url = /listens on (\S+)/.exec(group.output)?.[1];
    if (url) return { group, url, pid: group.child.pid };
    if (exit) break;
    await sleep(100);
  }
  throw new Error(`The sample service did not start:\n${group.output}`);
}

function settings(pid) {
  return { 'heatlens.attachOnStartup': { pid } };
}

async function printTable(pid) {
  say(`node dist/cli.js record --pid ${pid} --duration 6`);
  const record = startGroup(process.execPath, ['dist/cli.js', 'record', '--pid', String(pid), '--duration', '6'], { cwd: root });
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
  startGroup(code, [...profile, '--new-window', '--wait', service, '--goto', `${hotFile}:${hotLine}`]);
  say('VS Code opens the hot file with Heatlens attached.');
}

async function openServer(vsix, pid) {
  const server = await startServer({ extensions: [vsix], userSettings: settings(pid) });
  return { server, place: { folder: service, openFile: hotFile, line: hotLine } };
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
        throw new Error(`The editor showed no heat above ${hotMethod} within 90 s, see test-output/demo-failed.png.`);
      }
      shown = await lensAbove(page, `function ${hotMethod}(`);
    }
    console.log(`The editor shows above ${hotMethod}: ${shown}`);
  } finally {
    await browser.close();
  }
}

/** Text of the lens directly above the line that holds `code`, as laid out on the screen. */
async function lensAbove(page, code) {
  const lines = page.locator('.view-line', { hasText: code });
  const line = (await lines.count()) > 0 && (await lines.first().boundingBox({ timeout: 1000 }).catch(() => undefined));
  if (!line) return undefined;
  for (const lens of await page.locator('.codelens-decoration').all()) {
    const box = await lens.boundingBox({ timeout: 1000 }).catch(() => undefined);
    if (box && box.y < line.y && line.y - box.y < line.height * 1.5) return (await lens.textContent())?.replaceAll('\u00a0', ' ');
  }
  return undefined;
}

async function main() {
  const code = once ? undefined : hasDisplay() && findDesktopCode();
  ensureDependencies(root, say);
  if (!code) ensureServer(say);
  if (once) ensureChromium(say);

  say('building Heatlens and the sample service');
  const vsix = packageVsix();
  node(['node_modules/typescript/bin/tsc', '-p', 'demo/service']);

  const { url, pid } = await startService();
  say(`the shop runs at ${url} (pid ${pid}), started without any flag`);
  const load = startGroup(process.execPath, ['demo/load/load.mjs', `--url=${url}`], { cwd: root });
  await sleep(1000);

  const table = await printTable(pid);
  if (once) {
    const { server, place } = await openServer(vsix, pid);
    const first = table.split('\n').find((row) => /search\.ts:\d+/.test(row)) ?? '';
    if (!first.includes(hotMethod) || !first.includes(`search.ts:${hotLine}`)) {
      throw new Error(`the table does not lead with ${hotMethod} at search.ts:${hotLine}`);
    }
    await verifyEditor({ server, place });
    await server.stop();
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
