import { createReadingTime } from '../code/readingTime';
import { createModuleReader, type Module } from '../code/units/module';
import type { Call, Step } from '../code/syntax';
import type { Unit } from '../code/units/unit';
import type { ClassValue } from './abstractValue';
import { runMembers } from './classes';
import { createEvaluation } from './createEvaluation';
import { areValid, noDependencies, type Dependencies, type Dependency } from './dependencies';
import type { Draft } from './draft';
import { BUDGET_PER_FILE, BUDGET_PER_UNIT, collecting, LEAST_BUDGET, type Evaluation } from './evaluation';
import { createFiles, type ResolveImport } from './files';
import type { Library } from './library';
import type { Scope } from './scope';

/** Finds the drafts of successive versions of one file; parts that nothing changed for are not read again. */
export interface DraftFinder {
  /**
   * In order of the file; those of a part that was not read again are the same objects as before. `onPart` is told what has
   * been found so far, after each part that was read anew.
   */
  find(text: string, onPart?: (soFar: readonly Draft[]) => void): FoundDrafts;
  /** Parses a text ahead, awaiting `pause` after every `sliceMs`. Gives way to a `find` that comes meanwhile. */
  prepare(text: string, pause: () => Promise<void>, sliceMs: number): Promise<void>;
}

export interface FoundDrafts {
  readonly drafts: readonly Draft[];
  /** The first part of the file that was not read to its end, and why not; absent where all of it was read. */
  readonly left?: { readonly from: number; readonly why: WhyLeft };
}

export interface FindLimits {
  /** For one `find`: what is not read by then is left out. */
  readonly timeLimitMs?: number;
  /** More are left out; 10,000 where it is not given. */
  readonly maxStatements?: number;
  /** The clock of it, in milliseconds: a machine that is busy with something else may be left out of account. */
  now?(): number;
}

/** The file is too large; the time was over; there was too much to follow; there are more statements than anybody reads; it was nested too deeply. */
export type WhyLeft = 'size' | 'time' | 'steps' | 'count' | 'depth';

/** More are of no use to anybody. */
const MAX_STATEMENTS = 10_000;

/** What was found in a part of the file. */
interface UnitDrafts {
  readonly drafts: readonly Draft[];
  readonly dependencies: Dependencies;
  readonly evidence: string;
  /** Head of the class that it is a member of. */
  readonly owner: Unit | undefined;
  readonly left?: WhyLeft;
}

export function createDraftFinder(
  fileName: string,
  libraries: readonly Library[],
  resolveImport: ResolveImport | undefined,
  { timeLimitMs = Infinity, maxStatements = MAX_STATEMENTS, now }: FindLimits = {},
): DraftFinder {
  const time = createReadingTime(timeLimitMs, now);
  const reader = createModuleReader(fileName, time);
  const files = createFiles(fileName, reader, resolveImport, time);
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
    find(text, onPart) {
      searches++;
      time.start();
      const module = reader.read(text);
      if (files.start(module)) known = new Map();
      const evaluation = createEvaluation(libraries, (from, specifier) => files.resolve(from, specifier), {
        isOver: () => time.left() < 0,
        maxDrafts: maxStatements,
      });
      const evidence = libraries.map(({ name }) => evaluation.evidence(name, module).join()).join(';');
      const next = new Map<Unit, UnitDrafts>();
      const valid = new Set<Dependencies>();
      const checked = new Map<Dependency, boolean>();
      const invalid = new Set<Dependencies>();
      const found: Draft[] = [];
      let budget = BUDGET_PER_FILE;
      let left: FoundDrafts['left'];
      for (const unit of module.units()) {
        if (!isWorthReading(unit)) continue;
        const before = known.get(unit);
        const same =
          before?.evidence === evidence &&
          before.owner === unit.owner &&
          areValid(before.dependencies, files.current, valid, checked, invalid);
        if (found.length >= maxStatements || (!same && time.left() < 0)) {
          left ??= { from: unit.from, why: same || found.length >= maxStatements ? 'count' : 'time' };
          continue;
        }
        const granted = Math.min(BUDGET_PER_UNIT, Math.max(LEAST_BUDGET, budget));
        const inUnit = same ? before : findInUnit(evaluation, module, unit, evidence, granted);
        if (!same) budget -= granted - Math.max(0, evaluation.budget);
        if (inUnit.left) left ??= { from: unit.from, why: inUnit.left };
        // What was given up for the sake of others may be read next time.
        if (!inUnit.left || (granted === BUDGET_PER_UNIT && inUnit.left !== 'time')) next.set(unit, inUnit);
        for (const draft of inUnit.drafts) found.push(draft);
        if (!same) onPart?.(found);
      }
      known = next;
      const unreadFrom = module.unreadFrom();
      if (unreadFrom !== undefined) left ??= { from: unreadFrom, why: 'size' };
      return { drafts: found, left };
    },
  };
}

function findInUnit(evaluation: Evaluation, module: Module, unit: Unit, evidence: string, budget: number): UnitDrafts {
  const drafts = new Map<Call, Draft>();
  evaluation.drafts = drafts;
  evaluation.collected.length = 0;
  evaluation.budget = budget;
  let isTooDeep = false;
  const { dependencies } = collecting(evaluation, () => {
    try {
      evaluation.root = { module, unit, isPlain: unit.steps.some(runsAtOnce) };
      runUnit(evaluation, module, unit);
    } catch (error) {
      // No limit on the depth of what calls itself knows how much of the stack its caller has used.
      if (!(error instanceof RangeError)) throw error;
      isTooDeep = true;
      startAnew(evaluation);
    }
  });
  evaluation.dependencies = noDependencies();
  evaluation.drafts = undefined;
  const own = [...drafts.values()]
    .filter((draft) => draft.range.unit === unit)
    .map((draft) => ({ ...draft, use: evaluation.uses.get(draft.call) }));
  evaluation.uses.clear();
  own.sort((a, b) => a.range.from - b.range.from || b.range.to - a.range.to);
  const left = isTooDeep ? 'depth' : (unit.partial ?? whyLeft(evaluation, drafts.size));
  return { drafts: own, dependencies, evidence, owner: unit.owner, left };
}

function whyLeft(evaluation: Evaluation, found: number): WhyLeft | undefined {
  if (evaluation.isOver()) return 'time';
  if (evaluation.budget > 0) return undefined;
  return found >= evaluation.maxDrafts ? 'count' : 'steps';
}

/** What was being read was left in the middle. */
function startAnew(evaluation: Evaluation): void {
  evaluation.lookingUp.clear();
  evaluation.loop = undefined;
  evaluation.callbacks = false;
  evaluation.depth = 0;
  evaluation.nesting = 0;
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
