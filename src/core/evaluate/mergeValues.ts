import { NOTHING, type Entries, type Value } from './value';

/** How deep two forms are compared part by part; below that they stand whole beside each other. */
const MAX_DEPTH = 12;

/**
 * Both forms of a value in one, with the condition only where they differ: an array that one branch appends to keeps its
 * items and has the appended ones under the condition.
 */
export function mergeValues(condition: string, then: Value, otherwise: Value, depth = 0): Value {
  if (then === otherwise || sameLeaf(then, otherwise)) return then;
  if (depth < MAX_DEPTH) {
    if (then.kind === 'array' && otherwise.kind === 'array') {
      const items = mergeItems(condition, then.items, otherwise.items);
      if (items) return { kind: 'array', items };
    }
    if (then.kind === 'document' && otherwise.kind === 'document') {
      const entries = mergeEntries(condition, then.entries, otherwise.entries, depth);
      if (entries) return { kind: 'document', entries };
    }
  }
  return { kind: 'either', condition, then: pruned(then), otherwise: pruned(otherwise) };
}

/** Forms of one value that are kept: a variable that is assigned to a thousand times has no more. */
const MAX_FORMS = 40;

function pruned(value: Value): Value {
  let forms = 0;
  for (let form = value; form.kind === 'either'; form = form.otherwise)
    if (++forms > MAX_FORMS) return { kind: 'nothing' };
  forms = 0;
  for (let form = value; form.kind === 'either'; form = form.then) if (++forms > MAX_FORMS) return { kind: 'nothing' };
  return value;
}

function sameLeaf(a: Value, b: Value): boolean {
  if (a.kind === 'literal' && b.kind === 'literal') return a.value === b.value;
  if (a.kind === 'hole' && b.kind === 'hole') return a.hole.name === b.hole.name && a.hole.type === b.hole.type;
  return a.kind === 'nothing' && b.kind === 'nothing';
}

function mergeItems(condition: string, then: readonly Value[], otherwise: readonly Value[]): Value[] | undefined {
  const shorter = Math.min(then.length, otherwise.length);
  let head = 0;
  while (head < shorter && then[head] === otherwise[head]) head++;
  let tail = 0;
  while (tail < shorter - head && then[then.length - 1 - tail] === otherwise[otherwise.length - 1 - tail]) tail++;
  if (head + tail === 0 && then.length && otherwise.length) return undefined;
  const ofThen = then
    .slice(head, then.length - tail)
    .map((item): Value => ({ kind: 'either', condition, then: item, otherwise: NOTHING }));
  const ofOther = otherwise
    .slice(head, otherwise.length - tail)
    .map((item): Value => ({ kind: 'either', condition, then: NOTHING, otherwise: item }));
  return [...then.slice(0, head), ...ofThen, ...ofOther, ...then.slice(then.length - tail)];
}

function mergeEntries(condition: string, then: Entries, otherwise: Entries, depth: number): Entries | undefined {
  const ofOther = new Map(otherwise);
  const keys = new Set(then.map(([key]) => key));
  const shared = then.some(([key]) => ofOther.has(key));
  if (!shared && then.length && otherwise.length) return undefined;
  if (keys.has('...') || ofOther.has('...')) {
    if (then.length && otherwise.length) return undefined;
  }
  const merged = then.map(([key, value]): readonly [string, Value] => [
    key,
    mergeValues(condition, value, ofOther.get(key) ?? NOTHING, depth + 1),
  ]);
  const added = otherwise
    .filter(([key]) => !keys.has(key))
    .map(([key, value]): readonly [string, Value] => [
      key,
      { kind: 'either', condition, then: NOTHING, otherwise: value },
    ]);
  return [...merged, ...added];
}
