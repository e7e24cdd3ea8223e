import type { Call, Expression, Step, Target } from '../code/syntax';
import type { Draft, DraftUse } from './draft';
import { libraryOf, unwrapped, type Evaluation } from './evaluation';
import { shortened, textOf, type Scope } from './scope';

export function noteUse(evaluation: Evaluation, call: Call, use: DraftUse): void {
  evaluation.uses.set(call, { ...evaluation.uses.get(call), ...use });
}

/** A loop over the items of something, by its head; undefined for one that runs until a condition holds. */
export function loopOf(head: string): DraftUse['loop'] {
  const [, names] = /^for\s*(?:await\s*)?\(?\s*(?:const |let |var )?([^]*?)\s(?:of|in)\s/.exec(head) ?? [];
  return names === undefined
    ? undefined
    : { text: shortened(head.replace(/\s+/g, ' ')), names: names.match(/[\w$]+/g) ?? [] };
}

const PER_ITEM = /^(?:map|forEach|flatMap|filter|some|every|reduce)$/;

/** `orders.map(async (order) => …)` runs the function for each. */
export function loopOfCall(
  call: Call,
  callee: Extract<Expression, { kind: 'member' }>,
  scope: Scope,
): DraftUse['loop'] {
  const action = call.args[0]?.value;
  if (!PER_ITEM.test(callee.name) || action?.kind !== 'function') return undefined;
  const names = action.function.params.flatMap(({ target }) => targetNames(target));
  return names.length ? { text: shortened(`${textOf(callee.object, scope)}.${callee.name}(…)`), names } : undefined;
}

function targetNames(of: Target): string[] {
  const found: string[] = [];
  const open = [of];
  for (let target = open.pop(); target; target = open.pop()) {
    if (target.kind === 'name') found.push(target.name);
    else if (target.kind === 'pattern') open.push(...target.parts.map((part) => part.target));
  }
  return found;
}

export function inLoop<T>(evaluation: Evaluation, loop: DraftUse['loop'], action: () => T): T {
  const outer = evaluation.loop;
  evaluation.loop = loop ?? outer;
  const result = action();
  evaluation.loop = outer;
  return result;
}

/** A statement that stands alone: `await orders.replace(…);` */
export function noteUnused(evaluation: Evaluation, value: Expression): void {
  let inner = unwrapped(value);
  while (inner.kind === 'call') {
    if (evaluation.drafts?.has(inner)) return noteUse(evaluation, inner, { unused: true });
    const callee = unwrapped(inner.callee);
    if (callee.kind !== 'member') return;
    inner = unwrapped(callee.object);
  }
}

/** The statement that the step before waited for, and the names that hold its result. */
export interface Awaited {
  readonly draft: Draft;
  readonly names: readonly string[];
}

/** Reads that wait for each other without need are noted; what is returned is for the next step. */
export function noteAwait(
  evaluation: Evaluation,
  step: Step,
  scope: Scope,
  found: readonly Draft[],
  before: Awaited | undefined,
): Awaited | undefined {
  const value = step.kind === 'declare' || step.kind === 'do' || step.kind === 'return' ? step.value : undefined;
  const [draft] = found;
  if (value?.kind !== 'await' || found.length !== 1 || !libraryOf(evaluation, draft).isPlainRead(draft))
    return undefined;
  if (before) {
    const text = textOf(step, scope);
    const needed = before.names.some((name) =>
      new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text),
    );
    if (!needed) noteUse(evaluation, draft.call, { waitsFor: before.draft.range });
  }
  return { draft, names: step.kind === 'declare' ? targetNames(step.target) : [] };
}
