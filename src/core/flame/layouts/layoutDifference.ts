import { subtreeTotals } from '../../profile/tree/callTree';
import type { DifferenceLayout } from './flameLayout';
import { layoutTree } from './layoutLeftHeavy';
import type { ProfileView } from '../view/profileView';

/**
 * Two views of one tree (`comparedViews`, or two ranges of one profile), drawn over each other, heaviest left. A node that
 * `after` has is as wide as its self value there and what it calls; a node that is gone is as wide as it was before, and
 * so are its callers wider than their total after. With `normalised` the values of `before` are scaled to the total of
 * `after`, in `before` of the layout too, so that shares are compared.
 */
export function layoutDifference(before: ProfileView, after: ProfileView, normalised: boolean): DifferenceLayout {
  const { parents, nodeFrames } = after;
  const scale = normalised ? normalisingScale(before, after) : 1;
  const selfs = after.selfs.slice();
  for (let node = 0; node < selfs.length; node++)
    if (!(after.totals[node] > 0)) selfs[node] = before.selfs[node] * scale;
  const { layout, nodes } = layoutTree(
    { parents, nodeFrames, selfs, totals: subtreeTotals(parents, selfs) },
    after.frames,
  );
  const beforeValues = new Float64Array(nodes.length);
  const afterValues = new Float64Array(nodes.length);
  for (let box = 0; box < nodes.length; box++) {
    beforeValues[box] = before.totals[nodes[box]] * scale;
    afterValues[box] = after.totals[nodes[box]];
  }
  return { ...layout, before: beforeValues, after: afterValues };
}

/** What a value of `before` is multiplied by to be compared by share; 1 where one of the two is empty. */
export function normalisingScale(before: ProfileView, after: ProfileView): number {
  return before.totals[0] > 0 && after.totals[0] > 0 ? after.totals[0] / before.totals[0] : 1;
}
