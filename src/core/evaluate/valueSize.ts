import type { Value } from './value';

/**
 * Values that are larger than this as a tree are holes: nobody reads them, and one that is built of parts that are used more
 * than once doubles with each step. A document of ten thousand fields is smaller.
 */
export const MAX_VALUE_SIZE = 24_000;
/** Deeper than any syntax that is read; what reads values calls itself. */
const MAX_VALUE_DEPTH = 400;
/** Characters of one string. */
export const MAX_STRING = 100_000;

/** Characters that count as much as one node. */
const CHARACTERS_OF_A_NODE = 64;

export interface ValueSize {
  /** Nodes and fields of the value as a tree, and its characters by 64: what writing it costs. */
  readonly size: number;
  readonly depth: number;
}

const LEAF: ValueSize = { size: 1, depth: 0 };
const TOO_LARGE: ValueSize = { size: Infinity, depth: Infinity };
const known = new WeakMap<Value, ValueSize>();

/** Of a value whose parts are shared each part is measured once. */
export function sizeOf(value: Value): ValueSize {
  return sizeWithin(value, 0);
}

export function isTooLarge({ size, depth }: ValueSize): boolean {
  return size > MAX_VALUE_SIZE || depth > MAX_VALUE_DEPTH;
}

/** Whether it was measured before: then it is no new value. */
export function isMeasured(value: Value): boolean {
  return known.has(value);
}

function sizeWithin(value: Value, nesting: number): ValueSize {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string' ? ofText(value.value.length) : LEAF;
    case 'typed':
      return ofText(typedLength(value.value));
    case 'hole':
    case 'nothing':
      return LEAF;
    default: {
      const before = known.get(value);
      if (before) return before;
      if (nesting > 2 * MAX_VALUE_DEPTH) return TOO_LARGE;
      const measured = measuredParts(value, nesting + 1);
      known.set(value, measured);
      return measured;
    }
  }
}

function measuredParts(
  value: Extract<Value, { kind: 'array' | 'document' | 'either' | 'spread' | 'regex' }>,
  nesting: number,
): ValueSize {
  let size = 1;
  let depth = 0;
  const add = (part: Value): void => {
    const inner = sizeWithin(part, nesting);
    size += inner.size;
    depth = Math.max(depth, inner.depth + 1);
  };
  switch (value.kind) {
    case 'array':
      for (const item of value.items) add(item);
      break;
    case 'document':
      for (const [key, entry] of value.entries) {
        size += 1 + Math.floor(key.length / CHARACTERS_OF_A_NODE);
        add(entry);
      }
      break;
    case 'either':
      size += Math.floor(value.condition.length / CHARACTERS_OF_A_NODE);
      add(value.then);
      add(value.otherwise);
      break;
    case 'spread':
      add(value.value);
      break;
    case 'regex':
      add(value.pattern);
  }
  return { size, depth };
}

function ofText(length: number): ValueSize {
  return length < CHARACTERS_OF_A_NODE ? LEAF : { size: 1 + Math.floor(length / CHARACTERS_OF_A_NODE), depth: 0 };
}

function typedLength(typed: Extract<Value, { kind: 'typed' }>['value']): number {
  if (typed.type === 'regex') return typed.pattern.length;
  if (typed.type !== 'library' || typeof typed.value !== 'object' || typed.value === null) return 0;
  return Object.values(typed.value).reduce<number>(
    (length, part) => (typeof part === 'string' ? length + part.length : length),
    0,
  );
}
