import type { Expression } from '../code/syntax';
import { data, originsOf, type AbstractValue } from './abstractValue';
import { libraryOf, type Evaluation } from './evaluation';
import { holeFor } from './holes';
import type { Scope } from './scope';
import { literal, type Value } from './value';

type Slice = Extract<Expression, { kind: 'slice' }>;

/** `list[10:20]`: of a list that is written out a part of it, of a value of a library what that says. */
export function sliced(evaluation: Evaluation, expression: Slice, scope: Scope): AbstractValue {
  const object = evaluation.evaluate(expression.object, scope);
  const [start, end, step] = [expression.start, expression.end, expression.step].map(
    (bound) => bound && boundOf(evaluation, bound, scope),
  );
  if (object.is === 'library') {
    const made = libraryOf(evaluation, object).slice(object, { evaluation, expression, start, end, scope });
    return made ?? data(holeFor(expression, scope));
  }
  if (object.is !== 'data') return data(holeFor(expression, scope));
  const { value } = object;
  const from = start === undefined ? 0 : numberIn(start);
  const to = end === undefined ? undefined : numberIn(end);
  const known = from !== undefined && (end === undefined || to !== undefined) && step === undefined;
  if (
    known &&
    value.kind === 'array' &&
    value.items.every((item) => item.kind !== 'spread' && item.kind !== 'either')
  ) {
    return data({ kind: 'array', items: value.items.slice(from, to) }, object.origins);
  }
  if (known && value.kind === 'literal' && typeof value.value === 'string')
    return data(literal(value.value.slice(from, to)), object.origins);
  const type =
    value.kind === 'array'
      ? 'array'
      : value.kind === 'hole' && (value.hole.type === 'array' || value.hole.type === 'string')
        ? value.hole.type
        : 'unknown';
  return data(holeFor(expression, scope, type), originsOf(object));
}

function boundOf(evaluation: Evaluation, bound: Expression, scope: Scope): Value {
  const abstract = evaluation.evaluate(bound, scope);
  return abstract.is === 'data' && (abstract.value.kind === 'literal' || abstract.value.kind === 'hole')
    ? abstract.value
    : holeFor(bound, scope, 'number');
}

/** The number that is written out. */
export function numberIn(value: Value): number | undefined {
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}
