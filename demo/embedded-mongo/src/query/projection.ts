import { find } from 'mingo';
import { ServerError } from '../errors';
import { toMingo } from '../values/mingo';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** What a query returns of its documents. */
export interface Projection {
  readonly spec: Doc;
  readonly inclusion: boolean;
  /** Fields that must be there; undefined when the whole document is needed. */
  readonly required: readonly string[] | undefined;
  /** Keeps top-level fields and nothing else. */
  readonly simple: boolean;
  /** Names top-level fields to keep, or to drop, and nothing else. */
  readonly flat: boolean;
  /** Computes no field from others. */
  readonly plain: boolean;
  /** Fields that get what the search found: field -> `textScore` and the like. */
  readonly meta: Readonly<Record<string, string>>;
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || toNumber(value) !== undefined;
}

/** Reads a projection; undefined for an empty one. Throws 31253 and 31254 for a mix of inclusion and exclusion. */
export function parseProjection(spec: unknown): Projection | undefined {
  if (spec === undefined || spec === null || (isDoc(spec) && Object.keys(spec).length === 0)) return undefined;
  if (!isDoc(spec)) throw new ServerError(14, 'projection must be a document');
  const meta: Record<string, string> = {};
  const plain: [string, unknown][] = [];
  for (const [field, value] of Object.entries(spec)) {
    if (isDoc(value) && typeof value.$meta === 'string') meta[field] = value.$meta;
    else plain.push([field, value]);
  }
  const flags = plain.filter(([field, value]) => field !== '_id' && isFlag(value));
  const shaped = plain.filter(([, value]) => !isFlag(value));
  const keepsAll = shaped.filter(([, value]) => isDoc(value) && ('$slice' in value || '$elemMatch' in value));
  const computed = shaped.length > keepsAll.length;
  const included = flags.filter(([, value]) => Boolean(value));
  const idOnly =
    flags.length === 0 && plain.some(([field, value]) => field === '_id' && Boolean(isFlag(value) && value));
  if (included.length > 0 && included.length < flags.length) {
    const [field] = flags.find(([, value]) => !value) ?? [''];
    throw included[0] === flags[0]
      ? new ServerError(31254, `Cannot do exclusion on field ${field} in inclusion projection`)
      : new ServerError(31253, `Cannot do inclusion on field ${included[0][0]} in exclusion projection`);
  }
  const inclusion =
    included.length > 0 || computed || idOnly || keepsAll.some(([, value]) => isDoc(value) && '$elemMatch' in value);
  const withId = !plain.some(([field, value]) => field === '_id' && !value);
  const whole = !inclusion || (Object.keys(meta).length > 0 && plain.length === 0);
  const required = whole
    ? undefined
    : [
        ...(withId ? ['_id'] : []),
        ...plain.filter(([field]) => field !== '_id').flatMap(([field, value]) => needed(field, value)),
      ];
  const flat = !plain.some(([field]) => field.includes('.')) && shaped.length === 0 && Object.keys(meta).length === 0;
  return {
    spec,
    inclusion,
    meta,
    flat,
    simple: flat && !whole,
    plain: shaped.length === 0,
    required: required?.includes('$$ROOT') ? undefined : required,
  };
}

function needed(field: string, value: unknown): string[] {
  if (isFlag(value)) return [field.replace(/\.\$$/, '')];
  if (isDoc(value) && ('$slice' in value || '$elemMatch' in value)) return [field];
  return fieldsOf(value);
}

/** The field paths an expression reads; `$$ROOT` when it reads the document as a whole. */
export function fieldsOf(expression: unknown): string[] {
  if (typeof expression === 'string') {
    if (/^\$\$(ROOT|CURRENT)\./.test(expression)) return [expression.replace(/^\$\$\w+\./, '')];
    if (expression.startsWith('$$')) return /^\$\$(ROOT|CURRENT)$/.test(expression) ? ['$$ROOT'] : [];
    return expression.startsWith('$') && expression.length > 1 ? [expression.slice(1)] : [];
  }
  if (Array.isArray(expression)) return expression.flatMap(fieldsOf);
  if (!isDoc(expression) || '$literal' in expression || '$const' in expression) return [];
  return Object.values(expression).flatMap(fieldsOf);
}

/** A function that applies a projection to a document. */
export function projector(projection: Projection): (doc: Doc) => Doc {
  const { spec, flat, inclusion, meta } = projection;
  if (flat) return inclusion ? includeFields(spec) : excludeFields(spec);
  const rest = Object.fromEntries(Object.entries(spec).filter(([field]) => !(field in meta)));
  if (Object.keys(rest).length === 0) return (doc) => doc;
  const prepared = toMingo(rest) as Doc;
  return (doc) => {
    try {
      return find([doc], {}, prepared as never).next() ?? {};
    } catch (error) {
      const unknown = /'(\$\w+)' is not registered/.exec(String(error));
      throw unknown ? new ServerError(31325, `Unknown expression ${unknown[1]}`) : new ServerError(2, String(error));
    }
  };
}

function includeFields(spec: Doc): (doc: Doc) => Doc {
  const fields = new Set(Object.keys(spec).filter((field) => spec[field]));
  if (!('_id' in spec)) fields.add('_id');
  return (doc) => Object.fromEntries(Object.entries(doc).filter(([field]) => fields.has(field)));
}

function excludeFields(spec: Doc): (doc: Doc) => Doc {
  return (doc) => Object.fromEntries(Object.entries(doc).filter(([field]) => !(field in spec) || Boolean(spec[field])));
}
