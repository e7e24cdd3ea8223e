import { Query } from 'mingo';
import { badValue } from '../errors';
import { compareValues, typeOrder, valueKey } from '../values/compare';
import type { StringOrder } from '../values/compare';
import { someValue } from '../values/paths';
import { isDoc, plainNumbers, regexParts, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { matchesGeo } from './geo';
import { toQuery } from './match';
import type { Match } from './match';
import { compileRegex } from './parse';
import { hasType } from './types';

export type Predicate = (doc: Doc) => boolean;
type Test = (value: unknown) => boolean;

/** Compiles a condition to a function of the document. */
export function compile(match: Match, strings?: StringOrder): Predicate {
  const { kind, children } = match;
  switch (kind) {
    case 'and':
    case 'or':
    case 'nor': {
      const inner = children.map((child) => compile(child, strings));
      if (kind === 'and') return (doc) => inner.every((test) => test(doc));
      return kind === 'or' ? (doc) => inner.some((test) => test(doc)) : (doc) => !inner.some((test) => test(doc));
    }
    case 'not': {
      const inner = compile(children[0], strings);
      return (doc) => !inner(doc);
    }
    case 'false':
      return () => false;
    case 'true':
    case 'near':
    case 'text':
      // The stage that reads the special index has answered these.
      return () => true;
    case 'expr':
    case 'other': {
      const query = new Query(toQuery(match));
      return (doc) => query.test(plainNumbers(doc));
    }
    default: {
      const path = match.path.split('.');
      const test = compileTest(match, strings);
      const expand = !(
        kind === 'size' ||
        kind === 'exists' ||
        kind === 'elemObject' ||
        kind === 'elemValue' ||
        kind === 'exprEq'
      );
      return (doc) => someValue(doc, path, 0, expand, test);
    }
  }
}

/** Compiles a condition on one field to a function of its value. */
export function compileTest(match: Match, strings: StringOrder): Test {
  const { kind, value } = match;
  switch (kind) {
    case 'eq':
    case 'exprEq':
      return compileEq(value, strings);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return compileRange(kind, value, strings);
    case 'in':
      return compileIn(value as unknown[], strings);
    case 'regex':
      return compileRegexTest(value);
    case 'mod': {
      const [divisor, remainder] = value as [number, number];
      return (item) => {
        const number = toNumber(item);
        return number !== undefined && Number.isFinite(number) && Math.trunc(number) % divisor === remainder;
      };
    }
    case 'exists':
      return (item) => item !== undefined;
    case 'type':
      return (item) => hasType(item, value as number[]);
    case 'size':
      return (item) => Array.isArray(item) && item.length === value;
    case 'bits': {
      const query = new Query({ v: { [match.operator ?? '']: value } });
      return (item) => query.test({ v: plainNumbers(item) });
    }
    case 'geo':
      return (item) => matchesGeo(item, value as Doc);
    case 'not': {
      const test = compileTest(match.children[0], strings);
      return (item) => !test(item);
    }
    case 'and': {
      const tests = match.children.map((child) => compileTest(child, strings));
      return (item) => tests.every((test) => test(item));
    }
    case 'elemValue': {
      const tests = match.children.map((child) => compileTest(child, strings));
      return (item) => Array.isArray(item) && item.some((element: unknown) => tests.every((test) => test(element)));
    }
    case 'elemObject': {
      const inner = compile(match.children[0], strings);
      return (item) =>
        Array.isArray(item) &&
        item.some((element: unknown) => (isDoc(element) || Array.isArray(element)) && inner(element as Doc));
    }
    default:
      throw badValue(`$${kind} cannot be applied to a value`);
  }
}

function compileEq(value: unknown, strings: StringOrder): Test {
  if (value === null || value === undefined) return (item) => item === null || item === undefined;
  if (typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !strings)) {
    return (item) => item === value || (typeof item === 'object' && item !== null && compareValues(item, value) === 0);
  }
  return (item) => compareValues(item, value, strings) === 0;
}

function compileRange(kind: 'lt' | 'lte' | 'gt' | 'gte', value: unknown, strings: StringOrder): Test {
  const holds = {
    lt: (o: number) => o < 0,
    lte: (o: number) => o <= 0,
    gt: (o: number) => o > 0,
    gte: (o: number) => o >= 0,
  }[kind];
  if (value === null) return (item) => (item === null || item === undefined) && holds(0);
  const order = typeOrder(value);
  const wholeOrder = order === -1 || order === 127;
  return (item) => {
    if (item === undefined) return false;
    if (!wholeOrder && typeOrder(item) !== order) return false;
    if (Number.isNaN(item) !== Number.isNaN(value)) return false;
    return holds(compareValues(item, value, strings));
  };
}

function compileIn(values: readonly unknown[], strings: StringOrder): Test {
  const tests = values.filter((value) => regexParts(value)).map(compileRegexTest);
  if (strings) tests.push(...values.filter((value) => !regexParts(value)).map((value) => compileEq(value, strings)));
  const keys = new Set(strings ? [] : values.map((value) => valueKey(value)));
  const nothing = values.some((value) => value === null);
  return (item) => (item === undefined ? nothing : keys.has(valueKey(item))) || tests.some((test) => test(item));
}

function compileRegexTest(value: unknown): Test {
  const parts = regexParts(value) ?? { pattern: '', options: '' };
  const regex =
    value instanceof RegExp && !/[gy]/.test(value.flags) ? value : compileRegex(parts.pattern, parts.options);
  const needed = requiredTexts(parts.pattern, parts.options);
  const test = (text: string) => needed.every((part) => text.includes(part)) && regex.test(text);
  return (item) =>
    typeof item === 'string' ? test(item) : regexParts(item) !== undefined && compareValues(item, value) === 0;
}

/**
 * Texts that every match contains, as far as they are easily seen. Looking for them first saves most of the time, and a
 * pattern that would try endlessly on texts that lack one does not.
 */
function requiredTexts(pattern: string, options: string): string[] {
  if (/[ix]/.test(options) || /[|()[\]\\]/.test(pattern)) return [];
  const runs = pattern.replace(/.[*?]|.\{[^}]*\}\??/g, '\0').split(/[\0.^$+]/);
  return [...new Set(runs)].filter((run) => run !== '');
}
