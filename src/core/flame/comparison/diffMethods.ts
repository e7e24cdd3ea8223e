import type { ProfileView, ViewFrame } from '../view/profileView';
import { createView } from '../view/createView';
import { defaultViewOptions } from '../view/viewOptions';
import { normalisingScale } from '../layouts/layoutDifference';
import type { MeasureColumn, ProfileColumns } from '../../profile/profileColumns';

/** Values are in the measure's unit; of a normalised difference those of before are scaled to the total of after. */
export interface MethodChange {
  readonly name: string;
  /** As in the profile: the generated script, 0-based; of after, unless it vanished. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
  /** `moved` is another line of the same file. */
  readonly status: 'same' | 'moved' | 'new' | 'vanished';
  readonly selfBefore: number;
  readonly selfAfter: number;
  readonly totalBefore: number;
  readonly totalAfter: number;
}

export interface MethodDifference {
  readonly measure: Pick<MeasureColumn, 'kind' | 'label' | 'unit'>;
  /** As measured, never scaled; idle time is no part of it. */
  readonly totalBefore: number;
  readonly totalAfter: number;
  /** What the values of before were multiplied by. */
  readonly scale: number;
  /** The largest change of self value first. */
  readonly methods: readonly MethodChange[];
}

interface MethodCost {
  readonly frame: ViewFrame;
  self: number;
  total: number;
}

/**
 * What each method costs in two profiles, recursion counted once. A method is the same one by name, url, line and column;
 * one that is left over is the same by name and url alone when each side has exactly one of them left: code above it was
 * edited. `measures` are indices into the profiles' measures.
 */
export function diffMethods(
  before: ProfileColumns,
  after: ProfileColumns,
  options: { measures?: readonly [before: number, after: number]; normalised?: boolean } = {},
): MethodDifference {
  const [measureBefore, measureAfter] = options.measures ?? [0, 0];
  const viewBefore = createView(before, { ...defaultViewOptions, measure: measureBefore });
  const viewAfter = createView(after, { ...defaultViewOptions, measure: measureAfter });
  const totals = { totalBefore: viewBefore.totals[0], totalAfter: viewAfter.totals[0] };
  const scale = options.normalised ? normalisingScale(viewBefore, viewAfter) : 1;

  const left = methodCosts(viewBefore);
  const right = methodCosts(viewAfter);
  const moved = movedMethods(left, right);
  const methods: MethodChange[] = [];
  for (const [key, cost] of right) {
    const old = left.get(key) ?? left.get(moved.get(key) ?? '');
    methods.push(change(old, cost, scale, old ? (left.has(key) ? 'same' : 'moved') : 'new'));
  }
  const movedFrom = new Set(moved.values());
  for (const [key, cost] of left)
    if (!right.has(key) && !movedFrom.has(key)) methods.push(change(cost, undefined, scale, 'vanished'));

  const size = ({ selfBefore, selfAfter }: MethodChange): number => Math.abs(selfAfter - selfBefore);
  const totalSize = ({ totalBefore, totalAfter }: MethodChange): number => Math.abs(totalAfter - totalBefore);
  methods.sort(
    (a, b) => size(b) - size(a) || totalSize(b) - totalSize(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  return { measure: viewAfter.measure, ...totals, scale, methods };
}

function methodCosts({ frames, frameSelfs, frameTotals }: ProfileView): Map<string, MethodCost> {
  const costs = new Map<string, MethodCost>();
  frames.forEach((frame, index) => {
    if (frame.category === 'root' || frame.category === 'idle' || !(frameTotals[index] > 0)) return;
    const { url, line, column } = frame.place;
    const key = `${line}:${column}:${url}\0${frame.name}`;
    const known = costs.get(key);
    if (known) {
      known.self += frameSelfs[index];
      known.total += frameTotals[index];
    } else costs.set(key, { frame, self: frameSelfs[index], total: frameTotals[index] });
  });
  return costs;
}

/** Keys of after to keys of before. */
function movedMethods(
  before: ReadonlyMap<string, MethodCost>,
  after: ReadonlyMap<string, MethodCost>,
): Map<string, string> {
  const loneBefore = loneByName(before, after);
  const loneAfter = loneByName(after, before);
  const moved = new Map<string, string>();
  for (const [name, key] of loneAfter) {
    const old = loneBefore.get(name);
    if (key !== undefined && old !== undefined) moved.set(key, old);
  }
  return moved;
}

/** Methods that the other side lacks, by name and url; undefined where there are several. Code without a file never moves. */
function loneByName(
  costs: ReadonlyMap<string, MethodCost>,
  others: ReadonlyMap<string, MethodCost>,
): Map<string, string | undefined> {
  const lone = new Map<string, string | undefined>();
  for (const [key, { frame }] of costs) {
    if (others.has(key) || !frame.place.url) continue;
    const name = `${frame.name}\0${frame.place.url}`;
    lone.set(name, lone.has(name) ? undefined : key);
  }
  return lone;
}

function change(
  before: MethodCost | undefined,
  after: MethodCost | undefined,
  scale: number,
  status: MethodChange['status'],
): MethodChange {
  const { name, place } = (after ?? before)!.frame;
  return {
    name,
    url: place.url,
    line: place.line,
    column: place.column,
    status,
    selfBefore: (before?.self ?? 0) * scale,
    selfAfter: after?.self ?? 0,
    totalBefore: (before?.total ?? 0) * scale,
    totalAfter: after?.total ?? 0,
  };
}
