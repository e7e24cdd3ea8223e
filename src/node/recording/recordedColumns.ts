import type { ColumnsReader } from '../../core/heat/heatSource';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { MeasureColumn, ProfileColumns, Timeline } from '../../core/profile/profileColumns';
import { createTreeUnion, type TreeUnion } from '../../core/profile/tree/treeUnion';
import type { Measurement } from '../../core/measurement/measurement';
import { runningSlice } from '../../core/measurement/runningSlice';
import type { ShownThread } from './heatOfThreads';
import type { RecordingOptions } from './recordingTypes';
import { shownCpu } from './shownCpu';

interface Part {
  readonly thread: ShownThread['thread'];
  readonly measurement: Measurement;
  readonly cpu: ReturnType<Measurement['cpu']>;
}

/** `shown` and `window` are asked at each reading. Whoever reads owns the union, and drops it by dropping the reader. */
export function createColumnsReader(
  shown: () => readonly ShownThread[],
  window: () => RecordingOptions['window'],
): ColumnsReader {
  let union: TreeUnion = createTreeUnion();
  let brought = new Set<Measurement>();
  let resolvers: MethodResolver[] = [];

  return {
    read() {
      const parts = measuredParts(shown(), window());
      if (!parts.length) return undefined;
      // What is not shown any more (deselected, forgotten by a reset) cannot be taken out of a union.
      const present = new Set(parts.map(({ measurement }) => measurement));
      if ([...brought].some((measurement) => !present.has(measurement))) {
        union = createTreeUnion();
        resolvers = [];
      }
      brought = present;
      for (const { measurement, thread } of parts) {
        union.nodesOf(measurement.cpuTree);
        union.nodesOf(measurement.heapTree);
        const { length } = union.frames;
        while (resolvers.length < length) resolvers.push(thread.resolver);
      }
      return { columns: toColumns(union, parts), resolvers };
    },
  };
}

function measuredParts(shown: readonly ShownThread[], window: RecordingOptions['window']): Part[] {
  const now = Date.now();
  const parts: Part[] = [];
  for (const { thread, kind } of shown) {
    const measurement = thread.measurement(kind);
    if (!measurement) continue;
    const cpu = shownCpu(thread, measurement, window, now);
    if (cpu || measurement.live || measurement.allocated) parts.push({ thread, measurement, cpu });
  }
  return parts;
}

function toColumns(union: TreeUnion, parts: readonly Part[]): ProfileColumns {
  const { nodeCount } = union;
  const measures: MeasureColumn[] = [];
  const add = (
    kind: MeasureColumn['kind'],
    label: string,
    unit: MeasureColumn['unit'],
    fill: (self: Float64Array) => void,
  ): void => {
    const self = new Float64Array(nodeCount);
    fill(self);
    measures.push({ kind, label, unit, self });
  };
  if (parts.some(({ cpu }) => cpu)) {
    add('cpu', 'CPU time', 'µs', (self) => {
      for (const { cpu, measurement } of parts)
        if (cpu) addAll(self, runningSlice(cpu.slice).selfUs, union.nodesOf(measurement.cpuTree));
    });
  }
  for (const kind of ['allocated', 'live'] as const) {
    if (!parts.some(({ measurement }) => measurement[kind])) continue;
    add(kind, kind === 'allocated' ? 'Allocated bytes' : 'Live bytes', 'bytes', (self) => {
      for (const { measurement } of parts) {
        const bytes = measurement[kind];
        if (bytes) addAll(self, bytes.slice, union.nodesOf(measurement.heapTree));
      }
    });
  }
  if (parts.some(({ cpu }) => cpu?.slice.waitingUs?.size)) {
    add('other', 'Waiting', 'µs', (self) => {
      for (const { cpu, measurement } of parts)
        if (cpu?.slice.waitingUs) addAll(self, cpu.slice.waitingUs, union.nodesOf(measurement.cpuTree));
    });
  }
  const [first] = parts;
  return {
    title: parts.length > 1 ? `${first.thread.label} + ${parts.length - 1}` : first.thread.label,
    frames: union.frames.slice(),
    ...union.columns(),
    measures,
    timeline: parts.length === 1 && first.cpu ? timelineOf(first, union) : undefined,
    problems: problemsOf(parts),
  };
}

function addAll(self: Float64Array, slice: ReadonlyMap<number, number>, nodes: Int32Array): void {
  for (const [node, value] of slice) self[nodes[node]] += value;
}

/** Threads sample side by side, so only one at a time has an order in time. */
function timelineOf({ cpu, measurement }: Part, union: TreeUnion): Timeline | undefined {
  const { sampleNodes, timestampsUs } = measurement.samples;
  const from = firstAtOrAfter(timestampsUs, cpu!.slice.startUs);
  if (from >= timestampsUs.length) return undefined;
  const nodeOf = union.nodesOf(measurement.cpuTree);
  const nodes = new Int32Array(sampleNodes.length - from);
  for (let i = 0; i < nodes.length; i++) nodes[i] = nodeOf[sampleNodes[from + i]];
  const startsUs = timestampsUs.subarray(from);
  return { measure: 0, nodes, startsUs, endUs: Math.max(cpu!.slice.endUs, startsUs[startsUs.length - 1]) };
}

function firstAtOrAfter(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function problemsOf(parts: readonly Part[]): string[] {
  return parts.flatMap(({ thread, measurement }) => {
    const problems = [...measurement.problems];
    if (measurement.samples.dropped && parts.length === 1)
      problems.push(`time order begins later: ${measurement.samples.dropped} older samples were dropped`);
    return problems.map((problem) => `${thread.label}: ${problem}.`);
  });
}
