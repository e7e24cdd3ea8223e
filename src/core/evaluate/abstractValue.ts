import type { Hole, Statement, StatementUse, Value } from '../database/statement';
import type { Call, ClassCode, Expression, FunctionCode, Place } from '../code/syntax';
import type { Dependencies } from './dependencies';
import type { Module } from '../code/module';

/** What an expression stands for, as far as the text tells. */
export type Thing =
  | Data
  | { readonly is: 'client'; readonly api: Api }
  | { readonly is: 'database'; readonly api: Api; readonly name?: string }
  | Collection
  | { readonly is: 'cursor'; readonly draft: Draft }
  | FunctionThing
  | ClassThing
  | Instance
  | { readonly is: 'module'; readonly module: Module }
  /** Of a package: `mongodb.MongoClient`; the bare package for all of it. */
  | { readonly is: 'external'; readonly name: string }
  | Schema
  | { readonly is: 'object'; readonly entries: ReadonlyMap<string, Thing>; readonly places: readonly Place[] };

export type Api = Statement['api'];

/** Plain data; `places` are the declarations and changes that it comes from. */
export interface Data {
  readonly is: 'data';
  readonly value: Value;
  readonly places: readonly Place[];
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

export interface FunctionThing {
  readonly is: 'function';
  readonly code: FunctionCode;
  readonly scope: Scope;
}

export interface ClassThing {
  readonly is: 'class';
  readonly code: ClassCode;
  readonly scope: Scope;
}

export interface Instance {
  readonly is: 'instance';
  readonly class: ClassThing;
  /** Filled when first asked for; assignments to `this` change it. */
  readonly fields: Map<string, Thing>;
  /** What its fields were read from, once they were. */
  readFrom: Dependencies | undefined;
  /** What the constructor is called with; absent where no call is known. */
  readonly args?: readonly Thing[];
}

export interface Scope {
  readonly unit: Place['unit'];
  readonly module: Module;
  readonly parent?: Scope;
  readonly self?: Thing;
  /** Swapped while a branch runs. */
  vars: Map<string, Thing>;
}

/** A statement in the making. Never changed: a chained call makes another one with the same `call`. */
export interface Draft {
  readonly call: Call;
  readonly place: Place;
  readonly collection: Collection;
  readonly related: readonly Place[];
  readonly command: DraftCommand;
  /** Field of the last `where('field')` of Mongoose. */
  readonly field?: string;
  readonly problems: readonly string[];
  readonly use?: DraftUse;
}

export interface DraftUse extends Omit<StatementUse, 'waitsFor'> {
  readonly waitsFor?: Place;
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
  readonly place: Place;
  readonly written?: { readonly type: string; readonly module: Module };
}

const NO_SPAN = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };

export function data(value: Value, places: readonly Place[] = []): Data {
  return { is: 'data', value, places };
}

export function literal(value: string | number | boolean | null): Value {
  return { kind: 'literal', value };
}

export function placeOf(expression: { from: number; to: number }, scope: Scope): Place {
  return { unit: scope.unit, from: expression.from, to: expression.to };
}

const MAX_NAME = 80;

export function textOf(expression: { from: number; to: number }, scope: Scope): string {
  return scope.unit.text.slice(expression.from, expression.to).replace(/\s+/g, ' ').trim();
}

export function shortened(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
}

export function makeHole(name: string, type: Hole['type'], place: Place, written?: DraftHole['written']): Value {
  const hole: DraftHole = { name: shortened(name), type, path: '', span: NO_SPAN, place, written };
  return { kind: 'hole', hole };
}

export function holeFor(expression: Expression, scope: Scope, type: Hole['type'] = 'unknown'): Value {
  return makeHole(textOf(expression, scope), type, placeOf(expression, scope));
}

export function isDraftHole(hole: Hole): hole is DraftHole {
  return 'place' in hole;
}

/** Value of a thing; what is no data becomes a hole with the text of the expression. */
export function valueOf(thing: Thing, expression: Expression, scope: Scope): Value {
  if (thing.is === 'data') return thing.value;
  if (thing.is === 'object') {
    return {
      kind: 'document',
      entries: [...thing.entries].map(([key, entry]) => [key, valueOf(entry, expression, scope)] as const),
    };
  }
  return holeFor(expression, scope);
}

export function placesOf(thing: Thing | undefined): readonly Place[] {
  if (!thing) return [];
  if (thing.is === 'data' || thing.is === 'object') return thing.places;
  if (thing.is === 'cursor') return thing.draft.related;
  return [];
}

export function withPlace(thing: Thing, place: Place): Thing {
  if (thing.is !== 'data' && thing.is !== 'object') return thing;
  const known = thing.places.some(
    (other) => other.unit === place.unit && other.from === place.from && other.to === place.to,
  );
  return known ? thing : { ...thing, places: [...thing.places, place] };
}
