import type { Expression, Range } from '../code/syntax';
import { joinedOrigins, type LibraryValue } from './abstractValue';
import { store } from './assign';
import type { Draft } from './draft';
import type { Evaluation } from './evaluation';
import { spend } from './bounded';
import { rangeOf, type Scope } from './scope';
import { noteUse } from './uses';

/** Ranges that are copied for the price of one expression. */
const RANGES_OF_A_STEP = 16;

/** Collects a statement that begins here. */
export function collectDraft(evaluation: Evaluation, draft: Draft): void {
  if (!evaluation.drafts) return;
  if (!evaluation.drafts.has(draft.call)) {
    if (evaluation.collected.length >= evaluation.maxDrafts) {
      evaluation.budget = 0;
      return;
    }
    evaluation.collected.push(draft.call);
  }
  evaluation.drafts.set(draft.call, draft);
  if (evaluation.loop) noteUse(evaluation, draft.call, { loop: evaluation.loop });
}

/** What a collected statement has become. */
export function replaceDraft(evaluation: Evaluation, draft: Draft): void {
  if (evaluation.drafts?.has(draft.call)) evaluation.drafts.set(draft.call, draft);
}

/** A call or slice that adds to a statement. */
export interface Chaining {
  readonly expression: Range;
  /** Whether it goes on with the chain right where the statement stands; else it is related to it. */
  readonly isHere: boolean;
  /** What holds the value, and holds what is made of it from now on. */
  readonly holder: Expression | undefined;
}

/** The value with its statement as it is after the addition. */
export function chained<Own extends LibraryValue>(
  evaluation: Evaluation,
  own: Own,
  next: NonNullable<Own['draft']>,
  { expression, isHere, holder }: Chaining,
  scope: Scope,
): Own {
  const range = rangeOf(expression, scope);
  spend(evaluation, next.related.length / RANGES_OF_A_STEP);
  const draft = isHere ? { ...next, range } : { ...next, related: joinedOrigins([next.related, [range]]) };
  replaceDraft(evaluation, draft);
  const made = { ...own, draft };
  if (!isHere && holder) store(evaluation, holder, made, scope);
  return made;
}
