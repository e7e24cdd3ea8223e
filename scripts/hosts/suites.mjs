// Runs the compiled mocha suites in the three hosts. Each resolves to { passed, skipped, failures: [{ title, error }] }.
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, root } from './paths.mjs';
import { startGroup } from './processGroups.mjs';
import { startServer } from './server.mjs';
import { launchBrowser, openWorkbench } from './workbench.mjs';

export const outputFolder = join(root, 'test-output');
const reporter = join(root, 'scripts/hosts/reporter.cjs');
const MARK = '[heatlens-test] ';
/** Tests attach to real processes under real load; one that a busy machine spoilt is tried once more, and says so. */
const RETRIES = ['--retries', '1'];

function resultsFile(suite) {
  mkdirSync(outputFolder, { recursive: true });
  const file = join(outputFolder, `${suite}-results.json`);
  rmSync(file, { force: true });
  return file;
}

/** A suite that ended without results counts as failed: it crashed, or ran out of time. */
function readResults(file, reason) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, skipped: 0, failures: [{ title: 'the suite did not run to its end', error: reason }] };
  }
}

/** What a suite in the extension host is told by our own environment. */
function passedOn() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('HEATLENS_BENCH_')));
}

async function withTimeout(promise, minutes, what) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(
      () => resolve({ timedOut: `${what} took more than ${minutes} minutes and was ended.` }),
      minutes * 60_000,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Unless it is live, its output is printed as a whole when it has ended. */
async function runMocha(suite, args, { env = {}, minutes, live = true }) {
  const results = resultsFile(suite);
  const group = startGroup(
    process.execPath,
    [join(root, 'node_modules/mocha/bin/mocha.js'), '--reporter', reporter, ...RETRIES, '--recursive', ...args],
    {
      cwd: root,
      env: { ...process.env, ...env, HEATLENS_TEST_RESULTS: results },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    },
  );
  const end = await withTimeout(group.exited, minutes, `The ${suite} suite`);
  await group.stop();
  process.stdout.write(group.output);
  const outcome = readResults(results, end.timedOut ?? `mocha ended with ${JSON.stringify(end)}`);
  if (end.code !== 0 && outcome.failures.length === 0) {
    outcome.failures.push({
      title: `the ${suite} suite`,
      error: end.timedOut ?? `mocha ended with ${JSON.stringify(end)}`,
    });
  }
  return outcome;
}

function grepArguments(grep) {
  return grep ? ['--grep', grep] : [];
}

/** Folders of test/unit by the suite that runs them; `unit` runs all others. */
const unitFolders = {
  targets: ['node/agent', 'node/inspector', 'node/processes', 'node/sources', 'target'],
  measures: ['cli', 'node/instruments', 'node/recording'],
  truth: ['node/truth'],
};
/** By --only=truth, all of its programs many times; in the whole of `npm test`, some of them once, with wider limits. */
const TRUTH_RUNS = 10;

/**
 * Plain Node: what imports no `vscode`. `targets` attach to real processes, `measures` also look at how much time they and
 * others take, `truth` holds what is shown to what programs know of themselves.
 */
export function runUnitSuite(suite, { grep, live, isAskedFor } = {}) {
  const tests = (folder) => `out/test/unit/${folder}/**/*.test.js`;
  const files = unitFolders[suite]?.map(tests) ?? [
    'out/test/unit/**/*.test.js',
    ...Object.values(unitFolders)
      .flat()
      .flatMap((folder) => ['--ignore', tests(folder)]),
  ];
  const all = suite === 'truth' && isAskedFor;
  const env = all ? { HEATLENS_TRUTH_RUNS: String(TRUTH_RUNS) } : {};
  return runMocha(suite, [...grepArguments(grep), ...files], { env, minutes: all ? 90 : 25, live });
}

/** Inside the extension host of an offline VS Code Server, against the production bundle. */
export async function runHostSuite({ grep, folder, tests = join(root, 'out/test/host/index.js'), minutes = 8 } = {}) {
  const results = resultsFile('host');
  const log = createWriteStream(join(outputFolder, 'host.log'));
  const env = { ...passedOn(), HEATLENS_TEST_RESULTS: results, HEATLENS_TEST_MARK: MARK };
  if (grep) env.HEATLENS_TEST_GREP = grep;
  let server;
  let browser;
  try {
    server = await startServer({ env });
    browser = await launchBrowser();
    const onLog = (type, args) => {
      const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
      log.write(`${type} ${text}\n`);
      const at = text.indexOf(MARK);
      if (at >= 0) console.log(text.slice(at).replaceAll(MARK, ''));
    };
    const { testsEnded } = await openWorkbench(browser, server, {
      folder,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      onLog,
    });
    const end = await withTimeout(testsEnded, minutes, 'The host suite');
    const reason = end?.timedOut ?? `The extension host ended with code ${end}; its log is test-output/host.log.`;
    const outcome = readResults(results, reason);
    if (end !== 0 && outcome.failures.length === 0) outcome.failures.push({ title: 'the host suite', error: reason });
    return outcome;
  } finally {
    await browser?.close().catch(() => undefined);
    await server?.stop();
    log.end();
  }
}

/** The same suite in a desktop VS Code, downloaded by @vscode/test-electron or named by HEATLENS_TEST_CODE. */
export async function runDesktopSuite({ grep, folder } = {}) {
  const { runTests } = await import('@vscode/test-electron');
  const results = resultsFile('desktop');
  const failure = await runTests({
    ...(process.env.HEATLENS_TEST_CODE ? { vscodeExecutablePath: process.env.HEATLENS_TEST_CODE } : {}),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'out/test/host/index.js'),
    extensionTestsEnv: { HEATLENS_TEST_RESULTS: results, ...(grep ? { HEATLENS_TEST_GREP: grep } : {}) },
    launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions', '--no-sandbox'],
  }).then(
    () => undefined,
    (error) => String(error),
  );
  const outcome = readResults(results, failure ?? 'no results were written');
  if (failure && outcome.failures.length === 0) outcome.failures.push({ title: 'the desktop suite', error: failure });
  return outcome;
}

/** Mocha in Node, driving the workbench in Chromium: real pixels. The suite opens one page and shares it. */
export function runUiSuite({ grep } = {}) {
  return runMocha(
    'ui',
    ['--require', 'out/test/ui/setup.js', '--timeout', '60000', ...grepArguments(grep), 'out/test/ui/**/*.test.js'],
    {
      env: { HEATLENS_CHROMIUM: findChromium() ?? '' },
      minutes: 15,
    },
  );
}
