import type { Stage } from './plan';

/** All stages of a tree, parents before children, in the order of the plan. Plans are deep: nothing here recurses. */
export function* stagesOf(root: Stage): Generator<Stage> {
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    yield stage;
    for (let i = stage.children.length - 1; i >= 0; i--) open.push(stage.children[i]);
  }
}

/** The stage that a path of child indices leads to; undefined where the tree has none there. */
export function stageAt(root: Stage, path: readonly number[]): Stage | undefined {
  let stage: Stage | undefined = root;
  for (const index of path) stage = stage?.children[index];
  return stage;
}

/** A stage with its place in the tree. */
export interface PlacedStage {
  readonly stage: Stage;
  readonly parent: PlacedStage | null;
  /** Among the parent's children. */
  readonly index: number;
  /** What it reads: its own target, else the plan's; null where that is not known. */
  readonly target: string | null;
}

/** All stages of a tree with their places, parents first. `target` is the plan's own. */
export function placedStages(root: Stage, target: string | null): PlacedStage[] {
  const placed: PlacedStage[] = [];
  const open: PlacedStage[] = [{ stage: root, parent: null, index: 0, target: root.target ?? target }];
  for (let next = open.pop(); next; next = open.pop()) {
    placed.push(next);
    const { children } = next.stage;
    for (let index = children.length - 1; index >= 0; index--)
      open.push({ stage: children[index], parent: next, index, target: children[index].target ?? target });
  }
  return placed;
}

/** Child indices from the root. */
export function pathTo(placed: PlacedStage): number[] {
  const path: number[] = [];
  for (let at = placed; at.parent; at = at.parent) path.push(at.index);
  return path.reverse();
}
