import { Tree, type NodeType, type TreeBuffer } from '@lezer/common';

/** Everything below is left out: code is not nested this deep (two levels for a block), and what reads it calls itself. */
const MAX_DEPTH = 1_200;
const NONE: readonly SyntaxNode[] = [];

/** A node of a syntax tree without comments and errors; its children are made when they are first asked for. */
export class SyntaxNode {
  private made: readonly SyntaxNode[] | undefined;

  /**
   * `source` holds the children: all of a tree, of a buffer the entries from `first` to `last`, where offset 0 of the buffer
   * stands at `origin`.
   */
  constructor(
    readonly name: string,
    readonly from: number,
    readonly to: number,
    private readonly depth: number,
    private readonly source: Tree | TreeBuffer,
    private readonly first = 0,
    private readonly last = 0,
    private readonly origin = 0,
  ) {}

  get children(): readonly SyntaxNode[] {
    return (this.made ??= this.read());
  }

  /** The same node with offsets that count from `start`. */
  countedFrom(start: number): SyntaxNode {
    return new SyntaxNode(
      this.name,
      this.from - start,
      this.to - start,
      0,
      this.source,
      this.first,
      this.last,
      this.origin - start,
    );
  }

  private read(): readonly SyntaxNode[] {
    if (this.depth >= MAX_DEPTH) return NONE;
    const found: SyntaxNode[] = [];
    if (this.source instanceof Tree) readTree(this.source, this.from, this.depth + 1, found);
    else if (this.first < this.last) readBuffer(this.source, this.first, this.last, this.origin, this.depth + 1, found);
    else return NONE;
    return found;
  }
}

/** The top-level nodes of a tree; offsets count from the start of the text. */
export function topLevelNodes(tree: Tree): readonly SyntaxNode[] {
  return new SyntaxNode(tree.type.name, 0, tree.length, 0, tree).children;
}

export function childNamed(node: SyntaxNode, name: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.name === name) return child;
  return undefined;
}

function readTree(tree: Tree, at: number, depth: number, found: SyntaxNode[]): void {
  for (let i = 0; i < tree.children.length; i++) {
    const child = tree.children[i];
    const from = at + tree.positions[i];
    if (!(child instanceof Tree)) readBuffer(child, 0, child.buffer.length, from, depth, found);
    // Long lists are kept as balanced trees of nameless nodes.
    else if (child.type.isAnonymous) readTree(child, from, depth, found);
    else if (!isSkipped(child.type))
      found.push(new SyntaxNode(child.type.name, from, from + child.length, depth, child));
  }
}

/** An entry of a buffer is a type, a start, an end, and the index behind its descendants, which follow it. */
function readBuffer(
  source: TreeBuffer,
  first: number,
  last: number,
  origin: number,
  depth: number,
  found: SyntaxNode[],
): void {
  const { buffer, set } = source;
  for (let i = first; i < last; i = buffer[i + 3]) {
    const type = set.types[buffer[i]];
    if (isSkipped(type)) continue;
    found.push(
      new SyntaxNode(
        type.name,
        origin + buffer[i + 1],
        origin + buffer[i + 2],
        depth,
        source,
        i + 4,
        buffer[i + 3],
        origin,
      ),
    );
  }
}

function isSkipped(type: NodeType): boolean {
  const { name } = type;
  return type.isError || name === 'LineComment' || name === 'BlockComment' || name === 'Comment';
}
