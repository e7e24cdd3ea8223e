import type { Call, CodeRange } from '../code/syntax';
import { data, joinedOrigins, originsOf, valueOf, type AbstractValue } from './abstractValue';
import type { Evaluation } from './evaluation';
import type { Scope } from './scope';
import type { Value } from './value';
import { MAX_VALUE_SIZE } from './valueSize';

/** Arguments of a call, evaluated once. */
export interface Arguments {
  readonly abstractValues: readonly AbstractValue[];
  readonly values: readonly Value[];
  readonly named: readonly (readonly [string, Value])[];
  readonly origins: readonly CodeRange[];
}

export function evaluateArguments(evaluation: Evaluation, call: Call, scope: Scope): Arguments {
  const abstractValues: AbstractValue[] = [];
  const values: Value[] = [];
  const origins: (readonly CodeRange[])[] = [];
  for (const arg of call.args) {
    const abstract = evaluation.evaluate(arg.value, scope);
    origins.push(originsOf(abstract));
    const value = valueOf(abstract, arg.value, scope);
    if (arg.spread && value.kind === 'array' && values.length + value.items.length <= MAX_VALUE_SIZE) {
      for (const item of value.items) {
        values.push(item);
        abstractValues.push(data(item));
      }
      continue;
    }
    abstractValues.push(abstract);
    values.push(arg.spread ? { kind: 'spread', value } : value);
  }
  const named: [string, Value][] = [];
  for (const [name, expression] of call.named) {
    const abstract = evaluation.evaluate(expression, scope);
    origins.push(originsOf(abstract));
    const value = valueOf(abstract, expression, scope);
    if (name === '**' && value.kind === 'document' && named.length + value.entries.length <= MAX_VALUE_SIZE)
      for (const [key, entry] of value.entries) named.push([key, entry]);
    else named.push([name, value]);
  }
  return { abstractValues, values, named, origins: joinedOrigins(origins) };
}
