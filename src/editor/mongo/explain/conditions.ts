import type { Statement, Value } from '../../../core/mongo/statement';
import { chosen, type Choices, type HoleValues } from '../../../core/mongo/statements/choose';

/** Conditions of the source that decide the form of the statement, in order, with how they are decided. */
export function conditionsOf(statement: Statement, values: HoleValues, choices: Choices): { readonly condition: string; readonly holds: boolean }[] {
  const found = new Set<string>();
  // From the back, so that the first is taken first.
  const open = valuesOf(statement).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const inner = innerValues(next);
    if (next.kind === 'either') found.add(next.condition);
    for (let at = inner.length - 1; at >= 0; at--) open.push(inner[at]);
  }
  return [...found].map((condition) => ({ condition, holds: holds(condition, values, choices) }));
}

function holds(condition: string, values: HoleValues, choices: Choices): boolean {
  const asked: Value = { kind: 'either', condition, then: { kind: 'literal', value: true }, otherwise: { kind: 'literal', value: false } };
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

function valuesOf({ command }: Statement): Value[] {
  switch (command.kind) {
    case 'find': {
      const { others, ...options } = command.options;
      return [command.filter, ...Object.values(options as Record<string, Value | undefined>).filter((value) => value !== undefined), ...Object.values(others)];
    }
    case 'aggregate':
      return [command.pipeline, ...Object.values(command.options)];
    case 'distinct':
      return [command.field, command.filter, ...Object.values(command.options)];
    case 'count':
    case 'estimatedCount':
      return [command.filter, ...Object.values(command.options)];
    default:
      return [command.filter, ...(command.change ? [command.change] : []), ...Object.values(command.options)];
  }
}
