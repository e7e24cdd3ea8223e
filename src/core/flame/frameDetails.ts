import { outermostNodes } from './layouts/layoutSandwich';
import type { ProfileView } from './view/profileView';

/** A neighbour of a frame, and the value that they share. */
export interface FrameShare {
  readonly frame: number;
  readonly value: number;
}

export interface FrameDetails {
  readonly callers: readonly FrameShare[];
  readonly callees: readonly FrameShare[];
}

/** Who calls a frame and what it calls, heaviest first: row 1 of the sandwich's two halves. */
export function frameDetails(view: ProfileView, frame: number): FrameDetails {
  const { parents, nodeFrames, totals } = view;
  const { nodes } = outermostNodes(view, frame);
  const callers = new Map<number, number>();
  const callees = new Map<number, number>();
  const add = (sums: Map<number, number>, node: number, value: number): void => {
    if (value > 0) sums.set(nodeFrames[node], (sums.get(nodeFrames[node]) ?? 0) + value);
  };
  const isOutermost = new Uint8Array(parents.length);
  for (const node of nodes) {
    isOutermost[node] = 1;
    if (parents[node] > 0) add(callers, parents[node], totals[node]);
  }
  for (let node = 1; node < parents.length; node++) if (isOutermost[parents[node]]) add(callees, node, totals[node]);
  return { callers: heaviestFirst(callers), callees: heaviestFirst(callees) };
}

function heaviestFirst(sums: ReadonlyMap<number, number>): FrameShare[] {
  return [...sums].map(([frame, value]) => ({ frame, value })).sort((a, b) => b.value - a.value || a.frame - b.frame);
}
