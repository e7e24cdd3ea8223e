import type { ExistingIndex } from '../../indexes';
import type { Finding } from '../../finding';
import { isDocument } from '../../../ejson/documents';
import { finding, type RuleContext } from './context';
import { counted } from '../../../words/numbers';

const WEEK = 7 * 24 * 60 * 60 * 1000;

function indexesOf({ facts, command }: RuleContext): readonly ExistingIndex[] {
  return facts(command.collection).indexes ?? [];
}

/** Whether an index does something besides serving queries, or serves only some. */
function isSpecial({ name, options, columns: key }: ExistingIndex): boolean {
  if (name === '_id_' || options.hidden === true) return true;
  if (
    options.unique === true ||
    options.sparse === true ||
    options.partialFilterExpression !== undefined ||
    options.expireAfterSeconds !== undefined
  )
    return true;
  return Object.values(key).some((direction) => typeof direction !== 'number');
}

/** Whether the longer index can do all that the shorter one does: same fields first, in the same or all reversed directions. */
export function isPrefixOf(shorter: ExistingIndex['columns'], longer: Readonly<Record<string, unknown>>): boolean {
  const own = Object.entries(shorter);
  const other = Object.entries(longer);
  if (!own.length || own.length > other.length) return false;
  const sameFields = own.every(([field], at) => other[at][0] === field);
  if (!sameFields) return false;
  const same = own.every(([, direction], at) => direction === other[at][1]);
  return same || own.every(([, direction], at) => typeof direction === 'number' && direction === -Number(other[at][1]));
}

/** The collation of an index as text, so that two can be compared. */
export function collationText({ options }: Pick<ExistingIndex, 'options'>): string {
  const { collation } = options;
  return isDocument(collation) && collation.locale !== 'simple'
    ? `${String(collation.locale)} ${String(collation.strength ?? 3)}`
    : '';
}

/** Indexes that another one makes needless, each with that one. Unique, partial, sparse, hidden and special ones are never named. */
export function redundantIndexes(
  indexes: readonly ExistingIndex[],
): { readonly index: ExistingIndex; readonly by: ExistingIndex }[] {
  return indexes.flatMap((index) => {
    if (isSpecial(index)) return [];
    const by = indexes.find(
      (other) =>
        other !== index &&
        !isSpecial({ ...other, options: { ...other.options, unique: false } }) &&
        Object.keys(other.columns).length > Object.keys(index.columns).length &&
        isPrefixOf(index.columns, other.columns) &&
        collationText(other) === collationText(index),
    );
    return by ? [{ index, by }] : [];
  });
}

/** R31: an index that another one makes needless. */
export function redundantIndex(context: RuleContext): Finding[] {
  return redundantIndexes(indexesOf(context)).map(({ index, by }) =>
    finding('R31', 'info', null, {
      evidence: `${by.name} starts with all fields of ${index.name}.`,
      guard:
        'Directions and collation are the same, and neither is unique, partial, sparse, hidden or of another kind.',
      advice: `Hide ${index.name}, watch for a while, then drop it. Keep it when it is the shard key's.`,
    }),
  );
}

/** Indexes that nothing read for a week at least, with the moment since when; those that do something else are never named. */
export function unusedIndexes(
  indexes: readonly ExistingIndex[],
  now: number,
): { readonly index: ExistingIndex; readonly since: string }[] {
  return indexes.flatMap((index) => {
    const { usage, name, options } = index;
    if (
      !usage ||
      usage.operations > 0 ||
      name === '_id_' ||
      options.hidden === true ||
      options.unique === true ||
      options.expireAfterSeconds !== undefined
    )
      return [];
    return now - Date.parse(usage.since) >= WEEK ? [{ index, since: usage.since }] : [];
  });
}

/** R32: an index that nothing reads. */
export function unusedIndex(context: RuleContext): Finding[] {
  return unusedIndexes(indexesOf(context), context.now).map(({ index, since }) =>
    finding('R32', 'info', null, {
      evidence: `${index.name} was not used since ${since.slice(0, 10)}, ${counted((context.now - Date.parse(since)) / (WEEK / 7), 'day')} ago.`,
      guard: 'At least a week on this node; it is neither unique nor expiring documents. Other nodes were not asked.',
      advice: `Look at $indexStats on the other nodes too; then hide ${index.name} before dropping it.`,
    }),
  );
}

/** R33: a collection with many indexes. */
export function manyIndexes(context: RuleContext): Finding[] {
  const { length } = indexesOf(context);
  if (length <= 20) return [];
  return [
    finding('R33', 'info', null, {
      evidence: `${context.command.collection ?? 'The collection'} has ${length} indexes.`,
      guard: 'More than 20.',
      advice: 'Review them: each one is written with every insert and takes memory.',
    }),
  ];
}
