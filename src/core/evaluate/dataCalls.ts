import type { Data } from './abstractValue';
import type { Arguments } from './arguments';
import { itemsOf, spreadEntries } from './spreads';
import { withEntry, type Entries, type Value } from './value';

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
  const list = (changed: readonly Value[]): Value => ({ kind: 'array', items: changed });
  switch (name) {
    case 'push':
    case 'append':
      return list([...items, ...args.values]);
    case 'unshift':
      return list([...args.values, ...items]);
    case 'insert':
      if (first?.kind !== 'literal' || typeof first.value !== 'number' || !second) return undefined;
      return list([...items.slice(0, first.value), second, ...items.slice(first.value)]);
    case 'extend':
      return first && list([...items, ...itemsOf({ spread: true }, first)]);
    case 'concat':
      return list([
        ...items,
        ...args.values.flatMap((value) =>
          value.kind === 'array' || value.kind === 'hole' ? itemsOf({ spread: true }, value) : [value],
        ),
      ]);
    case 'filter':
    case 'copy':
    case 'flat':
      // `.filter(Boolean)` leaves out what a condition left out already.
      return name !== 'filter' || first?.kind !== 'hole' || first.hole.name === 'Boolean' ? list(items) : undefined;
    default:
      return undefined;
  }
}

function changedDocument(entries: Entries, name: string, args: Arguments): Value | undefined {
  const [first, second] = args.values;
  if (name === 'update') {
    const positional = first ? spreadEntries(entries, first) : entries;
    return {
      kind: 'document',
      entries: args.named.reduce(
        (all, [key, value]) => (key === '**' ? spreadEntries(all, value) : withEntry([...all], key, value)),
        positional,
      ),
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
