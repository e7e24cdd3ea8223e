import type { Finding } from '../../finding';
import { asDocument, asText, isDocument } from '../../../ejson/documents';
import { innerDocuments } from '../commands/commandParts';
import { finding, type RuleContext } from './context';
import { firstUnbounded } from '../plan/bounds';
import { leadingColumn } from '../../indexes';
import { counted, inDigits } from '../../../words/numbers';
import { names } from '../../../words/lists';
import { innerMatches, isSmallInput, type InnerMatch } from './innerPipelines';
import {
  classOf,
  filterFields,
  IN_AS_RANGE,
  isNegation,
  isPrefixRegex,
  regexOf,
  type Conjunction,
  type Regex,
} from './predicates';

/** Whether what the query reads is close to what it returns. */
function isTight({ plan: { totals } }: RuleContext): boolean {
  const work = Math.max(totals.entriesRead ?? 0, totals.rowsRead ?? 0);
  if (totals.entriesRead === undefined && totals.rowsRead === undefined) return false;
  return work < 200 || work / Math.max(1, totals.returned ?? 0) <= 2;
}

function isSmall({ facts, command, plan }: RuleContext): boolean {
  const { rows: documents } = facts(command.collection);
  return (
    (documents ?? 1000) < 1000 ||
    (documents === undefined && (plan.totals.rowsRead ?? 1000) + (plan.totals.entriesRead ?? 0) < 200)
  );
}

function work({ plan: { totals } }: RuleContext): string {
  if (totals.rowsRead === undefined) return '';
  return `; ${counted(totals.entriesRead ?? 0, 'key')} and ${counted(totals.rowsRead, 'document')} read for ${inDigits(totals.returned ?? 0)} returned`;
}

/** R10: a pattern that an index cannot be entered at. */
export function regex(context: RuleContext): Finding[] {
  const outer =
    isSmall(context) || isTight(context) ? [] : patterns(context.query).map((pattern) => ({ ...pattern, inner: null }));
  const below = innerMatches(context).flatMap((inner) =>
    isSmallInput(inner) || hasEquality(inner) ? [] : patterns(inner.query).map((pattern) => ({ ...pattern, inner })),
  );
  return [...outer, ...below].map(({ field, pattern, inner }) => {
    const shown = `/${pattern.pattern.slice(0, 60)}/${pattern.flags}`;
    const ignoresCase = /i/.test(pattern.flags);
    const why = ignoresCase ? 'the flag i compares without case' : 'it does not start with ^ and literal text';
    const advice = ignoresCase
      ? 'Use an index with a collation of strength 2 and plain equality, or a text or search index.'
      : 'Anchor the pattern where that is meant, or use a text or search index.';
    return finding('R10', 'warning', inner?.stage ?? null, {
      evidence: `${field} is matched with ${shown}${inner ? ` in ${inner.where}` : ''}: ${why}${inner ? flow(inner) : work(context)}.`,
      guard: inner
        ? 'No equality stands beside it, and what flows in is not small.'
        : 'Other conditions do not make up for it.',
      advice:
        inner?.kind === '$facet' ? `Put it into a $match before $facet: a branch uses no index. ${advice}` : advice,
    });
  });
}

/** Patterns of a filter that no index can be entered at. */
function patterns({ predicates }: Conjunction): { field: string; pattern: Regex }[] {
  return predicates.flatMap(({ field, operator, value }) => {
    const pattern = operator === '$regex' || operator === '$not' ? regexOf(value) : null;
    return pattern && !isPrefixRegex(pattern) ? [{ field, pattern }] : [];
  });
}

function hasEquality({ query }: InnerMatch): boolean {
  return query.predicates.some((predicate) => classOf(predicate) === 'equality');
}

function flow({ input }: InnerMatch): string {
  return input === undefined ? '' : `; ${counted(input, 'document')} flow through it`;
}

/** R11 inside of joins, unions and branches. */
function innerNegations(context: RuleContext): Finding[] {
  return innerMatches(context).flatMap((inner) => {
    const { query, where } = inner;
    const indexable = query.predicates.filter(
      (predicate) => classOf(predicate) !== 'unindexed' || isNegation(predicate),
    );
    // A branch of $facet uses no index, whatever it asks for; a join finds its documents by the joined field.
    const joined = inner.kind === '$lookup' && (inner.stage?.stage.entriesRead ?? 0) > 0;
    if (
      inner.kind === '$facet' ||
      joined ||
      isSmallInput(inner) ||
      !indexable.length ||
      query.alternatives.length ||
      query.others.length ||
      !indexable.every(isNegation)
    )
      return [];
    return [
      finding('R11', 'warning', inner.stage, {
        evidence: `Only ${names(indexable.map(({ field, operator }) => `${field} ${operator}`))} bounds ${where}${flow(inner)}.`,
        guard: 'Nothing else in it can enter an index, and no key was read for it.',
        advice: 'List the values that are wanted with $in, or build a partial index for them.',
      }),
    ];
  });
}

/** R11: nothing but negations to enter an index with. */
export function negation(context: RuleContext): Finding[] {
  return [...outerNegation(context), ...innerNegations(context)];
}

function outerNegation(context: RuleContext): Finding[] {
  const { query, plan, facts, command } = context;
  const indexable = query.predicates.filter((predicate) => classOf(predicate) !== 'unindexed' || isNegation(predicate));
  if (!indexable.length || query.alternatives.length || !indexable.every(isNegation)) return [];
  const { rows: documents } = facts(command.collection);
  const { entriesRead: keysExamined = 0, rowsRead: docsExamined = 0, returned = 0 } = plan.totals;
  const read = Math.max(keysExamined, docsExamined);
  if (read < 200 || (documents !== undefined && read <= documents / 2)) return [];
  if (read / Math.max(1, returned) <= 2 && returned < 1000) return [];
  return [
    finding('R11', returned / read >= 0.9 ? 'info' : 'warning', null, {
      evidence: `Only ${names(indexable.map(({ field, operator }) => `${field} ${operator}`))} bounds the query${work(context)}.`,
      guard:
        documents === undefined
          ? 'At least 200 keys or documents were read.'
          : `That is more than half of ${counted(documents, 'document')}.`,
      advice: 'List the values that are wanted with $in, or build a partial index for them.',
    }),
  ];
}

/** R12: JavaScript. */
export function serverScript({ plan }: RuleContext): Finding[] {
  if (!plan.command) return [];
  const found = new Set<string>();
  if (plan.command.mapReduce !== undefined || plan.command.mapreduce !== undefined) found.add('mapReduce');
  for (const document of innerDocuments(plan.command))
    for (const key of ['$where', '$function', '$accumulator']) if (key in document) found.add(key);
  if (!found.size) return [];
  return [
    finding('R12', 'error', null, {
      evidence: `The command contains ${names(found)}.`,
      guard: 'It stands in the command itself.',
      advice: 'Rewrite it with $expr and aggregation operators: scripts run for every document and use no index.',
    }),
  ];
}

/** R13: `$expr` that is tested on documents. */
export function expression(context: RuleContext): Finding[] {
  return [...outerExpression(context), ...innerExpressions(context)];
}

/** Operators of `$expr` that can use an index when one side is a field and the other a constant or variable. */
const COMPARED = new Set(['$eq', '$lt', '$lte', '$gt', '$gte']);

function innerExpressions(context: RuleContext): Finding[] {
  return innerMatches(context).flatMap((inner) => {
    const tested = inner.query.expressions.filter(isUnindexable);
    const served = hasEquality(inner) || (inner.kind === '$lookup' && (inner.stage?.stage.entriesRead ?? 0) > 0);
    if (!tested.length || served || isSmallInput(inner) || inner.query.expressions.some((one) => !isUnindexable(one)))
      return [];
    return [
      finding('R13', 'warning', inner.stage, {
        evidence: `$expr of ${inner.where} is tested on documents${flow(inner)}.`,
        guard:
          'It compares fields with each other or computes, nothing beside it bounds an index, and what flows in is not small.',
        advice:
          inner.kind === '$lookup'
            ? 'Join by localField and foreignField, or compare one plain field with a variable by $eq.'
            : 'Store the result of the comparison in a field of its own.',
      }),
    ];
  });
}

/** Whether no index can answer the expression: it is no comparison of one plain field with something else. */
function isUnindexable(raw: unknown): boolean {
  const open: unknown[] = [raw];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [operator, value] = Object.entries(asDocument(next) ?? {})[0] ?? [];
    if (operator === '$and' && Array.isArray(value)) for (const one of value as unknown[]) open.push(one);
    else if (operator !== undefined && COMPARED.has(operator) && Array.isArray(value)) {
      const fields = (value as unknown[]).filter((side) => typeof side === 'string' && /^\$[^$]/.test(side)).length;
      const computed = (value as unknown[]).filter((side) => isDocument(side)).length;
      if (fields === 1 && computed === 0) return false;
    }
  }
  return true;
}

function outerExpression(context: RuleContext): Finding[] {
  if (!context.query.others.includes('$expr') || isTight(context) || isSmall(context)) return [];
  const tested = context.stages.find(({ stage }) => isDocument(stage.filter) && hasExpression(stage.filter));
  if (!tested) return [];
  return [
    finding('R13', 'warning', tested, {
      evidence: `$expr is tested on documents${work(context)}.`,
      guard: 'Other conditions do not bound the query tightly.',
      advice:
        'Compare a field with a constant by $eq, $lt or $gt, which can use an index; store the result of comparing two fields in a field of its own.',
    }),
  ];
}

function hasExpression(filter: unknown): boolean {
  for (const document of innerDocuments(filter)) if ('$expr' in document) return true;
  return false;
}

/** R28: strings compared by other rules than the index. */
export function collation(context: RuleContext): Finding[] {
  const { command, facts, query, stages } = context;
  const asked = localeOf(command.collation);
  const strings = query.predicates.filter(
    ({ value, operator }) =>
      typeof value === 'string' ||
      (operator === '$in' && Array.isArray(value) && value.some((one) => typeof one === 'string')),
  );
  return strings.flatMap(({ field }) => {
    const leading = (facts(command.collection).indexes ?? []).filter(
      ({ columns: key }) => leadingColumn(key) === field,
    );
    const other = leading.find(({ options }) => localeOf(options.collation) !== asked);
    if (!other || leading.some(({ options }) => localeOf(options.collation) === asked)) return [];
    const bounded = stages.some(({ stage }) => stage.bounds?.[field] !== undefined && firstUnbounded(stage) !== field);
    if (bounded) return [];
    return [
      finding('R28', 'warning', null, {
        evidence: `${other.name} has ${localeText(localeOf(other.options.collation))}, the command has ${localeText(asked)}.`,
        guard: `${field} is compared with a string, and no index on it has the command's collation.`,
        advice: `Give the command the collation of ${other.name}, or create an index on ${field} with the command's.`,
      }),
    ];
  });
}

/** What decides about equality of strings: locale and strength; empty for the binary comparison. */
function localeOf(value: unknown): string {
  if (!isDocument(value) || value.locale === 'simple') return '';
  return `${asText(value.locale) ?? ''}/${typeof value.strength === 'number' ? value.strength : 3}`;
}

function localeText(locale: string): string {
  return locale ? `collation ${locale.replace('/', ' with strength ')}` : 'no collation';
}

/** R30: null and missing. */
export function nullOrMissing(context: RuleContext): Finding[] {
  const { query, stages, facts, command } = context;
  return query.predicates.flatMap(({ field, operator, value }) => {
    if (!(operator === '$eq' && value === null) && operator !== '$exists') return [];
    const fetch = stages.find(
      ({ stage }) => stage.name === 'FETCH' && isDocument(stage.filter) && filterFields(stage.filter).has(field),
    );
    const partial = facts(command.collection).indexes?.some(
      ({ options }) => isDocument(options.partialFilterExpression) && field in options.partialFilterExpression,
    );
    if (!fetch || partial) return [];
    const read = fetch.stage.rowsRead;
    return [
      finding('R30', 'info', fetch, {
        evidence: `${field} ${operator === '$exists' ? '$exists' : '= null'} is tested on ${read === undefined ? 'documents' : counted(read, 'document')}.`,
        guard: 'No partial index is made for it.',
        advice: `Use a sparse or partial index on ${field}, or store a value of its own instead of leaving it out.`,
      }),
    ];
  });
}

/** R45: a list too long for an index in order. */
export function longList({ query }: RuleContext): Finding[] {
  return query.predicates.flatMap(({ field, operator, value }) => {
    if (operator !== '$in' || !Array.isArray(value) || value.length <= IN_AS_RANGE) return [];
    return [
      finding('R45', 'info', null, {
        evidence: `${field} $in has ${inDigits(value.length)} values.`,
        guard: `The limit is ${IN_AS_RANGE}.`,
        advice: `Put ${field} behind the sort fields in the index, or ask in batches of at most ${IN_AS_RANGE}.`,
      }),
    ];
  });
}
