import type { CallTree } from './callTree';
import type { Frame } from '../frame';
import { FrameTable } from '../frameTable';
import { GrowableInt32 } from '../../collections/growable';
import { TreeBuilder } from './treeBuilder';

/**
 * One tree of several that go on growing. Trees are append-only, so each reading costs what was added since the last one,
 * and not the whole (as `mergeProfiles` does for profiles at rest): a live flame graph asks every two seconds.
 */
export interface TreeUnion {
  readonly nodeCount: number;
  /** Grows; indices stay. */
  readonly frames: readonly Frame[];
  columns(): { readonly parents: Int32Array; readonly nodeFrames: Int32Array };
  /** The union's node of each node of `source`, which is brought in as far as it has grown. */
  nodesOf(source: CallTree): Int32Array;
}

export function createTreeUnion(): TreeUnion {
  const table = new FrameTable();
  const tree = new TreeBuilder(table.intern({ functionName: '(root)' }));
  const nodesBySource = new Map<CallTree, GrowableInt32>();
  const framesByTable = new Map<FrameTable, GrowableInt32>();

  const framesOf = (source: FrameTable): GrowableInt32 => {
    let known = framesByTable.get(source);
    if (!known) framesByTable.set(source, (known = new GrowableInt32()));
    for (let frame = known.length; frame < source.frames.length; frame++) {
      known.push(table.add(source.frames[frame]));
    }
    return known;
  };

  return {
    get nodeCount() {
      return tree.nodeCount;
    },
    frames: table.frames,
    columns: () => tree.columns(),
    nodesOf(source) {
      let known = nodesBySource.get(source);
      if (!known) {
        nodesBySource.set(source, (known = new GrowableInt32()));
        known.push(0);
      }
      const frameOf = framesOf(source.table);
      const { parents, frames } = source;
      for (let node = known.length; node < parents.length; node++) {
        known.push(tree.child(known.get(parents[node]), frameOf.get(frames[node])));
      }
      return known.view();
    },
  };
}
