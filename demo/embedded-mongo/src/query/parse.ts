import { badValue } from '../errors';
import { bsonType, isDoc, regexParts, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { leaf, logical } from './match';
import type { Match } from './match';
import { typeCodes } from './types';

/** The deepest query accepted, as in a server. */
const MAX_DEPTH = 100;

/** Values of the variables of an outer pipeline (`let` of `$lookup`). */
export type Variables = Readonly<Record<string, unknown>>;

const COMPARISONS: Readonly<Record<string, 'eq' | 'lt' | 'lte' | 'gt' | 'gte'>> = {
  $eq: 'eq',
  $lt: 'lt',
  $lte: 'lte',
  $gt: 'gt',
  $gte: 'gte',
};
const BITS = ['$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear'];
const NEAR = ['$near', '$nearSphere', '$geoNear'];
const NEAR_SETTINGS = ['$maxDistance', '$minDistance'];

export function parseQuery(query: unknown, variables: Variables = {}, depth = 0): Match {
  if (!isDoc(query)) throw badValue('the query filter must be a document');
  if (depth > MAX_DEPTH) throw badValue(`exceeded maximum query tree depth of ${MAX_DEPTH}`);
  const parts: Match[] = [];
  for (const [key, value] of Object.entries(query)) {
    if (key.startsWith('$')) parts.push(...parseTopLevel(key, value, variables, depth));
    else parts.push(...parseField(key, value, depth));
  }
  return parts.length === 1 ? parts[0] : logical('and', parts);
}

/** The `_id` that a filter asks for by its value, without an operator and without another condition. */
export function plainId(filter: unknown): { readonly id: unknown } | undefined {
  if (!isDoc(filter) || Object.keys(filter).join() !== '_id') return undefined;
  const id = filter._id;
  if (id === null || id === undefined || Array.isArray(id) || regexParts(id)) return undefined;
  return isDoc(id) && Object.keys(id)[0]?.startsWith('$') ? undefined : { id };
}

function parseTopLevel(key: string, value: unknown, variables: Variables, depth: number): Match[] {
  switch (key) {
    case '$and':
    case '$or':
    case '$nor': {
      if (!Array.isArray(value) || value.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
      const children = value.map((item: unknown) => {
        if (!isDoc(item)) throw badValue('$or/$and/$nor entries need to be full objects');
        return parseQuery(item, variables, depth + 1);
      });
      return [logical(key.slice(1) as 'and' | 'or' | 'nor', children)];
    }
    case '$expr':
      return [leaf('expr', '', bindVariables(value, variables)), ...equalities(value, variables)];
    case '$text':
      if (!isDoc(value) || typeof value.$search !== 'string') throw badValue('$search requires a string value');
      return [leaf('text', '', value)];
    case '$where':
      throw badValue('no globalScriptEngine in $where parsing');
    case '$comment':
      return [];
    case '$alwaysFalse':
      return [leaf('false', '', 1)];
    case '$alwaysTrue':
      return [];
    case '$jsonSchema':
    case '$sampleRate':
      return [leaf('other', '', value, key)];
    default:
      throw badValue(`unknown top level operator: ${key}`);
  }
}

/** Equalities of a field with a constant inside `$expr`: they allow the use of an index. */
function equalities(expression: unknown, variables: Variables): Match[] {
  if (!isDoc(expression)) return [];
  if (Array.isArray(expression.$and)) return expression.$and.flatMap((item: unknown) => equalities(item, variables));
  const pair: unknown = expression.$eq;
  if (!Array.isArray(pair) || pair.length !== 2) return [];
  for (const [field, other] of [
    [pair[0], pair[1]],
    [pair[1], pair[0]],
  ] as [unknown, unknown][]) {
    if (typeof field !== 'string' || !/^\$[^$]/.test(field)) continue;
    const constant = constantOf(other, variables);
    if (constant && constant.value !== null && constant.value !== undefined && !Array.isArray(constant.value)) {
      return [leaf('exprEq', field.slice(1), constant.value)];
    }
  }
  return [];
}

function constantOf(value: unknown, variables: Variables): { value: unknown } | undefined {
  if (typeof value === 'string' && value.startsWith('$$')) {
    const [name, ...path] = value.slice(2).split('.');
    return name in variables && path.length === 0 ? { value: variables[name] } : undefined;
  }
  if (typeof value === 'string') return value.startsWith('$') ? undefined : { value };
  if (isDoc(value))
    return '$const' in value ? { value: value.$const } : '$literal' in value ? { value: value.$literal } : undefined;
  return { value };
}

/** An `$expr` with the variables it reads, so that a condition holds all it needs. */
function bindVariables(expression: unknown, variables: Variables): unknown {
  return Object.keys(variables).length === 0 ? expression : { $let: { vars: literals(variables), in: expression } };
}

function literals(variables: Variables): Doc {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { $literal: value }]));
}

function parseField(path: string, value: unknown, depth: number): Match[] {
  if (regexParts(value)) return [leaf('regex', path, value)];
  if (!isDoc(value) || !Object.keys(value)[0]?.startsWith('$') || '$ref' in value) return [leaf('eq', path, value)];
  return parseOperators(path, value, depth);
}

function parseOperators(path: string, operators: Doc, depth: number): Match[] {
  if (depth > MAX_DEPTH) throw badValue(`exceeded maximum query tree depth of ${MAX_DEPTH}`);
  const near = Object.keys(operators).find((name) => NEAR.includes(name));
  if (near) return [leaf('near', path, operators, near)];
  const found: Match[] = [];
  for (const [name, value] of Object.entries(operators))
    found.push(...parseOperator(path, name, value, operators, depth));
  return found;
}

function parseOperator(path: string, name: string, value: unknown, all: Doc, depth: number): Match[] {
  if (name in COMPARISONS) {
    if (regexParts(value) && name !== '$eq')
      throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
    return [leaf(COMPARISONS[name], path, value)];
  }
  if (BITS.includes(name)) return [leaf('bits', path, value, name)];
  switch (name) {
    case '$ne':
      return [negate(path, leaf('eq', path, value))];
    case '$in':
      return [parseIn(path, name, value)];
    case '$nin':
      return [negate(path, parseIn(path, name, value))];
    case '$regex':
      return [leaf('regex', path, parseRegex(value, all.$options))];
    case '$options':
      if (!('$regex' in all)) throw badValue('$options needs a $regex');
      return [];
    case '$exists':
      return [
        value === false || value === 0 || value === null
          ? negate(path, leaf('exists', path, true))
          : leaf('exists', path, true),
      ];
    case '$type':
      return [leaf('type', path, typeCodes(value))];
    case '$size': {
      const size = toNumber(value);
      if (size === undefined || !Number.isInteger(size))
        throw badValue(`Failed to parse $size. Expected a number in: $size: ${JSON.stringify(value)}`);
      if (size < 0) throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
      return [leaf('size', path, size)];
    }
    case '$mod': {
      if (!Array.isArray(value)) throw badValue('malformed mod, needs to be an array');
      if (value.length !== 2) throw badValue(`malformed mod, ${value.length < 2 ? 'not enough' : 'too many'} elements`);
      const [divisor, remainder] = value.map((item: unknown) => Math.trunc(toNumber(item) ?? NaN));
      if (Number.isNaN(divisor)) throw badValue('malformed mod, divisor not a number');
      if (divisor === 0) throw badValue('divisor cannot be 0');
      return [leaf('mod', path, [divisor, Number.isNaN(remainder) ? 0 : remainder])];
    }
    case '$all':
      return [parseAll(path, value, depth)];
    case '$elemMatch':
      return [parseElemMatch(path, value, depth)];
    case '$not':
      return [parseNot(path, value, depth)];
    case '$geoWithin':
    case '$within':
    case '$geoIntersects':
      return [leaf('geo', path, { [name]: value }, name)];
    case '$comment':
      return [];
    default:
      throw badValue(
        NEAR_SETTINGS.includes(name) ? `${name} needs a $near or $nearSphere` : `unknown operator: ${name}`,
      );
  }
}

function negate(path: string, child: Match): Match {
  return { kind: 'not', path, children: [child] };
}

function parseIn(path: string, name: string, value: unknown): Match {
  if (!Array.isArray(value)) throw badValue(`${name} needs an array`);
  const bad = value.find((item: unknown) => isDoc(item) && Object.keys(item)[0]?.startsWith('$') && !('$ref' in item));
  if (bad !== undefined) throw badValue(`cannot nest $ under ${name}`);
  return leaf('in', path, value);
}

function parseRegex(value: unknown, options: unknown): RegExp {
  const parts = regexParts(value);
  const pattern = parts ? parts.pattern : value;
  if (typeof pattern !== 'string') throw badValue('$regex has to be a string');
  return compileRegex(pattern, typeof options === 'string' ? options : (parts?.options ?? ''));
}

/** A regular expression of the server (PCRE) as one of this language: leading inline flags are read, `x` drops white space. */
export function compileRegex(pattern: string, options: string): RegExp {
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const flags = new Set([...options, ...(inline?.[1] ?? '')]);
  let source = inline ? pattern.slice(inline[0].length) : pattern;
  if (flags.has('x')) source = source.replace(/\\\s|#[^\n]*|\s+/g, (text) => (text.startsWith('\\') ? text : ''));
  try {
    return new RegExp(
      source,
      [...flags]
        .filter((flag) => 'ims'.includes(flag))
        .sort()
        .join(''),
    );
  } catch {
    throw badValue(`Regular expression is invalid: ${pattern}`);
  }
}

function parseAll(path: string, value: unknown, depth: number): Match {
  if (!Array.isArray(value)) throw badValue('$all needs an array');
  if (value.length === 0) return leaf('false', '', 1);
  const children = value.map((item: unknown) => {
    if (isDoc(item) && '$elemMatch' in item) return parseElemMatch(path, item.$elemMatch, depth + 1);
    return regexParts(item) ? leaf('regex', path, item) : leaf('eq', path, item);
  });
  return children.length === 1 ? children[0] : logical('and', children);
}

function parseElemMatch(path: string, value: unknown, depth: number): Match {
  if (!isDoc(value)) throw badValue('$elemMatch needs an Object');
  const first = Object.keys(value)[0];
  const byValue = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr', '$where', '$jsonSchema'].includes(first);
  if (byValue) return { kind: 'elemValue', path, children: parseOperators('', value, depth + 1) };
  return { kind: 'elemObject', path, children: [parseQuery(value, {}, depth + 1)] };
}

function parseNot(path: string, value: unknown, depth: number): Match {
  if (regexParts(value)) return negate(path, leaf('regex', path, value));
  if (!isDoc(value) || bsonType(value)) throw badValue('$not needs a regex or a document');
  if (Object.keys(value).length === 0) throw badValue('$not cannot be empty');
  const children = parseOperators(path, value, depth + 1);
  return negate(path, children.length === 1 ? children[0] : logical('and', children));
}
