import { regexParts } from '../values/types';
import type { Doc } from '../values/types';

/** Kinds of conditions, in the order in which the server sorts them inside `$and` and `$or`. */
export const KINDS = [
  'and',
  'or',
  'elemObject',
  'elemValue',
  'size',
  'eq',
  'lte',
  'lt',
  'gt',
  'gte',
  'regex',
  'mod',
  'exists',
  'in',
  'bits',
  'not',
  'nor',
  'type',
  'geo',
  'where',
  'expr',
  'false',
  'true',
  'near',
  'text',
  'other',
  'exprEq',
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * A condition. `path` is empty for the logical kinds and for conditions on the element itself (inside `$elemMatch`).
 * `not` and `elemObject` have one child. `value` is the operand; `operator` the one written for `bits`, `geo`, `near` and `other`.
 */
export interface Match {
  readonly kind: Kind;
  readonly path: string;
  readonly children: readonly Match[];
  readonly value?: unknown;
  readonly operator?: string;
}

export function logical(kind: 'and' | 'or' | 'nor', children: readonly Match[]): Match {
  return { kind, path: '', children };
}

export function leaf(kind: Kind, path: string, value: unknown, operator?: string): Match {
  return { kind, path, children: [], value, ...(operator ? { operator } : {}) };
}

export const EVERYTHING: Match = logical('and', []);

const OPERATORS: Partial<Record<Kind, string>> = {
  eq: '$eq',
  lt: '$lt',
  lte: '$lte',
  gt: '$gt',
  gte: '$gte',
  in: '$in',
  mod: '$mod',
  exists: '$exists',
  type: '$type',
  size: '$size',
  exprEq: '$_internalExprEq',
};

function operand(match: Match): Doc {
  const { kind, value, children } = match;
  if (kind === 'regex') {
    const { pattern, options } = regexParts(value) ?? { pattern: '', options: '' };
    return options ? { $regex: pattern, $options: options } : { $regex: pattern };
  }
  if (kind === 'not') return { $not: operand(children[0]) };
  if (kind === 'elemValue') return { $elemMatch: Object.assign({}, ...children.map(operand)) as Doc };
  if (kind === 'elemObject') return { $elemMatch: toQuery(children[0]) };
  if ((kind === 'near' || kind === 'geo') && typeof value === 'object') return { ...(value as Doc) };
  return { [match.operator ?? OPERATORS[kind] ?? `$${kind}`]: value };
}

/** The query document of a condition, as explain prints it. */
export function toQuery(match: Match): Doc {
  switch (match.kind) {
    case 'and':
      return match.children.length === 0 ? {} : { $and: match.children.map(toQuery) };
    case 'or':
    case 'nor':
      return { [`$${match.kind}`]: match.children.map(toQuery) };
    case 'expr':
    case 'where':
    case 'text':
      return { [`$${match.kind}`]: match.value };
    case 'other':
      return { [match.operator ?? '$comment']: match.value };
    case 'false':
      return { $alwaysFalse: 1 };
    case 'true':
      return { $alwaysTrue: 1 };
    case 'not':
      return match.path === '' ? { $nor: match.children.map(toQuery) } : { [match.path]: operand(match) };
    default:
      return { [match.path]: operand(match) };
  }
}
