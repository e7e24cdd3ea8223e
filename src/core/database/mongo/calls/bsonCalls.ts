import type { Value } from '../../statement';
import type { Call } from '../../../code/syntax';
import { holeFor, isDraftHole, type Scope } from '../../../evaluate/abstractValue';

/** The value as an ObjectId where it may be one: a filter by `_id` of a Mongoose model casts it. */
export function asObjectId(value: Value): Value {
  if (value.kind === 'literal' && typeof value.value === 'string' && /^[\da-fA-F]{24}$/.test(value.value)) {
    return { kind: 'ejson', value: { $oid: value.value.toLowerCase() } };
  }
  if (value.kind === 'hole' && (value.hole.type === 'unknown' || value.hole.type === 'string'))
    return withType(value, 'objectId');
  return value;
}

export function withType(
  value: Value & { kind: 'hole' },
  type: 'objectId' | 'date' | 'string' | 'number' | 'boolean' | 'array' | 'document',
): Value {
  const { hole } = value;
  return { kind: 'hole', hole: isDraftHole(hole) ? { ...hole, type } : { ...hole, type } };
}

/** Constructors and functions that make a BSON value, by their last name. */
const NUMBERS: Readonly<Record<string, string>> = {
  Int32: '$numberInt',
  Double: '$numberDouble',
  Long: '$numberLong',
  Int64: '$numberLong',
  Decimal128: '$numberDecimal',
};

/** What a call of a BSON type, a date or a regular expression gives; undefined when it is none. */
export function bsonCall(name: string, call: Call, args: readonly Value[], scope: Scope): Value | undefined {
  const parts = name.split('.');
  const last = parts[parts.length - 1];
  const owner = parts[parts.length - 2] ?? '';
  const [first] = args;
  if (/^Object(Id|ID)$/.test(last) || /^Object(Id|ID)$/.test(owner)) return objectId(call, first, scope);
  if (Object.hasOwn(NUMBERS, last) || Object.hasOwn(NUMBERS, owner))
    return number(NUMBERS[last] ?? NUMBERS[owner], first);
  if (last === 'UUID' && first)
    return first.kind === 'literal' ? { kind: 'ejson', value: { $uuid: String(first.value) } } : first;
  if (last === 'SON' || last === 'OrderedDict') return first ? son(first) : { kind: 'document', entries: [] };
  if (last === 'Regex' || last === 'BSONRegExp') return regex(first, optionsOf(args[1]));
  return undefined;
}

function objectId(call: Call, value: Value | undefined, scope: Scope): Value {
  if (!value) return holeFor(call, scope, 'objectId');
  return asObjectId(value);
}

function number(key: string, value: Value | undefined): Value | undefined {
  if (value?.kind === 'literal') return { kind: 'ejson', value: { [key]: String(value.value) } };
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

function optionsOf(value: Value | undefined): string {
  return value?.kind === 'literal' && typeof value.value === 'string'
    ? [...value.value]
        .filter((flag) => 'imsux'.includes(flag))
        .sort()
        .join('')
    : '';
}

/** A regular expression from its pattern: known as EJSON, else with a hole. */
export function regex(pattern: Value | undefined, options: string): Value {
  if (!pattern) return { kind: 'ejson', value: { $regularExpression: { pattern: '', options } } };
  if (pattern.kind === 'literal')
    return { kind: 'ejson', value: { $regularExpression: { pattern: String(pattern.value), options } } };
  if (pattern.kind === 'ejson' || pattern.kind === 'regex') return pattern;
  return {
    kind: 'regex',
    pattern: pattern.kind === 'hole' && pattern.hole.type === 'unknown' ? withType(pattern, 'string') : pattern,
    options,
  };
}

/** `new RegExp(pattern, flags)` */
export function javaScriptRegex(args: readonly Value[]): Value {
  return regex(args[0], optionsOf(args[1]));
}

const PYTHON_FLAGS: Readonly<Record<string, string>> = {
  I: 'i',
  IGNORECASE: 'i',
  M: 'm',
  MULTILINE: 'm',
  S: 's',
  DOTALL: 's',
  X: 'x',
  VERBOSE: 'x',
  U: '',
  UNICODE: '',
};

/** `re.compile(pattern, re.I | re.M)` */
export function pythonRegex(call: Call, args: readonly Value[], scope: Scope): Value {
  const flags = call.args[1]?.value ?? call.named.find(([name]) => name === 'flags')?.[1];
  const text = flags ? scope.unit.text.slice(flags.from, flags.to) : '';
  const options = [...new Set([...text.matchAll(/\bre\.([A-Z]+)/g)].map((match) => PYTHON_FLAGS[match[1]] ?? ''))]
    .sort()
    .join('');
  return regex(args[0], options);
}

/** `new Date('2024-01-01')`, `datetime(2024, 1, 1)`, `ISODate('…')`: known, else a hole; without arguments the present. */
export function dateCall(call: Call, args: readonly Value[], scope: Scope, isPython: boolean): Value {
  if (args.length && args.every((arg) => arg.kind === 'literal')) {
    const values = args.map((arg) => (arg.kind === 'literal' ? arg.value : null));
    const millis =
      isPython || values.length > 1
        ? calendar(values, isPython)
        : typeof values[0] === 'number'
          ? values[0]
          : isoMillis(String(values[0]));
    if (millis !== undefined && Number.isFinite(millis))
      return { kind: 'ejson', value: { $date: { $numberLong: String(millis) } } };
  }
  const [only] = args;
  if (args.length === 1 && only.kind === 'hole' && /^[\w$.?]+$/.test(only.hole.name)) return withType(only, 'date');
  return holeFor(call, scope, 'date');
}

/** Only what means the same everywhere: a date alone, or one with a time zone. */
function isoMillis(text: string): number | undefined {
  if (!/^\d{4}-\d{2}(-\d{2})?$|^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  return Date.parse(text);
}

/** Calendar parts as UTC: Python's months count from 1; a local time of JavaScript is not known. */
function calendar(values: readonly unknown[], isPython: boolean): number | undefined {
  if (!isPython || !values.every((value) => typeof value === 'number')) return undefined;
  const [year, month, day = 1, hour = 0, minute = 0, second = 0, micros = 0] = values as number[];
  return Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(micros / 1000));
}
