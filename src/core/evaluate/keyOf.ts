import type { Expression } from '../code/syntax';
import { valueOf } from './abstractValue';
import type { Evaluation } from './evaluation';
import type { Scope } from './scope';

/** The name that an expression between brackets stands for; undefined where the text does not tell. */
export function keyOf(evaluation: Evaluation, expression: Expression, scope: Scope): string | undefined {
  const value = valueOf(evaluation.evaluate(expression, scope), expression, scope);
  if (value.kind === 'literal' && value.value !== null) return String(value.value);
  return undefined;
}
