import type { AbstractValue, LibraryValue } from '../../../evaluate/abstractValue';
import type { Draft } from '../../../evaluate/draft';
import type { HoleType, Value } from '../../../evaluate/value';
import type { Statement, StatementCommand } from '../../statement';

/** What the evaluator calls this library. */
export const MONGO = 'mongo';

export type Api = Statement['api'];

interface OfMongo extends LibraryValue {
  readonly library: typeof MONGO;
}

/** What the evaluator holds for the objects of the drivers and of Mongoose. */
export type MongoValue = Client | Database | Collection | Cursor | Schema;

export interface Client extends OfMongo {
  readonly kind: 'client';
  readonly api: Api;
}

export interface Database extends OfMongo {
  readonly kind: 'database';
  readonly api: Api;
  readonly name: string | undefined;
}

export interface Collection extends OfMongo {
  readonly kind: 'collection';
  readonly api: Api;
  readonly name: string | null;
  /** What stands for the name where it is not known. */
  readonly asked?: string;
  readonly database?: string;
  readonly schema?: Schema;
}

/** A statement that more can be chained to: a cursor, or a query of Mongoose. */
export interface Cursor extends OfMongo {
  readonly kind: 'cursor';
  readonly draft: MongoDraft;
}

export interface Schema extends OfMongo {
  readonly kind: 'schema';
  readonly types: ReadonlyMap<string, HoleType>;
  readonly collection: string | undefined;
}

export interface MongoDraft extends Draft {
  readonly library: typeof MONGO;
  readonly collection: Collection;
  readonly command: DraftCommand;
  /** Field of the last `where('field')` of Mongoose. */
  readonly field?: string;
  readonly problems: readonly string[];
}

export interface DraftCommand {
  readonly kind: StatementCommand['kind'];
  readonly single: boolean;
  readonly multi: boolean;
  readonly filter?: Value;
  readonly pipeline?: Value;
  readonly field?: Value;
  readonly change?: Value;
  readonly options: Readonly<Record<string, Value>>;
}

export function isMongo(abstract: AbstractValue): abstract is MongoValue {
  return abstract.is === 'library' && abstract.library === MONGO;
}

export function isMongoDraft(draft: Draft): draft is MongoDraft {
  return draft.library === MONGO;
}

export function clientOf(api: Api): Client {
  return { is: 'library', library: MONGO, kind: 'client', api };
}

export function databaseOf(api: Api, name?: string): Database {
  return { is: 'library', library: MONGO, isVague: name === undefined, kind: 'database', api, name };
}

export function collectionOf(
  api: Api,
  name: string | null,
  more: Pick<Collection, 'asked' | 'database' | 'schema'> = {},
): Collection {
  return { is: 'library', library: MONGO, isVague: name === null, kind: 'collection', api, name, ...more };
}

export function cursorOf(draft: MongoDraft): Cursor {
  return { is: 'library', library: MONGO, kind: 'cursor', draft };
}

/** Drivers of Python name databases and collections by attributes and keys. */
export function isPython(api: Api): boolean {
  return api === 'pymongo' || api === 'motor';
}
