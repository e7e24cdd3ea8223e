import { isRootFrame } from '../frame';
import { FrameTable } from '../frameTable';
import { GrowableFloat64, GrowableInt32 } from '../../collections/growable';
import type { MeasureColumn, ProfileColumns } from '../profileColumns';
import { NodeSums, TreeBuilder } from '../tree/treeBuilder';
import { nothingUsable } from './formatErrors';
import { foreignFrame } from './frameText';
import { amount, instant, MOST_AMOUNT, unitScale, type UnitScale } from './units';

type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * Reads speedscope's own format: one ProfileColumns for each of its profiles, with a timeline where the unit is a time.
 * Throws a HeatlensError when there is no profile in it that can be read.
 */
export function readSpeedscope(json: unknown, title: string): ProfileColumns[] {
  const root = isRecord(json) ? json : {};
  const listed = Array.isArray(root['profiles']) ? (root['profiles'] as unknown[]) : [];
  if (!listed.length) throw nothingUsable(title, 'speedscope', 'it has no list of profiles, or an empty one');
  const shared = isRecord(root['shared']) ? root['shared'] : root;
  const common: string[] = [];
  const frames = readFrames(shared['frames'], common);

  const profiles: ProfileColumns[] = [];
  listed.forEach((profile, index) => {
    const name = isRecord(profile) && typeof profile['name'] === 'string' ? profile['name'] : '';
    const own = listed.length > 1 ? name || `${title} ${index + 1}` : title;
    const columns = isRecord(profile) ? readProfile(profile, frames, name, own) : undefined;
    if (columns) profiles.push(columns);
    else common.push(`Profile ${index + 1} of ${listed.length} is neither "evented" nor "sampled"; it is left out.`);
  });
  if (!profiles.length) throw nothingUsable(title, 'speedscope', 'none of its profiles is "evented" or "sampled"');
  return profiles.map((columns) => ({ ...columns, problems: [...common, ...columns.problems] }));
}

interface SharedFrames {
  readonly table: FrameTable;
  /** The frame of each index that the file uses. */
  readonly frameOf: Int32Array;
  readonly isRoot: Uint8Array;
  readonly rootFrame: number;
}

function readFrames(value: unknown, problems: string[]): SharedFrames {
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const table = new FrameTable();
  const rootFrame = table.intern({ functionName: '(root)' });
  let nameless = 0;
  const frameOf = Int32Array.from(list, (item) => {
    const frame = isRecord(item) ? item : {};
    const { name, file, line, col } = frame;
    if (typeof name !== 'string') nameless++;
    return table.intern(
      foreignFrame(typeof name === 'string' ? name : '', typeof file === 'string' ? file : '', line, col),
    );
  });
  if (nameless) problems.push(`${nameless} frames have no name.`);
  return {
    table,
    frameOf,
    isRoot: Uint8Array.from(frameOf, (frame) => Number(isRootFrame(table.frames[frame]))),
    rootFrame,
  };
}

function readProfile(
  profile: JsonRecord,
  frames: SharedFrames,
  name: string,
  title: string,
): ProfileColumns | undefined {
  const scale = unitScale(typeof profile['unit'] === 'string' ? profile['unit'] : 'none');
  const problems: string[] = [];
  const log = new TimeLog(frames);
  if (profile['type'] === 'evented' && Array.isArray(profile['events']))
    readEvents(profile, profile['events'] as unknown[], scale, frames, log, problems);
  else if (profile['type'] === 'sampled' && Array.isArray(profile['samples']))
    readSamples(profile, profile['samples'] as unknown[], scale, frames, log, problems);
  else return undefined;
  const { parents, nodeFrames } = log.tree.columns();
  const isTime = scale.unit === 'µs';
  return {
    title,
    frames: frames.table.frames,
    parents,
    nodeFrames,
    measures: [{ ...measureOf(name, scale), self: log.sums.column(parents.length) }],
    timeline:
      isTime && log.nodes.length
        ? { measure: 0, nodes: log.nodes.view().slice(), startsUs: log.starts.view().slice(), endUs: log.clock }
        : undefined,
    problems,
  };
}

/** What our own exports end their profiles' names with, see `writeSpeedscope`. */
const ownMeasures: readonly Omit<MeasureColumn, 'self'>[] = [
  { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
  { kind: 'live', label: 'Live bytes', unit: 'bytes' },
];

function measureOf(name: string, { unit }: UnitScale): Omit<MeasureColumn, 'self'> {
  const own = ownMeasures.find((measure) => measure.unit === unit && name.endsWith(measure.label));
  if (own) return own;
  switch (unit) {
    case 'µs':
      return { kind: 'cpu', label: 'CPU time', unit };
    case 'bytes':
      return { kind: 'other', label: 'Bytes', unit };
    case 'count':
      return { kind: 'other', label: 'Samples', unit };
  }
}

/** Sums and samples of one profile while its clock (or, for other units, its counter) runs. */
class TimeLog {
  readonly tree: TreeBuilder;
  readonly sums = new NodeSums();
  readonly nodes = new GrowableInt32();
  readonly starts = new GrowableFloat64();
  clock = 0;

  constructor({ rootFrame }: SharedFrames) {
    this.tree = new TreeBuilder(rootFrame);
  }

  /** Charges the time since the last call to `node`; a stack without any frame is nobody's time. */
  advance(node: number, to: number, isEmpty: boolean): void {
    if (to <= this.clock) return;
    if (!isEmpty) this.sums.add(node, to - this.clock);
    const { nodes, starts } = this;
    if (!nodes.length || nodes.get(nodes.length - 1) !== node) {
      nodes.push(node);
      starts.push(this.clock);
    }
    this.clock = to;
  }
}

function readSamples(
  profile: JsonRecord,
  samples: readonly unknown[],
  scale: UnitScale,
  frames: SharedFrames,
  log: TimeLog,
  problems: string[],
): void {
  const weights = Array.isArray(profile['weights']) ? (profile['weights'] as unknown[]) : undefined;
  const { frameOf, isRoot } = frames;
  log.clock = instant(profile['startValue'], scale) ?? 0;
  let missing = 0;
  let invalid = 0;
  let stackless = 0;
  for (let i = 0; i < samples.length; i++) {
    const stack = samples[i];
    const weight = weights ? amount(weights[i], scale) : 1;
    if (weight === undefined) invalid++;
    if (!Array.isArray(stack)) {
      stackless++;
      continue;
    }
    let node = 0;
    for (const index of stack as unknown[]) {
      const frame = typeof index === 'number' ? frameOf[index] : undefined;
      if (frame === undefined) missing++;
      else if (node > 0 || !isRoot[index as number]) node = log.tree.child(node, frame);
    }
    log.advance(node, log.clock + (weight ?? 0), stack.length === 0 && scale.unit === 'µs');
  }
  if (!samples.length) problems.push('The profile has no samples.');
  if (!weights) problems.push('The profile has no weights; each sample counts as one.');
  else if (weights.length > samples.length) problems.push(`${weights.length - samples.length} weights have no sample.`);
  if (invalid) problems.push(`${invalid} weights are missing, negative, impossible or no numbers; they count as 0.`);
  if (missing)
    problems.push(`${missing} entries of stacks name frames that the file does not have; they are left out.`);
  if (stackless) problems.push(`${stackless} samples are no lists of frames; they are left out.`);
}

function readEvents(
  profile: JsonRecord,
  events: readonly unknown[],
  scale: UnitScale,
  frames: SharedFrames,
  log: TimeLog,
  problems: string[],
): void {
  const { frameOf, isRoot } = frames;
  const start = instant(profile['startValue'], scale);
  const nodes: number[] = [];
  const opened: number[] = [];
  const open = new Int32Array(frameOf.length);
  const counts = { invalid: 0, timeless: 0, unordered: 0, unopened: 0, crossed: 0 };
  let started = start !== undefined;
  log.clock = start ?? 0;
  const pop = (): void => {
    nodes.pop();
    open[opened.pop()!]--;
  };
  const top = (): number => (nodes.length ? nodes[nodes.length - 1] : 0);

  for (const event of events) {
    const { type, frame, at } = isRecord(event) ? event : ({} as JsonRecord);
    if ((type !== 'O' && type !== 'C') || typeof frame !== 'number' || frameOf[frame] === undefined) {
      counts.invalid++;
      continue;
    }
    const time = instant(at, scale);
    if (time === undefined || (started && time - log.clock > MOST_AMOUNT[scale.unit])) counts.timeless++;
    else if (!started) {
      log.clock = time;
      started = true;
    } else if (time < log.clock) counts.unordered++;
    else log.advance(top(), time, nodes.length === 0);

    if (type === 'O') {
      nodes.push(nodes.length === 0 && isRoot[frame] ? 0 : log.tree.child(top(), frameOf[frame]));
      opened.push(frame);
      open[frame]++;
    } else if (!open[frame]) counts.unopened++;
    else {
      // What was opened since then and not closed ends with it.
      for (; opened[opened.length - 1] !== frame; pop()) counts.crossed++;
      pop();
    }
  }
  const end = instant(profile['endValue'], scale) ?? log.clock;
  if (end - log.clock <= MOST_AMOUNT[scale.unit]) log.advance(top(), end, nodes.length === 0);
  else counts.timeless++;
  if (!events.length) problems.push('The profile has no events.');
  if (counts.invalid)
    problems.push(`${counts.invalid} events neither open nor close a frame of the file; they are left out.`);
  if (counts.timeless)
    problems.push(
      `${counts.timeless} events have no time, or an impossible one; they happen at the time of the event before.`,
    );
  if (counts.unordered)
    problems.push(`${counts.unordered} events are earlier than the event before; they happen at its time.`);
  if (counts.unopened) problems.push(`${counts.unopened} events close frames that are not open; they are left out.`);
  if (counts.crossed)
    problems.push(`${counts.crossed} frames were still open when their callers were closed; they end there.`);
  if (nodes.length) problems.push(`${nodes.length} frames are never closed; they end with the profile.`);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
