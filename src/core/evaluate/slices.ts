import type { Expression } from '../code/syntax';
import { evaluate } from './evaluate';
import { assignTo } from './assign';
import type { Evaluation } from './evaluation';
import { withOption } from '../database/mongo/calls/startDraft';
import {
  data,
  holeFor,
  literal,
  makeHole,
  rangeOf,
  originsOf,
  textOf,
  type Draft,
  type Scope,
  type AbstractValue,
} from './abstractValue';
import type { Value } from '../database/statement';

type Slice = Extract<Expression, { kind: 'slice' }>;

/** `cursor[10:20]` of PyMongo skips and limits; of a list that is written out it is a part of it. */
export function sliced(evaluation: Evaluation, expression: Slice, scope: Scope): AbstractValue {
  const object = evaluate(evaluation, expression.object, scope);
  const [start, end, step] = [expression.start, expression.end, expression.step].map(
    (bound) => bound && boundOf(evaluation, bound, scope),
  );
  if (object.is === 'cursor') return slicedCursor(evaluation, object.draft, expression, start, end, scope);
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
  const abstract = evaluate(evaluation, bound, scope);
  return abstract.is === 'data' && (abstract.value.kind === 'literal' || abstract.value.kind === 'hole')
    ? abstract.value
    : holeFor(bound, scope, 'number');
}

function numberIn(value: Value): number | undefined {
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

function slicedCursor(
  evaluation: Evaluation,
  draft: Draft,
  expression: Slice,
  start: Value | undefined,
  end: Value | undefined,
  scope: Scope,
): AbstractValue {
  let { command } = draft;
  if (start && numberIn(start) !== 0) command = withOption(command, 'skip', start);
  if (end) {
    const from = start ? numberIn(start) : 0;
    const to = numberIn(end);
    const number = from !== undefined && to !== undefined ? literal(to - from) : from === 0 ? end : undefined;
    const text = `${expression.end ? textOf(expression.end, scope) : ''} - ${expression.start ? textOf(expression.start, scope) : '0'}`;
    command = withOption(command, 'limit', number ?? makeHole(text, 'number', rangeOf(expression, scope)));
  }
  const here =
    draft.range.unit === scope.unit && draft.range.from >= expression.from && draft.range.to <= expression.to;
  const next: Draft = here
    ? { ...draft, command, range: rangeOf(expression, scope) }
    : { ...draft, command, related: [...draft.related, rangeOf(expression, scope)] };
  if (evaluation.drafts?.has(next.call)) evaluation.drafts.set(next.call, next);
  const abstract: AbstractValue = { is: 'cursor', draft: next };
  if (!here && expression.object.kind === 'name')
    assignTo(
      evaluation,
      { from: expression.from, to: expression.to, kind: 'name', name: expression.object.name },
      abstract,
      scope,
    );
  return abstract;
}
