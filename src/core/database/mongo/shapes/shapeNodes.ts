import { asDocument, isDocument, type EjsonDocument } from '../../../ejson/documents';

/**
 * A part of a command without its values. A text that begins with `?` stands for a value (`?string`, `?array<?number>`), one of
 * `?hole:` for a value that the source does not give; any other text is kept as it was, as JSON.
 */
export type ShapeNode = string | readonly ShapeNode[] | { readonly [key: string]: ShapeNode };

/** Stands for a value that a statement does not give; the hole's type follows. */
export const HOLE = '?hole:';
/** As a value inside a command: what a hole is filled with to learn its shape. */
export const HOLE_KEY = '$heatlensHole';
/** Values nested deeper are not looked at. */
export const DEEPEST = 60;

const WRAPPED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    $numberInt: '?number',
    $numberLong: '?number',
    $numberDouble: '?number',
    $numberDecimal: '?number',
    $oid: '?objectId',
    $date: '?date',
    $regularExpression: '?regex',
    $binary: '?binary',
    $uuid: '?binary',
    $timestamp: '?timestamp',
    $minKey: '?minKey',
    $maxKey: '?maxKey',
    $symbol: '?string',
    $code: '?javascript',
    $undefined: '?null',
  }),
);

/** The hole that a value stands for. */
export function holeOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.startsWith(HOLE) ? value : undefined;
  const type = asDocument(value)?.[HOLE_KEY];
  return typeof type === 'string' && Object.keys(value as object).length === 1 ? HOLE + type : undefined;
}

function wrappedType(value: EjsonDocument): string | undefined {
  const keys = Object.keys(value);
  return keys.length <= 2 ? WRAPPED.get(keys[0]) : undefined;
}

/** The type of a value; of a document, its fields in their order, which equality asks for. */
export function typeNode(value: unknown, depth = 0): ShapeNode {
  const hole = holeOf(value);
  if (hole !== undefined) return hole;
  if (value === null || value === undefined) return '?null';
  if (Array.isArray(value)) return arrayNode(value, depth);
  if (!isDocument(value))
    return typeof value === 'object' ? '?value' : `?${typeof value === 'bigint' ? 'number' : typeof value}`;
  const type = wrappedType(value);
  if (type !== undefined) return type;
  return depth > DEEPEST
    ? '?object'
    : record(Object.entries(value).map(([key, entry]) => [key, typeNode(entry, depth + 1)]));
}

/** Lists of values differ in length from call to call: only the kinds of their elements are kept. */
function arrayNode(values: readonly unknown[], depth: number): string {
  const types = new Set(
    values.map((value) => {
      const node = typeNode(value, depth + 1);
      return typeof node === 'string' ? node : '?object';
    }),
  );
  return `?array<${[...types].sort().join('|')}>`;
}

export function record(entries: readonly (readonly [string, ShapeNode])[]): ShapeNode {
  return Object.fromEntries(entries);
}

/** Fields whose order means nothing. */
export function sortedRecord(entries: readonly (readonly [string, ShapeNode])[]): ShapeNode {
  return record([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A filter: fields and operators sorted, `$and` and `$or` sorted and without equal branches, lists folded. */
export function filterNode(filter: unknown, depth = 0): ShapeNode {
  const hole = holeOf(filter);
  if (hole !== undefined || !isDocument(filter) || depth > DEEPEST) return hole ?? '?object';
  const entries = Object.entries(filter).filter(([key]) => key !== '$comment');
  return sortedRecord(
    entries.map(([key, value]): [string, ShapeNode] => {
      switch (key) {
        case '$and':
        case '$or':
        case '$nor':
          return [key, Array.isArray(value) ? branches(value, depth) : typeNode(value)];
        case '$expr':
          return [key, expressionNode(value)];
        default:
          return [key, key.startsWith('$') ? typeNode(value, depth + 1) : predicateNode(value, depth + 1)];
      }
    }),
  );
}

function branches(values: readonly unknown[], depth: number): ShapeNode {
  const byText = new Map(
    values.map((value) => {
      const node = filterNode(value, depth + 1);
      return [nodeText(node), node] as const;
    }),
  );
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
}

function isOperators(value: EjsonDocument): boolean {
  const [first] = Object.keys(value);
  return first?.startsWith('$') && first !== HOLE_KEY && first !== '$ref';
}

function predicateNode(value: unknown, depth: number): ShapeNode {
  const wrapper = asDocument(value);
  if (!wrapper || !isOperators(wrapper) || wrappedType(wrapper) !== undefined || depth > DEEPEST)
    return typeNode(value, depth);
  const { $eq, $regex, $options: _options, ...others } = wrapper;
  const entries = Object.entries(others).map(([operator, operand]): [string, ShapeNode] => [
    operator,
    operandNode(operator, operand, depth),
  ]);
  if ($regex !== undefined) entries.push(['$regex', '?regex']);
  if ($eq !== undefined) entries.push(['$eq', typeNode($eq, depth)]);
  // Both are what a plain value of this type says.
  if (entries.length === 1 && /^\$(eq|regex)$/.test(entries[0][0])) return entries[0][1];
  return sortedRecord(entries);
}

function operandNode(operator: string, operand: unknown, depth: number): ShapeNode {
  switch (operator) {
    case '$not':
      return predicateNode(operand, depth + 1);
    case '$elemMatch': {
      const inner = asDocument(operand);
      const ofValues = inner && isOperators(inner) && !/^\$(and|or|nor|expr)$/.test(Object.keys(inner)[0]);
      return ofValues ? predicateNode(operand, depth + 1) : filterNode(operand, depth + 1);
    }
    default:
      return typeNode(operand, depth + 1);
  }
}

/** An expression of the aggregation: paths and operators are kept, values are not. */
export function expressionNode(value: unknown, depth = 0): ShapeNode {
  const hole = holeOf(value);
  if (hole !== undefined) return hole;
  if (typeof value === 'string') return value.startsWith('$') ? JSON.stringify(value) : '?string';
  if (Array.isArray(value)) {
    const nodes = value.map((item) => expressionNode(item, depth + 1));
    return nodes.every((node) => typeof node === 'string' && node.startsWith('?')) ? arrayNode(value, depth) : nodes;
  }
  if (!isDocument(value) || wrappedType(value) !== undefined || depth > DEEPEST) return typeNode(value, depth);
  return record(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === '$literal' ? typeNode(entry) : expressionNode(entry, depth + 1),
    ]),
  );
}

/** What is in and what is out; computed fields as expressions. */
export function projectionNode(projection: unknown, depth = 0): ShapeNode {
  const hole = holeOf(projection);
  if (hole !== undefined || !isDocument(projection) || depth > DEEPEST) return hole ?? '?object';
  return sortedRecord(
    Object.entries(projection).map(([key, value]): [string, ShapeNode] => {
      const flag = flagOf(value);
      if (flag !== undefined) return [key, flag ? '1' : '0'];
      const nested = asDocument(value);
      return [
        key,
        nested && !Object.keys(nested)[0]?.startsWith('$') ? projectionNode(nested, depth + 1) : expressionNode(value),
      ];
    }),
  );
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const number = plainNumber(value);
  return number === undefined ? undefined : number !== 0;
}

function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const wrapper = asDocument(value);
  return wrapper && wrappedType(wrapper) === '?number' ? Number(Object.values(wrapper)[0]) : undefined;
}

/** Fields in their order, with their directions. */
export function sortNode(sort: unknown): ShapeNode {
  const hole = holeOf(sort);
  if (hole !== undefined || !isDocument(sort)) return hole ?? '?object';
  return record(
    Object.entries(sort).map(([key, value]) => [
      key,
      plainNumber(value) === undefined ? keptNode(value) : plainNumber(value) === -1 ? '-1' : '1',
    ]),
  );
}

/** As it is: names, collations, meta. */
export function keptNode(value: unknown, depth = 0): ShapeNode {
  const hole = holeOf(value);
  if (hole !== undefined) return hole;
  const number = plainNumber(value);
  if (number !== undefined) return String(number);
  if (Array.isArray(value)) return value.map((item) => keptNode(item, depth + 1));
  if (isDocument(value) && depth <= DEEPEST)
    return record(Object.entries(value).map(([key, entry]) => [key, keptNode(entry, depth + 1)]));
  return JSON.stringify(value) ?? '?null';
}

/** On one line, as the shell would have it; equal nodes have equal texts. */
export function nodeText(node: ShapeNode): string {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return `[${(node as readonly ShapeNode[]).map(nodeText).join(', ')}]`;
  const entries = Object.entries(node).map(
    ([key, value]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${nodeText(value)}`,
  );
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}
