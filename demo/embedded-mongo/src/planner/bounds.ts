import type { Match } from '../query/match';
import { orderOfCode } from '../query/types';
import type { Index } from '../storage/collectionIndex';
import { hashOf } from '../storage/keys';
import { compareValues, TYPE_ORDER, typeOrder } from '../values/compare';
import { regexParts } from '../values/types';
import { ALL, complement, interval, point, typeRange, union } from './intervals';
import type { Interval } from './intervals';

/** How much of a condition its bounds say: all of it, all but what the key can tell, or all but what the document can tell. */
export type Tightness = 'exact' | 'covered' | 'fetch';

export interface FieldBounds {
  readonly intervals: Interval[];
  readonly tightness: Tightness;
}

const EQUAL_TO_NULL = [point(undefined), point(null)];

/** The bounds of a condition on field number `position` of an index. */
export function boundsFor(match: Match, index: Index, position: number): FieldBounds {
  const hashed = Object.values(index.spec.key)[position] === 'hashed';
  if (hashed) return hashedBounds(match);
  const multikey = index.isMultikeyField(position);
  const { intervals, tightness } = treeBounds(match, index, multikey);
  // A key of an array says nothing about the other elements.
  return { intervals, tightness: multikey && tightness === 'covered' ? 'fetch' : tightness };
}

function hashedBounds(match: Match): FieldBounds {
  if (match.kind === 'exists') return { intervals: [ALL], tightness: 'fetch' };
  if (match.kind === 'not') return { intervals: [point(hashOf(null))], tightness: 'fetch' };
  const values = match.kind === 'in' ? (match.value as unknown[]) : [match.value];
  return {
    intervals: union(
      values.map((value) => point(hashOf(value))),
      undefined,
    ),
    tightness: 'fetch',
  };
}

function treeBounds(match: Match, index: Index, multikey: boolean): FieldBounds {
  const { value } = match;
  switch (match.kind) {
    case 'eq':
    case 'exprEq':
      return equality(value, index, multikey);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return range(match.kind, value);
    case 'in': {
      const parts = (value as unknown[]).map((item) =>
        regexParts(item) ? regexBounds(item, index) : equality(item, index, multikey),
      );
      const tightness = parts.some((part) => part.tightness === 'fetch')
        ? 'fetch'
        : parts.some((part) => part.tightness === 'covered')
          ? 'covered'
          : 'exact';
      return {
        intervals: union(
          parts.flatMap((part) => part.intervals),
          index.strings,
        ),
        tightness,
      };
    }
    case 'regex':
      return regexBounds(value, index);
    case 'mod':
      return { intervals: [interval(NaN, true, Infinity, true)], tightness: 'covered' };
    case 'type':
      return typeBounds(value as (number | 'number')[], index);
    case 'exists':
      return { intervals: [ALL], tightness: index.sparse && index.fields.length === 1 ? 'exact' : 'fetch' };
    case 'not': {
      const child = match.children[0];
      // A missing field has the key null.
      if (child.kind === 'exists') return { intervals: [point(null)], tightness: 'fetch' };
      const inner = treeBounds(child, index, multikey);
      // Whether null stands for a missing field cannot be told from the key, but that it is not null can.
      const exact = (inner.tightness === 'exact' || asksForNull(child)) && !multikey;
      return { intervals: complement(inner.intervals, index.strings), tightness: exact ? 'exact' : 'fetch' };
    }
    default:
      return { intervals: [ALL], tightness: 'fetch' };
  }
}

function asksForNull({ kind, value }: Match): boolean {
  return (kind === 'eq' && value === null) || (kind === 'in' && (value as unknown[]).includes(null));
}

function equality(value: unknown, index: Index, multikey: boolean): FieldBounds {
  if (value === null || value === undefined) return { intervals: EQUAL_TO_NULL, tightness: 'fetch' };
  if (Array.isArray(value)) {
    const first = value.length === 0 ? undefined : (value[0] as unknown);
    return { intervals: union([point(first), point(value)], index.strings), tightness: 'fetch' };
  }
  // The document, not the key of a collation, is what a projection or a filter would have to read.
  return { intervals: [point(value)], tightness: multikey && typeOrder(value) === TYPE_ORDER.null ? 'fetch' : 'exact' };
}

function range(kind: 'lt' | 'lte' | 'gt' | 'gte', value: unknown): FieldBounds {
  if (value === null) return { intervals: EQUAL_TO_NULL, tightness: 'fetch' };
  if (Number.isNaN(value)) return { intervals: kind.endsWith('e') ? [point(value)] : [], tightness: 'exact' };
  const whole = typeRange(typeOrder(value));
  const inclusive = kind.endsWith('e');
  const tightness = Array.isArray(value) ? 'fetch' : 'exact';
  if (kind.startsWith('l')) {
    const none = !inclusive && compareValues(whole.start, value) === 0;
    return { intervals: none ? [] : [interval(whole.start, whole.startInclusive, value, inclusive)], tightness };
  }
  const none = !inclusive && compareValues(whole.end, value) === 0;
  return { intervals: none ? [] : [interval(value, inclusive, whole.end, whole.endInclusive)], tightness };
}

function typeBounds(codes: readonly (number | 'number')[], index: Index): FieldBounds {
  // Keys hold the elements of an array, never the array: everything must be read.
  if (codes.includes(4)) return { intervals: [ALL], tightness: 'fetch' };
  const intervals = codes.map((code) => {
    const order = orderOfCode(code);
    return order === TYPE_ORDER.number ? interval(NaN, true, Infinity, true) : typeRange(order);
  });
  const nothing = codes.some((code) => code === 10 || code === 6);
  return { intervals: union(intervals, index.strings), tightness: nothing ? 'fetch' : 'covered' };
}

function regexBounds(value: unknown, index: Index): FieldBounds {
  const { pattern, options } = regexParts(value) ?? { pattern: '', options: '' };
  const itself = point(value);
  if (index.collation) return { intervals: [typeRange(TYPE_ORDER.string), itself], tightness: 'fetch' };
  const { prefix, whole } = regexPrefix(pattern, options);
  if (prefix === '') return { intervals: [typeRange(TYPE_ORDER.string), itself], tightness: 'covered' };
  const next = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return { intervals: [interval(prefix, true, next, false), itself], tightness: whole ? 'exact' : 'covered' };
}

/** The text every match begins with, and whether that is all the pattern asks for. */
function regexPrefix(pattern: string, options: string): { prefix: string; whole: boolean } {
  const nothing = { prefix: '', whole: false };
  const start = pattern.startsWith('\\A') ? 2 : pattern.startsWith('^') && !options.includes('m') ? 1 : 0;
  if (start === 0 || pattern.includes('|') || /[ix]/.test(options)) return nothing;
  let prefix = '';
  for (let i = start; i < pattern.length; i++) {
    const char = pattern[i];
    if ('*?'.includes(char) || char === '{') return { prefix: prefix.slice(0, -1), whole: false };
    if (char === '.' && pattern.slice(i) === '.*') return { prefix, whole: true };
    if ('.+^$()[]'.includes(char)) return { prefix, whole: false };
    if (char !== '\\') prefix += char;
    else if (i + 1 >= pattern.length || /[a-zA-Z0-9]/.test(pattern[i + 1])) return { prefix, whole: false };
    else prefix += pattern[++i];
  }
  return { prefix, whole: true };
}
