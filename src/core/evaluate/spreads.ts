import type { Item } from '../code/syntax';
import { mergeValues } from './mergeValues';
import { literal, NOTHING, withEntries, type Entries, type Value } from './value';

/** What an item adds: a spread one all that it holds. */
export function itemsOf(item: Pick<Item, 'spread'>, value: Value): readonly Value[] {
  if (!item.spread) return value.kind === 'nothing' ? [literal(null)] : [value];
  if (value.kind === 'array') return value.items;
  if (value.kind === 'nothing') return [];
  if (value.kind === 'either' && isSpreadable(value.then) && isSpreadable(value.otherwise)) {
    const { condition } = value;
    const then = itemsOf(item, value.then).map((one): Value => ({
      kind: 'either',
      condition,
      then: one,
      otherwise: NOTHING,
    }));
    const otherwise = itemsOf(item, value.otherwise).map((one): Value => ({
      kind: 'either',
      condition,
      then: NOTHING,
      otherwise: one,
    }));
    return [...then, ...otherwise];
  }
  return [{ kind: 'spread', value }];
}

function isSpreadable(value: Value): boolean {
  return value.kind === 'array' || value.kind === 'document' || value.kind === 'nothing';
}

export function spreadEntries(entries: Entries, value: Value): Entries {
  if (value.kind === 'document') return withEntries(entries, value.entries);
  if (value.kind === 'nothing') return entries;
  if (value.kind === 'either' && isSpreadable(value.then) && isSpreadable(value.otherwise)) {
    const then: Value = { kind: 'document', entries: spreadEntries(entries, value.then) };
    const otherwise: Value = { kind: 'document', entries: spreadEntries(entries, value.otherwise) };
    const merged = mergeValues(value.condition, then, otherwise);
    if (merged.kind === 'document') return merged.entries;
    if (!entries.length) {
      const known = [...(then.kind === 'document' ? then.entries : [])].map(
        ([key, entry]): readonly [string, Value] => [
          key,
          { kind: 'either', condition: value.condition, then: entry, otherwise: NOTHING },
        ],
      );
      const others = spreadEntries([], value.otherwise).map(([key, entry]): readonly [string, Value] => [
        key,
        { kind: 'either', condition: value.condition, then: NOTHING, otherwise: entry },
      ]);
      const names = new Set(known.map(([name]) => name));
      if (!others.some(([key]) => names.has(key))) return [...known, ...others];
    }
  }
  return [...entries, ['...', { kind: 'spread', value }]];
}
