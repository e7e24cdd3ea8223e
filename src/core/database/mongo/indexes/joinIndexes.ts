import { asDocument, asText, documentsOf } from '../../../ejson/documents';
import { names } from '../../../words/lists';
import type { IndexSuggestion } from '../../indexes';
import type { RuleContext } from '../findings/context';
import { isPrefixOf } from '../findings/indexRules';
import { unindexedJoin } from '../findings/pipelineRules';
import { conjunction } from '../findings/predicates';
import { indexSuggestion } from './createIndex';
import { MOST_FIELDS } from './indexShape';

/** Indexes that joins of a plan would find the other collection's documents by. */
export function joinIndexes(context: RuleContext): IndexSuggestion[] {
  return context.stages.flatMap((placed) => {
    if (!unindexedJoin(context, placed).length) return [];
    const spec = asDocument(placed.stage.fields.$lookup) ?? placed.stage.fields;
    const collection = placed.stage.target ?? asText(spec.from);
    if (collection === undefined) return [];
    const field = asText(spec.foreignField);
    const compared = comparedFields(context, collection);
    const fields = [...new Set([...(field === undefined ? [] : [field]), ...compared])].slice(0, MOST_FIELDS);
    if (!fields.length) return [];
    const key = Object.fromEntries(fields.map((one) => [one, 1 as const]));
    const existing = context.facts(collection).indexes ?? [];
    if (
      existing.some(
        (index) =>
          index.options.hidden !== true &&
          index.options.sparse !== true &&
          index.options.partialFilterExpression === undefined &&
          isPrefixOf(key, index.columns),
      )
    )
      return [];
    return [
      indexSuggestion({
        target: collection,
        columns: key,
        options: {},
        reason: `$lookup finds documents of ${collection} by ${names(fields)}.`,
        replaces: [],
      }),
    ];
  });
}

/** Fields of another collection that the pipeline of a join compares with a variable or constant at its beginning. */
function comparedFields({ command }: RuleContext, collection: string): string[] {
  const join = command.pipeline.map((stage) => asDocument(stage.$lookup)).find((spec) => spec?.from === collection);
  const match = asDocument(documentsOf(join?.pipeline)[0]?.$match);
  if (!match) return [];
  const { predicates, expressions } = conjunction(match);
  const found = predicates.filter(({ operator }) => operator === '$eq').map(({ field }) => field);
  const open = [...expressions];
  for (let at = 0; at < open.length; at++) {
    const next = open[at];
    const expression = asDocument(next) ?? {};
    if (Array.isArray(expression.$and)) for (const one of expression.$and as unknown[]) open.push(one);
    if (!Array.isArray(expression.$eq)) continue;
    const sides = expression.$eq as unknown[];
    const fields = sides.filter((side): side is string => typeof side === 'string' && /^\$[^$]/.test(side));
    if (fields.length === 1 && sides.every((side) => !asDocument(side))) found.push(fields[0].slice(1));
  }
  return found;
}
