import type { Span } from '../positions';

/** A database call found in source, read statically: nothing is ever evaluated. */
export interface Statement {
  readonly language: 'javascript' | 'typescript' | 'python';
  readonly api: 'driver' | 'mongoose' | 'pymongo' | 'motor';
  /** The whole call chain. */
  readonly span: Span;
  /** What else belongs to it: the variables that its arguments come from. A cursor there is "in" the statement too. */
  readonly related: readonly Span[];
  /** Collection name; null where the text does not give it (then `collectionHole` names what was asked for). */
  readonly collection: string | null;
  /** The expression that the name comes from, where it is not known. */
  readonly collectionHole?: string;
  /** Database, where the text names one. */
  readonly database?: string;
  readonly command: StatementCommand;
  readonly holes: readonly Hole[];
  /** What was not understood and left out or turned into a hole; one sentence each. */
  readonly problems: readonly string[];
  /** How the code around it uses it, as far as the text tells something. */
  readonly use?: StatementUse;
}

export interface StatementUse {
  /** It runs once for each item: of a loop, or of a list whose `map` or `forEach` calls the function that it is in. */
  readonly loop?: { readonly text: string; readonly names: readonly string[] };
  /** Nothing takes its result. */
  readonly unused?: boolean;
  /** All of its result is put in one list: `toArray()`, `to_list()`, `list(…)`. */
  readonly collects?: boolean;
  /** A statement that is awaited right before it, and whose result it does not need. */
  readonly waitsFor?: Span;
}

/** Kind of command as the server calls it, with its arguments as a tree of known values and holes. */
export type StatementCommand =
  | { readonly kind: 'find'; readonly filter: Value; readonly options: FindOptions; readonly single: boolean }
  | { readonly kind: 'aggregate'; readonly pipeline: Value; readonly options: Readonly<Record<string, Value>> }
  | {
      readonly kind: 'count' | 'estimatedCount';
      readonly filter: Value;
      readonly options: Readonly<Record<string, Value>>;
    }
  | {
      readonly kind: 'distinct';
      readonly field: Value;
      readonly filter: Value;
      readonly options: Readonly<Record<string, Value>>;
    }
  | {
      readonly kind: 'update' | 'delete' | 'findAndModify' | 'replace' | 'insert' | 'bulkWrite';
      readonly filter: Value;
      /** Update document or pipeline, replacement, or documents. */
      readonly change?: Value;
      readonly multi: boolean;
      readonly options: Readonly<Record<string, Value>>;
    };

export interface FindOptions {
  readonly projection?: Value;
  readonly sort?: Value;
  readonly skip?: Value;
  readonly limit?: Value;
  readonly hint?: Value;
  readonly collation?: Value;
  readonly others: Readonly<Record<string, Value>>;
}

/** A value of the text: EJSON-able leaves, and holes where the text does not give it. */
export type Value =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `new Date(…)`, `ObjectId('…')`, `/x/i`, `Decimal128`, …: canonical EJSON of it. */
  | { readonly kind: 'ejson'; readonly value: unknown }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'document'; readonly entries: readonly (readonly [string, Value])[] }
  | { readonly kind: 'hole'; readonly hole: Hole }
  /** A regular expression whose pattern is not written out: `new RegExp(name, 'i')`. A known one is `ejson`. */
  | { readonly kind: 'regex'; readonly pattern: Value; readonly options: string }
  /**
   * A condition of the text that decides between forms: `active ? { active: true } : {}`. Equal conditions of one
   * statement are decided alike.
   */
  | { readonly kind: 'either'; readonly condition: string; readonly then: Value; readonly otherwise: Value }
  /** Only as a branch of `either`: the item or field is then left out. */
  | { readonly kind: 'nothing' }
  /** Only as an item, or as the value of a field named `...`: all items or fields of the value in this place. */
  | { readonly kind: 'spread'; readonly value: Value };

/** A value that the text does not give. */
export interface Hole {
  /** The expression, shortened where it is long; the same expression of one statement is one hole. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'date' | 'objectId' | 'regex' | 'array' | 'document' | 'unknown';
  /** Where it stands: `filter.category`, `pipeline[1].$skip`. */
  readonly path: string;
  readonly span: Span;
}
