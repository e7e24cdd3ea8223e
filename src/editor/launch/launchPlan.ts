import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readForeignTextSync } from '../../node/files/readForeignFile';
import { cannotRunTypeScript } from './launchErrors';

/** What the user chose to start. */
export type LaunchChoice =
  | { readonly kind: 'script'; readonly path: string; readonly args: readonly string[] }
  | { readonly kind: 'npm'; readonly script: string; readonly folder: string; readonly manager: PackageManager };

export type PackageManager = 'npm' | 'pnpm' | 'yarn';

/** A command line without a shell; the process that it starts is the program itself. */
export interface LaunchPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** What `nodeFacts` found out about the Node that will run the script. */
export interface NodeFacts {
  /** `22.11.0` */
  readonly version: string;
  /** `process.features.typescript`; false where Node does not know it. */
  readonly typescript: 'strip' | 'transform' | false;
}

export function isTypeScript(path: string): boolean {
  return ['.ts', '.mts', '.cts', '.tsx'].includes(extname(path));
}

/**
 * Runs a script so that its pid is the pid of what we start: TypeScript through tsx's loader, not its command, which would
 * start a second process. tsx goes first where the project has it, because it understands all of TypeScript; type
 * stripping understands what can be erased. Throws `cannotRunTypeScript`.
 */
export function planScript(
  node: string,
  path: string,
  args: readonly string[],
  facts: NodeFacts | undefined,
): LaunchPlan {
  const tsx = isTypeScript(path) ? findTsxLoader(path) : undefined;
  const cwd = projectFolder(path);
  const plan = (flags: readonly string[]): LaunchPlan => ({ command: node, args: [...flags, path, ...args], cwd });
  if (!isTypeScript(path)) return plan([]);
  if (tsx) return plan(['--import', pathToFileURL(tsx).href]);
  if (!facts) throw cannotRunTypeScript('');
  if (facts.typescript && extname(path) !== '.tsx') return plan([]);
  if (canStripWithFlag(facts.version) && extname(path) !== '.tsx') return plan(['--experimental-strip-types']);
  throw cannotRunTypeScript(facts.version);
}

/** Since 22.6; from 22.18 and 23.6 on it needs no flag, which `process.features.typescript` tells. */
function canStripWithFlag(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 6);
}

/** The module that `--import tsx` would load, looked up from the script's folder upwards. */
export function findTsxLoader(path: string): string | undefined {
  for (const folder of foldersAbove(path)) {
    const root = join(folder, 'node_modules', 'tsx');
    const manifest = readManifest(join(root, 'package.json'));
    if (!manifest) continue;
    const main = (manifest['exports'] as Record<string, unknown> | undefined)?.['.'];
    return join(root, typeof main === 'string' ? main : 'dist/loader.mjs');
  }
  return undefined;
}

/** The nearest folder with a package.json, where programs expect to be started; else the script's own. */
function projectFolder(path: string): string {
  return foldersAbove(path).find((folder) => readManifest(join(folder, 'package.json'))) ?? dirname(path);
}

/** The names of the scripts of a package.json; empty when it cannot be read. */
export function npmScripts(manifestPath: string): string[] {
  const scripts = readManifest(manifestPath)?.['scripts'];
  return scripts && typeof scripts === 'object' ? Object.keys(scripts) : [];
}

/** By the `packageManager` field, else by the lock file that is nearest. */
export function packageManagerOf(folder: string, exists: (path: string) => boolean): PackageManager {
  for (const each of foldersAbove(join(folder, 'package.json'))) {
    const named = /^(npm|pnpm|yarn)@/.exec(
      String(readManifest(join(each, 'package.json'))?.['packageManager'] ?? ''),
    )?.[1];
    if (named) return named as PackageManager;
    if (exists(join(each, 'pnpm-lock.yaml'))) return 'pnpm';
    if (exists(join(each, 'yarn.lock'))) return 'yarn';
    if (exists(join(each, 'package-lock.json'))) return 'npm';
  }
  return 'npm';
}

/** Split at spaces, as a shell would, but for single and double quotes only. */
export function splitArguments(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]);
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) return folders;
  }
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

function readManifest(path: string): Record<string, unknown> | undefined {
  const file = readForeignTextSync(path, { maxBytes: MAX_MANIFEST_BYTES, given: [dirname(path)] });
  if ('problem' in file) return undefined;
  try {
    const parsed: unknown = JSON.parse(file.text);
    return parsed && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON: it says nothing about the project.
    return undefined;
  }
}
