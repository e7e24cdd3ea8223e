import type { Interval } from '../interval';
import type { Accuracy } from '../profile/accuracy';
import type { HeatPart, MethodSums, UnmappedSums } from './heatPart';
import { accuracyOf, boundOf } from './uncertainty';
import { edgeEnds, edgeKey } from './methodFold';
import type { SourceMethod } from './methodResolver';
import type {
  CallEdge,
  HeatSnapshot,
  LineHeat,
  MemorySummary,
  MethodHeat,
  RuntimeHeat,
  TargetSummary,
  UnmappedHeat,
} from './heatSnapshot';
import { createRuntimeSums } from './runtimeSums';

/** How many callers and callees a method keeps; more is a flame graph's job. */
const EDGES_KEPT = 5;
/** Functions without a method that are listed, the costliest; a profile may have a million, and all count in the sums. */
const UNMAPPED_KEPT = 10_000;
/** Functions of Node and of native code that are listed; all count in the sums. */
const RUNTIME_KEPT = 100;

export interface SnapshotContext {
  readonly accuracy: Accuracy;
  readonly cpuInterval: Interval;
  readonly samplingIntervalUs: number;
  readonly memory: Omit<MemorySummary, 'liveBytes' | 'allocatedBytes' | 'accuracy'>;
  readonly targets: readonly TargetSummary[];
}

/**
 * Merges the parts of several isolates into one snapshot. A method is the same one in two targets when file, position
 * in the file's index and text agree, so two versions of a file never mix.
 */
export function buildSnapshot(parts: readonly HeatPart[], context: SnapshotContext): HeatSnapshot {
  const merged = mergeMethods(parts);
  const us = { sampled: 0, idle: 0, gc: 0, native: 0, node: 0, unmapped: 0 };
  let waitingUs: number | undefined;
  let samples = 0;
  let liveBytes = 0;
  let allocatedBytes = 0;
  for (const part of parts) {
    for (const key of Object.keys(us) as (keyof typeof us)[]) us[key] += part.us[key];
    if (part.waitingUs !== undefined) waitingUs = (waitingUs ?? 0) + part.waitingUs;
    samples += part.samples;
    liveBytes += part.liveBytes;
    allocatedBytes += part.allocatedBytes;
  }
  const share = (value: number): number => (us.sampled > 0 ? Math.min(1, Math.max(0, value) / us.sampled) : 0);

  const bytesTaught = parts.every((part) => part.bytesTaught);

  const callers = new Map<number, CallEdge[]>();
  const callees = new Map<number, CallEdge[]>();
  for (const [key, value] of merged.edges) {
    const { caller, callee } = edgeEnds(key);
    const edge = (method: number): CallEdge => ({
      method,
      name: method >= 0 ? merged.sources[method].method.qualifiedName : '(event loop)',
      totalMs: value / 1000,
      totalShare: share(value),
    });
    push(callers, callee, edge(caller));
    if (caller >= 0) push(callees, caller, edge(callee));
  }

  return {
    accuracy: context.accuracy,
    cpu: {
      interval: context.cpuInterval,
      sampledMs: us.sampled / 1000,
      idleMs: us.idle / 1000,
      waitingMs: waitingUs === undefined ? undefined : waitingUs / 1000,
      gcMs: us.gc / 1000,
      nativeMs: us.native / 1000,
      nodeMs: us.node / 1000,
      unmappedMs: us.unmapped / 1000,
      samples,
      samplingIntervalUs: context.samplingIntervalUs,
    },
    memory: {
      ...context.memory,
      liveBytes,
      allocatedBytes,
      accuracy: context.accuracy === 'exact' ? 'exact' : bytesTaught ? 'calibrated' : 'approximate',
    },
    methods: merged.sources.map((source, index): MethodHeat => {
      const sums = merged.sums[index];
      return {
        source,
        cpu: {
          selfMs: Math.max(0, sums.selfUs) / 1000,
          totalMs: Math.min(us.sampled, sums.totalUs) / 1000,
          selfShare: share(sums.selfUs),
          totalShare: share(sums.totalUs),
          selfSamples: Math.max(0, Math.round(sums.selfSamples)),
          totalSamples: Math.round(sums.totalSamples),
          selfWaitingMs: sums.waitingUs / 1000,
          totalWaitingMs: sums.totalWaitingUs / 1000,
        },
        memory: {
          liveBytes: sums.liveBytes,
          allocatedBytes: sums.allocatedBytes,
          totalLiveBytes: sums.totalLiveBytes,
          totalAllocatedBytes: sums.totalAllocatedBytes,
          accuracy: context.accuracy === 'exact' ? 'exact' : bytesAccuracy(sums, bytesTaught),
        },
        lines: linesOf(sums, share),
        callers: hottest(callers.get(index)),
        callees: hottest(callees.get(index)),
        accuracy: accuracyOf(context.accuracy, sums, us.sampled),
        bound: boundOf(context.accuracy, sums, us.sampled, samples),
      };
    }),
    unmapped: mergeUnmapped(parts),
    runtime: mergeRuntime(parts),
    targets: context.targets,
  };
}

function mergeMethods(parts: readonly HeatPart[]): {
  sources: SourceMethod[];
  sums: MethodSums[];
  edges: Map<number, number>;
} {
  const sources: SourceMethod[] = [];
  const sums: MethodSums[] = [];
  const edges = new Map<number, number>();
  const byKey = new Map<string, number>();
  for (const part of parts) {
    const place = new Map<number, number>();
    for (const [method, own] of part.methods) {
      const source = part.resolver.methods[method];
      const key = `${source.index}:${source.method.textHash}:${source.file}`;
      let index = byKey.get(key);
      if (index === undefined) {
        index = sources.length;
        byKey.set(key, index);
        sources.push(source);
        sums.push({ ...own, lines: new Map(own.lines) });
      } else addSums(sums[index], own);
      place.set(method, index);
    }
    for (const [key, value] of part.edges) {
      const { caller, callee } = edgeEnds(key);
      const mergedCaller = caller < 0 ? -1 : place.get(caller);
      const mergedCallee = place.get(callee);
      if (mergedCaller === undefined || mergedCallee === undefined) continue;
      const mergedKey = edgeKey(mergedCaller, mergedCallee);
      edges.set(mergedKey, (edges.get(mergedKey) ?? 0) + value);
    }
  }
  return { sources, sums, edges };
}

/** Some of a method's bytes may stand where V8 charges them without making a difference. */
const LITTLE = 0.01;

function bytesAccuracy({ liveBytes, allocatedBytes, untaughtBytes }: MethodSums, bytesTaught: boolean): Accuracy {
  const bytes = liveBytes + allocatedBytes;
  const isTaught = bytes > 0 ? untaughtBytes <= bytes * LITTLE : bytesTaught;
  return isTaught ? 'calibrated' : 'approximate';
}

function addSums(into: MethodSums, own: MethodSums): void {
  into.selfUs += own.selfUs;
  into.totalUs += own.totalUs;
  into.selfSamples += own.selfSamples;
  into.totalSamples += own.totalSamples;
  into.waitingUs += own.waitingUs;
  into.totalWaitingUs += own.totalWaitingUs;
  into.liveBytes += own.liveBytes;
  into.totalLiveBytes += own.totalLiveBytes;
  into.selfVariance += own.selfVariance;
  into.doubtfulUs += own.doubtfulUs;
  into.allocatedBytes += own.allocatedBytes;
  into.totalAllocatedBytes += own.totalAllocatedBytes;
  into.untaughtBytes += own.untaughtBytes;
  for (const [line, us] of own.lines) into.lines.set(line, (into.lines.get(line) ?? 0) + us);
}

function mergeUnmapped(parts: readonly HeatPart[]): UnmappedHeat[] {
  const byPlace = new Map<string, { -readonly [K in keyof UnmappedHeat]: UnmappedHeat[K] }>();
  for (const { selfUs, waitingUs, liveBytes, allocatedBytes, ...frame } of costliest(parts)) {
    const key = `${frame.line}:${frame.name}:${frame.url}`;
    const known = byPlace.get(key);
    if (known) {
      known.selfMs += selfUs / 1000;
      known.waitingMs += waitingUs / 1000;
      known.liveBytes += liveBytes;
      known.allocatedBytes += allocatedBytes;
    } else {
      byPlace.set(key, { ...frame, selfMs: selfUs / 1000, waitingMs: waitingUs / 1000, liveBytes, allocatedBytes });
    }
  }
  return [...byPlace.values()].sort((a, b) => b.selfMs - a.selfMs);
}

function mergeRuntime(parts: readonly HeatPart[]): RuntimeHeat[] {
  const sums = createRuntimeSums();
  for (const { runtime } of parts)
    runtime.forEach(({ kind, name, url }, us) => sums.add(kind, { functionName: name, url }, us));
  const all: RuntimeHeat[] = [];
  sums.forEach((runtime, us) => all.push({ ...runtime, selfMs: us / 1000 }));
  return all.sort((a, b) => b.selfMs - a.selfMs).slice(0, RUNTIME_KEPT);
}

function costliest(parts: readonly HeatPart[]): UnmappedSums[] {
  const all: UnmappedSums[] = [];
  for (const { unmapped } of parts) for (const sums of unmapped.values()) all.push(sums);
  if (all.length <= UNMAPPED_KEPT) return all;
  return all
    .sort((a, b) => b.selfUs - a.selfUs || b.liveBytes + b.allocatedBytes - (a.liveBytes + a.allocatedBytes))
    .slice(0, UNMAPPED_KEPT);
}

function linesOf(sums: MethodSums, share: (us: number) => number): LineHeat[] {
  return [...sums.lines]
    .map(([line, us]) => ({ line, selfMs: us / 1000, selfShare: share(us) }))
    .sort((a, b) => a.line - b.line);
}

function hottest(edges: CallEdge[] | undefined): CallEdge[] {
  return (edges ?? []).sort((a, b) => b.totalMs - a.totalMs).slice(0, EDGES_KEPT);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
