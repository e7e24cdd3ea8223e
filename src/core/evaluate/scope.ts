import type { Module } from '../code/units/module';
import type { CodeRange, Range } from '../code/syntax';
import type { AbstractValue } from './abstractValue';

/** Where code runs, and what the names that it declares are bound to. */
export interface Scope {
  readonly unit: CodeRange['unit'];
  readonly module: Module;
  readonly parent?: Scope;
  readonly self?: AbstractValue;
  /** Swapped while a branch runs. */
  vars: Map<string, AbstractValue>;
}

export function rangeOf({ from, to }: Range, scope: Scope): CodeRange {
  return { unit: scope.unit, from, to };
}

/** Characters of the source that a name is made of: those of a larger expression are not all looked at. */
const MAX_WRITTEN = 2_000;

/** The expression on one line; of a very large one the beginning. */
export function textOf({ from, to }: Range, scope: Scope): string {
  const end = Math.min(to, from + MAX_WRITTEN);
  const text = scope.unit.text.slice(from, end).replace(/\s+/g, ' ').trim();
  return end < to ? `${text}…` : text;
}

const MAX_NAME = 80;

export function shortened(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
}

const MAX_CONDITION = 200;

export function conditionText(condition: Range, scope: Scope): string {
  const text = textOf(condition, scope);
  return text.length > MAX_CONDITION ? `${text.slice(0, MAX_CONDITION - 1)}…` : text;
}

/** Conditions inside each other are joined; those of hundreds would be a text that grows with each. */
const MAX_JOINED = 2_000;

export function shortCondition(text: string): string {
  return text.length > MAX_JOINED ? `${text.slice(0, MAX_JOINED - 1)}…` : text;
}
