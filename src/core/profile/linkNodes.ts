import type { Numbers } from './numberColumn';
import type { RawCpuColumns } from './rawColumns';

/** Nodes of a file as a forest, whatever order and links the file uses. */
export interface LinkedNodes {
  /** Nodes that can be used, parents first. */
  readonly order: Int32Array;
  /** By node; -1 for those at the top. */
  readonly parents: Int32Array;
  readonly ids: NodeIds;
}

/** The first node of each id counts: a second one would be charged what the samples of the first say. */
export function linkNodes(raw: RawCpuColumns, problems: string[]): LinkedNodes {
  const { ids: idColumn, childIds, childEnds, parentIds } = raw;
  const count = idColumn.length;
  if (!count) problems.push('the profile has no nodes');
  const ids = new NodeIds(idColumn);
  if (ids.unusable) problems.push(`${ids.unusable} nodes have no id of their own`);

  const parents = new Int32Array(count).fill(-1);
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  const link = (parent: number, child: number): void => {
    if (child < 0 || parent < 0 || parents[child] >= 0) return;
    parents[child] = parent;
    nextSibling[child] = firstChild[parent];
    firstChild[parent] = child;
  };
  for (let node = 0; node < count; node++) {
    if (ids.find(idColumn[node]) !== node) continue;
    for (let n = node ? childEnds[node - 1] : 0; n < childEnds[node]; n++) link(node, ids.find(childIds[n]));
    if (node < parentIds.length) link(ids.find(parentIds[node]), node);
  }

  const order = new Int32Array(count - ids.unusable);
  let placed = 0;
  const isPlaced = new Uint8Array(count);
  const place = (top: number): void => {
    for (let node = top; ; ) {
      order[placed++] = node;
      isPlaced[node] = 1;
      if (firstChild[node] >= 0) {
        node = firstChild[node];
        continue;
      }
      while (node !== top && nextSibling[node] < 0) node = parents[node];
      if (node === top) return;
      node = nextSibling[node];
    }
  };
  for (let node = 0; node < count; node++) if (parents[node] < 0 && ids.find(idColumn[node]) === node) place(node);
  let circular = 0;
  for (let node = 0; node < count && placed < order.length; node++) {
    if (isPlaced[node] || parents[node] < 0) continue;
    circular++;
    unlink(node, parents, firstChild, nextSibling);
    place(node);
  }
  if (circular) problems.push(`${circular} circles of nodes are their own ancestors`);
  return { order, parents, ids };
}

/** Makes a node of a circle a top. Each parent is in one circle at most, so that all of this together is one pass. */
function unlink(node: number, parents: Int32Array, firstChild: Int32Array, nextSibling: Int32Array): void {
  const parent = parents[node];
  if (firstChild[parent] === node) firstChild[parent] = nextSibling[node];
  else {
    let elder = firstChild[parent];
    while (nextSibling[elder] !== node) elder = nextSibling[elder];
    nextSibling[elder] = nextSibling[node];
  }
  parents[node] = -1;
}

/** Nodes by id. V8 counts ids from 1, so that a plain table does; other tools may use any numbers. */
export class NodeIds {
  private readonly table: Int32Array;
  private readonly rest = new Map<number, number>();
  /** Nodes without an id, or with the id of one before. */
  readonly unusable: number;

  constructor(ids: Numbers) {
    const table = new Int32Array(2 * ids.length + 64).fill(-1);
    this.table = table;
    let unusable = 0;
    for (let node = 0; node < ids.length; node++) {
      const id = ids[node];
      const isSmall = id >= 0 && id < table.length && id === Math.floor(id);
      if (isSmall ? table[id] >= 0 : id !== id || this.rest.has(id)) unusable++;
      else if (isSmall) table[id] = node;
      else this.rest.set(id, node);
    }
    this.unusable = unusable;
  }

  /** -1 where no node has the id. */
  find(id: number): number {
    return id >= 0 && id < this.table.length && id === Math.floor(id) ? this.table[id] : (this.rest.get(id) ?? -1);
  }
}
