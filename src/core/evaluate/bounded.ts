import type { Range } from '../code/syntax';
import { data, type AbstractValue } from './abstractValue';
import type { Evaluation } from './evaluation';
import { cutHole, makeHole } from './holes';
import { rangeOf, type Scope } from './scope';
import { typeOfValue, type Value } from './value';
import { isMeasured, isTooLarge, MAX_STRING, MAX_VALUE_SIZE, sizeOf } from './valueSize';

/** Items that are copied for the price of one expression. */
const ITEMS_OF_A_STEP = 4;

/** The value as it is; a hole in its place where it is too large to be of use. Making a large one has its price. */
export function bounded(
  evaluation: Evaluation,
  abstract: AbstractValue,
  expression: Range,
  scope: Scope,
): AbstractValue {
  if (abstract.is === 'object') {
    if (objectSize(evaluation, abstract) <= MAX_VALUE_SIZE) return abstract;
    return data(cutHole(expression, scope, 'document'), abstract.origins);
  }
  if (abstract.is !== 'data' || !isCut(evaluation, abstract.value)) return abstract;
  return data(cutHole(expression, scope, typeOfValue(abstract.value)), abstract.origins);
}

/** The same for what a variable becomes without an expression of its own: behind a branch both forms in one. */
export function boundedVariable(
  evaluation: Evaluation,
  name: string,
  abstract: AbstractValue,
  scope: Scope,
  range: Range,
): AbstractValue {
  if (abstract.is !== 'data' || !isCut(evaluation, abstract.value)) return abstract;
  const type = typeOfValue(abstract.value);
  return data(makeHole(name, type, rangeOf(range, scope), undefined, true), abstract.origins);
}

/** Pays for a value that was made, and tells whether it is too large. */
function isCut(evaluation: Evaluation, value: Value): boolean {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string' && value.value.length > MAX_STRING;
    case 'hole':
    case 'nothing':
      return false;
    case 'array':
      if (!isMeasured(value)) spend(evaluation, value.items.length / ITEMS_OF_A_STEP);
      break;
    case 'document':
      if (!isMeasured(value)) spend(evaluation, value.entries.length / ITEMS_OF_A_STEP);
      break;
    default:
  }
  return isTooLarge(sizeOf(value));
}

/** Takes the price of work that is no expression of the text from what is left. */
export function spend(evaluation: Evaluation, steps: number): void {
  evaluation.budget -= Math.floor(steps);
}

const objectSizes = new WeakMap<AbstractValue, number>();

/** Of an object with members that are no data: as a tree, as it is written out where data is asked for. */
function objectSize(evaluation: Evaluation, abstract: Extract<AbstractValue, { is: 'object' }>): number {
  const before = objectSizes.get(abstract);
  if (before !== undefined) return before;
  // An object is not part of itself; while it is measured it counts as nothing.
  objectSizes.set(abstract, 0);
  let size = 1;
  for (const entry of abstract.entries.values()) {
    if (entry.is === 'data') size += 1 + sizeOf(entry.value).size;
    else size += entry.is === 'object' ? 1 + objectSize(evaluation, entry) : 2;
  }
  spend(evaluation, abstract.entries.size / ITEMS_OF_A_STEP);
  objectSizes.set(abstract, size);
  return size;
}
