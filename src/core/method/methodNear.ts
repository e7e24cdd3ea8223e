import { comparePositions, type Position } from '../positions';
import { countWhere, lastWhere } from './binarySearch';
import type { Method, MethodIndex } from './method';
import { methodAt } from './methodIndex';

/** A stretch of a source with more methods in it is one that nobody can tell them apart in. */
const MOST_CANDIDATES = 1_000;

const INITIALIZER_NAME = /^<(?:instance_members|static|static_fields)_initializer>$/;

/**
 * Index of the method that V8 reports at a position; -1 if none fits. A source map maps V8's position to a stretch of the
 * source: `position` is where the last mapping before it points, `nextPosition` where the following one points (undefined
 * if it is unknown). Without a source map pass the same position twice: then only a method that starts exactly there fits,
 * because anything else means that the text is not what runs. `functionName` is V8's; it decides between several methods
 * in the stretch, but compilers rename, so it is no condition.
 */
export function methodNear(
  index: MethodIndex,
  position: Position,
  nextPosition: Position | undefined,
  functionName: string,
): number {
  const enclosing = methodAt(index, position);
  if (enclosing < 0) return -1;
  const isOrdered = nextPosition && comparePositions(position, nextPosition) <= 0;
  const end = isOrdered ? nextPosition : { line: position.line + 1, column: 0 };
  const isExact = comparePositions(position, end) === 0;
  if (INITIALIZER_NAME.test(functionName)) {
    const fields = fieldsNear(index, position, end);
    return fields >= 0 ? fields : constructorNear(index, position, undefined);
  }
  let best = -1;
  let bestScore: Score | undefined;
  for (const candidate of candidatesIn(index, enclosing, position, end)) {
    const method = index.methods[candidate];
    if (method.kind === 'fields') continue;
    const anchor = closestAnchor(method, position, end, isExact);
    if (!anchor) continue;
    const score: Score = {
      isHead: comparePositions(anchor, position) === 0 && comparePositions(anchor, method.headStart) === 0,
      hasName: hasFunctionName(method, functionName),
      anchor,
    };
    if (!bestScore || isBetter(score, bestScore)) {
      best = candidate;
      bestScore = score;
    }
  }
  if (best >= 0) return best;
  const fields = fieldsStartingIn(index, enclosing, functionName, position, end, isExact);
  if (fields >= 0) return fields;
  const ofClass = functionName === '' ? -1 : constructorNear(index, position, functionName);
  if (ofClass >= 0) return ofClass;
  // Functions that a compiler made from the inside of a method (async and generator helpers) are that method's.
  return isExact || enclosing === 0 ? -1 : enclosing;
}

interface Score {
  readonly isHead: boolean;
  readonly hasName: boolean;
  readonly anchor: Position;
}

function isBetter(a: Score, b: Score): boolean {
  if (a.isHead !== b.isHead) return a.isHead;
  if (a.hasName !== b.hasName) return a.hasName;
  return comparePositions(a.anchor, b.anchor) < 0;
}

/** Methods that may have an anchor in the stretch: the one around it, those that start in it, and the one named in it. */
function* candidatesIn(index: MethodIndex, enclosing: number, position: Position, end: Position): Iterable<number> {
  const { methods } = index;
  if (enclosing > 0) yield enclosing;
  let at = lastWhere(methods.length, (i) => comparePositions(methods[i].span.start, position) < 0) + 1;
  const last = Math.min(methods.length, at + MOST_CANDIDATES);
  for (; at < last; at++) {
    yield at;
    if (comparePositions(methods[at].span.start, end) > 0) break;
  }
}

/** Where V8 or a source map may put the method; undefined when none of its anchors is in the stretch. */
function closestAnchor(method: Method, position: Position, end: Position, isExact: boolean): Position | undefined {
  const anchors = isExact ? [method.headStart] : [method.nameStart, method.span.start, method.headStart];
  let closest: Position | undefined;
  for (const anchor of anchors) {
    if (comparePositions(anchor, position) < 0 || comparePositions(anchor, end) > 0) continue;
    if (!closest || comparePositions(anchor, closest) < 0) closest = anchor;
  }
  return closest;
}

const fieldsOfIndex = new WeakMap<MethodIndex, readonly number[]>();

/** Initialisers of the classes, in their order: all of them, or those nearest to the position in a source that has thousands. */
function fieldsAround(index: MethodIndex, position: Position): readonly number[] {
  let fields = fieldsOfIndex.get(index);
  if (!fields) {
    fields = index.methods.flatMap(({ kind }, i) => (kind === 'fields' ? [i] : []));
    fieldsOfIndex.set(index, fields);
  }
  if (fields.length <= MOST_CANDIDATES) return fields;
  const all = fields;
  const at = countWhere(all.length, (n) => comparePositions(index.methods[all[n]].span.start, position) < 0);
  return all.slice(Math.max(0, at - MOST_CANDIDATES / 2), at + MOST_CANDIDATES / 2);
}

/**
 * The initialisers of a class by V8's own name for them. V8 of Node 20 puts them at `class`, 22 at the brace of the body,
 * later ones at the first field.
 */
function fieldsNear(index: MethodIndex, position: Position, end: Position): number {
  let inside = -1;
  let after = -1;
  fieldsAround(index, position).forEach((i) => {
    const method = index.methods[i];
    if (comparePositions(method.span.end, position) <= 0) return;
    if (comparePositions(method.headStart, position) > 0) {
      const isFirst = after < 0 || comparePositions(method.headStart, index.methods[after].headStart) < 0;
      if (isFirst && comparePositions(method.headStart, end) <= 0) after = i;
    } else if (inside < 0 || comparePositions(method.headStart, index.methods[inside].headStart) > 0) {
      inside = i;
    }
  });
  return after >= 0 ? after : inside;
}

/**
 * The constructor of the class around the position, of that name where it is known. V8 makes a function of fields without values,
 * too, which has no text of its own: of Node 20 at `class`, later at the brace of the body or at the first field, under the
 * name of the class.
 */
function constructorNear({ methods }: MethodIndex, position: Position, className: string | undefined): number {
  let around = -1;
  let after = -1;
  let before = -1;
  const at = lastWhere(methods.length, (i) => comparePositions(methods[i].span.start, position) < 0);
  const last = Math.min(methods.length - 1, at + MOST_CANDIDATES);
  for (let i = Math.max(0, at - MOST_CANDIDATES); i <= last; i++) {
    const method = methods[i];
    if (method.kind !== 'class' && method.kind !== 'constructor') continue;
    if (className !== undefined && !hasFunctionName(method, className)) continue;
    if (comparePositions(method.span.start, position) > 0) {
      if (after < 0) after = i;
    } else if (comparePositions(position, method.span.end) < 0) around = i;
    else before = i;
  }
  if (around >= 0) return around;
  return after >= 0 || className === undefined ? after : before;
}

/**
 * Since Node 22, V8 gives static initialisers the name of the class and puts them at its brace or, since 24, at the first
 * static field, with or without a value.
 */
function fieldsStartingIn(
  index: MethodIndex,
  enclosing: number,
  functionName: string,
  position: Position,
  end: Position,
  isExact: boolean,
): number {
  const { methods, regions } = index;
  if (methods[enclosing].kind === 'fields') {
    const region = regions[lastWhere(regions.length, (i) => comparePositions(regions[i].start, position) <= 0)];
    if (!isExact || comparePositions(region.start, position) === 0) return enclosing;
  }
  let found = -1;
  fieldsAround(index, position).forEach((i) => {
    const { qualifiedName, bodyStart, span, parent } = methods[i];
    const startsIn = comparePositions(position, bodyStart) <= 0 && comparePositions(bodyStart, end) <= 0;
    const isAround = comparePositions(bodyStart, position) <= 0 && comparePositions(position, span.end) < 0;
    const isNamed = isAround && parent === enclosing && `.${qualifiedName}`.endsWith(`.${functionName}.(fields)`);
    if (startsIn ? found < 0 : isNamed) found = i;
  });
  return found;
}

function hasFunctionName(method: Method, functionName: string): boolean {
  if (functionName === '' || functionName === '(anonymous)') return method.anonymous;
  const name = functionName.replace(/^(?:(?:get|set|static|async) )+/, '');
  if (name === method.name) return true;
  const lastPart = name.slice(name.lastIndexOf('.') + 1);
  if (lastPart === method.name) return true;
  // V8 calls a constructor by its class.
  return method.kind === 'constructor' && method.qualifiedName.endsWith(`${lastPart}.${method.name}`);
}
