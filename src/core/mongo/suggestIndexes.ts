import { innerDocuments } from './findings/commandParts';
import { isNonEmpty, isUnbounded, leadingField, names, type RuleContext, ruleContext } from './findings/context';
import { collationText } from './findings/indexRules';
import { unindexedJoin } from './findings/pipelineRules';
import { classOf, conjunction, type Predicate } from './findings/predicates';
import type { CollectionFacts, ExistingIndex, IndexSuggestion, Plan } from './plan';
import { asDocument, asText, type RawDocument } from './plan/values';

const SMALL_COLLECTION = 1000;
/** The server allows 32; more than a few cost more than they save. */
const MOST_FIELDS = 5;
/** Up to here the server turns `$in` and a sort into one ordered scan per value. */
const MOST_SCANS = 200;

/**
 * Indexes that would serve a plan's query better, by the rule of equality, sort, range. Existing indexes are those of `facts`
 * and those that the plan itself names: one that serves already suppresses a suggestion, one that the suggestion extends is
 * named in `replaces`. Nothing is suggested for a query that is served, or for a small collection.
 */
export function suggestIndexes(plan: Plan, facts: ReadonlyMap<string, CollectionFacts> = new Map()): IndexSuggestion[] {
  const context = ruleContext(plan, facts, 0);
  const suggestions = [...queryIndexes(context), ...joinIndexes(context)];
  return suggestions.filter((one, at) => suggestions.findIndex((other) => other.collection === one.collection && sameKey(other.key, one.key)) === at);
}

function sameKey(a: RawDocument, b: RawDocument): boolean {
  return JSON.stringify(Object.entries(a)) === JSON.stringify(Object.entries(b));
}

/** As the shell takes it: `db.orders.createIndex({ status: 1, at: -1 })`. */
export function createIndexText({ collection, key, options }: Pick<IndexSuggestion, 'collection' | 'key' | 'options'>): string {
  const name = /^[A-Za-z_]\w*$/.test(collection) ? `db.${collection}` : `db.getCollection(${JSON.stringify(collection)})`;
  const tail = Object.keys(options).length ? `, ${documentText(options)}` : '';
  return `${name}.createIndex(${documentText(key)}${tail})`;
}

function documentText(document: RawDocument): string {
  const entries = Object.entries(document).map(([field, value]) => `${/^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field)}: ${asDocument(value) ? documentText(value as RawDocument) : JSON.stringify(value)}`);
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}

/** Whether anything is left to gain: a scan, a sort in memory, conditions tested on documents, an index read from end to end. */
function hasWork({ stages, command }: RuleContext): boolean {
  return stages.some(({ stage, collection }) => {
    if (collection !== command.collection) return false;
    if (stage.name === 'COLLSCAN') return stage.fields.minRecord === undefined;
    if (stage.name === 'SORT' || stage.name === '$sort') return true;
    if (stage.name === 'FETCH') return isNonEmpty(stage.filter);
    const leading = leadingField(stage.keyPattern);
    return stage.name === 'IXSCAN' && ((leading !== undefined && isUnbounded(stage.bounds?.[leading])) || isNonEmpty(stage.filter));
  });
}

function queryIndexes(context: RuleContext): IndexSuggestion[] {
  const { command, query, plan } = context;
  const { collection } = command;
  if (collection === null || !hasWork(context)) return [];
  const { documents } = context.facts(collection);
  const size = documents ?? (plan.executed && command.limit === undefined ? plan.totals.docsExamined : undefined);
  if (size !== undefined && size < SMALL_COLLECTION && (documents !== undefined || context.stages.some(({ stage }) => stage.name === 'COLLSCAN'))) return [];
  // Text and geo queries need an index of their own kind.
  for (const document of innerDocuments(command.filter)) for (const key in document) if (/^\$(text|near|nearSphere|geoWithin|geoIntersects)$/.test(key)) return [];
  const existing = knownIndexes(context, collection);
  const branches = query.alternatives.length === 1 ? query.alternatives[0].map((branch) => [...query.predicates, ...conjunction(branch).predicates]) : [query.predicates];
  return branches.flatMap((predicates) => {
    const shape = indexShape(predicates, command.sort, existing);
    const suggestion = shape && comparedWith(existing, collection, limitArrays(shape, context), command.collation, predicates);
    return suggestion ? [suggestion] : [];
  });
}

/** Of the facts, else those that the plans name. */
function knownIndexes({ facts, plan, stages }: RuleContext, collection: string): ExistingIndex[] {
  const { indexes } = facts(collection);
  if (indexes) return indexes.filter(({ options }) => options.hidden !== true);
  const found = new Map<string, ExistingIndex>([['_id_', { name: '_id_', key: { _id: 1 }, options: {} }]]);
  const open = [...stages.filter((placed) => placed.collection === collection).map(({ stage }) => stage)];
  for (const root of plan.rejected) open.push(root);
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (stage.index !== undefined && stage.keyPattern && stage.fields.isPartial !== true && stage.fields.isSparse !== true) {
      const { collation, isUnique } = stage.fields;
      found.set(stage.index, { name: stage.index, key: stage.keyPattern, options: { ...(asDocument(collation) ? { collation } : {}), ...(isUnique === true ? { unique: true } : {}) } });
    }
    if (plan.rejected.length) for (const one of stage.children) open.push(one);
  }
  return [...found.values()];
}

interface Shape {
  readonly equality: readonly string[];
  readonly sort: readonly (readonly [string, 1 | -1])[];
  readonly range: readonly string[];
}

/** Equality, then sort, then range. Null when nothing of the query can enter an index. */
function indexShape(predicates: readonly Predicate[], sort: RawDocument | null, existing: readonly ExistingIndex[]): Shape | null {
  const single = new Set<string>();
  const lists = new Map<string, number>();
  const range = new Set<string>();
  for (const predicate of predicates) {
    const kind = classOf(predicate);
    if (kind === 'range') range.add(predicate.field);
    if (kind !== 'equality') continue;
    if (predicate.operator === '$in' && Array.isArray(predicate.value) && predicate.value.length > 1) lists.set(predicate.field, predicate.value.length);
    else single.add(predicate.field);
  }
  if (single.has('_id')) return null;
  const sorted = Object.entries(sort ?? {}).filter(([field]) => !single.has(field));
  const usable = sorted.every((entry): entry is [string, 1 | -1] => entry[1] === 1 || entry[1] === -1);
  const order = usable ? sorted : [];
  // Too many values would make too many ordered scans: they stand behind the sort then, like a range.
  const scans = [...lists.values()].reduce((product, count) => product * count, 1);
  const late = order.length > 0 && scans > MOST_SCANS;
  const sortFields = new Set(order.map(([field]) => field));
  const equality = [...single, ...(late ? [] : [...lists.keys()])].filter((field) => !sortFields.has(field));
  const ranges = [...(late ? lists.keys() : []), ...range].filter((field) => !single.has(field) && !sortFields.has(field) && !equality.includes(field));
  if (!equality.length && !order.length && !ranges.length) return null;
  return { equality: leadingFirst(equality, existing), sort: order, range: ranges };
}

/** Fields that already lead an index in this order, so that one index can replace it. */
function leadingFirst(equality: readonly string[], existing: readonly ExistingIndex[]): string[] {
  let best: string[] = [];
  for (const { key } of existing) {
    const prefix: string[] = [];
    for (const field of Object.keys(key)) {
      if (!equality.includes(field) || typeof key[field] !== 'number') break;
      prefix.push(field);
    }
    if (prefix.length > best.length) best = prefix;
  }
  return [...best, ...equality.filter((field) => !best.includes(field))];
}

/** One index can hold one array only; which fields are arrays is known from the indexes over them. */
function limitArrays(shape: Shape, { stages }: RuleContext): Shape {
  const arrays = new Set<string>();
  for (const { stage } of stages) {
    const paths = asDocument(stage.fields.multiKeyPaths);
    for (const field in paths) if (Array.isArray(paths[field]) && paths[field].length) arrays.add(field);
  }
  let taken = false;
  const keep = (field: string): boolean => {
    if (!arrays.has(field)) return true;
    if (taken) return false;
    return (taken = true);
  };
  return { equality: shape.equality.filter(keep), sort: shape.sort.every(([field]) => keep(field)) ? shape.sort : [], range: shape.range.filter(keep) };
}

function comparedWith(existing: readonly ExistingIndex[], collection: string, shape: Shape, collation: RawDocument | null, predicates: readonly Predicate[]): IndexSuggestion | null {
  const strings = predicates.some(({ value }) => typeof value === 'string') || shape.sort.length > 0;
  const options = collation && strings && collation.locale !== 'simple' ? { collation } : {};
  const entries = [...shape.equality.map((field) => [field, 1] as const), ...shape.sort, ...shape.range.map((field) => [field, 1] as const)].slice(0, MOST_FIELDS);
  if (!entries.length || (entries.length === 1 && entries[0][0] === '_id')) return null;
  const key: Record<string, 1 | -1> = Object.fromEntries(entries);
  const comparable = existing.filter((index) => collationText(index) === collationText({ options }) && index.options.partialFilterExpression === undefined && index.options.sparse !== true);
  if (comparable.some((index) => serves(index, shape, entries.length))) return null;
  const replaced = comparable.filter((index) => index.name !== '_id_' && index.options.unique !== true && index.options.expireAfterSeconds === undefined && isExtended(index, entries));
  const replaces = replaced.map(({ name }) => name);
  return { collection, key, options, reason: reasonText(shape, replaces), replaces };
}

/** Whether the index already begins with the suggestion; the order and direction of equality fields does not matter. */
function serves({ key }: ExistingIndex, { equality, sort, range }: Shape, length: number): boolean {
  const fields = Object.keys(key);
  if (fields.length < length || Object.values(key).some((direction) => typeof direction !== 'number')) return false;
  if (!equality.every((field) => fields.indexOf(field) >= 0 && fields.indexOf(field) < equality.length)) return false;
  const rest = fields.slice(equality.length);
  const directions = sort.map(([field, direction], at) => (rest[at] === field ? Number(key[field]) * direction : 0));
  if (directions.some((product) => product === 0 || Math.sign(product) !== Math.sign(directions[0]))) return false;
  const behind = rest.slice(sort.length, length - equality.length);
  return range.slice(0, length - equality.length - sort.length).every((field) => behind.includes(field));
}

function isExtended({ key }: ExistingIndex, entries: readonly (readonly [string, 1 | -1])[]): boolean {
  const own = Object.entries(key);
  return own.length < entries.length && own.every(([field, direction], at) => entries[at][0] === field && entries[at][1] === direction);
}

function reasonText({ equality, sort, range }: Shape, replaces: readonly string[]): string {
  const parts = [
    equality.length ? `equality on ${names(equality)}` : '',
    sort.length ? `sort by ${names(sort.map(([field, direction]) => (direction === 1 ? field : `${field} descending`)))}` : '',
    range.length ? `range on ${names(range)}` : '',
  ].filter(Boolean);
  const text = parts.join(', then ');
  const extended = replaces.length ? ` It extends ${names(replaces)}, which can be hidden and then dropped.` : '';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${extended}`;
}

function joinIndexes(context: RuleContext): IndexSuggestion[] {
  return context.stages.flatMap((placed) => {
    if (!unindexedJoin(context, placed).length) return [];
    const spec = asDocument(placed.stage.fields.$lookup) ?? placed.stage.fields;
    const field = asText(spec.foreignField);
    const collection = placed.stage.collection ?? asText(spec.from);
    if (field === undefined || collection === undefined) return [];
    return [{ collection, key: { [field]: 1 as const }, options: {}, reason: `$lookup finds documents of ${collection} by ${field}.`, replaces: [] }];
  });
}
