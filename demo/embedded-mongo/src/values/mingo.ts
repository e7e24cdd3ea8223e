import { compileRegex } from '../query/parse';
import { isDoc, plainNumbers, regexParts } from './types';

/** A value as mingo wants it: regular expressions of the language, `$const` as `$literal`. */
export function toMingo(value: unknown): unknown {
  const regex = regexParts(value);
  if (regex) return compileRegex(regex.pattern, regex.options);
  if (Array.isArray(value)) return value.map(toMingo);
  if (!isDoc(value)) return plainNumbers(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === '$const' ? '$literal' : key, toMingo(item)]),
  );
}
