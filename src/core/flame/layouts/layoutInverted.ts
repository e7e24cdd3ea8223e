import type { FlameLayout } from './flameLayout';
import { growCallers, type Climbers } from './growCallers';
import type { ProfileView } from '../view/profileView';

/**
 * The whole tree from its leaves: row 1 are the frames by their self value, each further row who called them. Frames are
 * those of the view, and `othersFrame` behind them.
 */
export function layoutInverted(view: ProfileView): FlameLayout {
  return growCallers(view, nodesWithSelf(view.selfs), view.nodeFrames[0], true);
}

function nodesWithSelf(selfs: Float64Array): Climbers {
  let count = 0;
  for (let node = 0; node < selfs.length; node++) if (selfs[node] > 0) count++;
  const nodes = new Int32Array(count);
  const values = new Float64Array(count);
  for (let node = 0, i = 0; node < selfs.length; node++) {
    if (!(selfs[node] > 0)) continue;
    nodes[i] = node;
    values[i++] = selfs[node];
  }
  return { nodes, values };
}
