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

export function textOf({ from, to }: Range, scope: Scope): string {
  return scope.unit.text.slice(from, to).replace(/\s+/g, ' ').trim();
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
