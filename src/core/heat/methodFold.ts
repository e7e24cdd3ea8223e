/** Numbers per method of one measure, recursion counted once. Columns are indexed by the resolver's method index. */
export interface MethodFold {
  readonly total: Float64Array;
  /** Value under each pair of caller and callee; key from `edgeKey`. A recursive pair on one stack counts once. */
  readonly edges: Map<number, number>;
}

const EDGE_BASE = 4194304;

/** `caller` is -1 where no method called: the event loop, native code, Node itself. */
export function edgeKey(caller: number, callee: number): number {
  return (caller + 1) * EDGE_BASE + callee;
}

export function edgeEnds(key: number): { caller: number; callee: number } {
  const callee = key % EDGE_BASE;
  return { caller: (key - callee) / EDGE_BASE - 1, callee };
}

/** What is above a node, itself included: how often each method and each pair of caller and callee (`edgeKey`). */
export interface StackAbove {
  readonly methods: Uint32Array;
  readonly edges: ReadonlyMap<number, number>;
}

/** Called for each node on the way down. */
export type NodeVisitor = (node: number, above: StackAbove) => void;

/**
 * One walk over the tree. `nodeMethod` has the method of each node or -1; `totals` the value of each subtree. A method's
 * total is the sum over its outermost nodes only, so it can never exceed the whole.
 */
export function foldByMethod(
  parents: Int32Array,
  totals: Float64Array,
  nodeMethod: Int32Array,
  methodCount: number,
  visit?: NodeVisitor,
): MethodFold {
  const count = parents.length;
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  for (let node = count - 1; node > 0; node--) {
    nextSibling[node] = firstChild[parents[node]];
    firstChild[parents[node]] = node;
  }

  const total = new Float64Array(methodCount);
  const edges = new Map<number, number>();
  const onStack = new Uint32Array(methodCount);
  const edgesOnStack = new Map<number, number>();
  const above: StackAbove = { methods: onStack, edges: edgesOnStack };
  const edgeOf = new Float64Array(count).fill(-1);
  const nearest = new Int32Array(count).fill(-1);

  const enter = (node: number): void => {
    const method = nodeMethod[node];
    const caller = node ? nearest[parents[node]] : -1;
    nearest[node] = method >= 0 ? method : caller;
    if (method >= 0) {
      if (onStack[method]++ === 0) total[method] += totals[node];
      if (caller !== method) {
        const key = edgeKey(caller, method);
        edgeOf[node] = key;
        const depth = edgesOnStack.get(key) ?? 0;
        edgesOnStack.set(key, depth + 1);
        if (!depth) edges.set(key, (edges.get(key) ?? 0) + totals[node]);
      }
    }
    visit?.(node, above);
  };
  const leave = (node: number): void => {
    const method = nodeMethod[node];
    if (method >= 0) onStack[method]--;
    if (edgeOf[node] >= 0) edgesOnStack.set(edgeOf[node], edgesOnStack.get(edgeOf[node])! - 1);
  };

  // Explicit walk: profiles can be far deeper than our own stack.
  let node = count ? 0 : -1;
  if (node === 0) enter(0);
  while (node >= 0) {
    if (firstChild[node] >= 0) {
      const child = firstChild[node];
      firstChild[node] = nextSibling[child];
      node = child;
      enter(node);
    } else {
      leave(node);
      node = parents[node];
    }
  }
  return { total, edges };
}
