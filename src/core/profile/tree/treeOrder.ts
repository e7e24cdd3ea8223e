/** Depth-first order of a tree whose parents precede their children, children in the order of their nodes. */
export interface TreeOrder {
  /** Nodes in preorder. */
  readonly order: Int32Array;
  /** By node: the root has depth 0. */
  readonly depths: Int32Array;
  /** By node: how many nodes its subtree has, itself included; in `order` they stand together. */
  readonly sizes: Int32Array;
}

export function treeOrder(parents: Int32Array): TreeOrder {
  const count = parents.length;
  const depths = new Int32Array(count);
  const sizes = new Int32Array(count).fill(1);
  for (let node = 1; node < count; node++) depths[node] = depths[parents[node]] + 1;
  for (let node = count - 1; node > 0; node--) sizes[parents[node]] += sizes[node];
  // Each node's place is its parent's, plus one, plus the subtrees of the siblings before it: no stack is needed.
  const nextPlace = new Int32Array(count);
  const order = new Int32Array(count);
  for (let node = 0; node < count; node++) {
    const place = node ? nextPlace[parents[node]] : 0;
    if (node) nextPlace[parents[node]] += sizes[node];
    nextPlace[node] = place + 1;
    order[place] = node;
  }
  return { order, depths, sizes };
}
