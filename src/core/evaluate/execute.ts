import { declare } from './assign';
import type { Expression, FunctionCode, Member, Step } from '../code/syntax';
import { instanceOf, memberScope, ownCopy } from './classes';
import { evaluate } from './evaluate';
import { lookupImport } from './lookup';
import { mergeThings } from './mergeValues';
import { inLoop, loopOf, noteAwait, noteUnused, type Awaited } from './uses';
import { MAX_FOLLOWED_CALLS, MAX_NESTING, type Run } from './evaluation';
import { shortened, textOf, type ClassThing, type Scope, type Thing } from './abstractValue';

/** How a list of steps ends. `values` are what it may return, each under the condition that led there. */
interface Outcome {
  readonly ended: boolean;
  readonly values: { condition?: string; thing: Thing | undefined }[];
}

/** Runs steps for what they tell: nothing is evaluated, every branch is taken. */
export function runSteps(run: Run, steps: readonly Step[], scope: Scope): Thing | undefined {
  const values: Outcome['values'] = [];
  runList(run, steps, scope, values);
  let result: Thing | undefined;
  for (const { condition, thing } of values.reverse()) {
    result = condition === undefined || !result ? (thing ?? result) : mergeThings(condition, thing, result);
  }
  return result;
}

/** Whether the list certainly ends the function. */
function runList(run: Run, steps: readonly Step[], scope: Scope, values: Outcome['values']): boolean {
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
    const known = run.drafts?.size ?? 0;
    const ends = runStep(run, step, scope, values, later);
    if (run.drafts) awaited = noteAwait(run, step, scope, [...run.drafts.values()].slice(known), awaited);
    ended = isCatch ? ended && ends : ended || ends;
  }
  if (run.drafts || run.callbacks) for (const code of later) runBody(run, code, scope, undefined);
  return ended;
}

function runStep(run: Run, step: Step, scope: Scope, values: Outcome['values'], later: FunctionCode[]): boolean {
  switch (step.kind) {
    case 'declare':
      declareStep(run, step, scope, later);
      return false;
    case 'do':
      evaluate(run, step.value, scope);
      noteUnused(run, step.value);
      return false;
    case 'function':
      later.push(step.function);
      return false;
    case 'class': {
      const thing: Thing = { is: 'class', code: step.class, scope };
      if (step.class.name) scope.vars.set(step.class.name, thing);
      if (run.drafts) runMembers(run, thing, step.class.members);
      return false;
    }
    case 'import':
      for (const { local, imported, specifier } of step.names) {
        const thing = local ? lookupImport(run, scope.module, specifier, imported) : undefined;
        if (thing) scope.vars.set(local, thing);
      }
      return false;
    case 'return': {
      values.push({ thing: step.value && evaluate(run, step.value, scope) });
      return true;
    }
    case 'throw':
      if (step.value) evaluate(run, step.value, scope);
      return true;
    case 'if':
      return branch(run, step, scope, values);
    case 'block':
      return block(run, step, scope, values);
    case 'export':
      if (typeof step.local !== 'string' && run.drafts) evaluate(run, step.local, scope);
      return false;
    case 'type':
      return false;
  }
}

function declareStep(run: Run, step: Extract<Step, { kind: 'declare' }>, scope: Scope, later: FunctionCode[]): void {
  const { value, target, type } = step;
  if (value?.kind === 'function' && target.kind === 'name') {
    scope.vars.set(target.name, { is: 'function', code: value.function, scope });
    later.push(value.function);
    return;
  }
  const known = value && evaluate(run, value, scope);
  declare(run, target, known, scope, { type, range: step });
}

function branch(run: Run, step: Extract<Step, { kind: 'if' }>, scope: Scope, values: Outcome['values']): boolean {
  // A chain of thousands of `else if` is not followed to its end.
  if (run.nesting >= MAX_NESTING) return false;
  evaluate(run, step.condition, scope);
  const condition = conditionText(step.condition, scope);
  const before = scope.vars;

  scope.vars = new Map(before);
  const thenValues: Outcome['values'] = [];
  run.nesting++;
  const thenEnds = runList(run, step.then, scope, thenValues);
  const then = scope.vars;

  scope.vars = new Map(before);
  const otherValues: Outcome['values'] = [];
  const otherEnds = runList(run, step.otherwise, scope, otherValues);
  const otherwise = scope.vars;
  run.nesting--;

  values.push(
    ...thenValues.map(({ condition: inner, thing }) => ({
      condition: inner === undefined ? condition : `${condition} && ${inner}`,
      thing,
    })),
  );
  values.push(
    ...otherValues.map(({ condition: inner, thing }) => ({
      condition: inner ?? (thenEnds ? undefined : negated(condition)),
      thing,
    })),
  );
  if (thenEnds && otherEnds) return true;
  if (thenEnds) scope.vars = otherwise;
  else if (otherEnds) scope.vars = then;
  else scope.vars = mergeVars(run, condition, then, otherwise);
  return false;
}

function mergeVars(
  run: Run,
  condition: string,
  then: Map<string, Thing>,
  otherwise: Map<string, Thing>,
): Map<string, Thing> {
  const merged = new Map(otherwise);
  for (const [name, thing] of then) {
    const other = otherwise.get(name);
    if (other === thing) continue;
    const both = mergeThings(condition, thing, other);
    if (!both) continue;
    merged.set(name, both);
    if (both.is === 'cursor' && run.drafts?.has(both.draft.call)) run.drafts.set(both.draft.call, both.draft);
  }
  return merged;
}

function block(run: Run, step: Extract<Step, { kind: 'block' }>, scope: Scope, values: Outcome['values']): boolean {
  const before = scope.vars;
  if (step.repeats === undefined) {
    const hidden = step.body.flatMap((inner) =>
      inner.kind === 'declare' && inner.scoped && inner.target.kind === 'name' ? [inner.target.name] : [],
    );
    const kept = hidden.map((name) => [name, before.get(name)] as const);
    const ended = runList(run, step.body, scope, values);
    for (const [name, thing] of kept) if (thing) scope.vars.set(name, thing);
    return ended;
  }
  scope.vars = new Map(before);
  const inner: Outcome['values'] = [];
  const innerEnds = inLoop(run, loopOf(step.repeats), () => runList(run, step.body, scope, inner));
  const condition = shortened(step.repeats.replace(/\s+/g, ' '));
  if (step.repeats === 'catch' || step.repeats === 'except') {
    scope.vars = before;
    return innerEnds;
  }
  scope.vars = mergeVars(run, condition, scope.vars, before);
  values.push(...inner.map(({ thing }) => ({ condition, thing })));
  return false;
}

export function conditionText(condition: Expression, scope: Scope): string {
  const text = textOf(condition, scope);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function negated(condition: string): string {
  return /^[\w$.]+$/.test(condition) ? `!${condition}` : `!(${condition})`;
}

/** Every method of a class, or of one part of it, each by itself. */
export function runMembers(run: Run, ofClass: ClassThing, members: readonly Member[]): void {
  const instance = instanceOf(run, ofClass);
  for (const member of members) {
    const self = member.isStatic ? ofClass : ownCopy(run, instance);
    const scope: Scope = { ...memberScope(ofClass, member), self };
    if (member.method) runBody(run, member.method(), scope, undefined);
    else if (member.value?.kind === 'function') runBody(run, member.value.function, scope, undefined);
    else if (member.value) evaluate(run, member.value, scope);
  }
}

/** Body of a function with the arguments of a call, or with holes where no call is known. */
export function runBody(
  run: Run,
  code: FunctionCode,
  scope: Scope,
  args: readonly Thing[] | undefined,
): Thing | undefined {
  if (run.nesting >= MAX_NESTING) return undefined;
  const inner: Scope = { unit: scope.unit, module: scope.module, parent: scope, self: scope.self, vars: new Map() };
  run.nesting++;
  bindParams(run, code, inner, args);
  const result = runSteps(run, code.body, inner);
  run.nesting--;
  return result;
}

/** What a call of a function of ours gives. */
export function followCall(
  run: Run,
  code: FunctionCode,
  scope: Scope,
  self: Thing | undefined,
  args: readonly Thing[] | undefined,
): Thing | undefined {
  if (run.depth >= MAX_FOLLOWED_CALLS || run.budget <= 0) return undefined;
  const { drafts, callbacks } = run;
  run.depth++;
  run.drafts = undefined;
  run.callbacks = false;
  try {
    return runBody(run, code, { ...scope, self: self ?? scope.self }, args);
  } finally {
    run.depth--;
    run.drafts = drafts;
    run.callbacks = callbacks;
  }
}

/** Runs the bodies of all functions, for what they assign to names outside. */
export function runFunctionBodies(run: Run, steps: readonly Step[], scope: Scope): void {
  const { callbacks } = run;
  run.callbacks = true;
  runSteps(run, steps, scope);
  run.callbacks = callbacks;
}

/** Parameters as far as they are known: argument, then default, then type. */
export function bindParams(run: Run, code: FunctionCode, scope: Scope, args: readonly Thing[] | undefined): void {
  code.params.forEach((param, index) => {
    const arg = param.rest ? undefined : args?.[index];
    const fallback = param.fallback && evaluate(run, param.fallback, scope);
    if (arg) return declare(run, param.target, arg, scope, { type: param.type, fallback, range: param.target });
    // A call that leaves it out takes the default; where no call is known, anything may come.
    if (args && fallback) return declare(run, param.target, fallback, scope, { type: param.type, range: param.target });
    const useful = fallback && fallback.is !== 'data' ? fallback : undefined;
    declare(run, param.target, useful ?? decorated(run, param.decorator, scope), scope, {
      type: param.type ?? restType(param.rest),
      fallback,
      range: param.target,
    });
  });
}

function restType(isRest: boolean): string | undefined {
  return isRest ? 'unknown[]' : undefined;
}

/** `@InjectModel(Order.name) orders: Model<Order>` */
function decorated(run: Run, decorator: Expression | undefined, scope: Scope): Thing | undefined {
  if (decorator?.kind !== 'call' || decorator.callee.kind !== 'name' || decorator.callee.name !== 'InjectModel')
    return undefined;
  return evaluate(run, decorator, scope);
}
