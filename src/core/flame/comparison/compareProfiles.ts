import type { MeasureColumn, ProfileColumns } from '../../profile/profileColumns';
import { mergeProfiles } from '../../profile/tree/mergeProfiles';
import { createView } from '../view/createView';
import type { ProfileView } from '../view/profileView';
import type { ViewOptions } from '../view/viewOptions';

/** Two profiles over one tree: same frames, same nodes, and the measures of `after` in the same order. */
export interface ComparedProfiles {
  readonly before: ProfileColumns;
  readonly after: ProfileColumns;
}

/**
 * The union of two profiles' trees. Frames of `after` keep their numbers, by which sources are known of them; those that only
 * `before` has come behind. A measure that only `before` has is not compared; one that it lacks was 0.
 */
export function compareProfiles(before: ProfileColumns, after: ProfileColumns): ComparedProfiles {
  const { columns, nodeOf } = mergeProfiles([after, before], after.title);
  const { frames, parents, nodeFrames } = columns;
  const [afterNodes, beforeNodes] = nodeOf;
  const project = (measure: MeasureColumn, source: MeasureColumn | undefined, nodes: Int32Array): MeasureColumn => {
    const self = new Float64Array(parents.length);
    if (source) for (let node = 0; node < nodes.length; node++) self[nodes[node]] += source.self[node];
    return { ...measure, self };
  };
  const timeline = after.timeline && { ...after.timeline, nodes: after.timeline.nodes.map((node) => afterNodes[node]) };
  return {
    before: {
      title: before.title,
      frames,
      parents,
      nodeFrames,
      measures: after.measures.map((measure) => project(measure, sameMeasure(before, measure), beforeNodes)),
      problems: before.problems,
    },
    after: {
      title: after.title,
      frames,
      parents,
      nodeFrames,
      measures: after.measures.map((measure) => project(measure, measure, afterNodes)),
      timeline,
      problems: after.problems,
    },
  };
}

/** Formats label one kind differently; foreign measures (`other`) are told by their label alone. */
function sameMeasure({ measures }: ProfileColumns, { kind, unit, label }: MeasureColumn): MeasureColumn | undefined {
  const alike = measures.filter((measure) => measure.kind === kind && measure.unit === unit);
  return alike.find((measure) => measure.label === label) ?? (kind === 'other' ? undefined : alike[0]);
}

/** The views that `layoutDifference` and the table compare: node by node, frame by frame. */
export function comparedViews(
  { before, after }: ComparedProfiles,
  options: ViewOptions,
): { before: ProfileView; after: ProfileView } {
  // A range is of the clock of `after`.
  return { before: createView(before, { ...options, range: undefined }), after: createView(after, options) };
}
