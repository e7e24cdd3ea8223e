import type { Call } from '../../../code/syntax';
import { holeFor, withType } from '../../../evaluate/holes';
import { flagsOf, regex } from '../../../evaluate/regexes';
import type { Scope } from '../../../evaluate/scope';
import type { Value } from '../../../evaluate/value';
import { bsonLiteral } from './ejson';

/** The value as an ObjectId where it may be one: a filter by `_id` of a Mongoose model casts it. */
export function asObjectId(value: Value): Value {
  if (value.kind === 'literal' && typeof value.value === 'string' && /^[\da-fA-F]{24}$/.test(value.value)) {
    return bsonLiteral({ $oid: value.value.toLowerCase() });
  }
  if (value.kind === 'hole' && (value.hole.type === 'unknown' || value.hole.type === 'string'))
    return withType(value, 'objectId');
  return value;
}

/** Constructors and functions that make a BSON value, by their last name. */
const NUMBERS: Readonly<Record<string, string>> = {
  Int32: '$numberInt',
  Double: '$numberDouble',
  Long: '$numberLong',
  Int64: '$numberLong',
  Decimal128: '$numberDecimal',
};

/** What a call of a BSON type gives; undefined when it is none. */
export function bsonCall(name: string, call: Call, args: readonly Value[], scope: Scope): Value | undefined {
  const parts = name.split('.');
  const last = parts[parts.length - 1];
  const owner = parts[parts.length - 2] ?? '';
  const [first] = args;
  if (/^Object(Id|ID)$/.test(last) || /^Object(Id|ID)$/.test(owner)) return objectId(call, first, scope);
  if (Object.hasOwn(NUMBERS, last) || Object.hasOwn(NUMBERS, owner))
    return number(NUMBERS[last] ?? NUMBERS[owner], first);
  if (last === 'UUID' && first) return first.kind === 'literal' ? bsonLiteral({ $uuid: String(first.value) }) : first;
  if (last === 'SON' || last === 'OrderedDict') return first ? son(first) : { kind: 'document', entries: [] };
  if (last === 'Regex' || last === 'BSONRegExp') return regex(first, flagsOf(args[1]));
  return undefined;
}

function objectId(call: Call, value: Value | undefined, scope: Scope): Value {
  if (!value) return holeFor(call, scope, 'objectId');
  return asObjectId(value);
}

function number(key: string, value: Value | undefined): Value | undefined {
  if (value?.kind === 'literal') return bsonLiteral({ [key]: String(value.value) });
  return value?.kind === 'hole' ? withType(value, 'number') : value;
}

/** `SON([('a', 1), ('b', -1)])` */
function son(value: Value): Value | undefined {
  if (value.kind !== 'array') return value;
  const entries = value.items.map((item): readonly [string, Value] | undefined => {
    if (item.kind !== 'array' || item.items.length !== 2) return undefined;
    const [key] = item.items;
    return key.kind === 'literal' ? [String(key.value), item.items[1]] : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? { kind: 'document', entries } : undefined;
}
