import type { Value } from '../database/statement';
import { assignTo, keyOf, setVariable, typeOfValue, withEntry } from './assign';
import type { Expression, Item } from '../code/syntax';
import { evaluateCall } from './evaluateCall';
import { valueByName } from '../database/mongo/calls/evidence';
import { conditionText, runBody, runMembers } from './execute';
import { sliced } from './slices';
import { lookup, lookupImport } from './lookup';
import { memberOf } from './members';
import { mergeAbstractValues, mergeValues, NOTHING } from './mergeValues';
import { MAX_NESTING, type Evaluation } from './evaluation';
import {
  data,
  holeFor,
  literal,
  rangeOf,
  originsOf,
  textOf,
  valueOf,
  withOrigin,
  type Scope,
  type AbstractValue,
} from './abstractValue';
import { valueOfType } from './typedValues';
import type { HoleType } from './types';

/** What an expression stands for; a hole where the text does not tell. */
export function evaluate(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue {
  if (--evaluation.budget <= 0 || evaluation.nesting >= MAX_NESTING) return data(holeFor(expression, scope));
  evaluation.nesting++;
  const abstract = evaluateKind(evaluation, expression, scope);
  evaluation.nesting--;
  return abstract;
}

function evaluateKind(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue {
  switch (expression.kind) {
    case 'literal':
      return data(literal(expression.value));
    case 'undefined':
      return data(NOTHING);
    case 'template':
      return template(evaluation, expression, scope);
    case 'regex':
      return data({
        kind: 'ejson',
        value: { $regularExpression: { pattern: expression.pattern, options: bsonFlags(expression.flags) } },
      });
    case 'name':
      return lookedUp(evaluation, expression, scope);
    case 'self':
      return scope.self ?? data(holeFor(expression, scope));
    case 'member':
    case 'index':
      return member(evaluation, expression, scope);
    case 'call':
      return evaluateCall(evaluation, expression, scope);
    case 'array':
      return array(evaluation, expression, scope);
    case 'object':
      return object(evaluation, expression, scope);
    case 'either': {
      evaluate(evaluation, expression.condition, scope);
      const then = evaluate(evaluation, expression.then, scope);
      const otherwise = evaluate(evaluation, expression.otherwise, scope);
      return both(conditionText(expression.condition, scope), then, otherwise, expression, scope);
    }
    case 'logical':
      return logical(evaluation, expression, scope);
    case 'operation':
      return operation(evaluation, expression, scope);
    case 'await': {
      const abstract = evaluate(evaluation, expression.value, scope);
      // A query of Mongoose that is awaited is its result; a cursor of the driver stays one.
      return abstract.is === 'cursor' && abstract.draft.collection.api === 'mongoose'
        ? data(holeFor(expression, scope))
        : abstract;
    }
    case 'cast': {
      const abstract = evaluate(evaluation, expression.value, scope);
      if (abstract.is !== 'data' || abstract.value.kind !== 'hole' || /^(any|unknown|const)$/.test(expression.type))
        return abstract;
      const typed = valueOfType(evaluation, scope, expression.type, abstract.value.hole.name, expression);
      return typed.is === 'data' && typed.value.kind === 'hole' && typed.value.hole.type === 'unknown'
        ? abstract
        : typed;
    }
    case 'assign':
      return assignment(evaluation, expression, scope);
    case 'function':
      if (evaluation.drafts || evaluation.callbacks) runBody(evaluation, expression.function, scope, undefined);
      return { is: 'function', code: expression.function, scope };
    case 'class': {
      const abstract: AbstractValue = { is: 'class', code: expression.class, scope };
      if (evaluation.drafts) runMembers(evaluation, abstract, expression.class.members);
      return abstract;
    }
    case 'slice':
      return sliced(evaluation, expression, scope);
    case 'import':
      return lookupImport(evaluation, scope.module, expression.specifier, '*') ?? data(holeFor(expression, scope));
    case 'other':
      for (const part of expression.parts) evaluate(evaluation, part, scope);
      return data(holeFor(expression, scope));
  }
}

function bsonFlags(flags: string): string {
  return [...flags]
    .filter((flag) => 'imsux'.includes(flag))
    .sort()
    .join('');
}

function lookedUp(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'name' }>,
  scope: Scope,
): AbstractValue {
  const found = lookup(evaluation, scope, expression.name);
  const isHole = found?.is === 'data' && found.value.kind === 'hole' && found.value.hole.type === 'unknown';
  if (found && !isHole) return found;
  return valueByName(evaluation, expression, scope) ?? found ?? data(holeFor(expression, scope));
}

function member(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'member' | 'index' }>,
  scope: Scope,
): AbstractValue {
  const object = evaluate(evaluation, expression.object, scope);
  const name = expression.kind === 'member' ? expression.name : keyOf(evaluation, expression.index, scope);
  if (name === undefined) {
    const isPlace = object.is === 'database' && (object.api === 'pymongo' || object.api === 'motor');
    if (isPlace && expression.kind === 'index') {
      return {
        is: 'collection',
        api: object.api,
        name: null,
        asked: textOf(expression.index, scope),
        database: object.name,
      };
    }
    return data(holeFor(expression, scope));
  }
  const found = memberOf(evaluation, object, name);
  if (object.is === 'collection' && expression.kind === 'member' && isDottedCollection(object.api, name)) {
    return object.name === null ? object : { ...object, name: `${object.name}.${name}` };
  }
  const isHole = !found || (found.is === 'data' && found.value.kind === 'hole' && found.value.hole.type === 'unknown');
  if (!isHole) return found;
  return valueByName(evaluation, expression, scope) ?? found ?? data(holeFor(expression, scope));
}

/** `db.orders.archive` of PyMongo; a name with an underscore or a verb of its own may be a method, so only plain ones count. */
function isDottedCollection(api: string, name: string): boolean {
  return (
    (api === 'pymongo' || api === 'motor') &&
    /^[a-z]+$/.test(name) &&
    !/^(find|aggregate|distinct|rename|drop|watch|name|database|options|count|insert|update|remove|save|codec|group)$/.test(
      name,
    )
  );
}

function both(
  condition: string,
  then: AbstractValue,
  otherwise: AbstractValue,
  expression: Extract<Expression, { kind: 'either' }>,
  scope: Scope,
): AbstractValue {
  const merged =
    then.is === 'data' || otherwise.is === 'data' ? undefined : mergeAbstractValues(condition, then, otherwise);
  if (merged) return merged;
  // A collection or nothing is that collection.
  if (then.is !== 'data' && then.is !== 'object') return then;
  if (otherwise.is !== 'data' && otherwise.is !== 'object') return otherwise;
  const value = mergeValues(
    condition,
    valueOf(then, expression.then, scope),
    valueOf(otherwise, expression.otherwise, scope),
  );
  return data(value, [...originsOf(then), ...originsOf(otherwise)]);
}

function logical(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'logical' }>,
  scope: Scope,
): AbstractValue {
  const left = evaluate(evaluation, expression.left, scope);
  const right = evaluate(evaluation, expression.right, scope);
  if (expression.operator === '&&') {
    if (right.is !== 'data') return right;
    const shape = right.value.kind === 'document' || right.value.kind === 'array';
    const condition = conditionText(expression.left, scope);
    if (shape) return data({ kind: 'either', condition, then: right.value, otherwise: NOTHING }, originsOf(right));
    return data(holeFor(expression, scope, typeOfValue(right.value)), originsOf(left));
  }
  // `mongoose.models.Order || mongoose.model('Order', schema)`
  if (left.is === 'external') return right;
  if (left.is !== 'data') return left;
  if (
    left.value.kind === 'nothing' ||
    (left.value.kind === 'literal' &&
      (left.value.value === null || (expression.operator === '||' && !left.value.value)))
  )
    return right;
  if (left.value.kind !== 'hole') return left;
  if (right.is !== 'data') return right;
  const known = left.value.hole.type;
  const type = known === 'unknown' ? typeOfValue(right.value) : known;
  return data(holeFor(expression, scope, type), originsOf(left));
}

function template(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'template' }>,
  scope: Scope,
): AbstractValue {
  let text = '';
  let known = true;
  const origins = [];
  for (const part of expression.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const abstract = evaluate(evaluation, part, scope);
    origins.push(...originsOf(abstract));
    if (abstract.is === 'data' && abstract.value.kind === 'literal') text += String(abstract.value.value);
    else known = false;
  }
  return known ? data(literal(text), origins) : data(holeFor(expression, scope, 'string'), origins);
}

function array(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'array' }>,
  scope: Scope,
): AbstractValue {
  const origins = [];
  const items: Value[] = [];
  for (const item of expression.items) {
    const abstract = evaluate(evaluation, item.value, scope);
    origins.push(...originsOf(abstract));
    items.push(...itemsOf(item, valueOf(abstract, item.value, scope)));
  }
  return data({ kind: 'array', items }, [...new Set(origins)]);
}

/** What an item adds: a spread one all that it holds. */
export function itemsOf(item: Pick<Item, 'spread'>, value: Value): readonly Value[] {
  if (!item.spread) return value.kind === 'nothing' ? [literal(null)] : [value];
  if (value.kind === 'array') return value.items;
  if (value.kind === 'nothing') return [];
  if (value.kind === 'either' && isSpreadable(value.then) && isSpreadable(value.otherwise)) {
    const { condition } = value;
    const then = itemsOf(item, value.then).map((one): Value => ({
      kind: 'either',
      condition,
      then: one,
      otherwise: NOTHING,
    }));
    const otherwise = itemsOf(item, value.otherwise).map((one): Value => ({
      kind: 'either',
      condition,
      then: NOTHING,
      otherwise: one,
    }));
    return [...then, ...otherwise];
  }
  return [{ kind: 'spread', value }];
}

function isSpreadable(value: Value): boolean {
  return value.kind === 'array' || value.kind === 'document' || value.kind === 'nothing';
}

function object(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'object' }>,
  scope: Scope,
): AbstractValue {
  const abstractValues = new Map<string, AbstractValue>();
  const origins = [];
  let entries: readonly (readonly [string, Value])[] = [];
  let isData = true;
  for (const { key, value } of expression.entries) {
    const abstract = evaluate(evaluation, value, scope);
    origins.push(...originsOf(abstract));
    if (key === null) {
      if (abstract.is === 'object') {
        for (const [name, entry] of abstract.entries) abstractValues.set(name, entry);
        isData = false;
      }
      entries = spreadEntries(entries, valueOf(abstract, value, scope));
      continue;
    }
    const name = typeof key === 'string' ? key : keyOf(evaluation, key, scope);
    if (abstract.is !== 'data') isData = false;
    if (name === undefined) {
      // A key that the text does not tell: `{ [field]: 1 }`.
      const hole = typeof key === 'string' ? NOTHING : holeFor(key, scope, 'string');
      entries = [...entries, ['...', { kind: 'spread', value: computed(hole, valueOf(abstract, value, scope)) }]];
      continue;
    }
    abstractValues.set(name, abstract);
    const entryValue = valueOf(abstract, value, scope);
    if (entryValue.kind !== 'nothing') entries = withEntry(entries, name, entryValue);
  }
  if (isData) return data({ kind: 'document', entries }, [...new Set(origins)]);
  for (const [name, value] of entries) if (!abstractValues.has(name)) abstractValues.set(name, data(value));
  return { is: 'object', entries: abstractValues, origins: [...new Set(origins)] };
}

/** One field whose name is a hole, as the list of pairs that stands for it. */
function computed(key: Value, value: Value): Value {
  return { kind: 'array', items: [{ kind: 'array', items: [key, value] }] };
}

export function spreadEntries(
  entries: readonly (readonly [string, Value])[],
  value: Value,
): readonly (readonly [string, Value])[] {
  if (value.kind === 'document')
    return value.entries.reduce((all, [key, entry]) => withEntry(all, key, entry), entries);
  if (value.kind === 'nothing') return entries;
  if (value.kind === 'either' && isSpreadable(value.then) && isSpreadable(value.otherwise)) {
    const then: Value = { kind: 'document', entries: spreadEntries(entries, value.then) };
    const otherwise: Value = { kind: 'document', entries: spreadEntries(entries, value.otherwise) };
    const merged = mergeValues(value.condition, then, otherwise);
    if (merged.kind === 'document') return merged.entries;
    if (!entries.length) {
      const known = [...(then.kind === 'document' ? then.entries : [])].map(
        ([key, entry]): readonly [string, Value] => [
          key,
          { kind: 'either', condition: value.condition, then: entry, otherwise: NOTHING },
        ],
      );
      const others = spreadEntries([], value.otherwise).map(([key, entry]): readonly [string, Value] => [
        key,
        { kind: 'either', condition: value.condition, then: NOTHING, otherwise: entry },
      ]);
      if (!others.some(([key]) => known.some(([name]) => name === key))) return [...known, ...others];
    }
  }
  return [...entries, ['...', { kind: 'spread', value }]];
}

function operation(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'operation' }>,
  scope: Scope,
): AbstractValue {
  const { operator, operands } = expression;
  const abstractValues = operands.map((operand) => evaluate(evaluation, operand, scope));
  const origins = abstractValues.flatMap((abstract) => originsOf(abstract));
  const values = abstractValues.map((abstract) =>
    abstract.is === 'data' && abstract.value.kind === 'literal' ? abstract.value.value : undefined,
  );
  const [a, b] = values;
  if (operands.length === 1 && typeof a === 'number' && (operator === '-' || operator === '+'))
    return data(literal(operator === '-' ? -a : a), origins);
  if (typeof a === 'number' && typeof b === 'number') {
    const folded = arithmetic(operator, a, b);
    if (folded !== undefined && Number.isFinite(folded)) return data(literal(folded), origins);
  }
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return data(literal(a + b), origins);
  const [left, right] = abstractValues;
  if (
    operator === '+' &&
    left?.is === 'data' &&
    right?.is === 'data' &&
    left.value.kind === 'array' &&
    right.value.kind === 'array'
  ) {
    return data({ kind: 'array', items: [...left.value.items, ...right.value.items] }, origins);
  }
  if (operator === '|' && left?.is === 'data' && right?.is === 'data' && left.value.kind === 'document') {
    return data({ kind: 'document', entries: spreadEntries(left.value.entries, right.value) }, origins);
  }
  return data(holeFor(expression, scope, operationType(operator, abstractValues, scope)), origins);
}

function arithmetic(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '**':
      return a ** b;
    default:
      return undefined;
  }
}

function operationType(operator: string, abstractValues: readonly AbstractValue[], scope: Scope): HoleType {
  const count = abstractValues.length;
  const types = abstractValues.map((abstract) => (abstract.is === 'data' ? typeOfValue(abstract.value) : 'unknown'));
  if (/^(===?|!==?|[<>]=?|!|not|in|is|instanceof|delete)$/.test(operator)) return 'boolean';
  if (types.some((type) => type === 'date'))
    return scope.unit.language === 'python' && operator !== '/' ? 'date' : 'unknown';
  if (['*', '/', '%', '**', '//'].includes(operator) && types[0] !== 'string') return 'number';
  if (operator === '-' || (operator === '+' && count === 1))
    return count === 1 || types.includes('number') ? 'number' : 'unknown';
  if (operator === '+')
    return types.includes('string') ? 'string' : types.every((type) => type === 'number') ? 'number' : 'unknown';
  return operator === '%' ? 'string' : 'unknown';
}

function assignment(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'assign' }>,
  scope: Scope,
): AbstractValue {
  const { target, operator, value } = expression;
  const assigned = evaluate(evaluation, value, scope);
  if (operator === '=' || operator === '??=' || operator === '||=') {
    const annotated =
      value.kind === 'cast' && assigned.is === 'data' && assigned.value.kind === 'nothing'
        ? valueOfType(evaluation, scope, value.type, textOf(target, scope), target)
        : assigned;
    assignTo(evaluation, target, annotated, scope);
    return annotated;
  }
  if (target.kind !== 'name') return assigned;
  const before = lookup(evaluation, scope, target.name);
  const changed = added(operator, before, assigned, value, scope);
  if (before)
    setVariable(
      target.name,
      withOrigin(changed ?? data(holeFor(expression, scope), originsOf(before)), rangeOf(expression, scope)),
      scope,
    );
  return changed ?? assigned;
}

/** `pipeline += [...]`, `query |= {...}` */
function added(
  operator: string,
  before: AbstractValue | undefined,
  assigned: AbstractValue,
  value: Expression,
  scope: Scope,
): AbstractValue | undefined {
  if (before?.is !== 'data') return undefined;
  const more = valueOf(assigned, value, scope);
  if (operator === '+=' && before.value.kind === 'array') {
    return { ...before, value: { kind: 'array', items: [...before.value.items, ...itemsOf({ spread: true }, more)] } };
  }
  if (operator === '|=' && before.value.kind === 'document') {
    return { ...before, value: { kind: 'document', entries: spreadEntries(before.value.entries, more) } };
  }
  return undefined;
}
