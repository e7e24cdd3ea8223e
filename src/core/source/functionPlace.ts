import type { Position } from '../positions';
import { comparePositions } from '../positions';
import { methodAt } from '../method/methodIndex';
import { methodNear } from '../method/methodNear';
import type { MethodIndex } from '../method/method';
import { mayBeCalled } from './matchByName';
import { isBundlerRuntime } from './sourceLocations';
import { findSegment, nextSegment, segmentAt } from './sourceMap';
import type { Segment, SourceMap } from './sourceMap';

/** Where the source map puts a function of the generated script. */
export type FunctionPlace =
  /** The function stands in the stretch from `position` to `next` (open when the map does not say). */
  | {
      readonly kind: 'stretch';
      readonly source: number;
      readonly position: Position;
      readonly next?: Position;
      readonly gap: number;
    }
  /** Generated code between two mapped places (one, at the start of a source), with nothing mapped on its own line. */
  | { readonly kind: 'between'; readonly source: number; readonly position: Position; readonly next: Position }
  /** The top-level code of the source, or the function that a compiler wrapped around it. */
  | { readonly kind: 'module'; readonly source: number };

/** Why there is no place or no method. */
export interface PlaceProblem {
  readonly problem: 'not-mapped' | 'no-method';
  readonly detail: string;
}

const COMPILER_CODE: PlaceProblem = { problem: 'not-mapped', detail: 'code that the compiler added' };

/** More than `static async *` before the name and `(` after it; farther from its segment a function is the compiler's own. */
const MAX_GAP = 24;

/** `line` and `column` as V8 reports the function, 0-based, in the generated script. */
export function placeOfFunction(
  map: SourceMap,
  line: number,
  column: number,
  functionName: string,
): FunctionPlace | PlaceProblem {
  if (line === 0 && column === 0 && functionName === '') {
    const source = onlySource(map);
    if (source >= 0) return { kind: 'module', source };
    return { problem: 'not-mapped', detail: 'top-level code of a bundle of several files' };
  }
  const at = findSegment(map, line, column);
  if (at >= 0) {
    const segment = segmentAt(map, at);
    if (segment.source < 0) return COMPILER_CODE;
    const following = at + 1 < map.columns.length ? segmentAt(map, at + 1) : segment;
    if (
      following.source >= 0 &&
      following.source !== segment.source &&
      isWrapperName(functionName) &&
      isFirstOfSource(map, at + 1)
    ) {
      return { kind: 'module', source: following.source };
    }
    const next = differentSegmentAfter(map, at);
    return {
      kind: 'stretch',
      source: segment.source,
      position: originalPosition(segment),
      next: next && originalPosition(next),
      gap: column - segment.column,
    };
  }
  const following = nextSegment(map, line, column);
  if (following < 0) return COMPILER_CODE;
  const after = segmentAt(map, following);
  const before = following > 0 ? segmentAt(map, following - 1) : undefined;
  if (after.source < 0) return COMPILER_CODE;
  if (isWrapperName(functionName) && before?.source !== after.source && isFirstOfSource(map, following)) {
    return { kind: 'module', source: after.source };
  }
  const next = originalPosition(after);
  const position = before?.source === after.source ? originalPosition(before) : { line: 0, column: 0 };
  return { kind: 'between', source: after.source, position, next };
}

/** Index of the method in the source's method index that the function is, or why it is none. */
export function methodOfPlace(index: MethodIndex, place: FunctionPlace, functionName: string): number | PlaceProblem {
  if (place.kind === 'module') return 0;
  if (place.kind === 'between') {
    // A private method that was moved out of its class has only its body mapped.
    const method = methodAt(index, place.next);
    const isMethod =
      method > 0 && (method === methodAt(index, place.position) || mayBeCalled(index, method, functionName));
    return isMethod ? method : COMPILER_CODE;
  }
  const enclosing = methodAt(index, place.position);
  if (enclosing < 0) return { problem: 'no-method', detail: 'the source is shorter than its source map says' };
  const near = methodNear(index, place.position, place.next, functionName);
  const isClose = place.gap <= MAX_GAP + functionName.length;
  if (near >= 0 && (isClose || mayBeCalled(index, near, functionName))) return near;
  if (enclosing > 0) return enclosing;
  // `enum` and `namespace` become functions without a name that run as a part of the top-level code.
  return functionName === '' && isClose ? 0 : COMPILER_CODE;
}

const onlySources = new WeakMap<SourceMap, number>();

/** Index of the one source that is not the bundler's own; -1 when there are several or none. */
export function onlySource(map: SourceMap): number {
  let only = onlySources.get(map);
  if (only === undefined) {
    const isOwn = (source: string): boolean => source !== '' && !isBundlerRuntime(source);
    const first = map.sources.findIndex(isOwn);
    only = map.sources.findLastIndex(isOwn) === first ? first : -1;
    onlySources.set(map, only);
  }
  return only;
}

/** A function around a whole module: tsx's `(()=>{`, webpack's `"./src/x.ts": (module) => {`, esbuild's `"src/x.js"(exports) {`. */
function isWrapperName(functionName: string): boolean {
  return functionName === '' || /[/\\]|\.\w+$/.test(functionName);
}

function originalPosition(segment: Segment): Position {
  return { line: segment.sourceLine, column: segment.sourceColumn };
}

/** The next segment of the same source that points elsewhere: several generated tokens may come from one place. */
function differentSegmentAfter(map: SourceMap, index: number): Segment | undefined {
  const start = segmentAt(map, index);
  for (let i = index + 1; i < Math.min(index + 16, map.columns.length); i++) {
    const segment = segmentAt(map, i);
    if (segment.source !== start.source) return undefined;
    if (comparePositions(originalPosition(segment), originalPosition(start)) !== 0) return segment;
  }
  return undefined;
}

const firstSegments = new WeakMap<SourceMap, Int32Array>();

function isFirstOfSource(map: SourceMap, index: number): boolean {
  let first = firstSegments.get(map);
  if (!first) {
    first = new Int32Array(map.sources.length).fill(-1);
    for (let i = map.sourceIndices.length - 1; i >= 0; i--) {
      const source = map.sourceIndices[i];
      if (source >= 0) first[source] = i;
    }
    firstSegments.set(map, first);
  }
  return first[map.sourceIndices[index]] === index;
}
