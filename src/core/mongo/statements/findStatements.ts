import { spanContains, type Position } from '../../positions';
import type { Statement } from '../statement';
import type { Call, Step, Unit } from './code';
import { DRIVER_PACKAGE } from './evidence';
import { runSteps } from './execute';
import { finishStatement, linesOf, type Lines } from './finishStatement';
import { STATEMENT_WORD } from './methods';
import { createModuleReader, type Module, type ModuleReader } from './module';
import { BUDGET_PER_UNIT, type Dependencies, type Run } from './run';
import { withoutByteOrderMark } from '../../method/methodIndex';
import type { Draft } from './things';

export interface StatementContext {
  /**
   * The file that an import means; undefined for a package, and for what cannot be read. `specifier` is as written: a path
   * or a name in JavaScript, a dotted name in Python (with leading dots where it is relative).
   */
  resolveImport?(from: string, specifier: string): { readonly fileName: string; readonly text: string } | undefined;
}

/** Finds the statements of successive versions of one file; parts that nothing changed for are not read again. */
export interface StatementFinder {
  find(text: string): readonly Statement[];
}

/**
 * All database calls of a JavaScript, TypeScript or Python file, in order; the extension of `fileName` tells the language.
 * Never throws: around syntax errors it finds what it can. A byte order mark at the start is no part of the text.
 */
export function findStatements(text: string, fileName: string, context: StatementContext = {}): readonly Statement[] {
  return createStatementFinder(fileName, context).find(text);
}

interface Found {
  readonly drafts: readonly Draft[];
  readonly dependencies: Dependencies;
  readonly evidence: string;
}

export function createStatementFinder(fileName: string, context: StatementContext = {}): StatementFinder {
  const readers = new Map<string, ModuleReader>([[fileName, createModuleReader(fileName)]]);
  const files = createFiles(readers, context);
  let known = new Map<Unit, Found>();
  const done = new WeakMap<Draft, { units: ReadonlySet<Unit>; starts: string; statement: Statement }>();

  /** The same object as before while nothing of it moved. */
  function finished(draft: Draft, lines: Lines): Statement {
    const before = done.get(draft);
    if (before && startsOf(before.units, lines) === before.starts) return before.statement;
    const { statement, units } = finishStatement(draft, fileName, lines);
    done.set(draft, { units, starts: startsOf(units, lines), statement });
    return statement;
  }

  return {
    find(textOfFile) {
      const module = readers.get(fileName)?.read(textOfFile);
      if (!module) return [];
      if (files.start(module)) known = new Map();
      const run = createRun(files);
      const evidence = run.evidence(module).join();
      const next = new Map<Unit, Found>();
      for (const unit of module.units) {
        if (!STATEMENT_WORD.test(unit.text)) continue;
        const before = known.get(unit);
        const valid = before?.evidence === evidence && isValid(before.dependencies, files);
        next.set(unit, valid ? before : findInUnit(run, module, unit, evidence));
      }
      known = next;
      const lines = linesOf(withoutByteOrderMark(textOfFile));
      return [...next.values()].flatMap(({ drafts }) => drafts.map((draft) => finished(draft, lines)));
    },
  };
}

/** Where units stand, to be compared. */
function startsOf(units: ReadonlySet<Unit>, lines: Lines): string {
  let starts = '';
  for (const unit of units) {
    const { line, column } = lines.position(unit.from);
    starts += `${line}:${column} `;
  }
  return starts;
}

function findInUnit(run: Run, module: Module, unit: Unit, evidence: string): Found {
  const drafts = new Map<Call, Draft>();
  run.drafts = drafts;
  run.dependencies = new Map();
  run.root = { module, unit, isPlain: unit.steps.some(runsAtOnce) };
  run.budget = BUDGET_PER_UNIT;
  runSteps(run, unit.steps, { unit, module, vars: new Map() });
  run.drafts = undefined;
  const own = [...drafts.values()].filter((draft) => draft.place.unit === unit);
  own.sort((a, b) => a.place.from - b.place.from || b.place.to - a.place.to);
  return { drafts: own, dependencies: run.dependencies, evidence };
}

function runsAtOnce(step: Step): boolean {
  if (step.kind === 'declare') return step.value?.kind !== 'function' && step.value?.kind !== 'class';
  return step.kind === 'do' || step.kind === 'if' || step.kind === 'block';
}

function isValid(dependencies: Dependencies, files: Files): boolean {
  for (const { module, name, units } of dependencies.values()) {
    const now = files.current(module.fileName);
    const list = name === 'module.exports' ? [...(now?.definers.get('module') ?? []), ...(now?.definers.get('exports') ?? [])] : now?.definers.get(name);
    if (list?.length !== units?.length || list?.some((unit, index) => unit !== units?.[index])) return false;
  }
  return true;
}

function createRun(files: Files): Run {
  const evidence = new Map<string, readonly string[]>();
  return {
    resolve: (from, specifier) => files.resolve(from, specifier),
    evidence(module) {
      const known = evidence.get(module.fileName);
      if (known) return known;
      const own = [...module.imports].filter((name) => DRIVER_PACKAGE.test(name));
      const imported = [...module.imports].flatMap((name) => {
        const other = DRIVER_PACKAGE.test(name) ? 'package' : files.resolve(module, name);
        return other === 'package' ? [] : [...other.imports].filter((inner) => DRIVER_PACKAGE.test(inner));
      });
      const all = [...new Set([...own, ...imported])];
      evidence.set(module.fileName, all);
      return all;
    },
    memo: new Map(),
    instances: new Map(),
    lookingUp: new Set(),
    dependencies: new Map(),
    drafts: undefined,
    callbacks: false,
    root: undefined,
    depth: 0,
    nesting: 0,
    budget: BUDGET_PER_UNIT,
  };
}

interface Files {
  /** Looks at all imported files again; whether one of them is another file than before. */
  start(main: Module): boolean;
  resolve(from: Module, specifier: string): Module | 'package';
  current(fileName: string): Module | undefined;
}

/** More files than this are not read for one: what is asked for lies near. */
const MAX_FILES = 60;

function createFiles(readers: Map<string, ModuleReader>, context: StatementContext): Files {
  let modules = new Map<string, Module>();
  let edges = new Map<string, { from: string; specifier: string; to: string | undefined }>();

  function follow(from: string, specifier: string): string | undefined {
    const id = `${from}\0${specifier}`;
    const known = edges.get(id);
    if (known) return known.to;
    const file = modules.size < MAX_FILES ? context.resolveImport?.(from, specifier) : undefined;
    if (file && !modules.has(file.fileName)) {
      let reader = readers.get(file.fileName);
      if (!reader) readers.set(file.fileName, (reader = createModuleReader(file.fileName)));
      modules.set(file.fileName, reader.read(file.text));
    }
    edges.set(id, { from, specifier, to: file?.fileName });
    return file?.fileName;
  }

  return {
    start(main) {
      const before = edges;
      edges = new Map();
      modules = new Map([[main.fileName, main]]);
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

/** The innermost statement that the position is in: in its call, else in what its arguments come from. */
export function statementAt(statements: readonly Statement[], position: Position): Statement | undefined {
  const around = statements.filter((statement) => spanContains(statement.span, position));
  if (around.length) return around[around.length - 1];
  const by = statements.filter((statement) => statement.related.some((span) => spanContains(span, position)));
  // Of several that share a variable, the first below it.
  return by.find((statement) => statement.span.start.line >= position.line) ?? by[by.length - 1];
}
