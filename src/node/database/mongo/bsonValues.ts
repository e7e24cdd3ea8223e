import type { BSON as Bson, Document } from 'mongodb';
import { nestedTooDeep, noValueFor } from '../../../core/database/mongo/errors/statementErrors';
import type { EjsonDocument } from '../../../core/ejson/documents';

/** Documents that stand for one value. `$regex` is none of them: in a query it is an operator, with others beside it. */
const WRAPPERS = new Set([
  '$oid',
  '$date',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$binary',
  '$uuid',
  '$regularExpression',
  '$timestamp',
  '$minKey',
  '$maxKey',
  '$symbol',
  '$code',
  '$dbPointer',
  '$undefined',
]);
/** A server takes 180 at most. */
const DEEPEST = 250;

/** Between EJSON and what the driver takes. */
export interface BsonCodec {
  /** EJSON as the wire takes it. Throws a HeatlensError for what is no value of its type, or nested too deep. */
  toBson(command: EjsonDocument): Document;
  /** `exact` keeps the types of numbers and dates (canonical EJSON); otherwise they are plain. */
  toEjson(document: Document, exact: boolean): EjsonDocument;
}

/** `bson` is the driver's own: values of another copy of the library are not always taken for values. */
export function bsonCodec(bson: typeof Bson): BsonCodec {
  function documentOf(document: EjsonDocument, depth: number): Document {
    return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, valueOf(value, depth + 1)]));
  }

  function valueOf(value: unknown, depth: number): unknown {
    if (typeof value === 'number') return numberOf(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST) throw nestedTooDeep(DEEPEST);
    if (Array.isArray(value)) return value.map((item) => valueOf(item, depth + 1));
    return isWrapper(value) ? wrapped(value) : documentOf(value as EjsonDocument, depth);
  }

  function numberOf(value: number): unknown {
    if (!Number.isInteger(value) || Object.is(value, -0)) return new bson.Double(value);
    if (Math.abs(value) <= 0x7fffffff) return new bson.Int32(value);
    return Number.isSafeInteger(value) ? bson.Long.fromNumber(value) : new bson.Double(value);
  }

  function wrapped(value: object): unknown {
    try {
      return (bson.EJSON.deserialize({ value }, { relaxed: false }) as { value: unknown }).value;
    } catch (error) {
      const [[type, content]] = Object.entries(value) as [string, unknown][];
      const shown = (JSON.stringify(content) ?? 'undefined').slice(0, 80);
      throw noValueFor(type, shown, error);
    }
  }

  return {
    toBson: (command) => documentOf(command, 0),
    toEjson: (document, exact) => bson.EJSON.serialize(document, { relaxed: !exact }),
  };
}

function isWrapper(value: object): boolean {
  const keys = Object.keys(value);
  if (!WRAPPERS.has(keys[0])) return false;
  return keys.length === 1 || (keys.length === 2 && keys[0] === '$code' && keys[1] === '$scope');
}
