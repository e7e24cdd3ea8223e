import type { Tree } from '@lezer/common';

/** A part of a syntax tree as plain objects; offsets count from the start of the unit. */
export interface SyntaxNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: SyntaxNode[];
}

/** Everything below is left out: code is not nested this deep, and what reads it calls itself. */
const MAX_DEPTH = 300;

/** The top-level nodes of a tree, each with its descendants made when asked for. */
export function topLevelNodes(tree: Tree): { from: number; to: number; read: () => SyntaxNode }[] {
  const found: { from: number; to: number; read: () => SyntaxNode }[] = [];
  const cursor = tree.cursor();
  if (!cursor.firstChild()) return found;
  do {
    const { from, to } = cursor;
    found.push({ from, to, read: () => readNode(tree, from, to) });
  } while (cursor.nextSibling());
  return found;
}

/** The outermost nodes from `from` to `to` under one root. */
function readNode(tree: Tree, from: number, to: number): SyntaxNode {
  const root: SyntaxNode = { name: 'Unit', from: 0, to: to - from, children: [] };
  const parents = [root];
  let depth = 0;
  let started = false;
  tree.iterate({
    from,
    to,
    enter(node) {
      if (!started) {
        started = true;
        return true;
      }
      if (node.from < from || node.to > to || node.type.isError || node.name === 'Comment' || node.name.endsWith('Comment')) {
        return false;
      }
      if (++depth > MAX_DEPTH) {
        depth--;
        return false;
      }
      const made: SyntaxNode = { name: node.name, from: node.from - from, to: node.to - from, children: [] };
      parents[parents.length - 1].children.push(made);
      parents.push(made);
      return true;
    },
    leave() {
      if (depth === 0) return;
      depth--;
      parents.pop();
    },
  });
  return root;
}

export function childNamed(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find((child) => child.name === name);
}
