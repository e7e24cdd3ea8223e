import { createModuleReader, type Module } from '../code/units/module';
import type { Call, Step } from '../code/syntax';
import type { Unit } from '../code/units/unit';
import type { ClassValue } from './abstractValue';
import { runMembers } from './classes';
import { createEvaluation } from './createEvaluation';
import { areValid, noDependencies, type Dependencies, type Dependency } from './dependencies';
import type { Draft } from './draft';
import { BUDGET_PER_UNIT, collecting, type Evaluation } from './evaluation';
import { createFiles, type ResolveImport } from './files';
import type { Library } from './library';
import type { Scope } from './scope';

/** Finds the drafts of successive versions of one file; parts that nothing changed for are not read again. */
export interface DraftFinder {
  /** In order of the file; those of a part that was not read again are the same objects as before. */
  find(text: string): readonly Draft[];
  /** Parses a text ahead, awaiting `pause` after every `sliceMs`. Gives way to a `find` that comes meanwhile. */
  prepare(text: string, pause: () => Promise<void>, sliceMs: number): Promise<void>;
}

/** What was found in a part of the file. */
interface UnitDrafts {
  readonly drafts: readonly Draft[];
  readonly dependencies: Dependencies;
  readonly evidence: string;
  /** Head of the class that it is a member of. */
  readonly owner: Unit | undefined;
}

export function createDraftFinder(
  fileName: string,
  libraries: readonly Library[],
  resolveImport: ResolveImport | undefined,
): DraftFinder {
  const reader = createModuleReader(fileName);
  const files = createFiles(fileName, reader, resolveImport);
  let known = new Map<Unit, UnitDrafts>();
  let searches = 0;

  /** Whether it may call a library; the head of a class has no calls. */
  const isWorthReading = (unit: Unit): boolean =>
    unit.kind !== 'class' && libraries.some((library) => unit.has(library.calls));

  return {
    async prepare(text, pause, sliceMs) {
      const before = searches;
      let sliceStart = performance.now();
      for (const unit of reader.read(text).units()) {
        if (!isWorthReading(unit)) continue;
        // Parses it.
        void unit.nodes;
        if (performance.now() - sliceStart < sliceMs) continue;
        await pause();
        if (searches !== before) return;
        sliceStart = performance.now();
      }
    },
    find(text) {
      searches++;
      const module = reader.read(text);
      if (files.start(module)) known = new Map();
      const evaluation = createEvaluation(libraries, (from, specifier) => files.resolve(from, specifier));
      const evidence = libraries.map(({ name }) => evaluation.evidence(name, module).join()).join(';');
      const next = new Map<Unit, UnitDrafts>();
      const valid = new Set<Dependencies>();
      const checked = new Map<Dependency, boolean>();
      for (const unit of module.units()) {
        if (!isWorthReading(unit)) continue;
        const before = known.get(unit);
        const same =
          before?.evidence === evidence &&
          before.owner === unit.owner &&
          areValid(before.dependencies, files.current, valid, checked);
        next.set(unit, same ? before : findInUnit(evaluation, module, unit, evidence));
      }
      known = next;
      const found: Draft[] = [];
      for (const { drafts } of next.values()) found.push(...drafts);
      return found;
    },
  };
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
    .map((draft) => ({ ...draft, use: evaluation.uses.get(draft.call) }));
  evaluation.uses.clear();
  own.sort((a, b) => a.range.from - b.range.from || b.range.to - a.range.to);
  return { drafts: own, dependencies, evidence, owner: unit.owner };
}

function runUnit(evaluation: Evaluation, module: Module, unit: Unit): void {
  const scope: Scope = { unit: unit.owner ?? unit, module, vars: new Map() };
  const step = unit.owner?.steps.find(({ kind }) => kind === 'class');
  if (step?.kind !== 'class') {
    evaluation.runSteps(unit.steps, scope);
    return;
  }
  const ofClass: ClassValue = { is: 'class', code: step.class, scope };
  if (step.class.name) scope.vars.set(step.class.name, ofClass);
  runMembers(evaluation, ofClass, unit.members);
}

function runsAtOnce(step: Step): boolean {
  if (step.kind === 'declare') return step.value?.kind !== 'function' && step.value?.kind !== 'class';
  return step.kind === 'do' || step.kind === 'if' || step.kind === 'block';
}
