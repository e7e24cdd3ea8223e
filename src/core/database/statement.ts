import type { Language } from '../code/language';
import type { DraftUse } from '../evaluate/draft';
import type { Hole as ValueHole, PlainType, Value } from '../evaluate/value';
import type { Span } from '../positions';

/** A database call found in source, read statically: nothing is ever evaluated. */
export interface Statement {
  readonly language: Language;
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

/** How the code around it uses it, as far as the text tells something. */
export interface StatementUse extends Omit<DraftUse, 'waitsFor'> {
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

/** Types that a value of a statement can be asked for as. */
export type StatementHoleType = PlainType | 'objectId';

/** A value that the text does not give, of a type that databases know. */
export interface Hole extends ValueHole {
  readonly type: StatementHoleType;
}
