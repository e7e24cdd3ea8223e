import type { Expression } from '../code/syntax';
import { data, joinedOrigins, originsOf, valueOf, type AbstractValue } from './abstractValue';
import type { Evaluation } from './evaluation';
import { cutHole, holeFor, isCutHole } from './holes';
import { mergeAbstractValues } from './mergeAbstractValues';
import { mergeValues } from './mergeValues';
import { conditionText, type Scope } from './scope';
import { spreadEntries } from './spreads';
import { literal, NOTHING, typeOfValue, type HoleType } from './value';

export function either(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'either' }>,
  scope: Scope,
): AbstractValue {
  evaluation.evaluate(expression.condition, scope);
  const then = evaluation.evaluate(expression.then, scope);
  const otherwise = evaluation.evaluate(expression.otherwise, scope);
  const condition = conditionText(expression.condition, scope);
  const merged =
    then.is === 'data' || otherwise.is === 'data'
      ? undefined
      : mergeAbstractValues(evaluation, condition, then, otherwise);
  if (merged) return merged;
  // A value of a library or nothing is that value.
  if (then.is !== 'data' && then.is !== 'object') return then;
  if (otherwise.is !== 'data' && otherwise.is !== 'object') return otherwise;
  const value = mergeValues(
    condition,
    valueOf(then, expression.then, scope),
    valueOf(otherwise, expression.otherwise, scope),
  );
  return data(value, joinedOrigins([originsOf(then), originsOf(otherwise)]));
}

export function logical(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'logical' }>,
  scope: Scope,
): AbstractValue {
  const left = evaluation.evaluate(expression.left, scope);
  const right = evaluation.evaluate(expression.right, scope);
  if (expression.operator === '&&') {
    if (right.is !== 'data') return right;
    const shape = right.value.kind === 'document' || right.value.kind === 'array';
    const condition = conditionText(expression.left, scope);
    if (shape) return data({ kind: 'either', condition, then: right.value, otherwise: NOTHING }, originsOf(right));
    return data(holeFor(expression, scope, typeOfValue(right.value)), originsOf(left));
  }
  // `cache.Order || library.define(…)`: what nothing is known of is not what counts.
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

export function operation(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'operation' }>,
  scope: Scope,
): AbstractValue {
  const { operator, operands } = expression;
  const abstractValues = operands.map((operand) => evaluation.evaluate(operand, scope));
  const origins = joinedOrigins(abstractValues.map((abstract) => originsOf(abstract)));
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
  const type = operationType(operator, abstractValues, scope);
  const isCut = abstractValues.some((abstract) => abstract.is === 'data' && isCutHole(abstract.value));
  return data(isCut ? cutHole(expression, scope, type) : holeFor(expression, scope, type), origins);
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
