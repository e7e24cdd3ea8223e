import { isRootFrame } from '../frame';
import type { FrameTable } from '../frameTable';
import { TreeBuilder } from './treeBuilder';

/**
 * The shape of one or many merged profiles in columns: node 0 is the root, and every parent precedes its children, so
 * that sums over subtrees are one backward pass. Append-only: a node's index never changes, which lets each window keep
 * only its own numbers.
 */
export class CallTree {
  private readonly nodes: TreeBuilder;

  constructor(readonly table: FrameTable) {
    this.nodes = new TreeBuilder(table.intern({ functionName: '(root)' }));
  }

  get nodeCount(): number {
    return this.nodes.nodeCount;
  }

  /** Parent of each node; -1 for the root. */
  get parents(): Int32Array {
    return this.nodes.parents;
  }

  /** Index into `table.frames` of each node. */
  get frames(): Int32Array {
    return this.nodes.nodeFrames;
  }

  /**
   * Where a node of a profile belongs, by its frame in the table: V8's own root is our root, everything else a child of
   * `parent`, added if it is new.
   */
  place(parent: number, frame: number): number {
    return parent === 0 && isRootFrame(this.table.frames[frame]) ? 0 : this.nodes.child(parent, frame);
  }
}

/** Sums each node's value into its ancestors: `totals[n]` is the value of the subtree at n. */
export function subtreeTotals(parents: Int32Array, self: Float64Array): Float64Array {
  const totals = Float64Array.from(self);
  for (let node = parents.length - 1; node > 0; node--) totals[parents[node]] += totals[node];
  return totals;
}
