import type { Call, Expression, Step, Target } from '../code/syntax';
import type { Draft, DraftUse } from './draft';
import { libraryOf, unwrapped, type Evaluation } from './evaluation';
import { shortened, textOf, type Scope } from './scope';

export function noteUse(evaluation: Evaluation, call: Call, use: DraftUse): void {
  evaluation.uses.set(call, { ...evaluation.uses.get(call), ...use });
}

/** A loop over the items of something, by its head; undefined for one that runs until a condition holds. */
export function loopOf(head: string): DraftUse['loop'] {
  // The reader of the code gives no more than the beginning of a long one.
  const text = head.replace(/\s+/g, ' ');
  const start = /^for ?(?:await ?)?\(? ?(?:const |let |var )?/.exec(text)?.[0].length;
  const end = start === undefined ? -1 : text.slice(start).search(/ (?:of|in) /);
  if (start === undefined || end < 0) return undefined;
  return { text: shortened(text), names: text.slice(start, start + end).match(/[\w$]+/g) ?? [] };
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
    else if (target.kind === 'pattern') for (const part of target.parts) open.push(part.target);
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

/** Characters of a step, and names, that are compared. */
const MAX_STEP = 20_000;
const MAX_NAMES = 40;

/** Whether one of the names stands in the text, as a word of its own and no member. */
function mentionsAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
      if (!/[\w$.]/.test(text.charAt(at - 1)) && !/[\w$]/.test(text.charAt(at + name.length))) return true;
    return false;
  });
}

/** Reads that wait for each other without need are noted; what is returned is for the next step. */
export function noteAwait(
  evaluation: Evaluation,
  step: Step,
  scope: Scope,
  /** Statements that were collected before the step. */
  known: number,
  before: Awaited | undefined,
): Awaited | undefined {
  const value = step.kind === 'declare' || step.kind === 'do' || step.kind === 'return' ? step.value : undefined;
  if (value?.kind !== 'await' || evaluation.collected.length !== known + 1) return undefined;
  const draft = evaluation.drafts?.get(evaluation.collected[known]);
  if (!draft || !libraryOf(evaluation, draft).isPlainRead(draft)) return undefined;
  if (before) {
    const text = scope.unit.text.slice(step.from, Math.min(step.to, step.from + MAX_STEP));
    // Of a step that is not looked at to its end it is not known what it needs.
    const needed =
      text.length < step.to - step.from || before.names.length > MAX_NAMES || mentionsAny(text, before.names);
    if (!needed) noteUse(evaluation, draft.call, { waitsFor: before.draft.range });
  }
  return { draft, names: step.kind === 'declare' ? targetNames(step.target) : [] };
}
