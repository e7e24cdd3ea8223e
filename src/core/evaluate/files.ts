import { createModuleReader, type Module, type ModuleReader } from '../code/units/module';
import type { ReadingTime } from '../code/readingTime';

/**
 * The file that an import means; undefined for a package, and for what cannot be read. `specifier` is as written: a path
 * or a name in JavaScript, a dotted name in Python (with leading dots where it is relative).
 */
export type ResolveImport = (
  from: string,
  specifier: string,
) => { readonly fileName: string; readonly text: string } | undefined;

/** The files that imports of one file lead to, in their present versions. */
export interface Files {
  /** Looks at all imported files again; whether one of them is another file than before. */
  start(main: Module): boolean;
  resolve(from: Module, specifier: string): Module | 'package';
  current(fileName: string): Module | undefined;
}

/** More files than this are not read for one, nor more of their text: what is asked for lies near. */
const MAX_FILES = 60;
const MAX_CHARACTERS = 6_000_000;
/** Imports that are looked for, packages too. */
const MAX_IMPORTS = 1_000;

/** `main` is the file that the search is about, and its reader. */
export function createFiles(
  main: string,
  reader: ModuleReader,
  resolveImport: ResolveImport | undefined,
  clock: ReadingTime,
): Files {
  const readers = new Map<string, ModuleReader>([[main, reader]]);
  let characters = 0;
  let modules = new Map<string, Module>();
  let edges = new Map<string, { from: string; specifier: string; to: string | undefined }>();

  function follow(from: string, specifier: string): string | undefined {
    const id = `${from}\0${specifier}`;
    const known = edges.get(id);
    if (known) return known.to;
    const isWithin = modules.size < MAX_FILES && characters < MAX_CHARACTERS && edges.size < MAX_IMPORTS;
    let file = isWithin ? resolveImport?.(from, specifier) : undefined;
    if (file && !modules.has(file.fileName)) {
      characters += file.text.length;
      if (characters > MAX_CHARACTERS) file = undefined;
    }
    if (file && !modules.has(file.fileName)) {
      let ofFile = readers.get(file.fileName);
      if (!ofFile) readers.set(file.fileName, (ofFile = createModuleReader(file.fileName, clock)));
      modules.set(file.fileName, ofFile.read(file.text));
    }
    edges.set(id, { from, specifier, to: file?.fileName });
    return file?.fileName;
  }

  return {
    start(module) {
      const before = edges;
      edges = new Map();
      characters = 0;
      modules = new Map([[module.fileName, module]]);
      let moved = false;
      for (const { from, specifier, to } of before.values()) if (follow(from, specifier) !== to) moved = true;
      return moved;
    },
    resolve(from, specifier) {
      const to = follow(from.fileName, specifier);
      return (to === undefined ? undefined : modules.get(to)) ?? 'package';
    },
    current: (fileName) => modules.get(fileName),
  };
}
