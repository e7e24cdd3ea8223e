import type { Value } from '../database/statement';
import { assignTo, keyOf, setVariable, typeOfValue, withEntry } from './assign';
import type { Expression, Item } from '../code/syntax';
import { evaluateCall } from './evaluateCall';
import { thingByName } from '../database/mongo/calls/evidence';
import { conditionText, runBody, runMembers } from './execute';
import { sliced } from './slices';
import { lookup, lookupImport } from './lookup';
import { memberOf } from './members';
import { mergeThings, mergeValues, NOTHING } from './mergeValues';
import { MAX_NESTING, type Run } from './evaluation';
import {
  data,
  holeFor,
  literal,
  placeOf,
  placesOf,
  textOf,
  valueOf,
  withPlace,
  type Scope,
  type Thing,
} from './abstractValue';
import { thingOfType } from './typedValues';
import type { HoleType } from './types';

/** What an expression stands for; a hole where the text does not tell. */
export function evaluate(run: Run, expression: Expression, scope: Scope): Thing {
  if (--run.budget <= 0 || run.nesting >= MAX_NESTING) return data(holeFor(expression, scope));
  run.nesting++;
  const thing = evaluateKind(run, expression, scope);
  run.nesting--;
  return thing;
}

function evaluateKind(run: Run, expression: Expression, scope: Scope): Thing {
  switch (expression.kind) {
    case 'literal':
      return data(literal(expression.value));
    case 'undefined':
      return data(NOTHING);
    case 'template':
      return template(run, expression, scope);
    case 'regex':
      return data({
        kind: 'ejson',
        value: { $regularExpression: { pattern: expression.pattern, options: bsonFlags(expression.flags) } },
      });
    case 'name':
      return lookedUp(run, expression, scope);
    case 'self':
      return scope.self ?? data(holeFor(expression, scope));
    case 'member':
    case 'index':
      return member(run, expression, scope);
    case 'call':
      return evaluateCall(run, expression, scope);
    case 'array':
      return array(run, expression, scope);
    case 'object':
      return object(run, expression, scope);
    case 'either': {
      evaluate(run, expression.condition, scope);
      const then = evaluate(run, expression.then, scope);
      const otherwise = evaluate(run, expression.otherwise, scope);
      return both(conditionText(expression.condition, scope), then, otherwise, expression, scope);
    }
    case 'logical':
      return logical(run, expression, scope);
    case 'operation':
      return operation(run, expression, scope);
    case 'await': {
      const thing = evaluate(run, expression.value, scope);
      // A query of Mongoose that is awaited is its result; a cursor of the driver stays one.
      return thing.is === 'cursor' && thing.draft.collection.api === 'mongoose'
        ? data(holeFor(expression, scope))
        : thing;
    }
    case 'cast': {
      const thing = evaluate(run, expression.value, scope);
      if (thing.is !== 'data' || thing.value.kind !== 'hole' || /^(any|unknown|const)$/.test(expression.type))
        return thing;
      const typed = thingOfType(run, scope, expression.type, thing.value.hole.name, expression);
      return typed.is === 'data' && typed.value.kind === 'hole' && typed.value.hole.type === 'unknown' ? thing : typed;
    }
    case 'assign':
      return assignment(run, expression, scope);
    case 'function':
      if (run.drafts || run.callbacks) runBody(run, expression.function, scope, undefined);
      return { is: 'function', code: expression.function, scope };
    case 'class': {
      const thing: Thing = { is: 'class', code: expression.class, scope };
      if (run.drafts) runMembers(run, thing, expression.class.members);
      return thing;
    }
    case 'slice':
      return sliced(run, expression, scope);
    case 'import':
      return lookupImport(run, scope.module, expression.specifier, '*') ?? data(holeFor(expression, scope));
    case 'other':
      for (const part of expression.parts) evaluate(run, part, scope);
      return data(holeFor(expression, scope));
  }
}

function bsonFlags(flags: string): string {
  return [...flags]
    .filter((flag) => 'imsux'.includes(flag))
    .sort()
    .join('');
}

function lookedUp(run: Run, expression: Extract<Expression, { kind: 'name' }>, scope: Scope): Thing {
  const found = lookup(run, scope, expression.name);
  const isHole = found?.is === 'data' && found.value.kind === 'hole' && found.value.hole.type === 'unknown';
  if (found && !isHole) return found;
  return thingByName(run, expression, scope) ?? found ?? data(holeFor(expression, scope));
}

function member(run: Run, expression: Extract<Expression, { kind: 'member' | 'index' }>, scope: Scope): Thing {
  const object = evaluate(run, expression.object, scope);
  const name = expression.kind === 'member' ? expression.name : keyOf(run, expression.index, scope);
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
  const found = memberOf(run, object, name);
  if (object.is === 'collection' && expression.kind === 'member' && isDottedCollection(object.api, name)) {
    return object.name === null ? object : { ...object, name: `${object.name}.${name}` };
  }
  const isHole = !found || (found.is === 'data' && found.value.kind === 'hole' && found.value.hole.type === 'unknown');
  if (!isHole) return found;
  return thingByName(run, expression, scope) ?? found ?? data(holeFor(expression, scope));
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
  then: Thing,
  otherwise: Thing,
  expression: Extract<Expression, { kind: 'either' }>,
  scope: Scope,
): Thing {
  const merged = then.is === 'data' || otherwise.is === 'data' ? undefined : mergeThings(condition, then, otherwise);
  if (merged) return merged;
  // A collection or nothing is that collection.
  if (then.is !== 'data' && then.is !== 'object') return then;
  if (otherwise.is !== 'data' && otherwise.is !== 'object') return otherwise;
  const value = mergeValues(
    condition,
    valueOf(then, expression.then, scope),
    valueOf(otherwise, expression.otherwise, scope),
  );
  return data(value, [...placesOf(then), ...placesOf(otherwise)]);
}

function logical(run: Run, expression: Extract<Expression, { kind: 'logical' }>, scope: Scope): Thing {
  const left = evaluate(run, expression.left, scope);
  const right = evaluate(run, expression.right, scope);
  if (expression.operator === '&&') {
    if (right.is !== 'data') return right;
    const shape = right.value.kind === 'document' || right.value.kind === 'array';
    const condition = conditionText(expression.left, scope);
    if (shape) return data({ kind: 'either', condition, then: right.value, otherwise: NOTHING }, placesOf(right));
    return data(holeFor(expression, scope, typeOfValue(right.value)), placesOf(left));
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
  return data(holeFor(expression, scope, type), placesOf(left));
}

function template(run: Run, expression: Extract<Expression, { kind: 'template' }>, scope: Scope): Thing {
  let text = '';
  let known = true;
  const places = [];
  for (const part of expression.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const thing = evaluate(run, part, scope);
    places.push(...placesOf(thing));
    if (thing.is === 'data' && thing.value.kind === 'literal') text += String(thing.value.value);
    else known = false;
  }
  return known ? data(literal(text), places) : data(holeFor(expression, scope, 'string'), places);
}

function array(run: Run, expression: Extract<Expression, { kind: 'array' }>, scope: Scope): Thing {
  const places = [];
  const items: Value[] = [];
  for (const item of expression.items) {
    const thing = evaluate(run, item.value, scope);
    places.push(...placesOf(thing));
    items.push(...itemsOf(item, valueOf(thing, item.value, scope)));
  }
  return data({ kind: 'array', items }, [...new Set(places)]);
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

function object(run: Run, expression: Extract<Expression, { kind: 'object' }>, scope: Scope): Thing {
  const things = new Map<string, Thing>();
  const places = [];
  let entries: readonly (readonly [string, Value])[] = [];
  let isData = true;
  for (const { key, value } of expression.entries) {
    const thing = evaluate(run, value, scope);
    places.push(...placesOf(thing));
    if (key === null) {
      if (thing.is === 'object') {
        for (const [name, entry] of thing.entries) things.set(name, entry);
        isData = false;
      }
      entries = spreadEntries(entries, valueOf(thing, value, scope));
      continue;
    }
    const name = typeof key === 'string' ? key : keyOf(run, key, scope);
    if (thing.is !== 'data') isData = false;
    if (name === undefined) {
      // A key that the text does not tell: `{ [field]: 1 }`.
      const hole = typeof key === 'string' ? NOTHING : holeFor(key, scope, 'string');
      entries = [...entries, ['...', { kind: 'spread', value: computed(hole, valueOf(thing, value, scope)) }]];
      continue;
    }
    things.set(name, thing);
    const entryValue = valueOf(thing, value, scope);
    if (entryValue.kind !== 'nothing') entries = withEntry(entries, name, entryValue);
  }
  if (isData) return data({ kind: 'document', entries }, [...new Set(places)]);
  for (const [name, value] of entries) if (!things.has(name)) things.set(name, data(value));
  return { is: 'object', entries: things, places: [...new Set(places)] };
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

function operation(run: Run, expression: Extract<Expression, { kind: 'operation' }>, scope: Scope): Thing {
  const { operator, operands } = expression;
  const things = operands.map((operand) => evaluate(run, operand, scope));
  const places = things.flatMap((thing) => placesOf(thing));
  const values = things.map((thing) =>
    thing.is === 'data' && thing.value.kind === 'literal' ? thing.value.value : undefined,
  );
  const [a, b] = values;
  if (operands.length === 1 && typeof a === 'number' && (operator === '-' || operator === '+'))
    return data(literal(operator === '-' ? -a : a), places);
  if (typeof a === 'number' && typeof b === 'number') {
    const folded = arithmetic(operator, a, b);
    if (folded !== undefined && Number.isFinite(folded)) return data(literal(folded), places);
  }
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return data(literal(a + b), places);
  const [left, right] = things;
  if (
    operator === '+' &&
    left?.is === 'data' &&
    right?.is === 'data' &&
    left.value.kind === 'array' &&
    right.value.kind === 'array'
  ) {
    return data({ kind: 'array', items: [...left.value.items, ...right.value.items] }, places);
  }
  if (operator === '|' && left?.is === 'data' && right?.is === 'data' && left.value.kind === 'document') {
    return data({ kind: 'document', entries: spreadEntries(left.value.entries, right.value) }, places);
  }
  return data(holeFor(expression, scope, operationType(operator, things, scope)), places);
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

function operationType(operator: string, things: readonly Thing[], scope: Scope): HoleType {
  const count = things.length;
  const types = things.map((thing) => (thing.is === 'data' ? typeOfValue(thing.value) : 'unknown'));
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

function assignment(run: Run, expression: Extract<Expression, { kind: 'assign' }>, scope: Scope): Thing {
  const { target, operator, value } = expression;
  const assigned = evaluate(run, value, scope);
  if (operator === '=' || operator === '??=' || operator === '||=') {
    const annotated =
      value.kind === 'cast' && assigned.is === 'data' && assigned.value.kind === 'nothing'
        ? thingOfType(run, scope, value.type, textOf(target, scope), target)
        : assigned;
    assignTo(run, target, annotated, scope);
    return annotated;
  }
  if (target.kind !== 'name') return assigned;
  const before = lookup(run, scope, target.name);
  const changed = added(operator, before, assigned, value, scope);
  if (before)
    setVariable(
      target.name,
      withPlace(changed ?? data(holeFor(expression, scope), placesOf(before)), placeOf(expression, scope)),
      scope,
    );
  return changed ?? assigned;
}

/** `pipeline += [...]`, `query |= {...}` */
function added(
  operator: string,
  before: Thing | undefined,
  assigned: Thing,
  value: Expression,
  scope: Scope,
): Thing | undefined {
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
