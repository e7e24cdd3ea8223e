import type { CodeRange, Expression } from '../code/syntax';
import { data, joinedOrigins, originsOf, valueOf, type AbstractValue } from './abstractValue';
import { spend } from './bounded';
import type { Evaluation } from './evaluation';
import { cutHole, holeFor, isCutHole } from './holes';
import { keyOf } from './keyOf';
import type { Scope } from './scope';
import { itemsOf, spreadEntries } from './spreads';
import { literal, NOTHING, withEntries, type Entries, type Value } from './value';
import { MAX_STRING, MAX_VALUE_SIZE } from './valueSize';

export function template(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'template' }>,
  scope: Scope,
): AbstractValue {
  let text = '';
  let known = true;
  let isCut = false;
  const origins: (readonly CodeRange[])[] = [];
  for (const part of expression.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const abstract = evaluation.evaluate(part, scope);
    origins.push(originsOf(abstract));
    if (abstract.is === 'data' && abstract.value.kind === 'literal') text += String(abstract.value.value);
    else known = false;
    if (text.length > MAX_STRING || (abstract.is === 'data' && isCutHole(abstract.value))) isCut = true;
    if (isCut) break;
  }
  if (isCut) return data(cutHole(expression, scope, 'string'), joinedOrigins(origins));
  return data(known ? literal(text) : holeFor(expression, scope, 'string'), joinedOrigins(origins));
}

export function array(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'array' }>,
  scope: Scope,
): AbstractValue {
  const origins: (readonly CodeRange[])[] = [];
  const items: Value[] = [];
  for (const item of expression.items) {
    const abstract = evaluation.evaluate(item.value, scope);
    origins.push(originsOf(abstract));
    for (const one of itemsOf(item, valueOf(abstract, item.value, scope))) items.push(one);
    if (items.length > MAX_VALUE_SIZE || evaluation.budget <= 0)
      return data(cutHole(expression, scope, 'array'), joinedOrigins(origins));
  }
  return data({ kind: 'array', items }, joinedOrigins(origins));
}

export function object(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'object' }>,
  scope: Scope,
): AbstractValue {
  const abstractValues = new Map<string, AbstractValue>();
  const origins: (readonly CodeRange[])[] = [];
  let entries: Entries = [];
  // Those since the last spread.
  let own: (readonly [string, Value])[] = [];
  let isData = true;
  for (const { key, value } of expression.entries) {
    const abstract = evaluation.evaluate(value, scope);
    origins.push(originsOf(abstract));
    if (entries.length + own.length > MAX_VALUE_SIZE || evaluation.budget <= 0)
      return data(cutHole(expression, scope, 'document'), joinedOrigins(origins));
    if (key === null) {
      entries = withEntries(entries, own);
      own = [];
      spend(evaluation, entries.length / 8);
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
      own.push(['...', { kind: 'spread', value: computed(hole, valueOf(abstract, value, scope)) }]);
      continue;
    }
    abstractValues.set(name, abstract);
    const entryValue = valueOf(abstract, value, scope);
    if (entryValue.kind !== 'nothing') own.push([name, entryValue]);
  }
  entries = withEntries(entries, own);
  if (isData) return data({ kind: 'document', entries }, joinedOrigins(origins));
  for (const [name, value] of entries) if (!abstractValues.has(name)) abstractValues.set(name, data(value));
  return { is: 'object', entries: abstractValues, origins: joinedOrigins(origins) };
}

/** One field whose name is a hole, as the list of pairs that stands for it. */
function computed(key: Value, value: Value): Value {
  return { kind: 'array', items: [{ kind: 'array', items: [key, value] }] };
}
