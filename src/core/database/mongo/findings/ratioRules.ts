import type { Stage } from '../../plan';
import type { Finding } from '../../finding';
import { asNumber, isDocument, isNonEmpty } from '../../../ejson/documents';
import { deliveredBy, finding, hasAncestor, passingAbove, type RuleContext, stoppedByLimit } from './context';
import { firstUnbounded, isUnbounded } from '../plan/bounds';
import { leadingColumn } from '../../indexes';
import type { PlacedStage } from '../../stages';
import { counted, inDigits } from '../../../words/numbers';
import { names } from '../../../words/lists';
import { classOf, conjunction, filterFields } from './predicates';

const ENOUGH = 200;

/** Stages whose few results are made of many documents. */
function isCounted(placed: PlacedStage): boolean {
  const top = passingAbove(placed).at(-1) ?? placed;
  return top.parent !== null && /^(COUNT|GROUP|DISTINCT\w*)$/.test(top.parent.stage.name);
}

/** R02: documents fetched for nothing. */
export function documentRatio({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    const read = stage.rowsRead;
    if (stage.name !== 'FETCH' || read === undefined || read < ENOUGH || stoppedByLimit(placed)) return [];
    const delivered = isCounted(placed) ? stage.returned : deliveredBy(placed);
    if (delivered === undefined) return [];
    const ratio = read / Math.max(1, delivered);
    if (ratio <= 10) return [];
    const residual = isDocument(stage.filter) ? names(filterFields(stage.filter)) : '';
    const evidence =
      delivered === 0
        ? `${counted(read, 'document')} fetched, and no matching documents.`
        : `${counted(read, 'document')} fetched for ${inDigits(delivered)} returned.`;
    const advice = residual
      ? `Append ${residual} to the index, so that it is tested on keys instead of documents.`
      : 'Let the index deliver fewer documents: bound more of its fields, or give it the order of the sort.';
    return [
      finding('R02', ratio > 1000 && delivered > 0 ? 'error' : 'warning', placed, {
        evidence,
        guard: 'No count or group is above, and no limit stopped it early.',
        advice,
      }),
    ];
  });
}

/** R03: keys read for nothing. */
export function keyRatio({ stages, query }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    const read = stage.entriesRead;
    if (stage.name !== 'IXSCAN' || read === undefined || read < ENOUGH || stoppedByLimit(placed)) return [];
    const leading = leadingColumn(stage.indexColumns);
    if (leading !== undefined && isUnbounded(stage.bounds?.[leading])) return [];
    if ((asNumber(stage.fields.dupsDropped) ?? 0) > 0) return [];
    const delivered = isCounted(placed) ? stage.returned : deliveredBy(placed);
    if (delivered === undefined || read / Math.max(1, delivered) <= 10) return [];
    const lists = query.predicates.some(
      ({ operator, value }) =>
        operator === '$in' && Array.isArray(value) && Math.abs(value.length - (asNumber(stage.fields.seeks) ?? 0)) <= 1,
    );
    if (lists || readsForKeys(stage)) return [];
    const open = firstUnbounded(stage);
    const why = open === null ? '' : `, and ${open} is not bounded`;
    return [
      finding('R03', 'warning', placed, {
        evidence: `${counted(read, 'key')} of ${stage.index ?? 'the index'} read for ${inDigits(delivered)} returned${why}.`,
        guard: 'The keys are not duplicates of an array, and not looked up one by one for $in.',
        advice: 'Order the fields of the index by how the query uses them: equality first, then sort, then range.',
      }),
    ];
  });
}

/** Whether the index is entered as far as it can be, and the rest is tested on its keys: another order would not help. */
function readsForKeys(stage: Stage): boolean {
  if (!isDocument(stage.filter) || !stage.indexColumns) return false;
  const { predicates, alternatives } = conjunction(stage.filter);
  const tested = new Set(predicates.map(({ field }) => field));
  if (alternatives.length || !predicates.length || !predicates.every((predicate) => classOf(predicate) === 'unindexed'))
    return false;
  return Object.keys(stage.indexColumns).every((field) => tested.has(field) || !isUnbounded(stage.bounds?.[field]));
}

/** R04 and R05: an index read from end to end. */
export function wholeIndex(context: RuleContext): Finding[] {
  const { stages, command } = context;
  return stages.flatMap((placed) => {
    const { stage } = placed;
    const leading = leadingColumn(stage.indexColumns);
    if (
      stage.name !== 'IXSCAN' ||
      leading === undefined ||
      !isUnbounded(stage.bounds?.[leading]) ||
      stoppedByLimit(placed)
    )
      return [];
    const read = stage.entriesRead;
    if (read !== undefined && read < ENOUGH) return [];
    // `stoppedByLimit` needs an execution; without one a limit is taken to work.
    if (read === undefined && passingAbove(placed).some(({ stage: { name } }) => name === 'LIMIT')) return [];
    const fetch = placed.parent?.stage.name === 'FETCH' ? placed.parent : null;
    const covered =
      hasAncestor(placed, ({ name }) => name === 'PROJECTION_COVERED') ||
      (!fetch && hasAncestor(placed, ({ name }) => /COUNT/.test(name)));
    const sorted = command.sort !== null && !hasAncestor(placed, ({ name }) => name === 'SORT' || name === '$sort');
    const keys = read === undefined ? 'All keys' : counted(read, 'key');
    const evidence = `${keys} of ${stage.index ?? 'the index'} read: ${leading} is not bounded.`;
    if (sorted) {
      if (!fetch || !isNonEmpty(fetch.stage.filter)) return [];
      const got = fetch.stage.returned;
      return [
        finding('R05', 'warning', placed, {
          evidence: `${evidence.slice(0, -1)}${fetch.stage.rowsRead === undefined || got === undefined ? '' : `, ${counted(fetch.stage.rowsRead, 'document')} fetched for ${inDigits(got)} that match`}.`,
          guard:
            'The index gives the order of the sort, the filter is tested on documents, and no limit ended it early.',
          advice: `Put the fields of the filter${isDocument(fetch.stage.filter) ? ` (${names(filterFields(fetch.stage.filter))})` : ''} in front of ${leading} in one compound index.`,
        }),
      ];
    }
    if (covered) return [];
    return [
      finding('R04', 'warning', placed, {
        evidence,
        guard: 'The index gives no order that the query asks for, and does not cover it.',
        advice: `Use an index that starts with a field of the filter; ${leading} is not one that it bounds.`,
      }),
    ];
  });
}

/** R25: many keys of one document. */
export function keysPerDocument({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    if (stage.name !== 'IXSCAN' || stage.fields.isMultiKey !== true || !stage.entriesRead || stage.entriesRead < ENOUGH)
      return [];
    const documents = placed.parent?.stage.rowsRead ?? stage.returned;
    if (!documents) return [];
    const ratio = stage.entriesRead / documents;
    if (ratio < 5) return [];
    return [
      finding('R25', ratio >= 20 ? 'warning' : 'info', placed, {
        evidence: `${counted(stage.entriesRead, 'key')} for ${counted(documents, 'document')}: ${ratio.toFixed(1)} each.`,
        guard: 'The index has a key for every element of an array, and this is no DISTINCT_SCAN.',
        advice:
          'Put conditions on one element into $elemMatch, which bounds both ends of a range, or index a field with fewer elements.',
      }),
    ];
  });
}

/** R44: a hint that forces a wide scan. */
export function hint({ command, stages, facts }: RuleContext): Finding[] {
  if (
    command.hint === undefined ||
    (isDocument(command.hint) && ('$natural' in command.hint || !Object.keys(command.hint).length))
  )
    return [];
  const { indexes } = facts(command.collection);
  const hinted = typeof command.hint === 'string' ? command.hint : undefined;
  if (hinted !== undefined && indexes && !indexes.some(({ name }) => name === hinted)) {
    return [
      finding('R44', 'info', null, {
        evidence: `The hint names ${hinted}, and there is no such index.`,
        guard: 'The list of indexes is known.',
        advice: 'Drop the hint, or create the index: without it the command fails.',
      }),
    ];
  }
  return stages.flatMap((placed) => {
    const { stage } = placed;
    const leading = leadingColumn(stage.indexColumns);
    if (stage.name !== 'IXSCAN' || leading === undefined) return [];
    const delivered = deliveredBy(placed);
    const wide =
      (stage.entriesRead ?? 0) >= ENOUGH &&
      delivered !== undefined &&
      (stage.entriesRead ?? 0) / Math.max(1, delivered) > 10;
    if (!wide && !(isUnbounded(stage.bounds?.[leading]) && !command.sort)) return [];
    const work =
      stage.entriesRead === undefined || delivered === undefined
        ? `${leading} is not bounded`
        : `${counted(stage.entriesRead, 'key')} read for ${inDigits(delivered)} returned`;
    return [
      finding('R44', 'info', placed, {
        evidence: `With the hinted index ${stage.index ?? ''}: ${work}.`,
        guard: 'The command has a hint, so the planner compared nothing.',
        advice: 'Explain it without the hint, and drop the hint when that reads less.',
      }),
    ];
  });
}
