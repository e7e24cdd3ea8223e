import { forEachTick } from '../../measurement/cpuSlice';
import type { CallTree } from '../../profile/tree/callTree';
import { addTo, sumsOf, unmappedOf, type HeatPart } from '../heatPart';
import type { BusyNodes, MeasuredCpu, Move, Moves } from '../inlinedMoves';
import { NOBODY, type FunctionKey } from './functionKeys';
import type { DividedLine } from './divideLines';
import type { InlinedFunctions } from './inlinedFunctions';

/** Samples of one physical function, all of its nodes together. */
interface PhysicalFunction {
  readonly key: FunctionKey;
  readonly frame: number;
  /** µs by generated line, 0-based. */
  readonly lines: Map<number, number>;
}

/** An upper bound of what nobody has seen: the share that fails to show in so many samples with 95 % certainty is 3 / n. */
const RULE_OF_THREE = 3;

/**
 * Charges the lines of each physical function to the methods whose code stands there, takes them off the function, and
 * notes line heat and doubts.
 */
export function moveInlined(
  part: HeatPart,
  cpu: MeasuredCpu,
  nodes: BusyNodes,
  inlining: InlinedFunctions,
  isExpanded: boolean,
): Moves {
  const { tree, slice } = cpu;
  const { busy, hits } = nodes;
  const keys = inlining.keys();
  const { frames: frameOf } = tree;
  const ticksOf = new Float64Array(tree.nodeCount);
  forEachTick(slice, (node, _line, ticks) => (ticksOf[node] += ticks));

  const physical = new Map<FunctionKey, PhysicalFunction>();
  forEachTick(slice, (node, line, ticks) => {
    const key = keys[frameOf[node]];
    if (key === NOBODY || !busy[node]) return;
    let own = physical.get(key);
    if (!own) physical.set(key, (own = { key, frame: frameOf[node], lines: new Map() }));
    addTo(own.lines, line, (busy[node] * ticks) / Math.max(ticksOf[node], hits[node]));
  });

  const timeBelow = createTimeBelow(tree, keys, busy);
  const divided = new Map<FunctionKey, ReadonlyMap<number, DividedLine>>();
  for (const own of physical.values()) {
    const { lines, ownUs } = divide(part, cpu, inlining, timeBelow, own);
    divided.set(own.key, lines);
    if (own.key >= 0 && !isExpanded) {
      const { samples } = inlining.group(own.key);
      sumsOf(part, own.key).doubtfulUs += ownUs * Math.min(1, RULE_OF_THREE / Math.max(1, samples));
    }
  }

  const moves = new Map<number, Move[]>();
  forEachTick(slice, (node, line, ticks) => {
    const key = keys[frameOf[node]];
    if (key === NOBODY || !busy[node]) return;
    const share = ticks / Math.max(ticksOf[node], hits[node]);
    for (const { key: member, share: ofLine, places } of divided.get(key)!.get(line)!.parts) {
      const us = busy[node] * share * ofLine;
      if (member !== key) {
        const move = moveOf(inlining, key, member, us, hits[node] * share * ofLine);
        takeOff(part, cpu, nodes, node, move);
        const list = moves.get(node);
        if (list) list.push(move);
        else moves.set(node, [move]);
      }
      if (member >= 0 && places.line !== undefined && places.file === part.resolver.methods[member].file)
        addTo(sumsOf(part, member).lines, places.line, us);
    }
  });
  return moves;
}

/** Also notes what is doubtful. `ownUs`: what stays with the function on lines that are certainly its own. */
function divide(
  part: HeatPart,
  { tree }: MeasuredCpu,
  inlining: InlinedFunctions,
  timeBelow: TimeBelow,
  { key, frame, lines }: PhysicalFunction,
): { readonly lines: ReadonlyMap<number, DividedLine>; readonly ownUs: number } {
  const division = inlining.divide(key, tree.table.frames[frame], lines, () => timeBelow(key));
  let ownUs = 0;
  for (const [line, { parts, doubtful }] of division.lines) {
    const us = lines.get(line)!;
    const doubts = parts.length ? doubtful : [key];
    for (const each of doubts) if (each >= 0) sumsOf(part, each).doubtfulUs += us;
    if (!doubts.length && parts[0].key === key) ownUs += us * parts[0].share;
  }
  for (const [member, variance] of division.variance) if (member >= 0) sumsOf(part, member).selfVariance += variance;
  return { lines: division.lines, ownUs };
}

/** By function: µs below its nodes by the function that has them, those of builtins with whoever called them. */
type TimeBelow = (physical: FunctionKey) => ReadonlyMap<FunctionKey, number>;

/** Each answer costs the nodes below the function, and not the whole tree: there are as many functions that ask as are hot. */
function createTimeBelow({ parents, frames }: CallTree, keys: readonly FunctionKey[], busy: Float64Array): TimeBelow {
  const firstChild = new Int32Array(parents.length).fill(-1);
  const nextSibling = new Int32Array(parents.length).fill(-1);
  const nodesOf = new Map<FunctionKey, number[]>();
  for (let node = parents.length - 1; node > 0; node--) {
    nextSibling[node] = firstChild[parents[node]];
    firstChild[parents[node]] = node;
    const list = nodesOf.get(keys[frames[node]]);
    if (list) list.push(node);
    else nodesOf.set(keys[frames[node]], [node]);
  }
  const known = new Map<FunctionKey, ReadonlyMap<FunctionKey, number>>();
  const measure = (physical: FunctionKey): ReadonlyMap<FunctionKey, number> => {
    const below = new Map<FunctionKey, number>();
    const seen = new Set<number>();
    // Parents precede their children, and the lists run backwards.
    const stack = (nodesOf.get(physical) ?? []).map((node) => ({ node, nearest: physical }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (seen.has(next.node)) continue;
      seen.add(next.node);
      for (let child = firstChild[next.node]; child >= 0; child = nextSibling[child]) {
        const key = keys[frames[child]];
        const nearest = key === NOBODY ? next.nearest : key;
        if (key !== physical && busy[child]) addTo(below, nearest, busy[child]);
        stack.push({ node: child, nearest });
      }
    }
    return below;
  };
  return (physical) => {
    let below = known.get(physical);
    if (!below) known.set(physical, (below = measure(physical)));
    return below;
  };
}

function moveOf(
  inlining: InlinedFunctions,
  physical: FunctionKey,
  method: FunctionKey,
  us: number,
  hits: number,
): Move {
  const { through, callers } = inlining.path(physical, method);
  const onStack = new Map<number, number>([[method, 1]]);
  for (const [key, share] of through) if (key >= 0 && key !== physical) onStack.set(key, share);
  const callersOf = new Map<number, number>();
  for (const [key, share] of callers) addTo(callersOf, key >= 0 && key !== physical ? key : -1, share);
  return { method, us, hits, onStack, callers: callersOf };
}

function takeOff(
  part: HeatPart,
  { tree }: MeasuredCpu,
  { nodeMethod, category }: BusyNodes,
  node: number,
  { method, us, hits }: Move,
): void {
  if (nodeMethod[node] >= 0) {
    const charged = sumsOf(part, nodeMethod[node]);
    charged.selfUs -= us;
    charged.selfSamples -= hits;
  } else if (category[node] === 'node') {
    part.us.node -= us;
    part.runtime.add('node', tree.table.frames[tree.frames[node]], -us);
  } else {
    part.us.unmapped -= us;
    unmappedOf(part, tree, tree.frames[node]).selfUs -= us;
  }
  const own = sumsOf(part, method);
  own.selfUs += us;
  own.selfSamples += hits;
}
