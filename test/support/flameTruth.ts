import assert from 'node:assert/strict';
import type { FlameLayout } from '../../src/core/flame/layouts/flameLayout';
import type { ProfileView, ViewFrame } from '../../src/core/flame/view/profileView';
import type { ViewOptions } from '../../src/core/flame/view/viewOptions';
import { frameCategory, type Frame } from '../../src/core/profile/frame';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import { packageNameOf } from '../../src/core/source/paths';
import { randomNumbers } from './mutate';

/** Flame graphs the slow way: stacks as lists of names, sums in maps. */

/** Names from the outermost call to the leaf, without the root, and a value. */
export interface Stack {
  readonly names: readonly string[];
  readonly value: number;
}

const pool: readonly Frame[] = [
  frame('(root)', ''),
  frame('(idle)', ''),
  frame('(program)', ''),
  frame('(garbage collector)', ''),
  frame('sort', ''),
  frame('emit', 'node:events'),
  frame('tick', 'node:internal/process'),
  frame('route', 'file:///srv/node_modules/express/lib/router.js'),
  frame('handle', 'file:///srv/node_modules/express/lib/layer.js'),
  frame('find', 'file:///srv/node_modules/@scope/db/find.js'),
  frame('main', 'file:///srv/src/main.js'),
  frame('load', 'file:///srv/src/load.js'),
  frame('price', 'file:///srv/src/price.js'),
  frame('walk', 'file:///srv/src/walk.js'),
];

function frame(functionName: string, url: string): Frame {
  return { functionName, url, line: url ? functionName.length : -1, column: url ? 0 : -1, scriptId: '' };
}

/** V8's own frames at the top only, one frame perhaps several times under one parent; whole µs, so that sums are exact. */
export function randomProfile(seed: number, nodeCount = 120, sampleCount = 300): ProfileColumns {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const parents = new Int32Array(nodeCount);
  const nodeFrames = new Int32Array(nodeCount);
  parents[0] = -1;
  for (let node = 1; node < nodeCount; node++) {
    const parent = below(Math.min(node, 12)) === 0 ? 0 : node - 1 - below(Math.min(node, 5));
    const isOwn = nodeFrames[parent] > 0 && nodeFrames[parent] < 4;
    parents[node] = isOwn ? 0 : parent;
    nodeFrames[node] = parents[node] === 0 ? 1 + below(pool.length - 1) : 4 + below(pool.length - 4);
  }
  const nodes = new Int32Array(sampleCount);
  const startsUs = new Float64Array(sampleCount);
  const self = new Float64Array(nodeCount);
  let clock = 5_000;
  for (let i = 0; i < sampleCount; i++) {
    const pick = random();
    nodes[i] = pick < 0.3 && i ? nodes[i - 1] : below(nodeCount);
    startsUs[i] = clock;
    const us = pick > 0.95 ? 0 : 1 + below(9);
    if (nodes[i]) self[nodes[i]] += us;
    clock += us;
  }
  const bytes = Float64Array.from({ length: nodeCount }, (_, node) => (node && random() < 0.4 ? 1 + below(20) : 0));
  return {
    title: `random ${seed}`,
    frames: pool,
    parents,
    nodeFrames,
    measures: [
      { kind: 'cpu', label: 'CPU time', unit: 'µs', self },
      { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes', self: bytes },
    ],
    timeline: { measure: 0, nodes, startsUs, endUs: clock },
    problems: [],
  };
}

/** The stacks of a profile's nodes through the options; without those that are dropped. Ranges are cut from the timeline. */
export function shownStacks(profile: ProfileColumns, options: ViewOptions): Stack[] {
  const { measures, timeline } = profile;
  if (!options.range || timeline?.measure !== options.measure) {
    return [...measures[options.measure].self].flatMap((value, node) => stackOf(profile, node, value, options));
  }
  return samplesWithin(profile, options.range.startUs, options.range.endUs).flatMap(({ node, us }) =>
    node ? stackOf(profile, node, us, options) : [],
  );
}

export function samplesWithin(
  { timeline }: ProfileColumns,
  startUs: number,
  endUs: number,
): { node: number; startUs: number; us: number }[] {
  const { nodes, startsUs, endUs: end } = timeline!;
  return [...nodes].flatMap((node, i) => {
    const from = Math.max(startsUs[i], startUs);
    const to = Math.min(startsUs[i + 1] ?? end, endUs);
    return to > from ? [{ node, startUs: from, us: to - from }] : [];
  });
}

/** None where the node is dropped. */
export function stackOf(
  { frames, parents, nodeFrames }: ProfileColumns,
  node: number,
  value: number,
  options: ViewOptions,
): Stack[] {
  if (!(value > 0)) return [];
  const onStack: Frame[] = [];
  for (let n = node; n > 0; n = parents[n]) onStack.unshift(frames[nodeFrames[n]]);
  if (options.hideIdle && onStack.length && frameCategory(onStack[onStack.length - 1]) === 'idle') return [];
  let path: string[] = [];
  const outermost = new Map<string, string[]>();
  for (const each of onStack) {
    if (options.hideInternals && ['node', 'native'].includes(frameCategory(each))) continue;
    const packageName = options.foldPackages ? packageNameOf(each.url) : undefined;
    const name = packageName ?? each.functionName;
    if (packageName !== undefined && path[path.length - 1] === name) continue;
    path = (options.mergeRecursion && outermost.get(name)) || [...path, name];
    if (!outermost.has(name)) outermost.set(name, path);
  }
  return [{ names: path, value }];
}

/** Sums by path from the root, a path written `main > load`; '' is the root. */
export function totalsByPath(stacks: readonly Stack[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { names, value } of stacks) {
    for (let depth = 0; depth <= names.length; depth++) bump(totals, names.slice(0, depth).join(' > '), value);
  }
  return totals;
}

export function bump(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

/** As `totalsByPath`, of a view's nodes with a value. */
export function viewTotals({ frames, parents, nodeFrames, totals }: ProfileView): Map<string, number> {
  const paths: string[] = [''];
  const result = new Map<string, number>();
  for (let node = 0; node < parents.length; node++) {
    if (node) paths[node] = [paths[parents[node]], frames[nodeFrames[node]].name].filter(Boolean).join(' > ');
    if (totals[node] > 0) bump(result, paths[node], totals[node]);
  }
  return result;
}

/** Widths by path above row 0. Throws where two boxes have one path. */
export function widthsByPath(layout: FlameLayout, frames: readonly ViewFrame[]): Map<string, number> {
  const paths: string[] = [];
  const widths = new Map<string, number>();
  layout.parents.forEach((parent, box) => {
    paths[box] = parent < 0 ? '' : [paths[parent], frames[layout.frames[box]].name].filter(Boolean).join(' > ');
    assert.ok(!widths.has(paths[box]), `${paths[box]} is one box`);
    widths.set(paths[box], layout.rights[box] - layout.lefts[box]);
  });
  return widths;
}

/** Equal sets of paths, and values that differ by no more than rounding does. */
export function assertSameValues(actual: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): void {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [path, value] of expected)
    assert.ok(Math.abs(actual.get(path)! - value) < 1e-6, `${path}: ${actual.get(path)} instead of ${value}`);
}

/** What every layout promises. */
export function assertLayout({ width, rowStarts, lefts, rights, frames, parents, selfs }: FlameLayout): void {
  const boxes = lefts.length;
  assert.equal(rowStarts[0], 0);
  assert.equal(rowStarts[rowStarts.length - 1], boxes);
  for (const column of [rights, frames, parents, selfs]) assert.equal(column.length, boxes);
  assert.deepEqual([rowStarts[1], lefts[0], rights[0], parents[0]], [1, 0, width, -1], 'row 0 is the root box');
  for (let row = 1; row + 1 < rowStarts.length; row++) {
    assert.ok(rowStarts[row] < rowStarts[row + 1], `row ${row} has boxes`);
    for (let box = rowStarts[row]; box < rowStarts[row + 1]; box++) {
      const parent = parents[box];
      if (!(lefts[box] <= rights[box])) assert.fail(`box ${box} has a width`);
      if (box > rowStarts[row] && !(lefts[box] >= rights[box - 1]))
        assert.fail(`box ${box} begins where the one before it ended`);
      if (!(parent >= rowStarts[row - 1] && parent < rowStarts[row]))
        assert.fail(`the parent of box ${box} is in the row before`);
      if (!(lefts[box] >= lefts[parent] && rights[box] <= rights[parent]))
        assert.fail(`box ${box} is within its parent`);
      if (!(selfs[box] <= (rights[box] - lefts[box]) * (1 + 1e-9) + 1e-9))
        assert.fail(`box ${box} is as wide as its self value`);
    }
  }
}

/** Rows as texts, for truth by hand: `main 0-15 self 5`. */
export function rowTexts(
  { rowStarts, lefts, rights, frames, selfs }: FlameLayout,
  viewFrames: readonly ViewFrame[],
): string[] {
  return [...rowStarts.subarray(0, -1)].map((start, row) => {
    const boxes = Array.from({ length: rowStarts[row + 1] - start }, (_, i) => start + i);
    return boxes
      .map(
        (box) =>
          `${viewFrames[frames[box]].name} ${lefts[box]}-${rights[box]}${selfs[box] ? ` self ${selfs[box]}` : ''}`,
      )
      .join(', ');
  });
}

/** A chain of calls: node n calls node n + 1. Each has the self value. */
export function chain(depth: number, frameCount: number, selfOf: (node: number) => number): ProfileColumns {
  const count = depth + 1;
  return columns(
    count,
    (node) => node - 1,
    (node) => (node ? 1 + ((node - 1) % frameCount) : 0),
    frameCount,
    selfOf,
  );
}

/** One caller of many. */
export function fan(childCount: number, frameCount: number, selfOf: (node: number) => number): ProfileColumns {
  return columns(
    childCount + 1,
    (node) => (node ? 0 : -1),
    (node) => (node ? 1 + ((node - 1) % frameCount) : 0),
    frameCount,
    selfOf,
  );
}

function columns(
  count: number,
  parentOf: (node: number) => number,
  frameOf: (node: number) => number,
  frameCount: number,
  selfOf: (node: number) => number,
): ProfileColumns {
  const frames = [frame('(root)', ''), ...Array.from({ length: frameCount }, (_, n) => frame(`f${n}`, '/app/f.js'))];
  const index = Int32Array.from({ length: count }, (_, node) => node);
  const self = Float64Array.from(index, (node) => (node ? selfOf(node) : 0));
  const startsUs = new Float64Array(count);
  for (let node = 1; node < count; node++) startsUs[node] = startsUs[node - 1] + self[node - 1];
  return {
    title: 'big',
    frames,
    parents: index.map(parentOf),
    nodeFrames: index.map(frameOf),
    measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self }],
    timeline: { measure: 0, nodes: index, startsUs, endUs: startsUs[count - 1] + self[count - 1] },
    problems: [],
  };
}
