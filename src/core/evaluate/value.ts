import type { Span } from '../positions';

/** Types that the languages have themselves. */
export type PlainType = 'string' | 'number' | 'boolean' | 'date' | 'regex' | 'array' | 'document' | 'unknown';
/** A plain type, or one that a library names: the evaluator hands the latter on as it is. */
export type HoleType = PlainType | (string & {});

/** A value of the text: known leaves, and holes where the text does not give it. */
export type Value =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** A value with a type of its own that is written out: `new Date('2024-01-01')`, `/x/i`, or one that a library makes. */
  | { readonly kind: 'typed'; readonly value: TypedLiteral }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'document'; readonly entries: Entries }
  | { readonly kind: 'hole'; readonly hole: Hole }
  /** A regular expression whose pattern is not written out: `new RegExp(name, 'i')`. A known one is `typed`. */
  | { readonly kind: 'regex'; readonly pattern: Value; readonly options: string }
  /**
   * A condition of the text that decides between forms: `active ? { active: true } : {}`. Equal conditions of one
   * statement are decided alike.
   */
  | { readonly kind: 'either'; readonly condition: string; readonly then: Value; readonly otherwise: Value }
  /** Only as a branch of `either`: the item or field is then left out. */
  | { readonly kind: 'nothing' }
  /** Only as an item, or as the value of a field named `...`: all items or fields of the value in this place. */
  | { readonly kind: 'spread'; readonly value: Value };

/** Fields by name, in order; no name but `...` comes twice. */
export type Entries = readonly (readonly [string, Value])[];

export type TypedLiteral =
  /** Milliseconds since 1970 in UTC. */
  | { readonly type: 'date'; readonly millis: number }
  /** `options` are flags out of `imsux`, sorted. */
  | { readonly type: 'regex'; readonly pattern: string; readonly options: string }
  /** In the notation of the library that made it. */
  | { readonly type: 'library'; readonly value: unknown };

/** A value that the text does not give. */
export interface Hole {
  /** The expression, shortened where it is long; the same expression of one statement is one hole. */
  readonly name: string;
  readonly type: HoleType;
  /** Where it stands: `filter.category`, `pipeline[1].$skip`. */
  readonly path: string;
  readonly span: Span;
}

export const NOTHING: Value = { kind: 'nothing' };

export function literal(value: string | number | boolean | null): Value {
  return { kind: 'literal', value };
}

export function typeOfValue(value: Value): HoleType {
  if (value.kind === 'literal') {
    const type = typeof value.value;
    return type === 'string' || type === 'number' || type === 'boolean' ? type : 'unknown';
  }
  if (value.kind === 'hole') return value.hole.type;
  if (value.kind === 'array' || value.kind === 'document' || value.kind === 'regex') return value.kind;
  if (value.kind === 'either') {
    const then = typeOfValue(value.then);
    return then === typeOfValue(value.otherwise) ? then : 'unknown';
  }
  return 'unknown';
}

/** The entries with others behind them or, where they have the same name, in their place. */
export function withEntries(entries: Entries, more: Entries): Entries {
  if (!more.length) return entries;
  if (more.length === 1) return withEntry(entries, ...more[0]);
  const all = [...entries];
  const places = new Map(all.map(([name], index) => [name, index]));
  for (const entry of more) {
    const [name] = entry;
    const place = name === '...' ? undefined : places.get(name);
    if (place === undefined) places.set(name, all.push(entry) - 1);
    else all[place] = entry;
  }
  return all;
}

export function withEntry(entries: Entries, key: string, value: Value): (readonly [string, Value])[] {
  if (key === '...') return [...entries, [key, value]];
  const index = entries.findIndex(([name]) => name === key);
  if (index < 0) return [...entries, [key, value]];
  return entries.map((entry, i) => (i === index ? [key, value] : entry));
}
