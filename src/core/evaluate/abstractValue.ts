import type { Hole, Statement, StatementUse, Value } from '../database/statement';
import type { Call, ClassCode, Expression, FunctionCode, CodeRange } from '../code/syntax';
import type { Dependencies } from './dependencies';
import type { Module } from '../code/module';

/** What an expression stands for, as far as the text tells. */
export type AbstractValue =
  | Data
  | { readonly is: 'client'; readonly api: Api }
  | { readonly is: 'database'; readonly api: Api; readonly name?: string }
  | Collection
  | { readonly is: 'cursor'; readonly draft: Draft }
  | FunctionValue
  | ClassValue
  | Instance
  | { readonly is: 'module'; readonly module: Module }
  /** Of a package: `mongodb.MongoClient`; the bare package for all of it. */
  | { readonly is: 'external'; readonly name: string }
  | Schema
  | {
      readonly is: 'object';
      readonly entries: ReadonlyMap<string, AbstractValue>;
      readonly origins: readonly CodeRange[];
    };

export type Api = Statement['api'];

/** Plain data; `places` are the declarations and changes that it comes from. */
export interface Data {
  readonly is: 'data';
  readonly value: Value;
  readonly origins: readonly CodeRange[];
}

export interface Collection {
  readonly is: 'collection';
  readonly api: Api;
  readonly name: string | null;
  /** What stands for the name where it is not known. */
  readonly asked?: string;
  readonly database?: string;
  readonly schema?: Schema;
}

export interface Schema {
  readonly is: 'schema';
  readonly types: ReadonlyMap<string, Hole['type']>;
  readonly collection?: string;
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
  readonly fields: Map<string, AbstractValue>;
  /** What its fields were read from, once they were. */
  readFrom: Dependencies | undefined;
  /** What the constructor is called with; absent where no call is known. */
  readonly args?: readonly AbstractValue[];
}

export interface Scope {
  readonly unit: CodeRange['unit'];
  readonly module: Module;
  readonly parent?: Scope;
  readonly self?: AbstractValue;
  /** Swapped while a branch runs. */
  vars: Map<string, AbstractValue>;
}

/** A statement in the making. Never changed: a chained call makes another one with the same `call`. */
export interface Draft {
  readonly call: Call;
  readonly range: CodeRange;
  readonly collection: Collection;
  readonly related: readonly CodeRange[];
  readonly command: DraftCommand;
  /** Field of the last `where('field')` of Mongoose. */
  readonly field?: string;
  readonly problems: readonly string[];
  readonly use?: DraftUse;
}

export interface DraftUse extends Omit<StatementUse, 'waitsFor'> {
  readonly waitsFor?: CodeRange;
}

export interface DraftCommand {
  readonly kind:
    | 'find'
    | 'aggregate'
    | 'count'
    | 'estimatedCount'
    | 'distinct'
    | 'update'
    | 'delete'
    | 'findAndModify'
    | 'replace'
    | 'insert'
    | 'bulkWrite';
  readonly single: boolean;
  readonly multi: boolean;
  readonly filter?: Value;
  readonly pipeline?: Value;
  readonly field?: Value;
  readonly change?: Value;
  readonly options: Readonly<Record<string, Value>>;
}

/** A hole that still knows where it stands, and the type that is written for it. */
export interface DraftHole extends Hole {
  readonly range: CodeRange;
  readonly written?: { readonly type: string; readonly module: Module };
}

const NO_SPAN = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };

export function data(value: Value, origins: readonly CodeRange[] = []): Data {
  return { is: 'data', value, origins };
}

export function literal(value: string | number | boolean | null): Value {
  return { kind: 'literal', value };
}

export function rangeOf(expression: { from: number; to: number }, scope: Scope): CodeRange {
  return { unit: scope.unit, from: expression.from, to: expression.to };
}

const MAX_NAME = 80;

export function textOf(expression: { from: number; to: number }, scope: Scope): string {
  return scope.unit.text.slice(expression.from, expression.to).replace(/\s+/g, ' ').trim();
}

export function shortened(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
}

export function makeHole(name: string, type: Hole['type'], range: CodeRange, written?: DraftHole['written']): Value {
  const hole: DraftHole = { name: shortened(name), type, path: '', span: NO_SPAN, range, written };
  return { kind: 'hole', hole };
}

export function holeFor(expression: Expression, scope: Scope, type: Hole['type'] = 'unknown'): Value {
  return makeHole(textOf(expression, scope), type, rangeOf(expression, scope));
}

export function isDraftHole(hole: Hole): hole is DraftHole {
  return 'range' in hole;
}

/** Its value; what is no data becomes a hole with the text of the expression. */
export function valueOf(abstract: AbstractValue, expression: Expression, scope: Scope): Value {
  if (abstract.is === 'data') return abstract.value;
  if (abstract.is === 'object') {
    return {
      kind: 'document',
      entries: [...abstract.entries].map(([key, entry]) => [key, valueOf(entry, expression, scope)] as const),
    };
  }
  return holeFor(expression, scope);
}

export function originsOf(abstract: AbstractValue | undefined): readonly CodeRange[] {
  if (!abstract) return [];
  if (abstract.is === 'data' || abstract.is === 'object') return abstract.origins;
  if (abstract.is === 'cursor') return abstract.draft.related;
  return [];
}

export function withOrigin(abstract: AbstractValue, range: CodeRange): AbstractValue {
  if (abstract.is !== 'data' && abstract.is !== 'object') return abstract;
  const known = abstract.origins.some(
    (other) => other.unit === range.unit && other.from === range.from && other.to === range.to,
  );
  return known ? abstract : { ...abstract, origins: [...abstract.origins, range] };
}
