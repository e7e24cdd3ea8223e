import type { Expression } from '../code/syntax';
import { data, isUnknownHole, type AbstractValue } from './abstractValue';
import { assignment } from './assignment';
import { bounded } from './bounded';
import { runMembers } from './classes';
import { evaluateCall } from './evaluateCall';
import { askLibraries, libraryOf, MAX_NESTING, type Evaluation } from './evaluation';
import { runBody } from './functions';
import { holeFor } from './holes';
import { keyOf } from './keyOf';
import { array, object, template } from './literals';
import { lookup, lookupImport } from './lookup';
import { either, logical, operation } from './operations';
import { regexLiteral } from './regexes';
import type { Scope } from './scope';
import { sliced } from './slices';
import { literal, NOTHING } from './value';
import { valueOfType } from './valueOfType';

/** Expressions between two looks at the clock. */
const STEPS_BETWEEN_LOOKS = 128;

/** What an expression stands for; a hole where the text does not tell. */
export function evaluate(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue {
  if (--evaluation.budget <= 0 || evaluation.nesting >= MAX_NESTING) return data(holeFor(expression, scope));
  if (++evaluation.steps % STEPS_BETWEEN_LOOKS === 0 && evaluation.isOver()) evaluation.budget = 0;
  evaluation.nesting++;
  const abstract = evaluateKind(evaluation, expression, scope);
  evaluation.nesting--;
  return bounded(evaluation, abstract, expression, scope);
}

function evaluateKind(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue {
  switch (expression.kind) {
    case 'literal':
      return data(literal(expression.value));
    case 'undefined':
      return data(NOTHING);
    case 'template':
      return template(evaluation, expression, scope);
    case 'regex':
      return data(regexLiteral(expression.pattern, expression.flags));
    case 'name':
      return lookedUp(evaluation, expression, scope);
    case 'self':
      return scope.self ?? data(holeFor(expression, scope));
    case 'member':
    case 'index':
      return member(evaluation, expression, scope);
    case 'call':
      return evaluateCall(evaluation, expression, scope);
    case 'array':
      return array(evaluation, expression, scope);
    case 'object':
      return object(evaluation, expression, scope);
    case 'either':
      return either(evaluation, expression, scope);
    case 'logical':
      return logical(evaluation, expression, scope);
    case 'operation':
      return operation(evaluation, expression, scope);
    case 'await':
      return awaited(evaluation, expression, scope);
    case 'cast':
      return cast(evaluation, expression, scope);
    case 'assign':
      return assignment(evaluation, expression, scope);
    case 'function':
      if (evaluation.drafts || evaluation.callbacks) runBody(evaluation, expression.function, scope, undefined);
      return { is: 'function', code: expression.function, scope };
    case 'class': {
      const abstract = { is: 'class', code: expression.class, scope } as const;
      if (evaluation.drafts) runMembers(evaluation, abstract, expression.class.members);
      return abstract;
    }
    case 'slice':
      return sliced(evaluation, expression, scope);
    case 'import':
      return lookupImport(evaluation, scope.module, expression.specifier, '*') ?? data(holeFor(expression, scope));
    case 'other':
      for (const part of expression.parts) evaluate(evaluation, part, scope);
      return data(holeFor(expression, scope));
  }
}

function lookedUp(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'name' }>,
  scope: Scope,
): AbstractValue {
  const found = lookup(evaluation, scope, expression.name);
  if (found && !isUnknownHole(found)) return found;
  return namedByLibrary(evaluation, expression, scope) ?? found ?? data(holeFor(expression, scope));
}

function member(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'member' | 'index' }>,
  scope: Scope,
): AbstractValue {
  const object = evaluate(evaluation, expression.object, scope);
  const name = expression.kind === 'member' ? expression.name : keyOf(evaluation, expression.index, scope);
  const found =
    object.is === 'library'
      ? libraryOf(evaluation, object).member(object, name, { expression, scope })
      : name === undefined
        ? undefined
        : evaluation.memberOf(object, name);
  if (found && !isUnknownHole(found)) return found;
  const named = name === undefined ? undefined : namedByLibrary(evaluation, expression, scope);
  return named ?? found ?? data(holeFor(expression, scope));
}

function namedByLibrary(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue | undefined {
  return askLibraries(evaluation, (library) => library.valueByName(evaluation, expression, scope));
}

function awaited(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'await' }>,
  scope: Scope,
): AbstractValue {
  const abstract = evaluate(evaluation, expression.value, scope);
  if (abstract.is !== 'library') return abstract;
  return libraryOf(evaluation, abstract).awaited(abstract) ?? data(holeFor(expression, scope));
}

function cast(evaluation: Evaluation, expression: Extract<Expression, { kind: 'cast' }>, scope: Scope): AbstractValue {
  const abstract = evaluate(evaluation, expression.value, scope);
  if (abstract.is !== 'data' || abstract.value.kind !== 'hole' || /^(any|unknown|const)$/.test(expression.type))
    return abstract;
  const typed = valueOfType(evaluation, scope, expression.type, abstract.value.hole.name, expression);
  return isUnknownHole(typed) ? abstract : typed;
}
