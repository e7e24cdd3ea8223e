import type { Match } from '../query/match';
import { logical } from '../query/match';
import type { Index } from '../storage/collectionIndex';
import type { Tightness } from './bounds';
import { printInterval, union } from './intervals';
import type { PlanNode } from './nodes';

/** One way to find the documents of a condition. */
export interface Access {
  readonly node: PlanNode;
  /** Conditions from beside an enclosing `$or` that the scans hold too. */
  readonly used: readonly Match[];
  /** Of a single condition on the first field of an index: scans of several such become one. */
  readonly leaf?: { readonly condition: Match; readonly tightness: Tightness };
}

export function together(conditions: readonly Match[]): Match | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : logical('and', conditions);
}

export function fetch(child: PlanNode, filter?: Match): PlanNode {
  return { stage: 'FETCH', children: [child], ...(filter ? { filter } : {}) };
}

/** The scan at the bottom of a stage, when there is one only. */
export function leafOf(plan: PlanNode): PlanNode | undefined {
  let node = plan;
  while (node.children.length > 0) {
    if (node.children.length > 1) return undefined;
    [node] = node.children;
  }
  return node;
}

function rankOf(node: PlanNode, order: readonly Index[]): number {
  if (node.index) return order.indexOf(node.index);
  return Math.min(...node.children.map((child) => rankOf(child, order)));
}

/** One access of the documents of any branch, the branches in the order of their indexes. */
export function combineOr(branches: readonly Access[], order: readonly Index[]): Access {
  const ranked = branches
    .map((access) => ({ access, rank: rankOf(access.node, order) }))
    .sort((a, b) => a.rank - b.rank);
  const nodes: PlanNode[] = [];
  let leaves: Access[] = [];
  for (const { access } of ranked) {
    if (!access.leaf) nodes.push(access.node);
    else {
      if (leaves.length > 0 && leafOf(leaves[0].node)?.index !== leafOf(access.node)?.index) {
        nodes.push(mergeLeaves(leaves));
        leaves = [];
      }
      leaves.push(access);
    }
  }
  if (leaves.length > 0) nodes.push(mergeLeaves(leaves));
  const different = [...new Map(nodes.map((node) => [textOf(node), node])).values()];
  const used = branches[0].used.filter((one) => branches.every((branch) => branch.used.includes(one)));
  return { node: different.length === 1 ? different[0] : { stage: 'OR', children: different }, used };
}

/** One scan in the bounds of any of several conditions on the first field of its index. */
function mergeLeaves(leaves: readonly Access[]): PlanNode {
  const scan = leafOf(leaves[0].node);
  if (leaves.length === 1 || !scan?.bounds) return leaves[0].node;
  const [, ...rest] = scan.bounds;
  const first = union(
    leaves.flatMap(({ node }) => leafOf(node)?.bounds?.[0] ?? []),
    scan.index?.strings,
  );
  const any = logical(
    'or',
    leaves.flatMap(({ leaf }) => (leaf ? [leaf.condition] : [])),
  );
  const says = (tightness: Tightness) => leaves.some(({ leaf }) => leaf?.tightness === tightness);
  const { filter: _filter, ...plain } = scan;
  const merged: PlanNode = { ...plain, bounds: [first, ...rest] };
  if (says('fetch')) return fetch(merged, any);
  return says('covered') ? { ...merged, filter: any } : merged;
}

/** A text that is equal for scans that read and give the same. */
function textOf({ stage, index, bounds = [], filter, children }: PlanNode): string {
  return JSON.stringify([
    stage,
    index?.name,
    bounds.map((list) => list.map(printInterval)),
    filter ?? null,
    children.map(textOf),
  ]);
}
