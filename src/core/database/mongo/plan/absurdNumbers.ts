import { asCount, asNumber } from '../../../ejson/documents';

/** Names that servers give to what they count. */
const COUNTER =
  /^(nReturned|nscanned|nscannedObjects|keysExamined|docsExamined|totalKeysExamined|totalDocsExamined|executionTimeMillis(Estimate)?)$/;
/** What is the statement's own, where a field may have such a name. */
const STATEMENT = new Set(['command', 'query', 'filter', 'parsedQuery', 'originatingCommand', 'cursor', 'updateobj']);
/** Values that are looked at: more than any plan has. */
const MOST_VALUES = 200_000;

/** The first counter that says what no counter can, such as `nReturned: -5`; undefined where there is none. */
export function absurdNumber(answer: unknown): string | undefined {
  const open: unknown[] = [answer];
  for (let looked = 0; open.length && looked < MOST_VALUES; looked++) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || '_bsontype' in value) continue;
    for (const [key, inner] of Object.entries(value)) {
      const isNumber = typeof inner === 'number' || asNumber(inner) !== undefined;
      if (isNumber && COUNTER.test(key) && asCount(inner) === undefined)
        return `${key}: ${typeof inner === 'number' ? inner : asNumber(inner)}`;
      if (typeof inner === 'object' && !STATEMENT.has(key)) open.push(inner);
    }
  }
  return undefined;
}
