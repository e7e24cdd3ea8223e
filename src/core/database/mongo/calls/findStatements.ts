import { spanContains, type Position } from '../../../positions';
import type { Statement } from '../../statement';
import type { Call, Step } from '../../../code/syntax';
import { STATEMENT_CALL } from './methods';
import { areValid, noDependencies, type Dependencies, type Dependency } from '../../../evaluate/dependencies';
import { DRIVER_PACKAGE } from './evidence';
import { runMembers, runSteps } from '../../../evaluate/execute';
import { finishStatement, linesOf, type Lines } from './finishStatement';
import { createModuleReader, type Module, type ModuleReader } from '../../../code/module';
import { BUDGET_PER_UNIT, collecting, type Evaluation } from '../../../evaluate/evaluation';
import { withoutByteOrderMark } from '../../../method/methodIndex';
import type { ClassValue, Draft, Scope } from '../../../evaluate/abstractValue';
import type { Unit } from '../../../code/unit';

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
  /**
   * Parses a text ahead, awaiting `pause` after every `sliceMs`, so that the next `find` of it, or of a slightly different
   * text, has to parse little. Gives way to a `find` that comes meanwhile.
   */
  prepare(text: string, pause: () => Promise<void>, sliceMs?: number): Promise<void>;
}

/**
 * All database calls of a JavaScript, TypeScript or Python file, in order; the extension of `fileName` tells the language.
 * Never throws: around syntax errors it finds what it can. A byte order mark at the start is no part of the text.
 */
export function findStatements(text: string, fileName: string, context: StatementContext = {}): readonly Statement[] {
  return createStatementFinder(fileName, context).find(text);
}

interface UnitDrafts {
  readonly drafts: readonly Draft[];
  readonly dependencies: Dependencies;
  readonly evidence: string;
  /** Head of the class that it is a member of. */
  readonly owner: Unit | undefined;
}

export function createStatementFinder(fileName: string, context: StatementContext = {}): StatementFinder {
  const main = createModuleReader(fileName);
  const readers = new Map<string, ModuleReader>([[fileName, main]]);
  const files = createFiles(readers, context);
  let known = new Map<Unit, UnitDrafts>();
  const done = new WeakMap<Draft, Finished>();

  /** The same object as before while nothing of it moved. */
  function finished(draft: Draft, lines: Lines): Statement {
    const before = done.get(draft);
    if (before && starts(before.units, lines).every((start, at) => start === before.starts[at]))
      return before.statement;
    const { statement, units } = finishStatement(draft, fileName, lines);
    done.set(draft, { units: [...units], starts: starts([...units], lines), statement });
    return statement;
  }

  let searches = 0;
  return {
    async prepare(textOfFile, pause, sliceMs = 20) {
      const before = searches;
      let sliceStart = performance.now();
      for (const unit of main.read(textOfFile).units()) {
        if (unit.kind === 'class' || !unit.has(STATEMENT_CALL)) continue;
        // Parses it.
        void unit.nodes;
        if (performance.now() - sliceStart < sliceMs) continue;
        await pause();
        if (searches !== before) return;
        sliceStart = performance.now();
      }
    },
    find(textOfFile) {
      searches++;
      const module = main.read(textOfFile);
      if (files.start(module)) known = new Map();
      const evaluation = createEvaluation(files);
      const evidence = evaluation.evidence(module).join();
      const next = new Map<Unit, UnitDrafts>();
      const valid = new Set<Dependencies>();
      const checked = new Map<Dependency, boolean>();
      for (const unit of module.units()) {
        if (unit.kind === 'class' || !unit.has(STATEMENT_CALL)) continue;
        const before = known.get(unit);
        const same =
          before?.evidence === evidence &&
          before.owner === unit.owner &&
          areValid(before.dependencies, files.current, valid, checked);
        next.set(unit, same ? before : findInUnit(evaluation, module, unit, evidence));
      }
      known = next;
      const lines = linesOf(withoutByteOrderMark(textOfFile));
      const statements: Statement[] = [];
      for (const { drafts } of next.values()) for (const draft of drafts) statements.push(finished(draft, lines));
      return statements;
    },
  };
}

interface Finished {
  readonly units: readonly Unit[];
  /** Where these stood. */
  readonly starts: readonly number[];
  readonly statement: Statement;
}

/** Lines and columns of the units, one number each. */
function starts(units: readonly Unit[], lines: Lines): number[] {
  return units.map((unit) => {
    const { line, column } = lines.position(unit.from);
    return line * 2 ** 26 + column;
  });
}

function findInUnit(evaluation: Evaluation, module: Module, unit: Unit, evidence: string): UnitDrafts {
  const drafts = new Map<Call, Draft>();
  evaluation.drafts = drafts;
  evaluation.root = { module, unit, isPlain: unit.steps.some(runsAtOnce) };
  evaluation.budget = BUDGET_PER_UNIT;
  const { dependencies } = collecting(evaluation, () => runUnit(evaluation, module, unit));
  evaluation.dependencies = noDependencies();
  evaluation.drafts = undefined;
  const own = [...drafts.values()]
    .filter((draft) => draft.range.unit === unit)
    .map((draft) => ({
      ...draft,
      use: evaluation.uses.get(draft.call),
    }));
  evaluation.uses.clear();
  own.sort((a, b) => a.range.from - b.range.from || b.range.to - a.range.to);
  return { drafts: own, dependencies, evidence, owner: unit.owner };
}

function runUnit(evaluation: Evaluation, module: Module, unit: Unit): void {
  const scope: Scope = { unit: unit.owner ?? unit, module, vars: new Map() };
  const step = unit.owner?.steps.find(({ kind }) => kind === 'class');
  if (step?.kind !== 'class') {
    runSteps(evaluation, unit.steps, scope);
    return;
  }
  const abstract: ClassValue = { is: 'class', code: step.class, scope };
  if (step.class.name) scope.vars.set(step.class.name, abstract);
  runMembers(evaluation, abstract, unit.members);
}

function runsAtOnce(step: Step): boolean {
  if (step.kind === 'declare') return step.value?.kind !== 'function' && step.value?.kind !== 'class';
  return step.kind === 'do' || step.kind === 'if' || step.kind === 'block';
}

function createEvaluation(files: Files): Evaluation {
  const evidence = new Map<Module, readonly string[]>();
  return {
    resolve: (from, specifier) => files.resolve(from, specifier),
    evidence(module) {
      const known = evidence.get(module);
      if (known) return known;
      const drivers = (of: Module): string[] => [...of.imports()].filter((name) => DRIVER_PACKAGE.test(name));
      let all = drivers(module);
      if (!all.length) {
        const imported = [...module.imports()].map((name) => files.resolve(module, name));
        all = [...new Set(imported.flatMap((other) => (other === 'package' ? [] : drivers(other))))];
      }
      evidence.set(module, all);
      return all;
    },
    memo: new Map(),
    instances: new Map(),
    lookingUp: new Set(),
    dependencies: noDependencies(),
    noted: new Map(),
    drafts: undefined,
    uses: new Map(),
    loop: undefined,
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
