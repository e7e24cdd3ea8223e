import { enlarged, MOST_ROWS } from '../../collections/growable';
import { LimitError } from '../../collections/limitError';

/**
 * Grows the `parents` and `nodeFrames` columns of a profile, one child per parent and frame. Node 0 is the root. Finding a
 * child is one probe into typed arrays: a million stacks of depth 60 are 60 million look-ups.
 */
export class TreeBuilder {
  private parentColumn: Int32Array;
  private frameColumn: Int32Array;
  private count = 1;
  /** Open addressing: nodes, 0 where a slot is free (the root is nobody's child). At most half full. */
  private slots: Int32Array;

  /** `expectedNodes` spares the growing; there may be more. */
  constructor(rootFrame: number, expectedNodes = 256) {
    const capacity = Math.max(expectedNodes, 256);
    this.parentColumn = new Int32Array(capacity);
    this.frameColumn = new Int32Array(capacity);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    this.parentColumn[0] = -1;
    this.frameColumn[0] = rootFrame;
  }

  get nodeCount(): number {
    return this.count;
  }

  /** By node; -1 for the root. Valid until the next new child. */
  get parents(): Int32Array {
    return this.parentColumn.subarray(0, this.count);
  }

  get nodeFrames(): Int32Array {
    return this.frameColumn.subarray(0, this.count);
  }

  /** The child of `parent` for this frame, added if it is new. */
  child(parent: number, frame: number): number {
    // Plain fields in locals: this is the innermost loop of every reader.
    const { slots, parentColumn, frameColumn } = this;
    const mask = slots.length - 1;
    let slot = hash(parent, frame) & mask;
    for (let node = slots[slot]; node !== 0; node = slots[slot]) {
      if (parentColumn[node] === parent && frameColumn[node] === frame) return node;
      slot = (slot + 1) & mask;
    }
    if (this.count === parentColumn.length) return this.enlarge().child(parent, frame);
    const node = this.count++;
    parentColumn[node] = parent;
    frameColumn[node] = frame;
    slots[slot] = node;
    return node;
  }

  /** Of exact length: nothing of the builder stays alive with them. */
  columns(): { readonly parents: Int32Array; readonly nodeFrames: Int32Array } {
    return { parents: this.parents.slice(), nodeFrames: this.nodeFrames.slice() };
  }

  private enlarge(): this {
    if (this.count >= MOST_ROWS) throw new LimitError(MOST_ROWS, 'nodes');
    const capacity = this.count * 2;
    const parents = (this.parentColumn = enlarged(this.parentColumn, capacity));
    const frames = (this.frameColumn = enlarged(this.frameColumn, capacity));
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    const mask = this.slots.length - 1;
    for (let node = 1; node < this.count; node++) {
      let slot = hash(parents[node], frames[node]) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = node;
    }
    return this;
  }
}

function hash(parent: number, frame: number): number {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(frame, 0x85ebca6b);
  const product = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return product ^ (product >>> 13);
}

/** Sums by node of a tree that is still growing. */
export class NodeSums {
  private sums = new Float64Array(256);

  add(node: number, value: number): void {
    if (node >= this.sums.length) this.sums = enlarged(this.sums, Math.max(node + 1, this.sums.length * 2));
    this.sums[node] += value;
  }

  /** The first `nodeCount` of them. */
  column(nodeCount: number): Float64Array {
    const column = new Float64Array(nodeCount);
    column.set(this.sums.subarray(0, nodeCount));
    return column;
  }
}
