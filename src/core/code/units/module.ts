import { withoutByteOrderMark } from '../../method/methodIndex';
import { languageOf, type Language } from '../language';
import { UNLIMITED, type ReadingTime } from '../readingTime';
import { createNameTable } from './nameTable';
import type { Exported } from './outline';
import { readUnits, type ReadUnits } from './readUnits';
import type { Unit } from './unit';

/** One file: its parts and what they declare. Nothing is parsed before it is asked for. */
export interface Module {
  readonly fileName: string;
  readonly language: Language;
  /** All parts, in order; a class is followed by its members. */
  units(): readonly Unit[];
  /** Where what is left out begins: a file has too many parts, or is too large. */
  unreadFrom(): number | undefined;
  /** Parts that declare the name at the top level or assign to it, in order. */
  definers(name: string): readonly Unit[] | undefined;
  /** What it imports, whether or not there is such a file. */
  imports(): ReadonlySet<string>;
  /** Export under the name: at most one. */
  exported(name: string): readonly Exported[];
  /** `export * from …` */
  stars(): readonly Exported[];
  /** Parts that declare a type of the name. */
  typesNamed(name: string): readonly Unit[];
}

export interface ModuleReader {
  /** The file at this version; the module of the version before becomes that of this one. */
  read(text: string): Module;
}

/** Reads successive versions of one file; parts whose text did not change are the same objects as before. */
export function createModuleReader(fileName: string, time: ReadingTime = UNLIMITED): ModuleReader {
  const language = languageOf(fileName);
  let text = '';
  let cutFrom: number | undefined;
  let last: ReadUnits | undefined;
  let imports: ReadonlySet<string> | undefined;
  let tables: Tables | undefined;
  const names = createNameTable();

  function units(): readonly Unit[] {
    if (last?.text === text) return last.units;
    const read = readUnits(text, fileName, language, time, last);
    for (const unit of read.gone) names.remove(unit);
    for (const unit of read.added) names.add(unit);
    last = read;
    tables = undefined;
    return read.units;
  }

  const tablesNow = (): Tables => {
    const now = units();
    return (tables ??= createTables(now));
  };

  const module: Module = {
    fileName,
    language,
    units,
    unreadFrom() {
      units();
      return last?.unreadFrom ?? cutFrom;
    },
    definers(name) {
      units();
      return names.unitsOf(name);
    },
    imports: () => (imports ??= importedNames(text, language)),
    exported: (name) => tablesNow().exports.get(name) ?? NOTHING,
    stars: () => tablesNow().stars,
    typesNamed: (name) => tablesNow().types.get(name) ?? NO_UNITS,
  };

  return {
    read(textOfFile) {
      const whole = withoutByteOrderMark(textOfFile);
      cutFrom = whole.length > MAX_CHARACTERS ? MAX_CHARACTERS : undefined;
      const next = whole.slice(0, cutFrom);
      if (next !== text) {
        text = next;
        imports = undefined;
      }
      return module;
    },
  };
}

/** Of a file: more is generated. */
const MAX_CHARACTERS = 6_000_000;

const NOTHING: readonly Exported[] = [];
const NO_UNITS: readonly Unit[] = [];

interface Tables {
  readonly exports: ReadonlyMap<string, readonly Exported[]>;
  readonly stars: readonly Exported[];
  readonly types: ReadonlyMap<string, readonly Unit[]>;
}

function createTables(units: readonly Unit[]): Tables {
  const exports = new Map<string, readonly Exported[]>();
  const stars: Exported[] = [];
  const types = new Map<string, Unit[]>();
  for (const unit of units) {
    for (const exported of unit.exported) {
      if (exported.step.exported === '*') stars.push(exported);
      else exports.set(exported.step.exported, [exported]);
    }
    for (const name of unit.outline.types) {
      const same = types.get(name);
      if (same) same.push(unit);
      else types.set(name, [unit]);
    }
  }
  return { exports, stars, types };
}

const SCRIPT_IMPORT = /\b(?:from|import|require)\b\s*(?:\(\s*)?(['"])([^'"\n]+)\1/g;
const PYTHON_IMPORT = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;

/** By the words alone, so that a file need not be parsed to see what packages it has to do with. */
function importedNames(text: string, language: Language): Set<string> {
  const found = new Set<string>();
  if (language !== 'python') for (const match of text.matchAll(SCRIPT_IMPORT)) found.add(match[2]);
  else {
    for (const [, from, list] of text.matchAll(PYTHON_IMPORT)) {
      for (const name of from === undefined ? list.split(',') : [from]) found.add(name.trim().split(/\s/, 1)[0]);
    }
  }
  return found;
}
