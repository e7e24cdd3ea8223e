import type { Call, ClassCode, Expression } from '../code/syntax';
import { noDependencies, type Dependencies, type Dependency } from './dependencies';
import type { Module } from '../code/module';
import type { Draft, DraftUse, Instance, AbstractValue } from './abstractValue';
import type { Unit } from '../code/unit';

/** Everything that reading one file needs besides the code. */
export interface Evaluation {
  /** Imported file, `package` for what is no file of ours. */
  resolve(from: Module, specifier: string): Module | 'package';
  /** Packages of drivers that are imported here or by a file that is imported here. */
  evidence(module: Module): readonly string[];
  readonly memo: Map<Module, Map<string, { abstract: AbstractValue | undefined; dependencies: Dependencies }>>;
  readonly instances: Map<ClassCode, Instance>;
  readonly lookingUp: Set<string>;
  /** Of what is being read now. */
  dependencies: Dependencies;
  /** One object for each thing that anything depends on. */
  readonly noted: Map<Module | Unit, Map<string, Dependency>>;
  /** Where statements are collected while code runs for their sake; undefined while it only runs for a value. */
  drafts: Map<Call, Draft> | undefined;
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
  /** Expressions left until the part is given up: a chain of helpers can multiply. */
  budget: number;
}

export const MAX_FOLLOWED_CALLS = 8;
export const MAX_NESTING = 900;
export const BUDGET_PER_UNIT = 400_000;

export function unwrapped(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'await' || inner.kind === 'cast') inner = inner.value;
  return inner;
}

/** Remembers what the present result is read from. */
export function note(
  evaluation: Evaluation,
  module: Module,
  what: Dependency['what'],
  name: string,
  unit: Unit | undefined,
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
