import type { FunctionCode, Range, Step } from '../code/syntax';
import type { AbstractValue } from './abstractValue';
import { declare } from './assign';
import { boundedVariable, spend } from './bounded';
import { runMembers } from './classes';
import { MAX_NESTING, type Evaluation } from './evaluation';
import { runBody } from './functions';
import { lookupImport } from './lookup';
import { mergeAbstractValues } from './mergeAbstractValues';
import { conditionText, shortCondition, shortened, type Scope } from './scope';
import { replaceDraft } from './drafts';
import { inLoop, loopOf, noteAwait, noteUnused, type Awaited } from './uses';

/** How a list of steps ends. `values` are what it may return, each under the condition that led there. */
interface Outcome {
  readonly ended: boolean;
  readonly values: { condition?: string; abstract: AbstractValue | undefined }[];
}

/** What else a function may return is not told apart. */
const MAX_RETURNS = 60;

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
    if (evaluation.budget <= 0) break;
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
    if (evaluation.budget <= 0) break;
    const known = evaluation.collected.length;
    const ends = runStep(evaluation, step, scope, values, later);
    if (evaluation.drafts) awaited = noteAwait(evaluation, step, scope, known, awaited);
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
      const abstract = step.value && evaluation.evaluate(step.value, scope);
      if (values.length < MAX_RETURNS) values.push({ abstract });
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

/** One arm of a chain of `if` and `else if`, as it was left. */
interface Arm extends Outcome {
  readonly condition: string;
  readonly range: Range;
  readonly vars: Map<string, AbstractValue>;
}

/** A chain of `else if` is one list, however long it is. */
function branch(
  evaluation: Evaluation,
  first: Extract<Step, { kind: 'if' }>,
  scope: Scope,
  values: Outcome['values'],
): boolean {
  if (evaluation.nesting >= MAX_NESTING) return false;
  evaluation.nesting++;
  const arms: Arm[] = [];
  let step = first;
  let otherwise: readonly Step[];
  for (;;) {
    evaluation.evaluate(step.condition, scope);
    const condition = conditionText(step.condition, scope);
    const before = scope.vars;
    spend(evaluation, before.size / NAMES_OF_A_STEP);
    scope.vars = new Map(before);
    const inner: Outcome['values'] = [];
    const ended = runList(evaluation, step.then, scope, inner);
    arms.push({ condition, range: step.condition, vars: scope.vars, ended, values: inner });
    scope.vars = new Map(before);
    ({ otherwise } = step);
    const [next] = otherwise;
    if (otherwise.length !== 1 || next.kind !== 'if' || evaluation.budget <= 0) break;
    step = next;
  }
  const last: Outcome['values'] = [];
  let outcome: Outcome = { ended: runList(evaluation, otherwise, scope, last), values: last };
  evaluation.nesting--;
  for (const arm of arms.reverse()) outcome = joinArms(evaluation, arm, outcome, scope);
  for (const value of outcome.values) if (values.length < MAX_RETURNS) values.push(value);
  return outcome.ended;
}

/** What holds behind both arms; `scope` has the names as the other one left them. */
function joinArms(evaluation: Evaluation, then: Arm, otherwise: Outcome, scope: Scope): Outcome {
  const { condition } = then;
  const values: Outcome['values'] = [];
  for (const { condition: inner, abstract } of then.values)
    values.push({ condition: inner === undefined ? condition : shortCondition(`${condition} && ${inner}`), abstract });
  for (const { condition: inner, abstract } of otherwise.values) {
    if (values.length >= MAX_RETURNS) break;
    values.push({ condition: inner ?? (then.ended ? undefined : negated(condition)), abstract });
  }
  if (then.ended && otherwise.ended) return { ended: true, values };
  if (otherwise.ended) scope.vars = then.vars;
  else if (!then.ended) scope.vars = mergeVars(evaluation, condition, then.vars, scope.vars, scope, then.range);
  return { ended: false, values };
}

/** Names that are looked at for the price of one expression. */
const NAMES_OF_A_STEP = 8;

function mergeVars(
  evaluation: Evaluation,
  condition: string,
  then: Map<string, AbstractValue>,
  otherwise: Map<string, AbstractValue>,
  scope: Scope,
  range: Range,
): Map<string, AbstractValue> {
  if (evaluation.budget <= 0) return otherwise;
  spend(evaluation, then.size / NAMES_OF_A_STEP);
  const merged = new Map(otherwise);
  for (const [name, abstract] of then) {
    const other = otherwise.get(name);
    if (other === abstract) continue;
    const both = mergeAbstractValues(evaluation, condition, abstract, other);
    if (!both) continue;
    merged.set(name, boundedVariable(evaluation, name, both, scope, range));
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
  if (evaluation.nesting >= MAX_NESTING) return false;
  evaluation.nesting++;
  const ended = runBlock(evaluation, step, scope, values);
  evaluation.nesting--;
  return ended;
}

function runBlock(
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
  spend(evaluation, before.size / NAMES_OF_A_STEP);
  scope.vars = new Map(before);
  const inner: Outcome['values'] = [];
  const innerEnds = inLoop(evaluation, loopOf(step.repeats), () => runList(evaluation, step.body, scope, inner));
  const condition = shortened(step.repeats.replace(/\s+/g, ' '));
  if (step.repeats === 'catch' || step.repeats === 'except') {
    scope.vars = before;
    return innerEnds;
  }
  scope.vars = mergeVars(evaluation, condition, scope.vars, before, scope, step);
  for (const { abstract } of inner) if (values.length < MAX_RETURNS) values.push({ condition, abstract });
  return false;
}

function negated(condition: string): string {
  return /^[\w$.]+$/.test(condition) ? `!${condition}` : `!(${condition})`;
}
