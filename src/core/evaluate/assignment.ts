import type { Expression } from '../code/syntax';
import { data, originsOf, valueOf, withOrigin, type AbstractValue } from './abstractValue';
import { assignTo, setVariable } from './assign';
import type { Evaluation } from './evaluation';
import { holeFor } from './holes';
import { lookup } from './lookup';
import { rangeOf, textOf, type Scope } from './scope';
import { itemsOf, spreadEntries } from './spreads';
import { valueOfType } from './valueOfType';

export function assignment(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'assign' }>,
  scope: Scope,
): AbstractValue {
  const { target, operator, value } = expression;
  const assigned = evaluation.evaluate(value, scope);
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
