import type { FunctionCode, Step } from '../code/syntax';
import type { AbstractValue } from './abstractValue';
import { declare } from './assign';
import { runMembers } from './classes';
import { MAX_NESTING, type Evaluation } from './evaluation';
import { runBody } from './functions';
import { lookupImport } from './lookup';
import { mergeAbstractValues } from './mergeAbstractValues';
import { conditionText, shortened, type Scope } from './scope';
import { replaceDraft } from './drafts';
import { inLoop, loopOf, noteAwait, noteUnused, type Awaited } from './uses';

/** How a list of steps ends. `values` are what it may return, each under the condition that led there. */
interface Outcome {
  readonly ended: boolean;
  readonly values: { condition?: string; abstract: AbstractValue | undefined }[];
}

/** Runs steps for what they tell: nothing is evaluated, every branch is taken. */
export function runSteps(evaluation: Evaluation, steps: readonly Step[], scope: Scope): AbstractValue | undefined {
  const values: Outcome['values'] = [];
  runList(evaluation, steps, scope, values);
  let result: AbstractValue | undefined;
  for (const { condition, abstract } of values.reverse()) {
    result =
      condition === undefined || !result
        ? (abstract ?? result)
        : mergeAbstractValues(evaluation, condition, abstract, result);
  }
  return result;
}

/** Whether the list certainly ends the function. */
function runList(evaluation: Evaluation, steps: readonly Step[], scope: Scope, values: Outcome['values']): boolean {
  const later: FunctionCode[] = [];
  for (const step of steps) {
    if (step.kind === 'function' && step.function.name) {
      scope.vars.set(step.function.name, { is: 'function', code: step.function, scope });
    }
  }
  let ended = false;
  let awaited: Awaited | undefined;
  for (const step of steps) {
    const isCatch = step.kind === 'block' && (step.repeats === 'catch' || step.repeats === 'except');
    // Behind a `return` only functions are of use, and what catches its failure.
    if (ended && !isCatch && step.kind !== 'function') continue;
    const known = evaluation.drafts?.size ?? 0;
    const ends = runStep(evaluation, step, scope, values, later);
    if (evaluation.drafts)
      awaited = noteAwait(evaluation, step, scope, [...evaluation.drafts.values()].slice(known), awaited);
    ended = isCatch ? ended && ends : ended || ends;
  }
  if (evaluation.drafts || evaluation.callbacks) for (const code of later) runBody(evaluation, code, scope, undefined);
  return ended;
}

function runStep(
  evaluation: Evaluation,
  step: Step,
  scope: Scope,
  values: Outcome['values'],
  later: FunctionCode[],
): boolean {
  switch (step.kind) {
    case 'declare':
      declareStep(evaluation, step, scope, later);
      return false;
    case 'do':
      evaluation.evaluate(step.value, scope);
      noteUnused(evaluation, step.value);
      return false;
    case 'function':
      later.push(step.function);
      return false;
    case 'class': {
      const abstract: AbstractValue = { is: 'class', code: step.class, scope };
      if (step.class.name) scope.vars.set(step.class.name, abstract);
      if (evaluation.drafts) runMembers(evaluation, abstract, step.class.members);
      return false;
    }
    case 'import':
      for (const { local, imported, specifier } of step.names) {
        const abstract = local ? lookupImport(evaluation, scope.module, specifier, imported) : undefined;
        if (abstract) scope.vars.set(local, abstract);
      }
      return false;
    case 'return': {
      values.push({ abstract: step.value && evaluation.evaluate(step.value, scope) });
      return true;
    }
    case 'throw':
      if (step.value) evaluation.evaluate(step.value, scope);
      return true;
    case 'if':
      return branch(evaluation, step, scope, values);
    case 'block':
      return block(evaluation, step, scope, values);
    case 'export':
      if (typeof step.local !== 'string' && evaluation.drafts) evaluation.evaluate(step.local, scope);
      return false;
    case 'type':
      return false;
  }
}

function declareStep(
  evaluation: Evaluation,
  step: Extract<Step, { kind: 'declare' }>,
  scope: Scope,
  later: FunctionCode[],
): void {
  const { value, target, type } = step;
  if (value?.kind === 'function' && target.kind === 'name') {
    scope.vars.set(target.name, { is: 'function', code: value.function, scope });
    later.push(value.function);
    return;
  }
  const known = value && evaluation.evaluate(value, scope);
  declare(evaluation, target, known, scope, { type, range: step });
}

function branch(
  evaluation: Evaluation,
  step: Extract<Step, { kind: 'if' }>,
  scope: Scope,
  values: Outcome['values'],
): boolean {
  // A chain of thousands of `else if` is not followed to its end.
  if (evaluation.nesting >= MAX_NESTING) return false;
  evaluation.evaluate(step.condition, scope);
  const condition = conditionText(step.condition, scope);
  const before = scope.vars;

  scope.vars = new Map(before);
  const thenValues: Outcome['values'] = [];
  evaluation.nesting++;
  const thenEnds = runList(evaluation, step.then, scope, thenValues);
  const then = scope.vars;

  scope.vars = new Map(before);
  const otherValues: Outcome['values'] = [];
  const otherEnds = runList(evaluation, step.otherwise, scope, otherValues);
  const otherwise = scope.vars;
  evaluation.nesting--;

  values.push(
    ...thenValues.map(({ condition: inner, abstract }) => ({
      condition: inner === undefined ? condition : `${condition} && ${inner}`,
      abstract,
    })),
  );
  values.push(
    ...otherValues.map(({ condition: inner, abstract }) => ({
      condition: inner ?? (thenEnds ? undefined : negated(condition)),
      abstract,
    })),
  );
  if (thenEnds && otherEnds) return true;
  if (thenEnds) scope.vars = otherwise;
  else if (otherEnds) scope.vars = then;
  else scope.vars = mergeVars(evaluation, condition, then, otherwise);
  return false;
}

function mergeVars(
  evaluation: Evaluation,
  condition: string,
  then: Map<string, AbstractValue>,
  otherwise: Map<string, AbstractValue>,
): Map<string, AbstractValue> {
  const merged = new Map(otherwise);
  for (const [name, abstract] of then) {
    const other = otherwise.get(name);
    if (other === abstract) continue;
    const both = mergeAbstractValues(evaluation, condition, abstract, other);
    if (!both) continue;
    merged.set(name, both);
    if (both.is === 'library' && both.draft) replaceDraft(evaluation, both.draft);
  }
  return merged;
}

function block(
  evaluation: Evaluation,
  step: Extract<Step, { kind: 'block' }>,
  scope: Scope,
  values: Outcome['values'],
): boolean {
  const before = scope.vars;
  if (step.repeats === undefined) {
    const hidden = step.body.flatMap((inner) =>
      inner.kind === 'declare' && inner.scoped && inner.target.kind === 'name' ? [inner.target.name] : [],
    );
    const kept = hidden.map((name) => [name, before.get(name)] as const);
    const ended = runList(evaluation, step.body, scope, values);
    for (const [name, abstract] of kept) if (abstract) scope.vars.set(name, abstract);
    return ended;
  }
  scope.vars = new Map(before);
  const inner: Outcome['values'] = [];
  const innerEnds = inLoop(evaluation, loopOf(step.repeats), () => runList(evaluation, step.body, scope, inner));
  const condition = shortened(step.repeats.replace(/\s+/g, ' '));
  if (step.repeats === 'catch' || step.repeats === 'except') {
    scope.vars = before;
    return innerEnds;
  }
  scope.vars = mergeVars(evaluation, condition, scope.vars, before);
  values.push(...inner.map(({ abstract }) => ({ condition, abstract })));
  return false;
}

function negated(condition: string): string {
  return /^[\w$.]+$/.test(condition) ? `!${condition}` : `!(${condition})`;
}
