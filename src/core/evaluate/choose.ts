import type { Value } from './value';

/** Values by the names of holes, in whatever notation the library of the statement has. */
export type HoleValues = ReadonlyMap<string, unknown>;
/** Conditions that are decided, by their text. */
export type Choices = ReadonlyMap<string, boolean>;

/** What conditions are decided by. */
export interface Given {
  readonly values: HoleValues;
  readonly choices: Choices;
  /** Whether a value counts as true in a condition. */
  isTruthy(value: unknown): boolean;
}

/**
 * The value with every condition decided: by a choice, else by the values that the condition asks about (`category`,
 * `!category`, `category is not None`, `limit !== undefined`), else as if it held. Items and fields of `nothing` are left out.
 */
export function choose(value: Value, given: Given): Value {
  switch (value.kind) {
    case 'either':
      return choose(holds(value.condition, given) ? value.then : value.otherwise, given);
    case 'array': {
      const items = value.items.map((item) => choose(item, given)).filter((item) => item.kind !== 'nothing');
      return { kind: 'array', items };
    }
    case 'document': {
      const entries = value.entries
        .map(([key, entry]) => [key, choose(entry, given)] as const)
        .filter(([, entry]) => entry.kind !== 'nothing');
      return { kind: 'document', entries };
    }
    case 'spread': {
      const inner = choose(value.value, given);
      return inner.kind === 'nothing' ? inner : { kind: 'spread', value: inner };
    }
    case 'regex':
      return { ...value, pattern: choose(value.pattern, given) };
    default:
      return value;
  }
}

function holds(condition: string, given: Given): boolean {
  const { values, choices, isTruthy } = given;
  const choice = choices.get(condition);
  if (choice !== undefined) return choice;
  // `a && b` holds when both do.
  const parts = condition.split(/\s(?:&&|and)\s/).map((part) => part.trim());
  if (parts.length > 1 && !/\|\||\bor\b|[()]/.test(condition)) return parts.every((part) => holds(part, given));
  const [, negation, name, comparison] =
    /^(!|not\s+)?\(?([\w$.?[\]"']+?)\)?(\s*(?:!==?|is not)\s*(?:null|undefined|None|''|""))?$/.exec(condition) ?? [];
  if (name === undefined) return true;
  if (!values.has(name)) {
    const known = choices.get(name);
    return negation ? known === false : (known ?? true);
  }
  const value = values.get(name);
  const present = comparison ? value !== null && value !== undefined && value !== '' : isTruthy(value);
  return negation ? !present : present;
}
