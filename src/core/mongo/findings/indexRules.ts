import type { ExistingIndex, Finding } from '../plan';
import { isDocument } from '../plan/values';
import { counted, finding, type RuleContext } from './context';

const WEEK = 7 * 24 * 60 * 60 * 1000;

function indexesOf({ facts, command }: RuleContext): readonly ExistingIndex[] {
  return facts(command.collection).indexes ?? [];
}

/** Whether an index does something besides serving queries, or serves only some. */
function isSpecial({ name, options, key }: ExistingIndex): boolean {
  if (name === '_id_' || options.hidden === true) return true;
  if (options.unique === true || options.sparse === true || options.partialFilterExpression !== undefined || options.expireAfterSeconds !== undefined) return true;
  return Object.values(key).some((direction) => typeof direction !== 'number');
}

/** Whether the longer index can do all that the shorter one does: same fields first, in the same or all reversed directions. */
export function isPrefixOf(shorter: ExistingIndex['key'], longer: Readonly<Record<string, unknown>>): boolean {
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
  return isDocument(collation) && collation.locale !== 'simple' ? `${String(collation.locale)} ${String(collation.strength ?? 3)}` : '';
}

/** R31: an index that another one makes needless. */
export function redundantIndex(context: RuleContext): Finding[] {
  const indexes = indexesOf(context);
  return indexes.flatMap((index) => {
    if (isSpecial(index)) return [];
    const wider = indexes.find((other) => other !== index && !isSpecial({ ...other, options: { ...other.options, unique: false } }) && Object.keys(other.key).length > Object.keys(index.key).length && isPrefixOf(index.key, other.key) && collationText(other) === collationText(index));
    if (!wider) return [];
    return [finding('R31', 'info', null, { evidence: `${wider.name} starts with all fields of ${index.name}.`, guard: 'Directions and collation are the same, and neither is unique, partial, sparse, hidden or of another kind.', advice: `Hide ${index.name}, watch for a while, then drop it. Keep it when it is the shard key's.` })];
  });
}

/** R32: an index that nothing reads. */
export function unusedIndex(context: RuleContext): Finding[] {
  return indexesOf(context).flatMap((index) => {
    const since = index.usage ? Date.parse(index.usage.since) : NaN;
    if (!index.usage || index.usage.operations > 0 || index.name === '_id_' || index.options.hidden === true || index.options.unique === true || index.options.expireAfterSeconds !== undefined) return [];
    if (!(context.now - since >= WEEK)) return [];
    return [finding('R32', 'info', null, { evidence: `${index.name} was not used since ${index.usage.since.slice(0, 10)}, ${counted((context.now - since) / (WEEK / 7), 'day')} ago.`, guard: 'At least a week on this node; it is neither unique nor expiring documents. Other nodes were not asked.', advice: `Look at $indexStats on the other nodes too; then hide ${index.name} before dropping it.` })];
  });
}

/** R33: a collection with many indexes. */
export function manyIndexes(context: RuleContext): Finding[] {
  const { length } = indexesOf(context);
  if (length <= 20) return [];
  return [finding('R33', 'info', null, { evidence: `${context.command.collection ?? 'The collection'} has ${length} indexes.`, guard: 'More than 20.', advice: 'Review them: each one is written with every insert and takes memory.' })];
}
