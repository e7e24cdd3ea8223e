// `npm test`: everything, from a fresh clone. Node built-ins only, because npm packages may not be installed yet.
//
//   node scripts/test.mjs [--only=unit,host,…] [--grep=REGEXP]
//
// Steps: lint, format, types, unit, build, cli, host, ui, vsix, demo. --only leaves out installing what other steps need.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium, ensureDependencies, ensureNodes, ensureServer, ensureV8Profiler } from './hosts/installs.mjs';
import { nodeVersions, root } from './hosts/paths.mjs';
import { ensurePeers } from './hosts/peers.mjs';
import { runDesktopSuite, runHostSuite, runUiSuite, runUnitSuite } from './hosts/suites.mjs';
import { pruneOutput } from './hosts/pruneOutput.mjs';
import { checkBundles, checkVsix } from './hosts/vsix.mjs';

const say = (text) => console.log(`\n▸ ${text}`);

function command(name, file, args) {
  const { status, signal } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  return status === 0
    ? { passed: 1, skipped: 0, failures: [] }
    : failure(name, `${file} ${args.join(' ')} ended with ${signal ?? `code ${status}`}`);
}

function failure(title, error) {
  return { passed: 0, skipped: 0, failures: [{ title, error }] };
}

const sampleFolder = join(root, 'test/fixtures/workspaces/shop');

/** In the order they run. `needs` names what is installed first. */
const steps = {
  lint: { title: 'lint', needs: [], run: () => command('lint', 'node_modules/eslint/bin/eslint.js', ['.']) },
  format: {
    title: 'format (npm run format mends it)',
    needs: [],
    run: () => command('format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  },
  types: {
    title: 'types (and compile the tests)',
    needs: [],
    run: () => {
      pruneOutput();
      return command('types', 'scripts/types.mjs', []);
    },
  },
  build: {
    title: 'production build',
    needs: [],
    run: () => {
      const built = command('production build', 'node_modules/webpack/bin/webpack.js', ['--mode', 'production']);
      return built.failures.length ? built : merge(built, checkBundles());
    },
  },
  unit: {
    title: 'unit tests (plain Node)',
    needs: ['nodes', 'v8-profiler', 'peers'],
    run: (options) => runUnitSuite(options),
  },
  host: {
    title: 'host tests (in the extension host of a VS Code Server)',
    needs: ['nodes', 'server', 'chromium'],
    run: (options) => runHostSuite({ ...options, folder: sampleFolder }),
  },
  desktop: {
    title: 'host tests (in a desktop VS Code)',
    needs: [],
    optional: 'HEATLENS_TEST_DESKTOP',
    run: (options) => runDesktopSuite({ ...options, folder: sampleFolder }),
  },
  ui: {
    title: 'UI tests (the workbench in Chromium)',
    needs: ['nodes', 'server', 'chromium'],
    run: (options) => runUiSuite(options),
  },
  vsix: { title: 'package, check and install the VSIX', needs: ['server', 'chromium'], run: () => checkVsix(say) },
  demo: {
    title: 'npm run demo -- --once',
    needs: ['server', 'chromium'],
    run: () => command('demo', 'scripts/demo.mjs', ['--once']),
  },
};

const installs = {
  chromium: () => ensureChromium(say),
  nodes: () => ensureNodes(nodeVersions, say),
  server: () => ensureServer(say),
  'v8-profiler': () => ensureV8Profiler(say),
  peers: () => ensurePeers(say),
};

/** Tests that use these say themselves that they are skipped without them. */
const dispensable = ['v8-profiler', 'peers'];

function merge(a, b) {
  return { passed: a.passed + b.passed, skipped: a.skipped + b.skipped, failures: [...a.failures, ...b.failures] };
}

function parseArguments(args) {
  const values = { only: undefined, grep: undefined };
  for (const arg of args) {
    const match = /^--(only|grep)=(.+)$/.exec(arg);
    if (!match) fail(`Unknown option ${arg}. Use --only=STEP[,STEP] and --grep=REGEXP.`);
    values[match[1]] = match[2];
  }
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => !steps[name]) ?? [];
  if (unknown.length) fail(`Unknown step ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}.`);
  return { only, grep: values.grep };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed; this is ${process.version}.`);
const { only, grep } = parseArguments(process.argv.slice(2));
const chosen = Object.entries(steps).filter(([name, step]) =>
  only ? only.includes(name) : !step.optional || process.env[step.optional],
);

const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;
try {
  ensureDependencies(root, say);
} catch (error) {
  console.error(`\n✗ ${error.message}\n\n0 passed, 1 failed`);
  process.exit(1);
}

const table = [];
let total = { passed: 0, skipped: 0, failures: [] };
function account(name, result, since) {
  table.push({ name, ...result, time: seconds(since) });
  total = merge(total, result);
}

/** Needs that could not be installed, with the reason; steps that need them fail with it. */
const missing = new Map();
for (const need of new Set(chosen.flatMap(([, step]) => step.needs))) {
  const since = Date.now();
  try {
    await installs[need]();
  } catch (error) {
    console.error(`✗ ${error.message}`);
    missing.set(need, error.message);
    account('install', failure(`install ${need}`, error.message), since);
  }
}

for (const [name, step] of chosen) {
  const since = Date.now();
  say(step.title);
  const absent = step.needs.find((need) => missing.has(need) && !dispensable.includes(need));
  let result;
  try {
    result = absent ? failure(step.title, missing.get(absent)) : await step.run({ grep });
  } catch (error) {
    result = failure(step.title, error.stack ?? String(error));
  }
  account(name, result, since);
}

say(`summary (${seconds(started)})`);
for (const { name, passed, failures, skipped, time } of table) {
  const counts = `${passed} passed, ${failures.length} failed${skipped ? `, ${skipped} skipped` : ''}`;
  console.log(`  ${failures.length ? '✗' : '✓'} ${name.padEnd(8)} ${counts.padEnd(36)} ${time}`);
}
for (const { title, error } of total.failures) console.log(`  ✗ ${title}: ${error.split('\n')[0]}`);
console.log(
  `\n${total.passed} passed, ${total.failures.length} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failures.length ? 1 : 0);
