import type {
  CpuHeat,
  CpuSummary,
  HeatSnapshot,
  MemoryHeat,
  MemorySummary,
  MethodHeat,
} from '../../src/core/heat/heatSnapshot';
import type { SourceMethod } from '../../src/core/heat/methodResolver';
import type { Method } from '../../src/core/method/method';

/** Small heat by hand, for tests of what is shown of it. */

export const interval = { startMs: 1_000, endMs: 41_000 };

export function method(name: string, line = 0, change: Partial<Method> = {}): Method {
  const at = { line, column: 0 };
  return {
    name: name.slice(name.lastIndexOf('.') + 1),
    qualifiedName: name,
    kind: 'function',
    anonymous: false,
    span: { start: at, end: { line: line + 9, column: 1 } },
    nameStart: at,
    headStart: at,
    bodyStart: at,
    parent: 0,
    textHash: 1,
    ownTextHash: 1,
    ...change,
  };
}

export function methodHeat(
  source: Partial<SourceMethod> & { method: Method },
  cpu: Partial<CpuHeat> = {},
  memory: Partial<MemoryHeat> = {},
  told: Partial<Pick<MethodHeat, 'accuracy' | 'bound'>> = {},
): MethodHeat {
  return {
    source: { file: '/app/cart.ts', index: 1, ...source },
    cpu: {
      selfMs: 0,
      totalMs: 0,
      selfShare: 0,
      totalShare: 0,
      selfSamples: 0,
      totalSamples: 0,
      selfWaitingMs: 0,
      totalWaitingMs: 0,
      ...cpu,
    },
    memory: {
      liveBytes: 0,
      allocatedBytes: 0,
      totalLiveBytes: 0,
      totalAllocatedBytes: 0,
      accuracy: 'approximate',
      ...memory,
    },
    lines: [],
    callers: [],
    callees: [],
    accuracy: 'approximate',
    bound: undefined,
    ...told,
  };
}

export function cpuSummary(change: Partial<CpuSummary> = {}): CpuSummary {
  return {
    interval,
    sampledMs: 40_000,
    idleMs: 0,
    waitingMs: undefined,
    gcMs: 0,
    nativeMs: 0,
    nodeMs: 0,
    unmappedMs: 0,
    samples: 40_000,
    samplingIntervalUs: 1_000,
    ...change,
  };
}

export function memorySummary(change: Partial<MemorySummary> = {}): MemorySummary {
  return { liveBytes: 0, allocatedBytes: 0, accuracy: 'approximate', allocatedWindowMs: 0, ...change };
}

export function snapshot(change: Partial<HeatSnapshot> = {}): HeatSnapshot {
  return {
    accuracy: 'approximate',
    cpu: cpuSummary(),
    memory: memorySummary(),
    methods: [],
    unmapped: [],
    runtime: [],
    targets: [],
    ...change,
  };
}
