import { asDocument, asText, documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';

/** One condition on one field: `{ price: { $gt: 5 } }` is `price`, `$gt`, 5; a plain value is `$eq`. */
export interface Predicate {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

/** A filter as one conjunction. */
export interface Conjunction {
  readonly predicates: readonly Predicate[];
  /** Alternatives: the branches of each `$or` that is more than a list of values of one field. */
  readonly alternatives: readonly (readonly EjsonDocument[])[];
  /** Conditions on no field: `$expr`, `$where`, `$text`, `$nor`, … */
  readonly others: readonly string[];
  /** What its `$expr` compute. */
  readonly expressions: readonly unknown[];
}

/** The top-level AND of a filter: `$and` is flattened, an `$or` of one branch too, an `$or` of equalities on one field is `$in`. */
export function conjunction(filter: EjsonDocument): Conjunction {
  const predicates: Predicate[] = [];
  const alternatives: EjsonDocument[][] = [];
  const others: string[] = [];
  const expressions: unknown[] = [];
  const open: EjsonDocument[] = [filter];
  for (let at = 0; at < open.length; at++) {
    for (const key in open[at]) {
      const value = open[at][key];
      if (key === '$and') for (const one of documentsOf(value)) open.push(one);
      else if (key === '$or') {
        const branches = documentsOf(value);
        const values = sameFieldValues(branches);
        if (branches.length === 1) open.push(branches[0]);
        else if (values) predicates.push({ field: values.field, operator: '$in', value: values.values });
        else if (branches.length) alternatives.push(branches);
      } else if (key === '$comment') continue;
      else if (key.startsWith('$')) {
        others.push(key);
        if (key === '$expr') expressions.push(value);
      } else addPredicates(predicates, key, value);
    }
  }
  return { predicates, alternatives, others, expressions };
}

function addPredicates(predicates: Predicate[], field: string, condition: unknown): void {
  const operators = isDocument(condition)
    ? Object.keys(condition).filter((key) => key.startsWith('$') && !isValueWrapper(key))
    : [];
  if (!operators.length) predicates.push({ field, operator: isRegex(condition) ? '$regex' : '$eq', value: condition });
  for (const operator of operators) {
    if (operator === '$options') continue;
    const value = (condition as EjsonDocument)[operator];
    if (operator === '$eq' && isRegex(value)) predicates.push({ field, operator: '$regex', value });
    else predicates.push({ field, operator, value: operator === '$regex' ? condition : value });
  }
}

/** Keys of EJSON values that look like operators. */
function isValueWrapper(key: string): boolean {
  return /^\$(oid|date|number(Long|Int|Double|Decimal)|regularExpression|uuid|binary|timestamp|symbol|minKey|maxKey|undefined|code|dbPointer)$/.test(
    key,
  );
}

function isRegex(value: unknown): boolean {
  return regexOf(value) !== null;
}

/** `$or` over equalities of one field, which servers rewrite to `$in`. */
function sameFieldValues(branches: readonly EjsonDocument[]): { field: string; values: unknown[] } | null {
  let field: string | undefined;
  const values: unknown[] = [];
  for (const branch of branches) {
    const [key, ...more] = Object.keys(branch);
    if (key === undefined || more.length || key.startsWith('$') || (field !== undefined && key !== field)) return null;
    field = key;
    const own: Predicate[] = [];
    addPredicates(own, key, branch[key]);
    if (own.length !== 1 || own[0].operator !== '$eq') return null;
    values.push(own[0].value);
  }
  return field === undefined || branches.length < 2 ? null : { field, values };
}

export interface Regex {
  readonly pattern: string;
  readonly flags: string;
}

/** A regular expression in any of its forms: `{ $regex, $options }`, EJSON, BSON, or JavaScript's own. */
export function regexOf(value: unknown): Regex | null {
  if (value instanceof RegExp) return { pattern: value.source, flags: value.flags };
  if (typeof value !== 'object' || value === null) return null;
  const raw = value as EjsonDocument;
  if (raw._bsontype === 'BSONRegExp') return { pattern: asText(raw.pattern) ?? '', flags: asText(raw.options) ?? '' };
  const ejson = asDocument(raw.$regularExpression);
  if (ejson) return { pattern: asText(ejson.pattern) ?? '', flags: asText(ejson.options) ?? '' };
  if (raw.$regex === undefined) return null;
  const flags = asText(raw.$options) ?? '';
  if (typeof raw.$regex === 'string') return { pattern: raw.$regex, flags };
  const inner = raw.$regex instanceof RegExp ? raw.$regex : asDocument(asDocument(raw.$regex)?.$regularExpression);
  if (inner instanceof RegExp) return { pattern: inner.source, flags: flags || inner.flags };
  return inner ? { pattern: asText(inner.pattern) ?? '', flags: flags || (asText(inner.options) ?? '') } : null;
}

/** Whether an index can be entered at the pattern's beginning: anchored, then a literal character, case-sensitive. */
export function isPrefixRegex({ pattern, flags }: Regex): boolean {
  return /^(\^|\\A)(?![.[(|^$*+?{]|\\[^\W_]|.[*?{])/.test(pattern) && !/[im]/.test(flags) && !/^[^\\]*\|/.test(pattern);
}

export type PredicateClass = 'equality' | 'range' | 'unindexed';

/** More values in a `$in` are treated as a range: they no longer keep an index in order. */
export const IN_AS_RANGE = 200;

/** What an index can do with it: enter at a value, at a range, or nothing that bounds it. */
export function classOf({ operator, value }: Predicate): PredicateClass {
  switch (operator) {
    case '$eq':
      return 'equality';
    case '$in':
      if (!Array.isArray(value)) return 'unindexed';
      if (value.some(isRegex))
        return value.every((one) => !isRegex(one) || isPrefixRegex(regexOf(one) ?? { pattern: '', flags: '' }))
          ? 'range'
          : 'unindexed';
      return value.length <= IN_AS_RANGE ? 'equality' : 'range';
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return 'range';
    case '$exists':
      return value === false || value === 0 ? 'unindexed' : 'range';
    case '$regex': {
      const regex = regexOf(value);
      return regex && isPrefixRegex(regex) ? 'range' : 'unindexed';
    }
    case '$all':
      return 'equality';
    case '$elemMatch':
      return 'range';
    default:
      return 'unindexed';
  }
}

export function isNegation({ operator, value }: Predicate): boolean {
  return (
    operator === '$ne' ||
    operator === '$nin' ||
    operator === '$not' ||
    (operator === '$exists' && (value === false || value === 0))
  );
}

/** All field names that a filter asks for, at any depth of its logic. */
export function filterFields(filter: EjsonDocument): Set<string> {
  const fields = new Set<string>();
  const open: EjsonDocument[] = [filter];
  for (let at = 0; at < open.length; at++) {
    for (const key in open[at]) {
      if (key === '$and' || key === '$or' || key === '$nor')
        for (const one of documentsOf(open[at][key])) open.push(one);
      else if (!key.startsWith('$')) fields.add(key);
    }
  }
  return fields;
}
