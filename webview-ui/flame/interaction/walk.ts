import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { childrenOf, rowOf, widthOf } from '../boxes/findBox';
import type { Viewport } from './viewport';

export type Step = 'towardRoot' | 'awayFromRoot' | 'previous' | 'next' | 'root';

/** Neighbours that are too narrow to be seen are passed over, but not for ever. */
const MOST_SKIPPED = 5000;

/** The box one step from another, -1 if there is none; from -1 the first step leads to the root. */
export function walk(layout: FlameLayout, from: number, step: Step, view: Viewport, pixels: number): number {
  if (layout.frames.length === 0) return -1;
  if (from < 0 || step === 'root') return 0;
  switch (step) {
    case 'towardRoot':
      return layout.parents[from];
    case 'awayFromRoot':
      return widestChild(layout, from, view);
    case 'previous':
    case 'next':
      return neighbour(layout, from, step === 'next' ? 1 : -1, (view.to - view.from) / Math.max(1, pixels));
  }
}

/** Of what is in sight, if anything is. */
function widestChild(layout: FlameLayout, box: number, { from, to }: Viewport): number {
  const [start, end] = childrenOf(layout, box);
  let best = -1;
  let bestSeen = -1;
  for (let child = start; child < end; child++) {
    if (best < 0 || widthOf(layout, child) > widthOf(layout, best)) best = child;
    const isSeen = layout.rights[child] > from && layout.lefts[child] < to;
    if (isSeen && (bestSeen < 0 || widthOf(layout, child) > widthOf(layout, bestSeen))) bestSeen = child;
  }
  return bestSeen >= 0 ? bestSeen : best;
}

function neighbour(layout: FlameLayout, box: number, step: 1 | -1, leastWidth: number): number {
  const row = rowOf(layout, box);
  const start = layout.rowStarts[row];
  const end = layout.rowStarts[row + 1];
  const inRow = (at: number): boolean => at >= start && at < end;
  for (let at = box + step, skipped = 0; inRow(at) && skipped < MOST_SKIPPED; at += step, skipped++) {
    if (widthOf(layout, at) >= leastWidth) return at;
  }
  return inRow(box + step) ? box + step : -1;
}

/** The next box that matches after another, row by row and round at the end; -1 if none does. */
export function nextMatch(layout: FlameLayout, matches: Uint8Array, from: number, step: 1 | -1): number {
  const { frames } = layout;
  const count = frames.length;
  let at = from < 0 ? (step > 0 ? -1 : count) : from;
  for (let tried = 0; tried < count; tried++) {
    at = (at + step + count) % count;
    if (matches[frames[at]] === 1) return at;
  }
  return -1;
}

/** How many boxes match, and which of them `box` is, 1-based. */
export function matchPosition(
  layout: FlameLayout,
  matches: Uint8Array,
  box: number,
): { readonly position: number; readonly count: number } {
  let count = 0;
  let position = 0;
  for (let at = 0; at < layout.frames.length; at++) {
    if (matches[layout.frames[at]] !== 1) continue;
    count++;
    if (at === box) position = count;
  }
  return { position, count };
}
