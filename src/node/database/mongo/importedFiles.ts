import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StatementContext } from '../../../core/database/mongo/calls/findStatements';

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

interface KnownFile {
  readonly modified: number;
  readonly size: number;
  readonly text: string;
}

/** Finds imported files on disk and reads each version once; files that cannot be read are as if they were not there. */
export function createImportedFiles(): Required<StatementContext> {
  const known = new Map<string, KnownFile>();

  function read(fileName: string): { fileName: string; text: string } | undefined {
    try {
      const stats = statSync(fileName, { throwIfNoEntry: false });
      if (!stats?.isFile() || stats.size > MAX_BYTES) return undefined;
      const before = known.get(fileName);
      if (before?.modified === stats.mtimeMs && before.size === stats.size) return { fileName, text: before.text };
      const text = readFileSync(fileName, 'utf8');
      known.set(fileName, { modified: stats.mtimeMs, size: stats.size, text });
      return { fileName, text };
    } catch {
      // Not allowed, or gone between the two calls.
      return undefined;
    }
  }

  return {
    resolveImport(from, specifier) {
      for (const candidate of candidates(from, specifier)) {
        const file = read(candidate);
        if (file) return file;
      }
      return undefined;
    },
  };
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
