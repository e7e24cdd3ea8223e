import type { Expression } from '../code/syntax';
import { evaluate } from './evaluate';
import { assignTo } from './assign';
import type { Run } from './evaluation';
import { withOption } from '../database/mongo/calls/startDraft';
import {
  data,
  holeFor,
  literal,
  makeHole,
  placeOf,
  placesOf,
  textOf,
  type Draft,
  type Scope,
  type Thing,
} from './abstractValue';
import type { Value } from '../database/statement';

type Slice = Extract<Expression, { kind: 'slice' }>;

/** `cursor[10:20]` of PyMongo skips and limits; of a list that is written out it is a part of it. */
export function sliced(run: Run, expression: Slice, scope: Scope): Thing {
  const object = evaluate(run, expression.object, scope);
  const [start, end, step] = [expression.start, expression.end, expression.step].map(
    (bound) => bound && boundOf(run, bound, scope),
  );
  if (object.is === 'cursor') return slicedCursor(run, object.draft, expression, start, end, scope);
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
    return data({ kind: 'array', items: value.items.slice(from, to) }, object.places);
  }
  if (known && value.kind === 'literal' && typeof value.value === 'string')
    return data(literal(value.value.slice(from, to)), object.places);
  const type =
    value.kind === 'array'
      ? 'array'
      : value.kind === 'hole' && (value.hole.type === 'array' || value.hole.type === 'string')
        ? value.hole.type
        : 'unknown';
  return data(holeFor(expression, scope, type), placesOf(object));
}

function boundOf(run: Run, bound: Expression, scope: Scope): Value {
  const thing = evaluate(run, bound, scope);
  return thing.is === 'data' && (thing.value.kind === 'literal' || thing.value.kind === 'hole')
    ? thing.value
    : holeFor(bound, scope, 'number');
}

function numberIn(value: Value): number | undefined {
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

function slicedCursor(
  run: Run,
  draft: Draft,
  expression: Slice,
  start: Value | undefined,
  end: Value | undefined,
  scope: Scope,
): Thing {
  let { command } = draft;
  if (start && numberIn(start) !== 0) command = withOption(command, 'skip', start);
  if (end) {
    const from = start ? numberIn(start) : 0;
    const to = numberIn(end);
    const number = from !== undefined && to !== undefined ? literal(to - from) : from === 0 ? end : undefined;
    const text = `${expression.end ? textOf(expression.end, scope) : ''} - ${expression.start ? textOf(expression.start, scope) : '0'}`;
    command = withOption(command, 'limit', number ?? makeHole(text, 'number', placeOf(expression, scope)));
  }
  const here =
    draft.place.unit === scope.unit && draft.place.from >= expression.from && draft.place.to <= expression.to;
  const next: Draft = here
    ? { ...draft, command, place: placeOf(expression, scope) }
    : { ...draft, command, related: [...draft.related, placeOf(expression, scope)] };
  if (run.drafts?.has(next.call)) run.drafts.set(next.call, next);
  const thing: Thing = { is: 'cursor', draft: next };
  if (!here && expression.object.kind === 'name')
    assignTo(
      run,
      { from: expression.from, to: expression.to, kind: 'name', name: expression.object.name },
      thing,
      scope,
    );
  return thing;
}
