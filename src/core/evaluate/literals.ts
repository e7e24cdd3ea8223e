import type { Expression } from '../code/syntax';
import { data, originsOf, valueOf, type AbstractValue } from './abstractValue';
import type { Evaluation } from './evaluation';
import { holeFor } from './holes';
import { keyOf } from './keyOf';
import type { Scope } from './scope';
import { itemsOf, spreadEntries } from './spreads';
import { literal, NOTHING, withEntry, type Entries, type Value } from './value';

export function template(
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
    const abstract = evaluation.evaluate(part, scope);
    origins.push(...originsOf(abstract));
    if (abstract.is === 'data' && abstract.value.kind === 'literal') text += String(abstract.value.value);
    else known = false;
  }
  return known ? data(literal(text), origins) : data(holeFor(expression, scope, 'string'), origins);
}

export function array(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'array' }>,
  scope: Scope,
): AbstractValue {
  const origins = [];
  const items: Value[] = [];
  for (const item of expression.items) {
    const abstract = evaluation.evaluate(item.value, scope);
    origins.push(...originsOf(abstract));
    items.push(...itemsOf(item, valueOf(abstract, item.value, scope)));
  }
  return data({ kind: 'array', items }, [...new Set(origins)]);
}

export function object(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'object' }>,
  scope: Scope,
): AbstractValue {
  const abstractValues = new Map<string, AbstractValue>();
  const origins = [];
  let entries: Entries = [];
  let isData = true;
  for (const { key, value } of expression.entries) {
    const abstract = evaluation.evaluate(value, scope);
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
