import { GrowableFloat64, GrowableInt32 } from '../../collections/growable';
import { CallerGroups } from './callerGroups';
import type { FlameLayout } from './flameLayout';
import type { ProfileView } from '../view/profileView';

/** A row is at most this many boxes wide: a path below 0.01 % of the total joins "(others)". */
const WIDEST_ROW = 10_000;
/** Row r has at most this many boxes divided by r, which bounds the boxes of all rows, however deep the stacks are. */
const BOXES_BY_DEPTH = 300_000;
/** Steps from a node to its caller. Only stacks that are deep and hot in each of their frames need more. */
const MOST_STEPS = 40_000_000;

/** Nodes whose stacks are climbed, and what each one carries. */
export interface Climbers {
  readonly nodes: Int32Array;
  readonly values: Float64Array;
}

/** Where climbers are, those of one box together, in the order of the boxes. */
interface Level {
  readonly at: Int32Array;
  readonly values: Float64Array;
  /** By box that has climbers. */
  readonly boxes: Int32Array;
  readonly ends: Int32Array;
}

type Tree = Pick<ProfileView, 'parents' | 'nodeFrames' | 'frames'>;

/**
 * Grows a tree of callers above a box (`frame`, with all that the climbers carry): each row has the callers of the row
 * before, heaviest left, equal ones by name. With `ownFrames` row 1 are the frames of the climbers' nodes, else their
 * callers. A stack ends below the root. Paths that are left out are one box for each caller, of the frame
 * `view.frames.length` (`othersFrame`): all values stay right.
 */
export function growCallers(view: Tree, climbers: Climbers, frame: number, ownFrames: boolean): FlameLayout {
  const boxes = new BoxColumns();
  const total = climbers.values.reduce((sum, value) => sum + value, 0);
  boxes.push(-1, 0, total, frame);
  const rowStarts = [0, 1];
  const groups = new CallerGroups(view.frames);
  let level: Level = {
    at: climbers.nodes.slice(),
    values: climbers.values.slice(),
    boxes: Int32Array.of(0),
    ends: Int32Array.of(climbers.nodes.length),
  };
  let spare: Pick<Level, 'at' | 'values'> = {
    at: new Int32Array(level.at.length),
    values: new Float64Array(level.at.length),
  };

  for (let row = 1, steps = 0; level.ends.length; row++) {
    if (row > 1 || !ownFrames) climb(level, view.parents);
    steps += level.ends[level.ends.length - 1];
    const least = steps > MOST_STEPS ? Infinity : total / Math.min(WIDEST_ROW, BOXES_BY_DEPTH / row);
    const next = growRow(view, level, spare, groups, boxes, least);
    if (boxes.count === rowStarts[row]) break;
    rowStarts.push(boxes.count);
    spare = level;
    level = next;
  }
  const selfs = new Float64Array(boxes.count);
  const layout = { width: total, rowStarts: Uint32Array.from(rowStarts), ...boxes.columns(), selfs };
  if (ownFrames && rowStarts.length > 2)
    for (let box = 1; box < rowStarts[2]; box++) selfs[box] = layout.rights[box] - layout.lefts[box];
  return layout;
}

/** To the callers; -1 where a stack ends. */
function climb({ at, ends }: Level, parents: Int32Array): void {
  const count = ends[ends.length - 1];
  for (let i = 0; i < count; i++) {
    const caller = at[i] < 0 ? -1 : parents[at[i]];
    at[i] = caller > 0 ? caller : -1;
  }
}

/** One row of boxes for the frames that climbers are at; what is above those that are wide enough is the next level. */
function growRow(
  { nodeFrames, frames }: Tree,
  level: Level,
  spare: Pick<Level, 'at' | 'values'>,
  groups: CallerGroups,
  boxes: BoxColumns,
  least: number,
): Level {
  const nextBoxes: number[] = [];
  const nextEnds: number[] = [];
  let kept = 0;
  let from = 0;
  for (let index = 0; index < level.ends.length; index++) {
    const to = level.ends[index];
    const below = level.boxes[index];
    groups.clear();
    for (let i = from; i < to; i++) if (level.at[i] >= 0) groups.add(nodeFrames[level.at[i]], level.values[i]);
    groups.sort();

    const end = boxes.right(below);
    let left = boxes.left(below);
    let rest = 0;
    const before = kept;
    for (let i = 0; i < groups.count; i++) {
      const slot = groups.order[i];
      const value = groups.values[slot];
      if (value < least) {
        groups.places[slot] = -1;
        rest += value;
        continue;
      }
      nextBoxes.push(boxes.count);
      // Sums round; a row never overlaps for that.
      boxes.push(below, left, (left = Math.min(left + value, end)), groups.frames[slot]);
      groups.places[slot] = kept;
      kept += groups.climbers[slot];
      nextEnds.push(kept);
    }
    if (rest > 0) boxes.push(below, left, Math.min(left + rest, end), frames.length);
    if (kept > before) keepClimbers(level, spare, from, to, nodeFrames, groups);
    from = to;
  }
  return { ...spare, boxes: Int32Array.from(nextBoxes), ends: Int32Array.from(nextEnds) };
}

function keepClimbers(
  { at, values }: Level,
  next: Pick<Level, 'at' | 'values'>,
  from: number,
  to: number,
  nodeFrames: Int32Array,
  groups: CallerGroups,
): void {
  for (let i = from; i < to; i++) {
    if (at[i] < 0) continue;
    const slot = groups.slotOf(nodeFrames[at[i]]);
    if (groups.places[slot] < 0) continue;
    const place = groups.places[slot]++;
    next.at[place] = at[i];
    next.values[place] = values[i];
  }
}

/** Boxes in the order of rows; how many there will be is not known before. */
class BoxColumns {
  private readonly parentColumn = new GrowableInt32();
  private readonly frameColumn = new GrowableInt32();
  private readonly leftColumn = new GrowableFloat64();
  private readonly rightColumn = new GrowableFloat64();

  get count(): number {
    return this.parentColumn.length;
  }

  push(parent: number, left: number, right: number, frame: number): void {
    this.parentColumn.push(parent);
    this.leftColumn.push(left);
    this.rightColumn.push(right);
    this.frameColumn.push(frame);
  }

  left(box: number): number {
    return this.leftColumn.get(box);
  }

  right(box: number): number {
    return this.rightColumn.get(box);
  }

  columns(): Pick<FlameLayout, 'lefts' | 'rights' | 'frames' | 'parents'> {
    return {
      lefts: this.leftColumn.view().slice(),
      rights: this.rightColumn.view().slice(),
      frames: this.frameColumn.view().slice(),
      parents: this.parentColumn.view().slice(),
    };
  }
}
