import type { ProfileView } from '../view/profileView';

/** Some ten per pixel of a wide drawing. */
const DRAFT_PARTS = 20_000;
/** Below so many nodes and samples a whole layout takes no longer than a frame or two. */
const BIG = 100_000;

export function isBig({ parents, timeline }: ProfileView): boolean {
  return parents.length > BIG || (timeline?.nodes.length ?? 0) > BIG;
}

/** Nodes below this value, in the measure's unit, do not show in a drawing of everything. */
export function leastVisible({ totals }: ProfileView): number {
  return totals[0] / DRAFT_PARTS;
}

/** The timeline looked at in even steps far below a pixel of a drawing of everything. */
export function thinTimeline(timeline: NonNullable<ProfileView['timeline']>): NonNullable<ProfileView['timeline']> {
  const { nodes, startsUs, endUs } = timeline;
  if (nodes.length <= DRAFT_PARTS) return timeline;
  const thinNodes = new Int32Array(DRAFT_PARTS);
  const thinStarts = new Float64Array(DRAFT_PARTS);
  const step = (endUs - startsUs[0]) / DRAFT_PARTS;
  for (let part = 0; part < DRAFT_PARTS; part++) {
    const time = startsUs[0] + part * step;
    thinStarts[part] = time;
    thinNodes[part] = nodes[lastStarted(startsUs, time)];
  }
  return { nodes: thinNodes, startsUs: thinStarts, endUs };
}

/** Index of the last start that is not after the time. */
function lastStarted(startsUs: Float64Array, time: number): number {
  let low = 0;
  let high = startsUs.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (startsUs[middle] <= time) low = middle;
    else high = middle;
  }
  return low;
}
