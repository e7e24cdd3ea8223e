import type { Expression, FunctionCode } from '../code/syntax';
import type { AbstractValue } from './abstractValue';
import { declare } from './assign';
import { MAX_FOLLOWED_CALLS, MAX_NESTING, type Evaluation } from './evaluation';
import type { Scope } from './scope';

/** Body of a function with the arguments of a call, or with holes where no call is known. */
export function runBody(
  evaluation: Evaluation,
  code: FunctionCode,
  scope: Scope,
  args: readonly AbstractValue[] | undefined,
): AbstractValue | undefined {
  if (evaluation.nesting >= MAX_NESTING) return undefined;
  const inner: Scope = { unit: scope.unit, module: scope.module, parent: scope, self: scope.self, vars: new Map() };
  evaluation.nesting++;
  bindParams(evaluation, code, inner, args);
  const result = evaluation.runSteps(code.body, inner);
  evaluation.nesting--;
  return result;
}

/** What a call of a function of ours gives. */
export function followCall(
  evaluation: Evaluation,
  code: FunctionCode,
  scope: Scope,
  self: AbstractValue | undefined,
  args: readonly AbstractValue[] | undefined,
): AbstractValue | undefined {
  if (evaluation.depth >= MAX_FOLLOWED_CALLS || evaluation.budget <= 0) return undefined;
  const { drafts, callbacks } = evaluation;
  evaluation.depth++;
  evaluation.drafts = undefined;
  evaluation.callbacks = false;
  try {
    return runBody(evaluation, code, { ...scope, self: self ?? scope.self }, args);
  } finally {
    evaluation.depth--;
    evaluation.drafts = drafts;
    evaluation.callbacks = callbacks;
  }
}

/** Parameters as far as they are known: argument, then default, then type. */
export function bindParams(
  evaluation: Evaluation,
  code: FunctionCode,
  scope: Scope,
  args: readonly AbstractValue[] | undefined,
): void {
  code.params.forEach((param, index) => {
    const arg = param.rest ? undefined : args?.[index];
    const fallback = param.fallback && evaluation.evaluate(param.fallback, scope);
    if (arg) return declare(evaluation, param.target, arg, scope, { type: param.type, fallback, range: param.target });
    // A call that leaves it out takes the default; where no call is known, anything may come.
    if (args && fallback)
      return declare(evaluation, param.target, fallback, scope, { type: param.type, range: param.target });
    const useful = fallback && fallback.is !== 'data' ? fallback : undefined;
    declare(evaluation, param.target, useful ?? decorated(evaluation, param.decorator, scope), scope, {
      type: param.type ?? restType(param.rest),
      fallback,
      range: param.target,
    });
  });
}

function restType(isRest: boolean): string | undefined {
  return isRest ? 'unknown[]' : undefined;
}

/** What a library says of a parameter with this decorator. */
function decorated(evaluation: Evaluation, decorator: Expression | undefined, scope: Scope): AbstractValue | undefined {
  if (decorator?.kind !== 'call' || decorator.callee.kind !== 'name') return undefined;
  const { name } = decorator.callee;
  const isInjected = evaluation.libraries.some(({ injectors }) => injectors?.has(name));
  return isInjected ? evaluation.evaluate(decorator, scope) : undefined;
}
