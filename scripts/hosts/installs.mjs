// Installs what tests and the demo need and what is missing, into folders that git ignores. Node built-ins only: this
// runs before `npm ci` did.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  findChromium,
  nodeBinary,
  nodePackage,
  NODE_VERSIONS,
  root,
  serverFolder,
  serverMain,
  toolsFolder,
} from './paths.mjs';

const CODE_SERVER_VERSION = '4.139.1';

function run(command, args, { cwd = root, env = process.env } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed (exit code ${status}), see above.`);
}

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** The lock file that node_modules was installed from is kept beside it by npm; an older one means "outdated". */
export function ensureDependencies(folder, say) {
  const lock = join(folder, 'package-lock.json');
  const installed = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && sameLock(lock, installed)) return;
  say(`installing npm packages of ${folder === root ? 'this repository' : folder} (npm ci)`);
  run('npm', ['ci', ...QUIET], { cwd: folder });
}

/** A checkout touches the lock file without changing it: compare what it says. */
function sameLock(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.link || present[path]?.version === entry.version,
  );
}

/** Installs one package into a folder of its own under .vscode-test/. Nothing of its scripts is run. */
export function installInto(folder, packages, env) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', ...QUIET, '--ignore-scripts', '--no-save', ...packages], { cwd: folder, env });
}

/** Of a package's folder; undefined where it is not installed. */
export function readInstalledVersion(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

export function ensureNodes(versions, say) {
  for (const version of versions) {
    if (existsSync(nodeBinary(version))) continue;
    say(`installing Node ${version} as a target (npm package ${nodePackage}@${version})`);
    installInto(join(toolsFolder, 'nodes', String(version)), [`${nodePackage}@${version}`]);
  }
}

/**
 * code-server's own postinstall demands Node 24 and compiles native modules that only logging and a watchdog use;
 * without them the server runs, so its two inner package folders are installed here without scripts.
 */
export function ensureServer(say) {
  ensureNodes([24], say);
  const stamp = join(serverFolder, `installed-${CODE_SERVER_VERSION}`);
  if (existsSync(stamp) && existsSync(serverMain)) return;
  say(`installing the VS Code Server (npm package code-server@${CODE_SERVER_VERSION}, about 600 MB)`);
  const env = { ...process.env, PATH: `${dirname(nodeBinary(24))}:${process.env.PATH}` };
  installInto(serverFolder, [`code-server@${CODE_SERVER_VERSION}`], env);
  const code = join(serverFolder, 'node_modules/code-server/lib/vscode');
  for (const folder of [code, join(code, 'extensions')]) {
    run('npm', ['install', ...QUIET, '--ignore-scripts', '--omit=dev'], { cwd: folder, env });
  }
  writeFileSync(stamp, '');
}

export function ensureChromium(say) {
  if (findChromium()) return;
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall) {
    throw new Error(
      'No Chromium was found. Install one (Debian and Ubuntu: `sudo apt-get install chromium`), or name one in HEATLENS_CHROMIUM.',
    );
  }
  say('installing Chromium (apt-get install chromium)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  if (spawnSync('apt-get', ['-q', ...install], { env, stdio: 'inherit' }).status !== 0) {
    run('apt-get', ['-q', 'update'], { env });
    run('apt-get', ['-q', ...install], { env });
  }
  if (!findChromium()) throw new Error('Chromium was installed, but no `chromium` command is on the PATH.');
}

export function ensureV8Profiler(say) {
  const script = join(root, 'scripts/install-v8-profiler.mjs');
  say('building v8-profiler-next for the Node versions it supports, where that is missing');
  run(process.execPath, [script]);
}

export function ensureTestHosts(say) {
  ensureDependencies(root, say);
  ensureChromium(say);
  ensureNodes(NODE_VERSIONS, say);
  ensureServer(say);
}
