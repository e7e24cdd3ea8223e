import type { Call } from '../code/syntax';
import { data, type AbstractValue } from './abstractValue';
import type { Arguments } from './arguments';
import { dateCall } from './dates';
import { holeFor, withType } from './holes';
import { javaScriptRegex } from './regexes';
import type { Scope } from './scope';
import { spreadEntries } from './spreads';
import { literal, type PlainType, type Value } from './value';
import { MAX_VALUE_SIZE } from './valueSize';

/** Types of what functions and methods (with a dot) of the languages give. */
const RESULTS: Readonly<Record<string, PlainType>> = {
  Number: 'number',
  parseInt: 'number',
  parseFloat: 'number',
  int: 'number',
  float: 'number',
  len: 'number',
  round: 'number',
  abs: 'number',
  String: 'string',
  str: 'string',
  escapeRegExp: 'string',
  escapeRegex: 'string',
  Boolean: 'boolean',
  bool: 'boolean',
  list: 'array',
  sorted: 'array',
  Array: 'array',
  dict: 'document',
  '.trim': 'string',
  '.toLowerCase': 'string',
  '.toUpperCase': 'string',
  '.toString': 'string',
  '.toISOString': 'string',
  '.replace': 'string',
  '.replaceAll': 'string',
  '.strip': 'string',
  '.lower': 'string',
  '.upper': 'string',
  '.join': 'string',
  '.format': 'string',
  '.isoformat': 'string',
  '.normalize': 'string',
  '.split': 'array',
  '.map': 'array',
  '.toDate': 'date',
  '.getTime': 'number',
  '.toFixed': 'string',
  '.toHexString': 'string',
  '.startsWith': 'boolean',
  '.includes': 'boolean',
};

/** A call of what the language has itself; `on` is what a method is called on. */
export function globalCall(
  name: string,
  call: Call,
  args: Arguments,
  scope: Scope,
  on?: Value,
): AbstractValue | undefined {
  const { values, origins } = args;
  const [first] = values;
  const python = scope.module.language === 'python';
  if (name === 'Date') return data(dateCall(call, values, scope, false), origins);
  if (name === 'RegExp' && first) return data(javaScriptRegex(values), origins);
  if (name === '.now' && on?.kind === 'hole' && on.hole.name === 'Date') return data(holeFor(call, scope, 'number'));
  if (on?.kind === 'hole' && on.hole.name === 'Object') return objectCall(name, args);
  if (on?.kind === 'hole' && on.hole.name === 'Math') return data(holeFor(call, scope, 'number'), origins);
  if (name === '.toString' && on?.kind === 'literal') return data(literal(String(on.value)), origins);
  if (python && name === 'dict') return dictCall(args);
  if ((name === 'list' || name === 'Array.from') && first?.kind === 'array') return data(first, origins);
  const folded = first?.kind === 'literal' && values.length === 1 ? foldedCall(name, first.value) : undefined;
  if (folded !== undefined) return data(literal(folded), origins);
  if (Object.hasOwn(RESULTS, name)) return data(converted(call, scope, RESULTS[name], name, first), origins);
  return undefined;
}

/** `Number(page)` asks for the number itself. */
function converted(call: Call, scope: Scope, type: PlainType, name: string, first: Value | undefined): Value {
  if (
    /^(Number|parseInt|parseFloat|int|float|String|str)$/.test(name) &&
    first?.kind === 'hole' &&
    /^[\w$.?]+$/.test(first.hole.name)
  ) {
    return withType(first, type === 'string' ? 'string' : 'number');
  }
  return holeFor(call, scope, type);
}

function foldedCall(name: string, value: string | number | boolean | null): string | number | undefined {
  if (name === 'Number' || name === 'parseInt' || name === 'int' || name === 'float' || name === 'parseFloat') {
    const number = Number(value);
    return value === null || value === '' || Number.isNaN(number) ? undefined : number;
  }
  return name === 'String' || name === 'str' ? String(value) : undefined;
}

/** Fields that one call may copy. */
const MAX_COPIED = 20 * MAX_VALUE_SIZE;

function objectCall(name: string, args: Arguments): AbstractValue | undefined {
  const [first, ...others] = args.values;
  if (name === '.freeze' || name === '.seal') return args.abstractValues[0];
  if (name !== '.assign' || first?.kind !== 'document') return undefined;
  let { entries } = first;
  let copied = 0;
  for (const value of others) {
    entries = spreadEntries(entries, value);
    copied += entries.length;
    if (copied > MAX_COPIED) return undefined;
  }
  return data({ kind: 'document', entries }, args.origins);
}

function dictCall(args: Arguments): AbstractValue {
  const [first] = args.values;
  let entries: (readonly [string, Value])[] = first ? [...spreadEntries([], first)] : [];
  for (const [key, value] of args.named) {
    if (key !== '**') entries.push([key, value]);
    else if (entries.length <= MAX_VALUE_SIZE) entries = [...spreadEntries(entries, value)];
  }
  return data({ kind: 'document', entries }, args.origins);
}
