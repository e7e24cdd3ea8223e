import type { Module } from '../code/units/module';
import type { ClassCode, CodeRange, Expression, FunctionCode } from '../code/syntax';
import type { Dependencies } from './dependencies';
import type { Draft } from './draft';
import { holeFor } from './holes';
import type { InstanceFields } from './instanceFields';
import type { Scope } from './scope';
import type { Value } from './value';

/** What an expression stands for, as far as the text tells. */
export type AbstractValue =
  | Data
  | FunctionValue
  | ClassValue
  | Instance
  | { readonly is: 'module'; readonly module: Module }
  /** Of a package: `datetime.datetime`; the bare package for all of it. */
  | { readonly is: 'external'; readonly name: string }
  | {
      readonly is: 'object';
      readonly entries: ReadonlyMap<string, AbstractValue>;
      readonly origins: readonly CodeRange[];
    }
  | LibraryValue;

/** Plain data; `origins` are the declarations and changes that it comes from. */
export interface Data {
  readonly is: 'data';
  readonly value: Value;
  readonly origins: readonly CodeRange[];
}

export interface FunctionValue {
  readonly is: 'function';
  readonly code: FunctionCode;
  readonly scope: Scope;
}

export interface ClassValue {
  readonly is: 'class';
  readonly code: ClassCode;
  readonly scope: Scope;
}

export interface Instance {
  readonly is: 'instance';
  readonly class: ClassValue;
  /** Filled when first asked for; assignments to `this` change it. */
  readonly fields: InstanceFields;
  /** What its fields were read from, once they were. */
  readFrom: Dependencies | undefined;
  /** What the constructor is called with; absent where no call is known. */
  readonly args?: readonly AbstractValue[];
}

/** An object of a library, opaque to the evaluator: only the library of this name looks into it. */
export interface LibraryValue {
  readonly is: 'library';
  readonly library: string;
  /** An assignment elsewhere may tell more of it. */
  readonly isVague?: boolean;
  /** The statement in the making that it stands for: a chained call adds to it. */
  readonly draft?: Draft;
}

export function data(value: Value, origins: readonly CodeRange[] = []): Data {
  return { is: 'data', value, origins };
}

/** Nothing, or something that an assignment elsewhere may tell more of. */
export function isVague(abstract: AbstractValue | undefined): boolean {
  if (!abstract) return true;
  if (abstract.is === 'data')
    return abstract.value.kind === 'hole' || (abstract.value.kind === 'literal' && abstract.value.value === null);
  return abstract.is === 'library' && abstract.isVague === true;
}

export function isUnknownHole(abstract: AbstractValue): boolean {
  return abstract.is === 'data' && abstract.value.kind === 'hole' && abstract.value.hole.type === 'unknown';
}

/** Its value; what is no data becomes a hole with the text of the expression. */
export function valueOf(abstract: AbstractValue, expression: Expression, scope: Scope): Value {
  if (abstract.is === 'data') return abstract.value;
  return abstract.is === 'object' ? documentOf(abstract, holeFor(expression, scope)) : holeFor(expression, scope);
}

/** `hole` stands for each member that is no data. */
function documentOf({ entries }: Extract<AbstractValue, { is: 'object' }>, hole: Value): Value {
  return {
    kind: 'document',
    entries: [...entries].map(([key, entry]): readonly [string, Value] => [
      key,
      entry.is === 'data' ? entry.value : entry.is === 'object' ? documentOf(entry, hole) : hole,
    ]),
  };
}

/** More are of no use to anybody: they are what else of the file is shown with a statement. */
const MAX_ORIGINS = 400;

/** All origins, each once. */
export function joinedOrigins(lists: Iterable<readonly CodeRange[]>): readonly CodeRange[] {
  let only: readonly CodeRange[] | undefined;
  let joined: Set<CodeRange> | undefined;
  for (const list of lists) {
    if (!list.length || list === only) continue;
    if (!only) {
      only = list;
      continue;
    }
    joined ??= new Set(only);
    if (joined.size >= MAX_ORIGINS) break;
    for (const origin of list) joined.add(origin);
  }
  return joined ? [...joined] : (only ?? []);
}

export function originsOf(abstract: AbstractValue | undefined): readonly CodeRange[] {
  if (!abstract) return [];
  if (abstract.is === 'data' || abstract.is === 'object') return abstract.origins;
  return abstract.is === 'library' && abstract.draft ? abstract.draft.related : [];
}

export function withOrigin(abstract: AbstractValue, range: CodeRange): AbstractValue {
  if (abstract.is !== 'data' && abstract.is !== 'object') return abstract;
  const known =
    abstract.origins.length >= MAX_ORIGINS ||
    abstract.origins.some((other) => other.unit === range.unit && other.from === range.from && other.to === range.to);
  return known ? abstract : { ...abstract, origins: [...abstract.origins, range] };
}
