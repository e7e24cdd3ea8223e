import type { Numbers } from '../../collections/numberColumn';
import type { V8CpuColumns } from './v8Columns';

/** Nodes of a file as a forest, whatever order and links the file uses. */
export interface LinkedNodes {
  /** Nodes that can be used, parents first. */
  readonly order: Int32Array;
  /** By node; -1 for those at the top. */
  readonly parents: Int32Array;
  readonly ids: NodeIds;
}

/** Parents, and children as linked lists: by node, -1 for none. A child that is linked later comes first. */
interface Links {
  readonly parents: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

/** The first node of each id counts: a second one would be charged what the samples of the first say. */
export function linkNodes(raw: V8CpuColumns, problems: string[]): LinkedNodes {
  const count = raw.ids.length;
  if (!count) problems.push('the profile has no nodes');
  const ids = new NodeIds(raw.ids);
  if (ids.unusable) problems.push(`${ids.unusable} nodes have no id of their own`);
  const column = (): Int32Array => new Int32Array(count).fill(-1);
  const links: Links = { parents: column(), firstChild: column(), nextSibling: column() };
  linkChildren(raw, ids, links);

  const { parents } = links;
  const order = new Int32Array(count - ids.unusable);
  const isPlaced = new Uint8Array(count);
  let placed = 0;
  for (let node = 0; node < count; node++) {
    if (parents[node] < 0 && ids.find(raw.ids[node]) === node) placed = placeTree(node, links, order, isPlaced, placed);
  }
  let circular = 0;
  for (let node = 0; node < count && placed < order.length; node++) {
    if (isPlaced[node] || parents[node] < 0) continue;
    circular++;
    unlink(node, links);
    placed = placeTree(node, links, order, isPlaced, placed);
  }
  if (circular) problems.push(`${circular} circles of nodes are their own ancestors`);
  return { order, parents, ids };
}

function linkChildren(
  { ids: idColumn, childIds, childEnds, parentIds }: V8CpuColumns,
  ids: NodeIds,
  links: Links,
): void {
  let child = 0;
  for (let node = 0; node < idColumn.length; node++) {
    const end = childEnds[node];
    if (ids.find(idColumn[node]) === node) {
      for (; child < end; child++) link(node, ids.find(childIds[child]), links);
      if (node < parentIds.length) link(ids.find(parentIds[node]), node, links);
    }
    child = end;
  }
}

/** The first link of a child counts. */
function link(parent: number, child: number, { parents, firstChild, nextSibling }: Links): void {
  if (child < 0 || parent < 0 || parents[child] >= 0) return;
  parents[child] = parent;
  nextSibling[child] = firstChild[parent];
  firstChild[parent] = child;
}

/** Puts a node and all below it into `order`, depth first, from `from` on; returns where it ends. */
function placeTree(
  top: number,
  { parents, firstChild, nextSibling }: Links,
  order: Int32Array,
  isPlaced: Uint8Array,
  from: number,
): number {
  let placed = from;
  for (let node = top; ;) {
    order[placed++] = node;
    isPlaced[node] = 1;
    if (firstChild[node] >= 0) {
      node = firstChild[node];
      continue;
    }
    while (node !== top && nextSibling[node] < 0) node = parents[node];
    if (node === top) return placed;
    node = nextSibling[node];
  }
}

/** Makes a node of a circle a top. Each parent is in one circle at most, so that all of this together is one pass. */
function unlink(node: number, { parents, firstChild, nextSibling }: Links): void {
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
