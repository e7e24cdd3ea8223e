import { existsSync, statSync } from 'node:fs';
import { whyNotHere } from '../files/readForeignFile';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNodeArguments, watches } from './nodeArguments';
import type { RawProcess } from './rawProcess';

export interface ProcessDescription {
  readonly name: string;
  readonly script?: string;
  readonly runner?: string;
  /** It only starts other processes, which are the ones that are meant. */
  readonly isLauncher: boolean;
  /** Part of the editor itself: server, extension host, language servers. */
  readonly isEditor: boolean;
}

/** Packages whose own script starts the program as a child process. */
const LAUNCHERS = new Set([
  'npm',
  'npx',
  'yarn',
  'pnpm',
  'corepack',
  'nodemon',
  'tsx',
  'ts-node-dev',
  'tsnd',
  'pm2',
  'concurrently',
  'npm-run-all',
  'npm-run-all2',
  'turbo',
  'nx',
  'lerna',
  'wireit',
  'dotenv-cli',
  'cross-env',
  'forever',
  'supervisor',
  'tsc-watch',
  'c8',
  'nyc',
]);

/** Packages that run somebody's code inside their own process, or whose process is known by their name. */
const HOSTS = new Set([
  'ts-node',
  'mocha',
  'jest',
  'jest-worker',
  'vitest',
  'tinypool',
  'ava',
  'tap',
  'cypress',
  '@playwright/test',
  'playwright',
  'vite',
  'webpack',
  'webpack-cli',
  'webpack-dev-server',
  'next',
  'nuxt',
  'rollup',
  'esbuild',
  '@nestjs/cli',
  'serverless',
  'gulp',
  'grunt-cli',
  'typescript',
  'eslint',
  '@babel/node',
  'react-scripts',
  '@angular/cli',
  'gatsby',
  'parcel',
  'storybook',
  'babel-node',
  'jasmine',
  'karma',
  'uvu',
  'node-dev',
]);

/** Preloaded modules that translate the program's sources. */
const LOADERS: readonly (readonly [RegExp, string])[] = [
  [/(^|[\\/])tsx([\\/]|$)/, 'tsx'],
  [/(^|[\\/])ts-node([\\/]|$)/, 'ts-node'],
  [/(^|[\\/])@swc-node[\\/]register/, 'swc-node'],
  [/(^|[\\/])@swc[\\/]register/, 'swc'],
  [/(^|[\\/])(esbuild-register|esbuild-runner|esm-loader|@esbuild-kit)([\\/]|$)/, 'esbuild'],
  [/(^|[\\/])@babel[\\/]register/, 'babel'],
  [/(^|[\\/])sucrase[\\/]register/, 'sucrase'],
  [/(^|[\\/])ts-blank-space([\\/]|$)/, 'ts-blank-space'],
];

/** What the picker and the command line say about a process. Looks at the disk only to complete the script's path. */
export function describeProcess(raw: RawProcess): ProcessDescription {
  const editor = isEditorProcess(raw);
  const pm2 = describePm2(raw);
  if (pm2) return { ...pm2, isEditor: editor };
  if (raw.isPacked) return { name: basename(raw.argv[0]), isLauncher: false, isEditor: editor };
  const title = rewrittenTitle(raw.argv);
  if (title !== undefined) return { ...describeTitle(title, raw), isEditor: editor };

  const { flags, script: written, scriptArguments } = parseNodeArguments(raw.argv.slice(1));
  const loader = loaderOf(flags) ?? loaderOf([raw.environment['NODE_OPTIONS'] ?? '']);
  if (written === undefined) return { ...describeScriptless(flags), isEditor: editor };

  const script = absoluteScript(written, raw);
  const tool = toolOf(script ?? written);
  if (tool && LAUNCHERS.has(tool)) {
    return { name: toolName(tool, scriptArguments), runner: tool, isLauncher: true, isEditor: editor, script };
  }
  if (tool === 'ts-node') {
    const inner = parseNodeArguments(scriptArguments).script;
    const innerScript = inner === undefined ? undefined : absoluteScript(inner, raw);
    return {
      name: innerScript ? basename(innerScript) : 'ts-node',
      script: innerScript,
      runner: tool,
      isLauncher: false,
      isEditor: editor,
    };
  }
  if (tool && HOSTS.has(tool)) {
    const isCompiler = tool !== 'typescript' || /^_?tsc(?:\.js)?$/.test(basename(script ?? written));
    return {
      // The package of the compiler has the editor's language server, too.
      name: isCompiler ? toolName(tool, scriptArguments) : basename(script ?? written, '.js'),
      runner: isCompiler ? displayName(tool) : undefined,
      isLauncher: false,
      isEditor: editor,
      script,
    };
  }
  const isWatcher = watches(flags);
  return {
    // `bin.js`, `cli.cjs` and `index.js` are many; what people have installed they know by its name.
    name: tool ? toolName(tool, scriptArguments) : basename(script ?? written),
    script,
    runner: loader ?? (isWatcher || raw.environment['WATCH_REPORT_DEPENDENCIES'] ? 'node --watch' : undefined),
    isLauncher: isWatcher,
    isEditor: editor,
  };
}

/** Environment variables that number the processes of a family: of Node's cluster, pm2, Jest, Vitest. */
const WORKER_NUMBERS = ['NODE_UNIQUE_ID', 'pm_id', 'JEST_WORKER_ID', 'VITEST_POOL_ID'] as const;

/** What a process is among others of its name. */
export function roleOf({ environment }: Pick<RawProcess, 'environment'>): string | undefined {
  const number = WORKER_NUMBERS.map((name) => environment[name]).find((value) => value !== undefined);
  if (number !== undefined && /^\d{1,9}$/.test(number)) return `worker ${number}`;
  const script = environment['npm_lifecycle_event'];
  return script === undefined || script === 'npx' ? undefined : `npm run ${script}`;
}

function describeScriptless(flags: readonly string[]): Omit<ProcessDescription, 'isEditor'> {
  const flag = (pattern: RegExp): string | undefined => flags.find((each) => pattern.test(each));
  const run = flag(/^--run=/);
  if (run) return { name: `node --run ${run.slice('--run='.length)}`, runner: 'node --run', isLauncher: true };
  if (flag(/^--test$/)) return { name: 'node --test', runner: 'node --test', isLauncher: true };
  if (flag(/^(-e|-p|-pe|--eval|--print)(=|$)/)) return { name: 'node -e', runner: loaderOf(flags), isLauncher: false };
  return { name: 'node', runner: loaderOf(flags), isLauncher: false };
}

/** pm2 starts programs through a container of its own, which then takes the program's name as its title. */
function describePm2(raw: RawProcess): Omit<ProcessDescription, 'isEditor'> | undefined {
  const script = raw.environment['pm_exec_path'];
  if (
    script &&
    raw.environment['pm_id'] !== undefined &&
    raw.argv.some((part) => /ProcessContainer|^node /.test(part))
  ) {
    return { name: basename(script), script, runner: 'pm2', isLauncher: false };
  }
  const title = raw.argv.join(' ');
  if (/^PM2 v[\d.]+: God Daemon/.test(title)) return { name: 'pm2 daemon', runner: 'pm2', isLauncher: true };
  return undefined;
}

/** `process.title = 'npm run dev'` leaves one entry that is no path of a Node binary. */
function rewrittenTitle(argv: readonly string[]): string | undefined {
  const first = argv[0] ?? '';
  if (argv.length > 1 && argv.slice(1).some(Boolean)) return undefined;
  return /(^|[\\/])(node|nodejs|node-?v?\d[\d.]*|iojs)(\.exe)?$/i.test(first) ? undefined : first.trim();
}

function describeTitle(title: string, raw: RawProcess): Omit<ProcessDescription, 'isEditor'> {
  if (!title) return { name: 'node', isLauncher: false };
  const words = title.split(/\s+/);
  const first = basename(words[0] ?? '');
  if (LAUNCHERS.has(first)) return { name: title, runner: first, isLauncher: true };
  // A title such as `node /srv/app.js` still tells the script.
  const { script: written } = first === 'node' ? parseNodeArguments(words.slice(1)) : { script: undefined };
  const script = written && !written.startsWith('(') ? absoluteScript(written, raw) : undefined;
  if (script && isHere(script) && existsSync(script)) return { name: basename(script), script, isLauncher: false };
  const runner = /\b(vitest|jest|next|nuxt)\b/.exec(title)?.[1];
  return { name: title, runner, isLauncher: false };
}

function loaderOf(flags: readonly string[]): string | undefined {
  for (const flag of flags) {
    if (!/(^|\s)(-r|--require|--import|--loader|--experimental-loader)[= ]/.test(flag)) continue;
    const module = decoded(flag.slice(flag.search(/[= ]/) + 1));
    const found = LOADERS.find(([pattern]) => pattern.test(module));
    if (found) return found[1];
  }
  return undefined;
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url; // a path with a % of its own
  }
}

/** The package that a script belongs to: `/x/node_modules/@nestjs/cli/bin/nest.js` is of `@nestjs/cli`. */
function toolOf(script: string): string | undefined {
  const path = script.replaceAll('\\', '/');
  const bin = /\/node_modules\/\.bin\/([^/]+)$/.exec(path)?.[1];
  if (bin) return bin.replace(/^_mocha$/, 'mocha');
  const packages = [...path.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map((match) => match[1]);
  const last = packages.at(-1);
  if (last !== undefined) return last;
  // Installed as a tool of its own: /usr/bin/npm, ~/.yarn/releases/yarn-4.1.0.cjs.
  const name = basename(path).replace(/(-cli)?(-\d[\d.]*)?\.[cm]?js$/, '');
  return LAUNCHERS.has(name) &&
    !/\.[cm]?ts$/.test(path) &&
    (!/\.[cm]?js$/.test(path) || /\/(bin|releases|dist)\//.test(path))
    ? name
    : undefined;
}

function displayName(tool: string): string {
  return (
    {
      'jest-worker': 'jest',
      tinypool: 'vitest',
      '@nestjs/cli': 'nest',
      '@playwright/test': 'playwright',
      typescript: 'tsc',
    }[tool] ?? tool
  );
}

function toolName(tool: string, scriptArguments: readonly string[]): string {
  const shown = scriptArguments.filter((each) => !each.startsWith('-')).slice(0, 2);
  return [displayName(tool), ...shown.map((each) => (isAbsolute(each) ? basename(each) : each))].join(' ');
}

/** Completes what Node completes: a file URL, a missing extension, a folder's index. */
function absoluteScript(written: string, raw: RawProcess): string | undefined {
  if (written.startsWith('file:')) {
    try {
      return fileURLToPath(written);
    } catch {
      return undefined;
    }
  }
  const folders = isAbsolute(written) ? [''] : [raw.cwd, raw.environment['PWD']].filter((each) => each !== undefined);
  for (const folder of folders) {
    const base = resolve(folder, written);
    const candidates = [base, `${base}.js`, `${base}.cjs`, `${base}.mjs`, `${base}.ts`, join(base, 'index.js')];
    const file = candidates.find(isFile);
    if (file) return file;
  }
  // The file may have been replaced since, or lie where we cannot look.
  return folders[0] === undefined ? undefined : resolve(folders[0], written);
}

/** Anybody may start a program with such a path; on Windows a look at another machine is a login there. */
function isHere(path: string): boolean {
  return whyNotHere(path) === undefined;
}

function isFile(path: string): boolean {
  try {
    return isHere(path) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
  } catch {
    return false; // too long for a path, in a folder that is not ours, a circle of links
  }
}

function isEditorProcess(raw: RawProcess): boolean {
  const line = raw.argv.join(' ').replaceAll('\\', '/');
  return (
    raw.environment['VSCODE_ESM_ENTRYPOINT'] !== undefined ||
    /\/out\/(server-main|bootstrap-fork|server-cli)(\.js)?(\s|$)|--type=(extensionHost|fileWatcher|ptyHost)/.test(
      line,
    ) ||
    /\/(tsserver|typingsInstaller)\.js(\s|$)/.test(line) ||
    /\/\.(vscode|cursor|windsurf)(-server|-oss|-insiders|-remote)*\/(extensions|bin|cli|server)\//.test(line)
  );
}

/** Whether the process runs from one of these folders: its script is inside, or it was started there. */
export function belongsTo(folders: readonly string[], place: { script?: string; cwd?: string }): boolean {
  const isInside = (path: string | undefined): boolean =>
    path !== undefined &&
    folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return isInside(place.script && dirname(place.script)) || isInside(place.cwd);
}
