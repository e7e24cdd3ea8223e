import { GrowableInt32 } from './growable';
import type { FrameTable } from './frameTable';
import type { RawCallFrame } from './rawProfile';

/**
 * The shape of one or many merged profiles in columns: node 0 is the root, and every parent precedes its children, so
 * that sums over subtrees are one backward pass. Append-only: a node's index never changes, which lets each window keep
 * only its own numbers.
 */
export class CallTree {
  private readonly parentColumn = new GrowableInt32();
  private readonly frameColumn = new GrowableInt32();
  private readonly children = new Map<number, number>();

  constructor(readonly table: FrameTable) {
    this.parentColumn.push(-1);
    this.frameColumn.push(table.intern({ functionName: '(root)' }));
  }

  get nodeCount(): number {
    return this.parentColumn.length;
  }

  /** Parent of each node; -1 for the root. */
  get parents(): Int32Array {
    return this.parentColumn.view();
  }

  /** Index into `table.frames` of each node. */
  get frames(): Int32Array {
    return this.frameColumn.view();
  }

  /** Where a node of a profile belongs: V8's own root is our root, everything else a child of `parent`. */
  place(parent: number, callFrame: Partial<RawCallFrame> | undefined): number {
    const isRoot = parent === 0 && callFrame?.functionName === '(root)' && !callFrame.url;
    return isRoot ? 0 : this.child(parent, callFrame);
  }

  /** The child of `parent` for this frame, added if it is new. */
  child(parent: number, callFrame: Partial<RawCallFrame> | undefined): number {
    const frame = this.table.intern(callFrame);
    // One number per pair keeps the map free of strings; frames stay far below 2^22 (100,000 functions are the tested limit).
    const key = parent * 4194304 + frame;
    let node = this.children.get(key);
    if (node === undefined) {
      node = this.parentColumn.length;
      this.parentColumn.push(parent);
      this.frameColumn.push(frame);
      this.children.set(key, node);
    }
    return node;
  }
}

/** Sums each node's value into its ancestors: `totals[n]` is the value of the subtree at n. */
export function subtreeTotals(parents: Int32Array, self: Float64Array): Float64Array {
  const totals = Float64Array.from(self);
  for (let node = parents.length - 1; node > 0; node--) totals[parents[node]] += totals[node];
  return totals;
}
