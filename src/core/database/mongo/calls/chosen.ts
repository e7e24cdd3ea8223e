import { choose, type Choices, type HoleValues } from '../../../evaluate/choose';
import type { Value } from '../../../evaluate/value';

/** The value with every condition decided; `values` are canonical EJSON. */
export function chosen(value: Value, values: HoleValues, choices: Choices = new Map()): Value {
  return choose(value, { values, choices, isTruthy });
}

function isTruthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  const [key, inner] = Object.entries(value)[0] ?? [];
  return key?.startsWith('$number') ? Number(inner) !== 0 : true;
}
