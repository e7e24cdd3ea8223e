import { literal, type Value } from '../../../evaluate/value';

const DIRECTIONS: Readonly<Record<string, number>> = {
  asc: 1,
  ascending: 1,
  '1': 1,
  desc: -1,
  descending: -1,
  '-1': -1,
};

/** A sort as a document, from every form that the drivers take; a form that is not known stays. */
export function sortDocument(value: Value, direction?: Value): Value {
  if (value.kind === 'literal' && typeof value.value === 'string') {
    if (direction) return { kind: 'document', entries: [[value.value, directionValue(direction)]] };
    const fields = value.value.split(/\s+/).filter(Boolean);
    return {
      kind: 'document',
      entries: fields.map((field) => (field.startsWith('-') ? [field.slice(1), literal(-1)] : [field, literal(1)])),
    };
  }
  if (value.kind === 'array') {
    const pairs = value.items.map(sortPair);
    if (isPair(value.items))
      return { kind: 'document', entries: [[String(stringOf(value.items[0])), directionValue(value.items[1])]] };
    if (pairs.every((pair) => pair !== undefined)) return { kind: 'document', entries: pairs };
    return value;
  }
  if (value.kind === 'document')
    return { kind: 'document', entries: value.entries.map(([key, entry]) => [key, directionValue(entry)]) };
  if (value.kind === 'either')
    return { ...value, then: sortDocument(value.then), otherwise: sortDocument(value.otherwise) };
  if (value.kind === 'hole' && direction) return { kind: 'document', entries: [['...', pairs(value, direction)]] };
  return value;
}

/** One field whose name is a hole. */
function pairs(key: Value, direction: Value): Value {
  return {
    kind: 'spread',
    value: { kind: 'array', items: [{ kind: 'array', items: [key, directionValue(direction)] }] },
  };
}

/** `['name', -1]` alone, as the JavaScript driver takes it. */
function isPair(items: readonly Value[]): boolean {
  if (items.length !== 2 || stringOf(items[0]) === undefined) return false;
  const second = items[1];
  return (
    second.kind === 'literal' && (typeof second.value === 'number' || Object.hasOwn(DIRECTIONS, String(second.value)))
  );
}

function sortPair(item: Value): readonly [string, Value] | undefined {
  const name = stringOf(item);
  if (name !== undefined) return [name, literal(1)];
  if (item.kind === 'array' && item.items.length === 2) {
    const key = stringOf(item.items[0]);
    return key === undefined ? ['...', pairs(item.items[0], item.items[1])] : [key, directionValue(item.items[1])];
  }
  if (item.kind === 'either') {
    const then = sortPair(item.then);
    const otherwise = sortPair(item.otherwise);
    if (then && item.otherwise.kind === 'nothing') return [then[0], { ...item, then: then[1] }];
    if (otherwise && item.then.kind === 'nothing') return [otherwise[0], { ...item, otherwise: otherwise[1] }];
  }
  return undefined;
}

function stringOf(value: Value): string | undefined {
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

function directionValue(value: Value): Value {
  if (
    value.kind === 'literal' &&
    typeof value.value === 'string' &&
    Object.hasOwn(DIRECTIONS, value.value.toLowerCase())
  ) {
    return literal(DIRECTIONS[value.value.toLowerCase()]);
  }
  if (value.kind === 'either')
    return { ...value, then: directionValue(value.then), otherwise: directionValue(value.otherwise) };
  if (value.kind === 'hole' && value.hole.type === 'unknown')
    return { kind: 'hole', hole: { ...value.hole, type: 'number' } };
  return value;
}

/** A projection as a document: `'name -_id'`, `['name']`, `{ name: 1 }`. */
export function projectionDocument(value: Value): Value {
  const words =
    value.kind === 'literal' && typeof value.value === 'string' ? value.value.split(/\s+/).filter(Boolean) : undefined;
  const names = words ?? (value.kind === 'array' ? value.items.map(stringOf) : undefined);
  if (names?.every((name) => name !== undefined)) {
    return {
      kind: 'document',
      entries: names.map((name) =>
        name.startsWith('-') ? [name.slice(1), literal(0)] : [name.replace(/^\+/, ''), literal(1)],
      ),
    };
  }
  if (value.kind === 'either')
    return { ...value, then: projectionDocument(value.then), otherwise: projectionDocument(value.otherwise) };
  return value;
}

/** Neither update operators nor a pipeline: a document that takes the place of another. */
export function isReplacement(change: Value | undefined): boolean {
  return (
    change?.kind === 'document' &&
    change.entries.length > 0 &&
    !change.entries.some(([key]) => key.startsWith('$') || key === '...')
  );
}

/** What Mongoose makes of an update without operators. */
export function mongooseUpdate(change: Value): Value {
  if (change.kind !== 'document' || !isReplacement(change)) return change;
  return { kind: 'document', entries: [['$set', change]] };
}
