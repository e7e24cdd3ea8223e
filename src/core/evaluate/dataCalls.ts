import type { Data } from './abstractValue';
import type { Arguments } from './arguments';
import { itemsOf, spreadEntries } from './spreads';
import { withEntries, type Entries, type Value } from './value';
import { MAX_VALUE_SIZE } from './valueSize';

/** What a method of a list or a document makes of it; `inPlace` when it changes the variable as well. */
export function changedByCall(
  object: Data,
  name: string,
  args: Arguments,
): { abstract: Data; inPlace: boolean } | undefined {
  const value = changedValue(object.value, name, args);
  return value && { abstract: { ...object, value }, inPlace: IN_PLACE.has(name) };
}

const IN_PLACE = new Set(['push', 'append', 'unshift', 'extend', 'insert', 'update', 'setdefault']);
const MAX_FORMS = 6;

function changedValue(value: Value, name: string, args: Arguments, depth = 0): Value | undefined {
  if (value.kind === 'either' && IN_PLACE.has(name) && depth < MAX_FORMS) {
    const then = changedValue(value.then, name, args, depth + 1);
    const otherwise = changedValue(value.otherwise, name, args, depth + 1);
    return then && otherwise && { ...value, then, otherwise };
  }
  const isList = value.kind === 'array' || (value.kind === 'hole' && value.hole.type === 'array');
  if (isList) return changedList(value.kind === 'array' ? value.items : [{ kind: 'spread', value }], name, args);
  if (value.kind === 'document') return changedDocument(value.entries, name, args);
  return undefined;
}

function changedList(items: readonly Value[], name: string, args: Arguments): Value | undefined {
  const [first, second] = args.values;
  const list = (...parts: readonly (readonly Value[])[]): Value => ({ kind: 'array', items: joinedItems(parts) });
  switch (name) {
    case 'push':
    case 'append':
      return list(items, args.values);
    case 'unshift':
      return list(args.values, items);
    case 'insert':
      if (first?.kind !== 'literal' || typeof first.value !== 'number' || !second) return undefined;
      return list(items.slice(0, first.value), [second], items.slice(first.value));
    case 'extend':
      return first && list(items, itemsOf({ spread: true }, first));
    case 'concat':
      return list(
        items,
        ...args.values
          .slice(0, MAX_VALUE_SIZE)
          .map((value) =>
            value.kind === 'array' || value.kind === 'hole' ? itemsOf({ spread: true }, value) : [value],
          ),
      );
    case 'filter':
    case 'copy':
    case 'flat':
      // `.filter(Boolean)` leaves out what a condition left out already.
      return name !== 'filter' || first?.kind !== 'hole' || first.hole.name === 'Boolean' ? list(items) : undefined;
    default:
      return undefined;
  }
}

/** All items; of more than a value may have only so many that it is seen to be too large. */
function joinedItems(parts: readonly (readonly Value[])[]): readonly Value[] {
  const joined: Value[] = [];
  for (const part of parts) {
    for (const item of part) joined.push(item);
    if (joined.length > MAX_VALUE_SIZE) break;
  }
  return joined;
}

/** Named arguments as fields; a spread one adds what it holds. */
function withNamed(entries: Entries, named: Arguments['named']): Entries {
  let all = entries;
  let own: (readonly [string, Value])[] = [];
  for (const [key, value] of named) {
    if (key !== '**') {
      own.push([key, value]);
      continue;
    }
    all = spreadEntries(withEntries(all, own), value);
    own = [];
    if (all.length > MAX_VALUE_SIZE) return all;
  }
  return withEntries(all, own);
}

function changedDocument(entries: Entries, name: string, args: Arguments): Value | undefined {
  const [first, second] = args.values;
  if (name === 'update') {
    const positional = first ? spreadEntries(entries, first) : entries;
    return {
      kind: 'document',
      entries: withNamed(positional, args.named),
    };
  }
  if (name === 'copy') return { kind: 'document', entries };
  if (name === 'setdefault' && first?.kind === 'literal' && second) {
    const key = String(first.value);
    return {
      kind: 'document',
      entries: entries.some(([known]) => known === key) ? entries : [...entries, [key, second]],
    };
  }
  return undefined;
}
