import type { Plan, Stage } from './plan';

/** One way in which a plan reaches its rows. */
export interface AccessPath {
  /** The stage's own name with its index: `IXSCAN category_1`. */
  readonly text: string;
  readonly role: Stage['role'];
  readonly index?: string;
}

function accessOf({ name, role, index }: Stage): AccessPath {
  return index === undefined ? { text: name, role } : { text: `${name} ${index}`, role, index };
}

/** How the first leaf of a tree reaches its rows: `IXSCAN category_1`. */
export function leafText(root: Stage): string {
  return accessOf(firstLeaf(root)).text;
}

function firstLeaf(root: Stage): Stage {
  let leaf = root;
  while (leaf.children.length) leaf = leaf.children[0];
  return leaf;
}

/**
 * How a plan reaches the rows of its own target, each way once, in the order of the plan: `IXSCAN a_1` and `COLLSCAN` of an
 * alternative. What joins read elsewhere is not among them.
 */
export function accessPaths({ root }: Pick<Plan, 'root'>): AccessPath[] {
  const paths = new Map<string, AccessPath>();
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    const path = accessOf(stage);
    if (!stage.children.length && !stage.internal && !paths.has(path.text)) paths.set(path.text, path);
    for (let i = stage.children.length - 1; i >= 0; i--)
      if (stage.children[i].target === undefined) open.push(stage.children[i]);
  }
  return paths.size ? [...paths.values()] : [accessOf(firstLeaf(root))];
}
