import { FrameTable } from '../frameTable';
import type { MeasureColumn, ProfileColumns, Timeline } from '../profileColumns';
import { TreeBuilder } from './treeBuilder';

/** Several profiles as one, and where each one's nodes went. */
export interface MergedProfiles {
  readonly columns: ProfileColumns;
  /** By profile, by its node: the node of `columns`. */
  readonly nodeOf: readonly Int32Array[];
}

/**
 * The union of the trees by identity of frames (name, url, line and column). Measures of one kind, label and unit are one
 * column, the sum of all. The timeline stays when only one profile has one: times of several targets have no common order.
 */
export function mergeProfiles(profiles: readonly ProfileColumns[], title: string): MergedProfiles {
  const table = new FrameTable();
  const tree = new TreeBuilder(table.intern({ functionName: '(root)' }));
  const nodeOf = profiles.map((profile) => placeAll(profile, table, tree));
  const { parents, nodeFrames } = tree.columns();

  const measures = new Map<string, MeasureColumn>();
  profiles.forEach((profile, index) => {
    for (const measure of profile.measures) {
      const key = measureKey(measure);
      let sum = measures.get(key);
      if (!sum) measures.set(key, (sum = { ...measure, self: new Float64Array(parents.length) }));
      const nodes = nodeOf[index];
      for (let node = 0; node < nodes.length; node++) sum.self[nodes[node]] += measure.self[node];
    }
  });
  const merged = [...measures.values()];
  return {
    columns: {
      title,
      frames: table.frames,
      parents,
      nodeFrames,
      measures: merged.length
        ? merged
        : [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self: new Float64Array(parents.length) }],
      timeline: onlyTimeline(profiles, nodeOf, [...measures.keys()]),
      problems: [...new Set(profiles.flatMap(({ problems }) => problems))],
    },
    nodeOf,
  };
}

function placeAll({ frames, parents, nodeFrames }: ProfileColumns, table: FrameTable, tree: TreeBuilder): Int32Array {
  const frameOf = Int32Array.from(frames, (frame) => table.add(frame));
  const nodes = new Int32Array(parents.length);
  for (let node = 1; node < parents.length; node++)
    nodes[node] = tree.child(nodes[parents[node]], frameOf[nodeFrames[node]]);
  return nodes;
}

function onlyTimeline(
  profiles: readonly ProfileColumns[],
  nodeOf: readonly Int32Array[],
  keys: readonly string[],
): Timeline | undefined {
  const timed = profiles.flatMap((profile, index) =>
    profile.timeline ? [{ profile, timeline: profile.timeline, nodes: nodeOf[index] }] : [],
  );
  if (timed.length !== 1) return undefined;
  const [{ profile, timeline, nodes }] = timed;
  return {
    measure: keys.indexOf(measureKey(profile.measures[timeline.measure])),
    nodes: timeline.nodes.map((node) => nodes[node]),
    startsUs: timeline.startsUs,
    endUs: timeline.endUs,
  };
}

function measureKey({ kind, label, unit }: MeasureColumn): string {
  return `${kind}\0${unit}\0${label}`;
}
