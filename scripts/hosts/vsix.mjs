// What is shipped: its size, what is in it, and that an editor installs and activates it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { collector } from './checks.mjs';
import { readJson, root } from './paths.mjs';
import { listExtensions, startServer } from './server.mjs';
import { outputFolder } from './suites.mjs';
import { launchBrowser, openWorkbench } from './workbench.mjs';

const MAXIMUM_MAIN_BYTES = 500_000;
const MAXIMUM_VSIX_BYTES = 3_000_000;
/** Everything that may be in the package, beside the three files that VS Code's packager adds itself. */
const ALLOWED = [
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(readme|changelog|security)\.md$/i,
  /^license(\.txt)?$/i,
  /^dist\/(extension|cli|agent|mapWorker|profileWorker|statementWorker|target)\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^dist\/webview\/\w+\.(js|css)$/,
  /^dist\/(webview\/\w+\.)?licences\.txt$/,
  /^l10n\/[\w.-]+\.json$/,
  /^media\/(?!screenshots\/)[\w./-]+\.(svg|png|md)$/,
];
const REQUIRED = [
  'package.json',
  'readme.md',
  'changelog.md',
  'dist/extension.js',
  'dist/cli.js',
  'dist/agent.js',
  'dist/target.js',
  'dist/mapWorker.js',
  'dist/profileWorker.js',
  'dist/statementWorker.js',
  'dist/webview/flame.js',
  'dist/webview/flame.css',
  'dist/webview/explain.js',
  'dist/webview/explain.css',
  'dist/licences.txt',
];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

export function checkBundles() {
  const { result, check } = collector();
  const main = statSync(join(root, 'dist/extension.js')).size;
  check(
    `main bundle is below ${kilobytes(MAXIMUM_MAIN_BYTES)} (${kilobytes(main)})`,
    main < MAXIMUM_MAIN_BYTES ? undefined : 'load more of it by import() when it is needed',
  );
  const cli = spawnSync(join(root, 'dist/cli.js'), ['--version'], { encoding: 'utf8' });
  const { version } = readJson(join(root, 'package.json'));
  check(
    'dist/cli.js runs as a command and says its version',
    cli.stdout?.includes(version)
      ? undefined
      : `${cli.error ?? ''}${cli.stdout ?? ''}${cli.stderr ?? ''}` || 'no output',
  );
  try {
    accessSync(join(root, 'dist/agent.js'), constants.R_OK);
    check('dist/agent.js is there');
  } catch (error) {
    check('dist/agent.js is there', error.message);
  }
  return result;
}

function listArchive(vsix) {
  // vsce bundles a zip reader of its own; Python or unzip need not be installed.
  const script = `
    require('yauzl').open(process.argv[1], { lazyEntries: true }, (error, zip) => {
      if (error) throw error;
      zip.on('entry', (entry) => { console.log(entry.fileName); zip.readEntry(); });
      zip.readEntry();
    });`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, vsix], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The VSIX cannot be read: ${stderr}`);
  return stdout.trim().split('\n');
}

/** Returns the path of the fresh package. */
export function packageVsix() {
  mkdirSync(outputFolder, { recursive: true });
  const vsix = join(outputFolder, 'heatlens.vsix');
  rmSync(vsix, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--skip-license',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsix,
  ];
  const { status, signal } = spawnSync(process.execPath, [vsce, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0 || !existsSync(vsix))
    throw new Error(`vsce package ended with ${signal ?? `code ${status}`}, see above.`);
  return vsix;
}

export async function checkVsix(say) {
  const { result, check } = collector();
  const vsix = packageVsix();
  const size = statSync(vsix).size;
  check(
    `VSIX is below ${kilobytes(MAXIMUM_VSIX_BYTES)} (${kilobytes(size)})`,
    size < MAXIMUM_VSIX_BYTES ? undefined : 'see what has grown with `npx vsce ls`',
  );
  const files = listArchive(vsix)
    .filter((name) => name.startsWith('extension/') && !name.endsWith('/'))
    .map((name) => name.slice('extension/'.length));
  const strangers = files.filter((name) => !ALLOWED.some((pattern) => pattern.test(name)));
  check(`VSIX holds nothing but what is listed (${files.length} files)`, strangers.join(', '));
  const missing = REQUIRED.filter((name) => !files.some((file) => file.toLowerCase() === name.toLowerCase()));
  const chunks = readdirSync(join(root, 'dist/chunks')).filter(
    (name) => name.endsWith('.js') && !files.includes(`dist/chunks/${name}`),
  );
  check('VSIX holds all that is needed', [...missing, ...chunks].join(', '));

  say('install the VSIX into a VS Code Server');
  await checkInstalled(vsix, check);
  return result;
}

/** The installed copy, not the working tree, has to be listed and to activate in a window. */
async function checkInstalled(vsix, check) {
  const { publisher, name, version } = readJson(join(root, 'package.json'));
  const server = await startServer({ extensions: [vsix] });
  let browser;
  try {
    const listed = await listExtensions(server);
    check(
      `${publisher}.${name}@${version} is listed`,
      listed.includes(`${publisher}.${name}@${version}`) ? undefined : `listed are: ${listed.join(', ') || 'none'}`,
    );
    browser = await launchBrowser();
    const { page } = await openWorkbench(browser, server, { folder: join(root, 'test/fixtures/workspaces/shop') });
    check('the installed extension activates on a command', await activationProblem(page));
  } finally {
    await browser?.close().catch(() => undefined);
    await server.stop();
  }
}

/**
 * Runs a harmless command from the palette, and looks for what only the activated extension can show. A window that is still
 * starting redraws its palette, or drops a command that it has not registered yet: a user would run it again, and so do we.
 */
async function activationProblem(page) {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Heatlens: Open Log' }).first();
  const log = page.locator('.panel .output-view-actions, .panel', { hasText: 'Heatlens' }).first();
  const deadline = Date.now() + 120_000;
  let problem;
  while (Date.now() < deadline) {
    try {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').fill('>Heatlens: Open Log', { timeout: 5000 });
      await row.click({ timeout: 5000 });
      await log.waitFor({ timeout: 15_000 });
      return undefined;
    } catch (error) {
      problem = error;
    }
  }
  await page.screenshot({ path: join(outputFolder, 'vsix-activation.png') }).catch(() => undefined);
  return `${problem.message} (test-output/vsix-activation.png)`;
}
