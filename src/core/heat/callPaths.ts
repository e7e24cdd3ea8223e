import type { FrameTable } from '../profile/frameTable';
import type { CallTree } from '../profile/tree/callTree';

/**
 * Call paths of a tree, parents first, path 0 the empty one: a function that calls itself is one step of a path, because how
 * deep it is in itself differs between windows. Frames are those of a table that several trees share.
 */
export interface CallPaths {
  /** By node of the tree. */
  readonly pathOf: Int32Array;
  readonly parents: Int32Array;
  readonly frames: Int32Array;
  readonly depths: Int32Array;
  /** The path one step longer; undefined where there is none. */
  child(path: number, frame: number): number | undefined;
}

/** Of the nodes that `isWanted`, and those above them. */
export function callPaths(tree: CallTree, table: FrameTable, isWanted: (node: number) => boolean): CallPaths {
  const { parents: nodeParents, frames: nodeFrames, nodeCount } = tree;
  const wanted = new Uint8Array(nodeCount);
  for (let node = nodeCount - 1; node > 0; node--) {
    if (isWanted(node)) wanted[node] = 1;
    if (wanted[node]) wanted[nodeParents[node]] = 1;
  }
  const frameOf = new Int32Array(tree.table.frames.length).fill(-1);
  const pathOf = new Int32Array(nodeCount).fill(-1);
  const parents = [-1];
  const frames = [-1];
  const depths = [0];
  const children: Map<number, number>[] = [new Map()];
  pathOf[0] = 0;
  for (let node = 1; node < nodeCount; node++) {
    if (!wanted[node]) continue;
    const raw = nodeFrames[node];
    if (frameOf[raw] < 0) frameOf[raw] = table.add(tree.table.frames[raw]);
    const above = pathOf[nodeParents[node]];
    if (frames[above] === frameOf[raw]) {
      pathOf[node] = above;
      continue;
    }
    let path = children[above].get(frameOf[raw]);
    if (path === undefined) {
      path = parents.push(above) - 1;
      frames.push(frameOf[raw]);
      depths.push(depths[above] + 1);
      children.push(new Map());
      children[above].set(frameOf[raw], path);
    }
    pathOf[node] = path;
  }
  return {
    pathOf,
    parents: Int32Array.from(parents),
    frames: Int32Array.from(frames),
    depths: Int32Array.from(depths),
    child: (path, frame) => children[path].get(frame),
  };
}
