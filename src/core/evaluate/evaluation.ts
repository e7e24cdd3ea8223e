import type { Module } from '../code/units/module';
import type { Call, ClassCode, Expression, Step, CodePart } from '../code/syntax';
import type { Unit } from '../code/units/unit';
import type { AbstractValue, ClassValue, Instance } from './abstractValue';
import { noDependencies, type Dependencies, type Dependency } from './dependencies';
import type { Draft, DraftUse } from './draft';
import { createInstanceFields } from './instanceFields';
import type { Library } from './library';
import type { Scope } from './scope';
import type { HoleType } from './value';

/** Everything that reading one file needs besides the code. */
export interface Evaluation {
  /** What an expression stands for; a hole where the text does not tell. */
  evaluate(expression: Expression, scope: Scope): AbstractValue;
  /** Runs steps for what they tell, and gives what they may return. */
  runSteps(steps: readonly Step[], scope: Scope): AbstractValue | undefined;
  /** A member by its name; undefined where it has none that is known. */
  memberOf(abstract: AbstractValue, name: string): AbstractValue | undefined;

  readonly libraries: readonly Library[];
  /** Types by their names: those of the languages and of the libraries. */
  readonly typeNames: Readonly<Record<string, HoleType>>;
  /** Imported file, `package` for what is no file of ours. */
  resolve(from: Module, specifier: string): Module | 'package';
  /** Packages of the library that are imported here or by a file that is imported here. */
  evidence(library: string, module: Module): readonly string[];
  readonly memo: Map<Module, Map<string, { abstract: AbstractValue | undefined; dependencies: Dependencies }>>;
  readonly instances: Map<ClassCode, Instance>;
  readonly lookingUp: Set<string>;
  /** Of what is being read now. */
  dependencies: Dependencies;
  /** One object for everything that anything depends on. */
  readonly noted: Map<Module | CodePart, Map<string, Dependency>>;
  /** Where statements are collected while code runs for their sake; undefined while it only runs for a value. */
  drafts: Map<Call, Draft> | undefined;
  /** The calls of these, in the order in which they were met. */
  readonly collected: Call[];
  /** What is known of how these are used. */
  readonly uses: Map<Call, DraftUse>;
  /** The innermost loop that is being read. */
  loop: DraftUse['loop'];
  /** Bodies of callbacks are run. */
  callbacks: boolean;
  /** The part that is read, to see what comes before it. */
  root: { readonly module: Module; readonly unit: Unit; readonly isPlain: boolean } | undefined;
  /** Calls that are being followed. */
  depth: number;
  /** Expressions and bodies that are being read inside each other. */
  nesting: number;
  /** Expressions, and what counts as such, left until the part is given up: a chain of helpers can multiply. */
  budget: number;
  /** Expressions that were read since the beginning. */
  steps: number;
  /** Of one file: more statements are of no use. */
  readonly maxDrafts: number;
  /** Whether the time is over in which the file is to be read. */
  isOver(): boolean;
}

export const MAX_FOLLOWED_CALLS = 8;
export const MAX_NESTING = 900;
export const BUDGET_PER_UNIT = 400_000;
/** All parts of a file together; when it is used up each part still has the least one. */
export const BUDGET_PER_FILE = 2_000_000;
export const LEAST_BUDGET = 500;

export function unwrapped(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'await' || inner.kind === 'cast') inner = inner.value;
  return inner;
}

/** The first answer of a library. */
export function askLibraries<T>({ libraries }: Evaluation, ask: (library: Library) => T | undefined): T | undefined {
  for (const library of libraries) {
    const answer = ask(library);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The library that a value or draft is of. */
export function libraryOf({ libraries }: Evaluation, { library }: { readonly library: string }): Library {
  const found = libraries.find(({ name }) => name === library);
  if (!found) throw new Error(`No library ${library} takes part in the evaluation.`);
  return found;
}

/** Remembers what the present result is read from. */
export function note(
  evaluation: Evaluation,
  module: Module,
  what: Dependency['what'],
  name: string,
  unit: CodePart | undefined,
  seen: () => readonly unknown[],
): void {
  const owner = unit ?? module;
  let known = evaluation.noted.get(owner);
  if (!known) evaluation.noted.set(owner, (known = new Map()));
  const key = what === 'name' ? name : `${what} ${name}`;
  let dependency = known.get(key);
  if (!dependency) known.set(key, (dependency = { fileName: module.fileName, what, name, unit, seen: seen() }));
  evaluation.dependencies.own.add(dependency);
}

/** What an action is read from, apart; it is added to the present result's. */
export function collecting<T>(
  evaluation: Evaluation,
  action: () => T,
): { readonly result: T; readonly dependencies: Dependencies } {
  const outer = evaluation.dependencies;
  const dependencies = noDependencies();
  evaluation.dependencies = dependencies;
  try {
    return { result: action(), dependencies };
  } finally {
    evaluation.dependencies = outer;
    outer.inner.add(dependencies);
  }
}

/** Runs without collecting statements. */
export function quietly<T>(evaluation: Evaluation, action: () => T): T {
  const { drafts, callbacks } = evaluation;
  evaluation.drafts = undefined;
  evaluation.callbacks = false;
  try {
    return action();
  } finally {
    evaluation.drafts = drafts;
    evaluation.callbacks = callbacks;
  }
}

/** The instance that the methods of a class see when nothing is known of who calls them. */
export function instanceOf(evaluation: Evaluation, ofClass: ClassValue): Instance {
  const known = evaluation.instances.get(ofClass.code);
  if (known) return known;
  const made: Instance = { is: 'instance', class: ofClass, fields: createInstanceFields(), readFrom: undefined };
  evaluation.instances.set(ofClass.code, made);
  return made;
}
