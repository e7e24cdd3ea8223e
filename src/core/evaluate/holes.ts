import type { Module } from '../code/units/module';
import type { CodeRange, Range } from '../code/syntax';
import { rangeOf, shortened, textOf, type Scope } from './scope';
import type { Hole, HoleType, Value } from './value';

/** A hole that still knows where it stands, and the type that is written for it. */
export interface DraftHole extends Hole {
  readonly range: CodeRange;
  readonly written?: { readonly type: string; readonly module: Module };
  /** It stands for a value that is known but too large to be written out. */
  readonly isCut?: boolean;
}

const NO_SPAN = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };

export function makeHole(
  name: string,
  type: HoleType,
  range: CodeRange,
  written?: DraftHole['written'],
  isCut?: boolean,
): Value {
  const hole: DraftHole = {
    name: shortened(name),
    type,
    path: '',
    span: NO_SPAN,
    range,
    written,
    ...(isCut ? { isCut } : {}),
  };
  return { kind: 'hole', hole };
}

/** A hole with the text of the expression as its name. */
export function holeFor(expression: Range, scope: Scope, type: HoleType = 'unknown'): Value {
  return makeHole(textOf(expression, scope), type, rangeOf(expression, scope));
}

/** A hole in the place of a value that is too large. */
export function cutHole(expression: Range, scope: Scope, type: HoleType): Value {
  return makeHole(textOf(expression, scope), type, rangeOf(expression, scope), undefined, true);
}

/** Whether it stands for a value that is too large, or was made of one. */
export function isCutHole(value: Value): boolean {
  return value.kind === 'hole' && isDraftHole(value.hole) && value.hole.isCut === true;
}

export function isDraftHole(hole: Hole): hole is DraftHole {
  return 'range' in hole;
}

export function withType({ hole }: Value & { kind: 'hole' }, type: HoleType): Value {
  return { kind: 'hole', hole: { ...hole, type } };
}

/** The present moment under any name: whoever fills holes need not ask for it. */
export function isNow(name: string): boolean {
  return /^new Date\(\)$|^Date\.now\(\)$|^(?:datetime\.)*(?:utcnow|now)\([\w.]*\)$/.test(name);
}
