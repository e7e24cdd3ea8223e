import type { ComparableRun, RunChange } from '../explainRun';
import type { Finding } from '../finding';
import type { Plan } from '../plan';

const SHOWN_PART = 60;

/** What was asked for, and of which data: of no effect, but it weakens what else is compared. */
export function contextChanges(before: ComparableRun, after: ComparableRun): RunChange[] {
  const named = [
    ['verbosity', 'verbosity'],
    ['connection', 'connection'],
    ['database', 'database'],
    ['target', after.plan.words.target],
  ] as const;
  const changes = named.flatMap(([key, what]): RunChange[] => {
    const [was, is] = [before[key], after[key]];
    return was === undefined || is === undefined || was === is
      ? []
      : [{ what, before: was, after: is, effect: 'neutral' }];
  });
  if (before.text === undefined || after.text === undefined || before.text === after.text) return changes;
  const [was, is] = differingParts(before.text, after.text);
  return [...changes, { what: 'values', before: was, after: is, effect: 'neutral' }];
}

/** Where two texts differ, from the beginning of the word on. */
function differingParts(a: string, b: string): [string, string] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  while (start > 0 && /[^\s,({[]/.test(a[start - 1])) start--;
  while (end > 0 && /[^\s,)}\]]/.test(a[a.length - end])) end--;
  const part = (text: string): string => {
    const inner = text.slice(start, text.length - end).trim();
    return inner === '' ? 'nothing' : inner.length > SHOWN_PART ? `${inner.slice(0, SHOWN_PART - 1)}…` : inner;
  };
  return [part(a), part(b)];
}

/** A run that stopped early has partial numbers. */
export function endingChanges(before: Plan, after: Plan): RunChange[] {
  const text = ({ failure }: Plan): string => failure?.message ?? 'finished';
  if (!before.failure && !after.failure) return [];
  const effect = before.failure && after.failure ? 'neutral' : before.failure ? 'better' : 'worse';
  return [{ what: 'end', before: text(before), after: text(after), effect }];
}

export function findingChanges(before: readonly Finding[], after: readonly Finding[]): RunChange[] {
  const only = (some: readonly Finding[], others: readonly Finding[]): Finding[] => {
    const left = others.map(({ rule }) => rule);
    return some.filter(({ rule }) => {
      const at = left.indexOf(rule);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const text = ({ rule, evidence }: Finding): string => `${rule} ${evidence}`;
  const gone = only(before, after).map((one): RunChange => ({
    what: 'finding',
    before: text(one),
    after: 'gone',
    effect: one.severity === 'info' ? 'neutral' : 'better',
  }));
  const added = only(after, before).map((one): RunChange => ({
    what: 'finding',
    before: 'none',
    after: text(one),
    effect: one.severity === 'info' ? 'neutral' : 'worse',
  }));
  return [...gone, ...added];
}
