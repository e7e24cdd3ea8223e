import { calculateObjectSize, ObjectId } from 'bson';
import { ServerError } from '../errors';
import { compile } from '../query/evaluate';
import { parseQuery } from '../query/parse';
import type { Collation } from '../values/collation';
import { parseCollation } from '../values/collation';
import { compareValues } from '../values/compare';
import type { Doc } from '../values/types';
import { toNumber } from '../values/types';
import { Index } from './collectionIndex';
import type { IndexSpec } from './collectionIndex';

/** Bytes of the largest document that can be stored. */
export const MAX_DOCUMENT_BYTES = 16777216;

/** What `setParameter` may change. */
export interface Settings {
  /** Bytes a sort may hold without going to disk. */
  sortMemory: number;
}

/** An index filter as `planCacheSetFilter` gives it. */
export interface IndexFilter {
  readonly query: Doc;
  readonly sort: Doc;
  readonly projection: Doc;
  readonly indexes: readonly unknown[];
}

export const DEFAULT_SETTINGS: Readonly<Settings> = { sortMemory: 104857600 };

/** A collection: records by number in the order of their insertion, and their indexes in the order of their creation. */
export class Collection {
  readonly records = new Map<number, Doc>();
  readonly indexes: Index[] = [];
  readonly namespace: string;
  readonly collation: Collation | undefined;
  readonly uuid = new ObjectId();
  options: Doc;
  settings: Readonly<Settings> = DEFAULT_SETTINGS;
  /** Shape of a query -> the indexes that it may use. */
  readonly filters = new Map<string, IndexFilter>();
  private nextRecord = 1;
  private readonly sizes = new WeakMap<Doc, number>();
  /** Bytes of all documents of a capped collection; others need not know. */
  private cappedBytes = 0;

  constructor(
    readonly database: string,
    readonly name: string,
    options: Doc = {},
    /** Whether it only stands for a name that has no collection. */
    readonly missing = false,
  ) {
    this.namespace = `${database}.${name}`;
    this.options = options;
    this.collation = parseCollation(options.collation);
    this.indexes.push(
      new Index(
        { v: 2, key: { _id: 1 }, name: '_id_', ...(options.collation ? { collation: options.collation } : {}) },
        this.namespace,
      ),
    );
  }

  /** Bytes of a document as BSON. */
  sizeOf(doc: Doc): number {
    let size = this.sizes.get(doc);
    if (size === undefined) this.sizes.set(doc, (size = calculateObjectSize(doc)));
    return size;
  }

  get dataSize(): number {
    let sum = 0;
    for (const doc of this.records.values()) sum += this.sizeOf(doc);
    return sum;
  }

  /** Inserts a document, with an `_id` put first when it has none. Throws 11000 for a duplicate key, 121 for a failed validation. */
  insert(given: Doc): Doc {
    const doc =
      '_id' in given
        ? Object.keys(given)[0] === '_id'
          ? given
          : { _id: given._id, ...given }
        : { _id: new ObjectId(), ...given };
    if (Array.isArray(doc._id) || doc._id === undefined)
      throw new ServerError(53, "The '_id' value cannot be of type array");
    this.validate(doc);
    this.checkSize(doc);
    const record = this.nextRecord;
    const planned = this.indexes.map((index) => index.plan(record, doc));
    this.nextRecord++;
    this.records.set(record, doc);
    this.indexes.forEach((index, i) => index.insert(planned[i]));
    this.evictCapped(doc);
    return doc;
  }

  /** Puts another document in the place of a record. */
  replace(record: number, doc: Doc): void {
    const old = this.records.get(record);
    if (!old) return;
    if (compareValues(old._id, doc._id) !== 0) {
      throw new ServerError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
    }
    this.validate(doc);
    this.checkSize(doc);
    const planned = this.indexes.map((index) => index.plan(record, doc, record));
    this.indexes.forEach((index, i) => {
      if (index.hasSameKeys(old, planned[i])) return;
      index.remove(record, old);
      index.insert(planned[i]);
    });
    this.records.set(record, doc);
    if (this.options.capped === true) this.cappedBytes += this.sizeOf(doc) - this.sizeOf(old);
  }

  remove(record: number): void {
    const doc = this.records.get(record);
    if (!doc) return;
    this.records.delete(record);
    if (this.options.capped === true) this.cappedBytes -= this.sizeOf(doc);
    for (const index of this.indexes) index.remove(record, doc);
  }

  /** Builds an index over all records; throws before anything changes. */
  createIndex(spec: IndexSpec): void {
    const index = new Index(spec, this.namespace);
    for (const [record, doc] of this.records) index.insert(index.plan(record, doc));
    // Put in order now: the first query by it would pay for that, and look slower than without.
    index.entries.read();
    this.indexes.push(index);
  }

  private checkSize(doc: Doc): void {
    const size = this.sizeOf(doc);
    if (size > MAX_DOCUMENT_BYTES)
      throw new ServerError(
        10334,
        `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES} (16 MB)`,
      );
  }

  private validate(doc: Doc): void {
    const { validator, validationAction, validationLevel } = this.options;
    if (validator === undefined || validationAction === 'warn' || validationLevel === 'off') return;
    if (!compile(parseQuery(validator))(doc)) throw new ServerError(121, 'Document failed validation');
  }

  /** Removes the oldest documents of a capped collection that has become too large by a new one. */
  private evictCapped(added: Doc): void {
    if (this.options.capped !== true) return;
    this.cappedBytes += this.sizeOf(added);
    const most = toNumber(this.options.max) || Infinity;
    const bytes = toNumber(this.options.size) ?? Infinity;
    for (const record of this.records.keys()) {
      if (this.records.size <= 1 || (this.records.size <= most && this.cappedBytes <= bytes)) return;
      this.remove(record);
    }
  }
}
