import { Aggregator, Context, ProcessingMode } from 'mingo';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as pipelines from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import * as queries from 'mingo/operators/query';
import * as windows from 'mingo/operators/window';
import { ServerError } from '../errors';
import { TopSorter } from '../execution/topSort';
import { compareSortKeys, parseSort, sortValue } from '../query/sort';
import type { Variables } from '../query/parse';
import { stringOrder } from '../values/collation';
import type { Collation } from '../values/collation';
import { getPath } from '../values/paths';
import { toMingo } from '../values/mingo';
import { parseProjection, projector } from '../query/projection';
import { isDoc, plainNumbers, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** A document with another value at a path; what it shares with the first one is not touched. Undefined removes the field. */
export function withValue(doc: Doc, path: readonly string[], value: unknown): Doc {
  const [field, ...rest] = path;
  const copy = { ...doc };
  const next = rest.length === 0 ? value : withValue(isDoc(doc[field]) ? doc[field] : {}, rest, value);
  if (next === undefined) delete copy[field];
  else copy[field] = next;
  return copy;
}

export function unwind(docs: readonly Doc[], spec: Doc): Doc[] {
  const path = String(spec.path).slice(1).split('.');
  const index = typeof spec.includeArrayIndex === 'string' ? spec.includeArrayIndex.split('.') : undefined;
  const keep = spec.preserveNullAndEmptyArrays === true;
  const found: Doc[] = [];
  const add = (doc: Doc, at: number | null) => found.push(index ? withValue(doc, index, at) : doc);
  for (const doc of docs) {
    const value = getPath(doc, path);
    if (Array.isArray(value) && value.length > 0)
      value.forEach((item: unknown, i) => add(withValue(doc, path, item), i));
    else if (Array.isArray(value) || value === null || value === undefined) {
      if (keep) add(Array.isArray(value) ? withValue(doc, path, undefined) : doc, null);
    } else add(doc, null);
  }
  return found;
}

export function sortDocs(
  docs: readonly Doc[],
  spec: unknown,
  limit: number | undefined,
  collation: Collation | undefined,
): Doc[] {
  const sort = parseSort(spec);
  if (!sort) return [...docs];
  const strings = stringOrder(collation);
  const keyed = docs.map((doc) => ({ doc, key: sort.parts.map((part) => sortValue(doc, part, strings)) }));
  type Keyed = (typeof keyed)[number];
  const compare = (a: Keyed, b: Keyed) => compareSortKeys(a.key, b.key, sort.parts, strings);
  if (limit === undefined) return keyed.sort(compare).map(({ doc }) => doc);
  const top = new TopSorter<Keyed>(limit, compare);
  for (const item of keyed) top.add(item);
  return top.sorted().map(({ doc }) => doc);
}

export function sampleSize(spec: unknown): number {
  const size = isDoc(spec) ? Number(spec.size) : NaN;
  if (!Number.isInteger(size) || size < 1)
    throw new ServerError(28747, 'size argument to $sample must be a positive integer');
  return size;
}

/** Documents in random order, each at most once. */
export function sample(docs: readonly Doc[], spec: unknown): Doc[] {
  const size = sampleSize(spec);
  const pool = [...docs];
  for (let i = 0; i < Math.min(size, pool.length); i++) {
    const other = i + Math.floor(Math.random() * (pool.length - i));
    [pool[i], pool[other]] = [pool[other], pool[i]];
  }
  return pool.slice(0, size);
}

/** Adds numbers without losing what the greater ones hide, as a server does. */
function exactSum(values: readonly unknown[]): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const number = toNumber(value);
    if (number === undefined) continue;
    const next = sum + number;
    if (Number.isFinite(next)) lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return sum + lost;
}

const $sum: typeof accumulators.$sum = (docs, expression, options) => {
  const values: unknown = accumulators.$push(docs, expression, options);
  return exactSum(Array.isArray(values) ? values : []);
};

const $avg: typeof accumulators.$avg = (docs, expression, options) => {
  const values: unknown = accumulators.$push(docs, expression, options);
  const numbers = (Array.isArray(values) ? values : []).filter((value) => toNumber(value) !== undefined);
  return numbers.length === 0 ? null : exactSum(numbers) / numbers.length;
};

const context = Context.init({
  accumulator: { ...accumulators, $sum, $avg },
  expression: expressions,
  pipeline: pipelines,
  projection: projections,
  query: queries,
  window: windows,
});

/** `$project`; the fields come in the order of a server: kept ones as they are in the document, then computed ones. */
export function project(docs: readonly Doc[], spec: Doc, variables: Variables): Doc[] {
  const projection = parseProjection(spec);
  if (!projection) return [...docs];
  if (projection.flat) return docs.map(projector(projection));
  const results = runMingo(docs, '$project', spec, variables, undefined);
  if (!projection.inclusion) return results;
  return results.map((result, i) => {
    const ordered: Doc = {};
    for (const field of ['_id', ...Object.keys(docs[i] ?? {}), ...Object.keys(spec)])
      if (field in result) ordered[field] = result[field];
    return { ...ordered, ...result };
  });
}

/** Runs a stage by the library that knows the operators of aggregation. */
export function runMingo(
  docs: readonly Doc[],
  name: string,
  spec: unknown,
  variables: Variables,
  collation: Collation | undefined,
): Doc[] {
  const reads = name === '$group' || name === '$project' || name === '$replaceRoot' || name === '$bucketAuto';
  const processingMode = reads ? ProcessingMode.CLONE_OFF : ProcessingMode.CLONE_INPUT;
  const options = {
    context,
    processingMode,
    variables: { ...variables },
    ...(collation ? { collation: { locale: collation.locale, strength: collation.strength as 2 } } : {}),
  };
  try {
    return new Aggregator([{ [name]: toMingo(spec) }] as never, options).run(docs.map(plainNumbers));
  } catch (error) {
    throw stageError(name, error);
  }
}

function stageError(name: string, error: unknown): ServerError {
  const message = error instanceof Error ? error.message : String(error);
  const operator = /operator '?(\$\w+)'?|(\$\w+).*not (?:found|supported|registered)/i.exec(message);
  if (/unregistered|not registered|unknown|not found|not supported/i.test(message) && operator) {
    const unknown = operator[1] ?? operator[2];
    return name === '$group'
      ? new ServerError(15952, `unknown group operator '${unknown}'`)
      : new ServerError(168, `Unrecognized expression '${unknown}'`);
  }
  return new ServerError(2, `${name}: ${message}`);
}

/** Evaluates expressions on each document: one document of results per input. */
export function evaluate(docs: readonly Doc[], expressions: Doc, variables: Variables): Doc[] {
  if (Object.keys(expressions).length === 0) return docs.map(() => ({}));
  return docs.map((doc) => runMingo([doc], '$replaceRoot', { newRoot: expressions }, variables, undefined)[0] ?? {});
}

/** `$redact`: what the expression says of each document, and of those in it when it says to descend, decides what is left. */
export function redact(docs: readonly Doc[], expression: unknown, variables: Variables): Doc[] {
  const said = runMingo(docs, '$replaceRoot', { newRoot: { v: expression } }, variables, undefined);
  return docs.flatMap((doc, i): Doc[] => {
    switch (said[i]?.v) {
      case '$$KEEP':
        return [doc];
      case '$$PRUNE':
        return [];
      case '$$DESCEND':
        return [
          Object.fromEntries(
            Object.entries(doc).flatMap(([field, value]) =>
              redactValue(value, expression, variables).map((kept) => [field, kept]),
            ),
          ),
        ];
      default:
        throw new ServerError(
          17053,
          "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE",
        );
    }
  });
}

/** A list of the value that is left, or of none. Documents nest no deeper than their parser allows. */
function redactValue(value: unknown, expression: unknown, variables: Variables): unknown[] {
  if (isDoc(value)) return redact([value], expression, variables);
  if (!Array.isArray(value)) return [value];
  return [
    value.flatMap((item: unknown) =>
      isDoc(item) || Array.isArray(item) ? redactValue(item, expression, variables) : [item],
    ),
  ];
}
