import type { Call, Expression, Unit } from './code';
import type { Module } from './module';
import type { ClassThing, Draft, Instance, Thing } from './things';

/** What a result was read from: valid as long as the same units define the same names. */
export type Dependencies = Map<string, { readonly module: Module; readonly name: string; readonly units: readonly Unit[] | undefined }>;

/** Everything that reading one file needs besides the code. */
export interface Run {
  /** Imported file, `package` for what is no file of ours. */
  resolve(from: Module, specifier: string): Module | 'package';
  /** Packages of drivers that are imported here or by a file that is imported here. */
  evidence(module: Module): readonly string[];
  readonly memo: Map<string, { thing: Thing | undefined; dependencies: Dependencies }>;
  readonly instances: Map<ClassThing['code'], Instance>;
  readonly lookingUp: Set<string>;
  dependencies: Dependencies;
  /** Where statements are collected while code runs for their sake; undefined while it only runs for a value. */
  drafts: Map<Call, Draft> | undefined;
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
