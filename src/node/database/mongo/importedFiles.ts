import { realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { StatementContext } from '../../../core/database/mongo/calls/findStatements';
import { projectFolderOf } from '../../files/projectFolder';
import { readForeignTextSync, whyNotHere } from '../../files/readForeignFile';

/** Larger files are generated, not written. */
const MAX_BYTES = 2_000_000;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** `./x.js` of a TypeScript source is `x.ts`. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};
/** Folders above a Python file in which an absolute import is looked for. */
const PYTHON_ROOTS = 6;

/** Files whose texts are kept; a search asks for those of one program again and again. */
const MAX_KNOWN = 1_000;

interface KnownFile {
  readonly version: string;
  readonly text: string;
}

/**
 * Finds imported files on disk and reads each version once; files that cannot be read are as if they were not there. So
 * are those outside: an import leads nowhere but into `folders` (of the workspace), and for a file in none of them into
 * its own project. Links count for what they lead to.
 */
export function createImportedFiles(folders: () => readonly string[] = () => []): Required<StatementContext> {
  const known = new Map<string, KnownFile>();
  const projects = new Map<string, string>();

  function rootsOf(from: string): readonly string[] {
    const all = folders();
    if (all.some((folder) => isInside(folder, from))) return all;
    const folder = dirname(from);
    let project = projects.get(folder);
    if (project === undefined) projects.set(folder, (project = projectFolderOf(from)));
    return [project];
  }

  function read(fileName: string, roots: readonly string[]): { fileName: string; text: string } | undefined {
    // Not even looked at otherwise.
    if (!roots.some((root) => isInside(root, fileName)) || whyNotHere(fileName, roots)) return undefined;
    try {
      const stats = statSync(fileName, { throwIfNoEntry: false });
      if (!stats?.isFile()) return undefined;
      const version = [stats.mtimeMs, stats.size, stats.dev, stats.ino].join();
      const before = known.get(fileName);
      if (before?.version === version) return { fileName, text: before.text };
      if (!isReallyInside(fileName, roots)) return undefined;
      const file = readForeignTextSync(fileName, { maxBytes: MAX_BYTES, given: roots });
      if ('problem' in file) return undefined;
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(fileName, { version, text: file.text });
      return { fileName, text: file.text };
    } catch {
      // Not allowed, or gone between the calls.
      return undefined;
    }
  }

  return {
    resolveImport(from, specifier) {
      const roots = rootsOf(from);
      for (const candidate of candidates(from, specifier)) {
        const file = read(candidate, roots);
        if (file) return file;
      }
      return undefined;
    },
  };
}

function isReallyInside(fileName: string, roots: readonly string[]): boolean {
  const real = realpathSync.native(fileName);
  return roots.some((root) => isInside(root, real) || isInside(realpathSync.native(root), real));
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function candidates(from: string, specifier: string): string[] {
  if (/\.pyi?$/i.test(from)) return pythonCandidates(from, specifier);
  if (!/^\.{0,2}\//.test(specifier) && specifier !== '.' && specifier !== '..') return [];
  const path = resolve(dirname(from), specifier);
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0];
  const written =
    extension === undefined ? [] : WRITTEN_AS[extension].map((other) => path.slice(0, -extension.length) + other);
  const exact = /\.[cm]?[jt]sx?$/.test(path) ? [path] : [];
  return [
    ...written,
    ...exact,
    ...EXTENSIONS.map((added) => path + added),
    ...EXTENSIONS.map((added) => join(path, `index${added}`)),
  ];
}

function pythonCandidates(from: string, specifier: string): string[] {
  const [, dots, name] = /^(\.*)((?:\w[\w.]*)?)$/.exec(specifier) ?? [];
  if (dots === undefined) return [];
  const parts = name.split('.').filter(Boolean);
  const at = (folder: string): string[] => {
    const path = join(folder, ...parts);
    return parts.length ? [`${path}.py`, join(path, '__init__.py')] : [join(path, '__init__.py')];
  };
  let folder = dirname(from);
  if (dots) {
    for (let level = 1; level < dots.length; level++) folder = dirname(folder);
    return at(folder);
  }
  const found: string[] = [];
  for (let level = 0; level < PYTHON_ROOTS; level++) {
    found.push(...at(folder));
    const above = dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return found;
}
