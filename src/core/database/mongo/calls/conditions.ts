import type { Choices, HoleValues } from '../../../evaluate/choose';
import type { Value } from '../../../evaluate/value';
import type { Statement } from '../../statement';
import { chosen } from './chosen';
import { commandValues } from './fillHoles';

/** A condition of the source that decides the form of a statement, and how it is decided. */
export interface Condition {
  readonly condition: string;
  readonly holds: boolean;
}

export function decidedConditions(statement: Statement, values: HoleValues, choices: Choices): Condition[] {
  return conditionsOf(statement).map((condition) => ({ condition, holds: holds(condition, values, choices) }));
}

/** Conditions that decide the form of a statement, each once, in the order of the source. */
export function conditionsOf(statement: Statement): string[] {
  const found = new Set<string>();
  // From the back, so that the first is taken first.
  const open = commandValues(statement).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const inner = innerValues(next);
    if (next.kind === 'either') found.add(next.condition);
    for (let at = inner.length - 1; at >= 0; at--) open.push(inner[at]);
  }
  return [...found];
}

function holds(condition: string, values: HoleValues, choices: Choices): boolean {
  const asked: Value = {
    kind: 'either',
    condition,
    then: { kind: 'literal', value: true },
    otherwise: { kind: 'literal', value: false },
  };
  const decided = chosen(asked, values, choices);
  return decided.kind === 'literal' && decided.value === true;
}

function innerValues(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'array':
      return value.items;
    case 'document':
      return value.entries.map(([, entry]) => entry);
    case 'spread':
      return [value.value];
    case 'regex':
      return [value.pattern];
    case 'either':
      return [value.then, value.otherwise];
    default:
      return [];
  }
}
