import { GrowableFloat64, GrowableInt32 } from '../../collections/growable';
import { LimitError } from '../../collections/limitError';
import { NumberColumn, type Numbers } from '../../collections/numberColumn';
import type { V8CallFrame } from '../frame';
import type { V8CpuNode, V8CpuProfile, V8HeapNode, V8HeapProfile } from './v8Profile';

/**
 * A V8 CPU profile in columns, otherwise as it stands in the file: nothing of it has been checked, and ids, links and
 * times may be any numbers. NaN stands where the file has no number.
 */
export interface V8CpuColumns {
  readonly frames: readonly (Partial<V8CallFrame> | undefined)[];
  /** By node, in the order of the file. */
  readonly ids: Numbers;
  /** Index into `frames`; -1 for none. */
  readonly nodeFrames: Int32Array;
  readonly hitCounts: Numbers;
  /** Ids; shorter than `ids` where the last nodes have none. */
  readonly parentIds: Numbers;
  /** Ids of the children of node `n`: from `childEnds[n - 1]` (0 for the first node) to `childEnds[n]`. */
  readonly childEnds: Int32Array;
  readonly childIds: Numbers;
  /** Position ticks, likewise; only valid ones. */
  readonly tickEnds: Int32Array;
  /** 1-based. */
  readonly tickLines: Numbers;
  readonly tickCounts: Numbers;
  /** Node ids; undefined where the file has no list of them. */
  readonly samples: Numbers | undefined;
  readonly timeDeltas: Numbers | undefined;
  /** µs. */
  readonly startTime: number;
  readonly endTime: number;
}

/** A V8 sampling heap profile in columns, likewise. */
export interface V8HeapColumns {
  readonly frames: readonly (Partial<V8CallFrame> | undefined)[];
  /** By node, in the order of the file, so that parents precede their children; -1 for the head. */
  readonly parents: Int32Array;
  /** Index into `frames`; -1 for none. */
  readonly nodeFrames: Int32Array;
  /** Bytes; NaN where the file has no number. */
  readonly sizes: Float64Array;
}

/** A file of a gigabyte and a half has so many. */
const MOST_NODES = 2 ** 23;

/** Ticks of lines from here on are no ticks of any source. */
export const MOST_LINES = 2 ** 21;

/** Collects a CPU profile node by node. What belongs to a node is added before the node itself. */
export class CpuColumnsBuilder {
  private readonly ids = new NumberColumn();
  private readonly nodeFrames = new GrowableInt32();
  private readonly hitCounts = new NumberColumn();
  private readonly parentIds = new NumberColumn(1);
  private readonly childEnds = new GrowableInt32();
  private readonly childIds = new NumberColumn();
  private readonly tickEnds = new GrowableInt32();
  private readonly tickLines = new NumberColumn();
  private readonly tickCounts = new NumberColumn();
  samples: NumberColumn | undefined;
  timeDeltas: NumberColumn | undefined;
  startTime = NaN;
  endTime = NaN;

  get nodeCount(): number {
    return this.nodeFrames.length;
  }

  addChild(id: number): void {
    this.childIds.push(id);
  }

  addTick(line: number, ticks: number): void {
    if (!(Number.isInteger(line) && line >= 1 && line < MOST_LINES && Number.isFinite(ticks) && ticks > 0)) return;
    this.tickLines.push(line);
    this.tickCounts.push(ticks);
  }

  addNode(id: number, frame: number, hitCount: number, parentId: number): void {
    if (this.nodeFrames.length === MOST_NODES) throw new LimitError(MOST_NODES, 'nodes');
    if (parentId === parentId) {
      while (this.parentIds.length < this.nodeFrames.length) this.parentIds.push(NaN);
      this.parentIds.push(parentId);
    }
    this.ids.push(id);
    this.nodeFrames.push(frame);
    this.hitCounts.push(hitCount);
    this.childEnds.push(this.childIds.length);
    this.tickEnds.push(this.tickLines.length);
  }

  /** Forgets the children that were added since the last node. */
  dropChildren(): void {
    this.childIds.truncate(lastOf(this.childEnds));
  }

  dropTicks(): void {
    this.tickLines.truncate(lastOf(this.tickEnds));
    this.tickCounts.truncate(lastOf(this.tickEnds));
  }

  dropNodes(): void {
    for (const column of [this.ids, this.hitCounts, this.parentIds, this.childIds, this.tickLines, this.tickCounts])
      column.truncate(0);
    for (const column of [this.nodeFrames, this.childEnds, this.tickEnds]) column.truncate(0);
  }

  columns(frames: V8CpuColumns['frames']): V8CpuColumns {
    return {
      frames,
      ids: this.ids.view(),
      nodeFrames: this.nodeFrames.view(),
      hitCounts: this.hitCounts.view(),
      parentIds: this.parentIds.view(),
      childEnds: this.childEnds.view(),
      childIds: this.childIds.view(),
      tickEnds: this.tickEnds.view(),
      tickLines: this.tickLines.view(),
      tickCounts: this.tickCounts.view(),
      samples: this.samples?.view(),
      timeDeltas: this.timeDeltas?.view(),
      startTime: this.startTime,
      endTime: this.endTime,
    };
  }
}

function lastOf(column: GrowableInt32): number {
  return column.length ? column.get(column.length - 1) : 0;
}

/** Collects a heap profile, parents first. */
export class HeapColumnsBuilder {
  private readonly parents = new GrowableInt32();
  private readonly nodeFrames = new GrowableInt32();
  private readonly sizes = new GrowableFloat64();

  get nodeCount(): number {
    return this.parents.length;
  }

  /** Returns the node, which has neither a frame nor a size yet. */
  addNode(parent: number): number {
    if (this.parents.length === MOST_NODES) throw new LimitError(MOST_NODES, 'nodes');
    this.parents.push(parent);
    this.nodeFrames.push(-1);
    this.sizes.push(NaN);
    return this.parents.length - 1;
  }

  parentOf(node: number): number {
    return this.parents.get(node);
  }

  setFrame(node: number, frame: number): void {
    this.nodeFrames.set(node, frame);
  }

  setSize(node: number, bytes: number): void {
    this.sizes.set(node, bytes);
  }

  /** Forgets the nodes that were added after the first `count`. */
  truncate(count: number): void {
    for (const column of [this.parents, this.nodeFrames, this.sizes]) column.truncate(count);
  }

  columns(frames: V8HeapColumns['frames']): V8HeapColumns {
    return { frames, parents: this.parents.view(), nodeFrames: this.nodeFrames.view(), sizes: this.sizes.view() };
  }
}

/** The columns of a profile that the inspector sent. Tolerates whatever a foreign file may have instead. */
export function cpuColumnsOf(profile: V8CpuProfile): V8CpuColumns {
  const builder = new CpuColumnsBuilder();
  const frames: Partial<V8CallFrame>[] = [];
  const nodes = Array.isArray(profile.nodes) ? profile.nodes : [];
  for (const node of nodes) addCpuNode(builder, frames, node);
  builder.samples = columnOf(profile.samples);
  builder.timeDeltas = columnOf(profile.timeDeltas);
  builder.startTime = numberOf(profile.startTime);
  builder.endTime = numberOf(profile.endTime);
  return builder.columns(frames);
}

function addCpuNode(
  builder: CpuColumnsBuilder,
  frames: Partial<V8CallFrame>[],
  node: Partial<V8CpuNode> | null | undefined,
): void {
  if (Array.isArray(node?.children)) for (const child of node.children) builder.addChild(numberOf(child));
  if (Array.isArray(node?.positionTicks))
    for (const tick of node.positionTicks) builder.addTick(numberOf(tick?.line), numberOf(tick?.ticks));
  const frame = node?.callFrame ? frames.push(node.callFrame) - 1 : -1;
  builder.addNode(numberOf(node?.id), frame, numberOf(node?.hitCount), numberOf(node?.parent));
}

/**
 * Iterative, because foreign files can be thousands of frames deep; undefined where there is no head. `sizes`: bytes by id
 * of the node, instead of those that the nodes have.
 */
export function heapColumnsOf({ head }: V8HeapProfile, sizes?: ReadonlyMap<number, number>): V8HeapColumns | undefined {
  if (!head || typeof head !== 'object') return undefined;
  const builder = new HeapColumnsBuilder();
  const frames: Partial<V8CallFrame>[] = [];
  const stack: [V8HeapNode, number][] = [[head, -1]];
  const seen = new Set<V8HeapNode>();
  while (stack.length) {
    const [raw, parent] = stack.pop()!;
    if (seen.has(raw)) continue;
    seen.add(raw);
    const node = builder.addNode(parent);
    if (raw.callFrame) builder.setFrame(node, frames.push(raw.callFrame) - 1);
    builder.setSize(node, sizes ? (sizes.get(raw.id) ?? 0) : numberOf(raw.selfSize));
    if (!Array.isArray(raw.children)) continue;
    for (let n = raw.children.length - 1; n >= 0; n--) {
      const child = raw.children[n];
      if (child && typeof child === 'object') stack.push([child, node]);
    }
  }
  return builder.columns(frames);
}

/** Undefined for what is no list. */
export function columnOf(values: unknown): NumberColumn | undefined {
  if (!Array.isArray(values)) return undefined;
  const column = new NumberColumn(values.length);
  for (const value of values) column.push(numberOf(value));
  return column;
}

/** NaN for what is no number. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}
