// `npm test`: everything, from a fresh clone. Node built-ins only, because npm packages may not be installed yet.
//
//   node scripts/test.mjs [--only=unit,host,…] [--grep=REGEXP]
//
// Steps: types, lint, imports, format, build, unit, targets, measures, truth, host, desktop, ui, vsix, npm, demo. Steps that need
// no quiet machine run beside each other. --only leaves out installing what other steps need; --only=truth runs each of its programs
// ten times and prints the table, which takes more than an hour.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, ensureDependencies, ensureNodes, ensureServer, ensureV8Profiler } from './hosts/installs.mjs';
import { checkNpmPackage } from './hosts/npmPackage.mjs';
import { NODE_VERSIONS, root } from './hosts/paths.mjs';
import { ensurePeers } from './hosts/peers.mjs';
import { startGroup } from './hosts/processGroups.mjs';
import { pruneOutput } from './hosts/pruneOutput.mjs';
import { runDesktopSuite, runHostSuite, runUiSuite, runUnitSuite } from './hosts/suites.mjs';
import { checkBundles, checkVsix } from './hosts/vsix.mjs';

const say = (text) => console.log(`\n▸ ${text}`);

/** Unless it is live, its output is printed as a whole when it has ended. */
async function command(name, file, args, { live }) {
  const group = startGroup(process.execPath, [join(root, file), ...args], {
    cwd: root,
    stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const { code, signal } = await group.exited;
  process.stdout.write(group.output);
  return code === 0
    ? { passed: 1, skipped: 0, failures: [] }
    : failure(name, `${file} ${args.join(' ')} ended with ${signal ?? `code ${code}`}`);
}

function failure(title, error) {
  return { passed: 0, skipped: 0, failures: [{ title, error }] };
}

const sampleFolder = join(root, 'test/fixtures/workspaces/shop');

const ESLINT = 'node_modules/eslint/bin/eslint.js';
const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';
const UNCHANGED = ['--cache', '--cache-location', 'node_modules/.cache/prettier/checked'];
const WEBPACK = 'node_modules/webpack/bin/webpack.js';

/** `needs` names what is installed first. */
const steps = {
  types: {
    title: 'types (and compile the tests)',
    needs: [],
    run: (options) => {
      pruneOutput();
      return command('types', 'scripts/types.mjs', [], options);
    },
  },
  lint: { title: 'lint', needs: [], run: (options) => command('lint', ESLINT, ['.'], options) },
  imports: {
    title: 'imports (npm run imports -- --write mends the list of ARCHITECTURE.md)',
    needs: [],
    run: (options) => command('imports', 'scripts/imports.mjs', ['--check'], options),
  },
  format: {
    title: 'format (npm run format mends it)',
    needs: [],
    run: (options) => command('format', PRETTIER, ['--check', '--log-level=warn', ...UNCHANGED, '.'], options),
  },
  build: {
    title: 'production build',
    needs: [],
    run: async (options) => {
      const built = await command('production build', WEBPACK, ['--mode', 'production'], options);
      return built.failures.length ? built : merge(built, checkBundles());
    },
  },
  unit: {
    title: 'unit tests (plain Node)',
    needs: ['nodes', 'v8-profiler', 'peers'],
    run: (options) => runUnitSuite('unit', options),
  },
  targets: {
    title: 'unit tests with targets (real processes on each Node version)',
    needs: ['nodes', 'v8-profiler', 'peers'],
    run: (options) => runUnitSuite('targets', options),
  },
  measures: {
    title: 'unit tests that measure (real processes, nothing beside them)',
    needs: ['nodes', 'v8-profiler', 'peers'],
    run: (options) => runUnitSuite('measures', options),
  },
  truth: {
    title: 'shares and bytes against what programs know of themselves (each Node version, nothing beside them)',
    needs: ['nodes'],
    run: (options) => runUnitSuite('truth', options),
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
  // After `vsix` or `build`, which leave dist/ as it is shipped.
  npm: { title: 'pack the npm package, install and run it', needs: [], run: () => checkNpmPackage() },
  demo: {
    title: 'npm run demo -- --once',
    needs: ['server', 'chromium'],
    run: (options) => command('demo', 'scripts/demo.mjs', ['--once'], options),
  },
};

/**
 * In the order they run. The lists of a stage run beside each other on a machine that can, the steps of a list one after
 * the other. Only what measures no time and no share of it may have a neighbour, and one of a stage's lists at most may
 * open inspectors: they take turns on port 9229.
 */
const STAGES = [
  [['types']],
  [['lint', 'imports', 'format', 'build', 'unit'], ['targets']],
  [['measures']],
  [['truth']],
  [['host', 'desktop', 'ui', 'vsix', 'npm', 'demo']],
];

const installs = {
  chromium: () => ensureChromium(say),
  nodes: () => ensureNodes(NODE_VERSIONS, say),
  server: () => ensureServer(say),
  'v8-profiler': () => ensureV8Profiler(say),
  peers: () => ensurePeers(say),
};

/** Tests that use these say themselves that they are skipped without them. */
const DISPENSABLE = ['v8-profiler', 'peers'];

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
const isChosen = (name) => (only ? only.includes(name) : !steps[name].optional || process.env[steps[name].optional]);
const chosen = STAGES.map((lists) => lists.map((names) => names.filter(isChosen)).filter((names) => names.length));

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
for (const need of new Set(chosen.flat(2).flatMap((name) => steps[name].needs))) {
  const since = Date.now();
  try {
    await installs[need]();
  } catch (error) {
    console.error(`✗ ${error.message}`);
    missing.set(need, error.message);
    account('install', failure(`install ${need}`, error.message), since);
  }
}

/** The last list of a stage is shown as it goes on; what runs beside it says all at its end. */
async function runSteps(names, live) {
  for (const name of names) {
    const since = Date.now();
    const step = steps[name];
    const absent = step.needs.find((need) => missing.has(need) && !DISPENSABLE.includes(need));
    if (live) say(step.title);
    let result;
    try {
      result = absent
        ? failure(step.title, missing.get(absent))
        : await step.run({ grep, live, isAskedFor: only?.includes(name) });
    } catch (error) {
      result = failure(step.title, error.stack ?? String(error));
    }
    if (!live) say(`${step.title}: ${result.passed} passed, ${result.failures.length} failed (${seconds(since)})`);
    account(name, result, since);
  }
}

for (const lists of chosen) {
  const lanes = availableParallelism() > 1 ? lists : [lists.flat()];
  await Promise.all(lanes.map((names, i) => runSteps(names, i === lanes.length - 1)));
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
