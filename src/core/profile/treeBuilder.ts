import { GrowableInt32 } from './growable';

/**
 * Grows the `parents` and `nodeFrames` columns of a profile, one child per parent and frame. Node 0 is the root. Finding a
 * child is one probe into typed arrays: a million stacks of depth 60 are 60 million look-ups.
 */
export class TreeBuilder {
  private readonly parentColumn: GrowableInt32;
  private readonly frameColumn: GrowableInt32;
  /** Open addressing: nodes, 0 where a slot is free (the root is nobody's child). At most half full. */
  private slots: Int32Array;

  /** `expectedNodes` spares the growing; there may be more. */
  constructor(rootFrame: number, expectedNodes = 512) {
    this.parentColumn = new GrowableInt32(expectedNodes);
    this.frameColumn = new GrowableInt32(expectedNodes);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(expectedNodes, 512) * 2)));
    this.parentColumn.push(-1);
    this.frameColumn.push(rootFrame);
  }

  get nodeCount(): number {
    return this.parentColumn.length;
  }

  /** By node; -1 for the root. Valid until the next new child. */
  get parents(): Int32Array {
    return this.parentColumn.view();
  }

  get nodeFrames(): Int32Array {
    return this.frameColumn.view();
  }

  /** The child of `parent` for this frame, added if it is new. */
  child(parent: number, frame: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash(parent, frame) & mask;
    for (let node = slots[slot]; node !== 0; node = slots[slot]) {
      if (this.parentColumn.get(node) === parent && this.frameColumn.get(node) === frame) return node;
      slot = (slot + 1) & mask;
    }
    const node = this.parentColumn.length;
    this.parentColumn.push(parent);
    this.frameColumn.push(frame);
    slots[slot] = node;
    if (node * 2 > slots.length) this.enlarge();
    return node;
  }

  /** Of exact length: nothing of the builder stays alive with them. */
  columns(): { readonly parents: Int32Array; readonly nodeFrames: Int32Array } {
    return { parents: this.parentColumn.view().slice(), nodeFrames: this.frameColumn.view().slice() };
  }

  private enlarge(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 1; node < this.nodeCount; node++) {
      let slot = hash(this.parentColumn.get(node), this.frameColumn.get(node)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.slots = slots;
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
    if (node >= this.sums.length) {
      const larger = new Float64Array(Math.max(node + 1, this.sums.length * 2));
      larger.set(this.sums);
      this.sums = larger;
    }
    this.sums[node] += value;
  }

  /** The first `nodeCount` of them. */
  column(nodeCount: number): Float64Array {
    const column = new Float64Array(nodeCount);
    column.set(this.sums.subarray(0, nodeCount));
    return column;
  }
}
