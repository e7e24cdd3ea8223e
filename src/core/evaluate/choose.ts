import type { Value } from './value';

/** Canonical EJSON by the name of a hole. */
export type HoleValues = ReadonlyMap<string, unknown>;
/** Conditions that are decided, by their text. */
export type Choices = ReadonlyMap<string, boolean>;

/**
 * The value with every condition decided: by a choice, else by the values that the condition asks about (`category`,
 * `!category`, `category is not None`, `limit !== undefined`), else as if it held. Items and fields of `nothing` are left out.
 */
export function chosen(value: Value, values: HoleValues, choices: Choices = new Map()): Value {
  switch (value.kind) {
    case 'either':
      return chosen(holds(value.condition, values, choices) ? value.then : value.otherwise, values, choices);
    case 'array': {
      const items = value.items.map((item) => chosen(item, values, choices)).filter((item) => item.kind !== 'nothing');
      return { kind: 'array', items };
    }
    case 'document': {
      const entries = value.entries
        .map(([key, entry]) => [key, chosen(entry, values, choices)] as const)
        .filter(([, entry]) => entry.kind !== 'nothing');
      return { kind: 'document', entries };
    }
    case 'spread': {
      const inner = chosen(value.value, values, choices);
      return inner.kind === 'nothing' ? inner : { kind: 'spread', value: inner };
    }
    case 'regex':
      return { ...value, pattern: chosen(value.pattern, values, choices) };
    default:
      return value;
  }
}

function holds(condition: string, values: HoleValues, choices: Choices): boolean {
  const choice = choices.get(condition);
  if (choice !== undefined) return choice;
  // `a && b` holds when both do.
  const parts = condition.split(/\s+(?:&&|and)\s+/);
  if (parts.length > 1 && !/\|\||\bor\b|[()]/.test(condition))
    return parts.every((part) => holds(part, values, choices));
  const [, negation, name, comparison] =
    /^(!|not\s+)?\(?([\w$.?[\]"']+?)\)?(\s*(?:!==?|is not)\s*(?:null|undefined|None|''|""))?$/.exec(condition) ?? [];
  if (name === undefined) return true;
  if (!values.has(name)) {
    const known = choices.get(name);
    return negation ? known === false : (known ?? true);
  }
  const given = values.get(name);
  const present = comparison ? given !== null && given !== undefined && given !== '' : isTruthy(given);
  return negation ? !present : present;
}

function isTruthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  const [key, inner] = Object.entries(value)[0] ?? [];
  return key?.startsWith('$number') ? Number(inner) !== 0 : true;
}
