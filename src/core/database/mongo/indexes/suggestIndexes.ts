import { innerDocuments } from '../commands/commandParts';
import { type RuleContext, ruleContext } from '../findings/context';
import { isUnbounded } from '../plan/bounds';
import { names } from '../../../words/lists';
import { collationText } from '../findings/indexRules';
import { indexSuggestion } from './createIndex';
import { conjunction, filterFields, type Predicate } from '../findings/predicates';
import { impliesPartial, isExtended, serves } from './indexComparison';
import { indexShapes, keyOf, MOST_FIELDS, type Shape } from './indexShape';
import { joinIndexes } from './joinIndexes';
import { knownIndexes } from './knownIndexes';
import type { Plan } from '../../plan';
import type { TargetFacts } from '../../facts';
import { type ExistingIndex, type IndexSuggestion, leadingColumn } from '../../indexes';
import { asDocument, type EjsonDocument, isNonEmpty } from '../../../ejson/documents';
import { roughPercent } from '../../../words/shares';

const SMALL_COLLECTION = 1000;
/** Fields that are appended so that the index alone answers. */
const MOST_COVERED = 2;
/** An index that leads to more of the collection than this barely helps. */
const LARGE_SHARE = 0.2;

/**
 * Indexes that would serve a plan's query better, by the rule of equality, sort, range. Existing indexes are those of `facts`
 * and those that the plan itself names: one that serves already suppresses a suggestion, one that the suggestion extends is
 * named in `replaces`. Nothing is suggested for a query that is served, or for a small collection.
 */
export function suggestIndexes(plan: Plan, facts: ReadonlyMap<string, TargetFacts> = new Map()): IndexSuggestion[] {
  const context = ruleContext(plan, facts, 0);
  const suggestions = [...queryIndexes(context), ...joinIndexes(context)];
  return suggestions.filter(
    (one, at) =>
      suggestions.findIndex((other) => other.target === one.target && sameKey(other.columns, one.columns)) === at,
  );
}

function sameKey(a: EjsonDocument, b: EjsonDocument): boolean {
  return JSON.stringify(Object.entries(a)) === JSON.stringify(Object.entries(b));
}

/** Whether anything is left to gain: a scan, a sort in memory, conditions tested on documents, an index read from end to end. */
function hasWork({ stages, command }: RuleContext): boolean {
  return stages.some(({ stage, target: collection }) => {
    if (collection !== command.collection) return false;
    if (stage.name === 'COLLSCAN') return stage.fields.minRecord === undefined;
    if (stage.name === 'SORT' || stage.name === '$sort') return true;
    if (stage.name === 'FETCH') return isNonEmpty(stage.filter);
    const leading = leadingColumn(stage.indexColumns);
    return (
      stage.name === 'IXSCAN' &&
      ((leading !== undefined && isUnbounded(stage.bounds?.[leading])) || isNonEmpty(stage.filter))
    );
  });
}

function queryIndexes(context: RuleContext): IndexSuggestion[] {
  const { command, query, plan } = context;
  const { collection } = command;
  if (collection === null || !hasWork(context)) return [];
  const { rows: documents } = context.facts(collection);
  const size = documents ?? (plan.executed && command.limit === undefined ? plan.totals.rowsRead : undefined);
  if (
    size !== undefined &&
    size < SMALL_COLLECTION &&
    (documents !== undefined || context.stages.some(({ stage }) => stage.name === 'COLLSCAN'))
  )
    return [];
  // Text and geo queries need an index of their own kind.
  for (const document of innerDocuments(command.filter))
    for (const key in document) if (/^\$(text|near|nearSphere|geoWithin|geoIntersects)$/.test(key)) return [];
  if (matchesMuch(context)) return [];
  const existing = knownIndexes(context, collection);
  const { columnValues: fieldValues } = context.facts(collection);
  const branches =
    query.alternatives.length === 1
      ? query.alternatives[0].map((branch) => [...query.predicates, ...conjunction(branch).predicates])
      : [query.predicates];
  return branches.flatMap((predicates) => {
    const shapes = indexShapes(predicates, command.sort, existing, fieldValues).map((shape) =>
      limitArrays(shape, context),
    );
    const suggestions = shapes.flatMap(
      (shape) => comparedWith(existing, collection, shape, command.collation, predicates) ?? [],
    );
    return [...suggestions, ...(branches.length === 1 ? covering(suggestions[0], context) : [])];
  });
}

/** Whether a scan ran that most of what it read passes: an index would lead to the same documents. */
function matchesMuch({ stages, command, query }: RuleContext): boolean {
  // Of alternatives one may match few although all together match many.
  if (command.sort || query.alternatives.length) return false;
  const scan = stages.find(
    ({ stage, target: collection }) => stage.name === 'COLLSCAN' && collection === command.collection,
  );
  const { returned, rowsRead: docsExamined } = scan?.stage ?? {};
  return (
    returned !== undefined && docsExamined !== undefined && docsExamined > 0 && returned / docsExamined >= LARGE_SHARE
  );
}

/** The same index with the fields that the query returns, where few more are enough to answer without any document. */
function covering(
  suggestion: IndexSuggestion | undefined,
  { command, query, facts, stages }: RuleContext,
): IndexSuggestion[] {
  const { projection } = command;
  if (!suggestion || !projection || command.kind !== 'find' || query.others.length) return [];
  if (projection._id !== 0 && projection._id !== false) return [];
  const kept = Object.keys(projection).filter((field) => field !== '_id');
  if (!kept.length || kept.some((field) => projection[field] !== 1 && projection[field] !== true)) return [];
  // An index cannot tell null from missing, and one over an array covers nothing.
  if (query.predicates.some(({ operator, value }) => operator === '$exists' || value === null)) return [];
  const { columnTypes: fieldTypes } = facts(command.collection);
  const wanted = new Set([...kept, ...filterFields(command.filter), ...Object.keys(command.sort ?? {})]);
  const missing = [...wanted].filter((field) => !Object.hasOwn(suggestion.columns, field));
  const isPlain = (field: string): boolean =>
    !field.includes('.') && !(fieldTypes?.[field] ?? []).some((type) => type === 'array' || type === 'object');
  const isMultikey = stages.some(({ stage }) => stage.fields.isMultiKey === true);
  if (!missing.length || missing.length > MOST_COVERED || ![...wanted].every(isPlain) || isMultikey) return [];
  const key = { ...suggestion.columns, ...Object.fromEntries(missing.map((field) => [field, 1 as const])) };
  return [
    indexSuggestion({
      ...suggestion,
      columns: key,
      reason: `Covering variant: with ${names(missing)} too the index alone answers, and no document is read. ${suggestion.reason}`,
    }),
  ];
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
  return {
    ...shape,
    equality: shape.equality.filter(keep),
    sort: shape.sort.every(([field]) => keep(field)) ? shape.sort : [],
    range: shape.range.filter(keep),
  };
}

function comparedWith(
  existing: readonly ExistingIndex[],
  collection: string,
  shape: Shape,
  collation: EjsonDocument | null,
  predicates: readonly Predicate[],
): IndexSuggestion | null {
  const strings = predicates.some(({ value }) => typeof value === 'string') || shape.sort.length > 0;
  const options = collation && strings && collation.locale !== 'simple' ? { collation } : {};
  const entries = keyOf(shape).slice(0, MOST_FIELDS);
  if (!entries.length || (entries.length === 1 && entries[0][0] === '_id')) return null;
  const key: Record<string, 1 | -1> = Object.fromEntries(entries);
  const comparable = existing.filter(
    (index) => collationText(index) === collationText({ options }) && index.options.sparse !== true,
  );
  if (comparable.some((index) => impliesPartial(predicates, index) && isServed(index, shape))) return null;
  const plain = ({ name, options: own }: ExistingIndex): boolean =>
    name !== '_id_' &&
    own.unique !== true &&
    own.expireAfterSeconds === undefined &&
    own.partialFilterExpression === undefined;
  const replaces = comparable.filter((index) => plain(index) && isExtended(index, entries)).map(({ name }) => name);
  return indexSuggestion({ target: collection, columns: key, options, reason: reasonText(shape, replaces), replaces });
}

/** A field that the condition of a partial index fixes to one value need not be in its key. */
function isServed(index: ExistingIndex, shape: Shape): boolean {
  const condition = conjunction(asDocument(index.options.partialFilterExpression) ?? {}).predicates;
  const fixed = new Set(condition.filter(({ operator }) => operator === '$eq').map(({ field }) => field));
  const left = {
    ...shape,
    equality: shape.equality.filter((field) => Object.hasOwn(index.columns, field) || !fixed.has(field)),
  };
  const { length } = keyOf(left);
  return length > 0 && serves(index, left, Math.min(MOST_FIELDS, length));
}

function reasonText({ equality, sort, range, rangeFirst }: Shape, replaces: readonly string[]): string {
  const onSort = sort.length
    ? `sort by ${names(sort.map(([field, direction]) => (direction === 1 ? field : `${field} descending`)))}`
    : '';
  const onRange = range.length ? `range on ${names(range)}` : '';
  const parts = [
    equality.length ? `equality on ${names(equality)}` : '',
    ...(rangeFirst ? [onRange, onSort] : [onSort, onRange]),
  ].filter(Boolean);
  const text = parts.join(', then ');
  const extended = replaces.length ? ` It extends ${names(replaces)}, which can be hidden and then dropped.` : '';
  const why = rangeFirst
    ? ` Instead of the sort the range comes first: it lets ${roughPercent(rangeFirst.range)} of the documents through, equality ${roughPercent(rangeFirst.equality)}; what is left is sorted in memory.`
    : '';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${why}${extended}`;
}
