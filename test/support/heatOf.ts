import assert from 'node:assert/strict';
import { cpuColumnsOf } from '../../src/core/profile/v8/v8Columns';
import { attributeHeat } from '../../src/core/heat/attributeHeat';
import type { HeatPart } from '../../src/core/heat/heatPart';
import { buildSnapshot } from '../../src/core/heat/buildSnapshot';
import type { HeatSnapshot, MethodHeat } from '../../src/core/heat/heatSnapshot';
import { createInlining } from '../../src/core/heat/inlining/inlining';
import type { MethodResolver } from '../../src/core/heat/methodResolver';
import type { V8CpuProfile, V8HeapProfile } from '../../src/core/profile/v8/v8Profile';
import { callFrame } from './profileBuilder';
import { Measurement } from '../../src/core/measurement/measurement';

export interface Recorded {
  readonly cpu?: V8CpuProfile;
  readonly live?: V8HeapProfile;
  readonly allocated?: V8HeapProfile;
  /** Interrupted stacks, innermost first: `small@/b.js:41 < main@/a.js:3`, lines 0-based; each so often. */
  readonly interrupts?: Readonly<Record<string, number>>;
}

const interval = { startMs: 0, endMs: 1_000 };

export function measured({ cpu, live, allocated, interrupts = {} }: Recorded): Measurement {
  const measurement = new Measurement();
  if (cpu) measurement.addCpuColumns(cpuColumnsOf(cpu));
  if (live) measurement.addLive(live, interval);
  if (allocated) measurement.addAllocated(allocated, interval);
  for (const [stack, count] of Object.entries(interrupts)) {
    const sites = stack.split(' < ').map((text) => {
      const { functionName, url, lineNumber } = callFrame(text);
      return { functionName, url, line: lineNumber, column: 0, scriptId: '' };
    });
    for (let n = 0; n < count; n++) measurement.interrupts.add(sites);
  }
  return measurement;
}

/** `inlined`: as V8 charges what it inlined, and not as in exact mode. */
export function partOf(measurement: Measurement, resolver: MethodResolver, inlined = false): HeatPart {
  const { cpuTree, heapTree, live, allocated } = measurement;
  const cpu = measurement.cpu('cumulative', 0);
  return attributeHeat({
    resolver,
    cpu: cpu && {
      tree: cpuTree,
      slice: cpu.slice,
      inlining: inlined ? createInlining(resolver, cpuTree, measurement.interrupts) : undefined,
    },
    live: live && { tree: heapTree, ...live },
    allocated: allocated && { tree: heapTree, ...allocated },
  });
}

/** Heat of what was recorded on one isolate; checked, see {@link assertInvariants}. */
export function heatOf(recorded: Recorded, resolver: MethodResolver, inlined = false): HeatSnapshot {
  return snapshotOf([partOf(measured(recorded), resolver, inlined)]);
}

export function snapshotOf(parts: readonly HeatPart[]): HeatSnapshot {
  const snapshot = buildSnapshot(parts, {
    accuracy: parts.some(({ isCalibrated }) => isCalibrated) ? 'calibrated' : 'approximate',
    cpuInterval: interval,
    samplingIntervalUs: 1_000,
    memory: { allocatedWindowMs: 0 },
    targets: [],
  });
  assertInvariants(snapshot);
  return snapshot;
}

export function heatOfMethod(snapshot: HeatSnapshot, name: string): MethodHeat {
  const found = snapshot.methods.filter(({ source }) => source.method.name === name);
  assert.equal(found.length, 1, `${name} among ${snapshot.methods.map(({ source }) => source.method.name).join(', ')}`);
  return found[0];
}

/** What holds of all heat, whatever was measured: nothing above 100 %, nothing below 0, nothing lost and nothing twice. */
export function assertInvariants({ cpu, memory, methods, unmapped }: HeatSnapshot): void {
  const close = (a: number, b: number, what: string): void =>
    assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b)), `${what}: ${a} and ${b}`);
  const least = (value: number, bound: number, what: string): void =>
    assert.ok(
      value >= bound - 1e-6 * Math.max(1, Math.abs(bound)) && Number.isFinite(value),
      `${what}: ${value} is below ${bound}`,
    );
  for (const value of [
    cpu.sampledMs,
    cpu.idleMs,
    cpu.gcMs,
    cpu.nativeMs,
    cpu.nodeMs,
    cpu.unmappedMs,
    cpu.samples,
    cpu.waitingMs ?? 0,
  ])
    least(value, 0, 'summary');
  let selfMs = 0;
  let liveBytes = 0;
  let allocatedBytes = 0;
  for (const heat of methods) {
    const name = heat.source.method.qualifiedName;
    for (const share of [heat.cpu.selfShare, heat.cpu.totalShare])
      assert.ok(share >= 0 && share <= 1, `${name}: share ${share}`);
    least(heat.cpu.selfMs, 0, name);
    least(heat.cpu.totalMs, heat.cpu.selfMs, `${name} total`);
    least(heat.cpu.selfWaitingMs, 0, `${name} waiting`);
    least(heat.cpu.totalWaitingMs, heat.cpu.selfWaitingMs, `${name} waiting with callees`);
    least(cpu.waitingMs ?? 0, heat.cpu.totalWaitingMs, `${name} waiting of the whole`);
    least(cpu.sampledMs, heat.cpu.totalMs, `${name} of the whole`);
    least(heat.cpu.totalShare, heat.cpu.selfShare, `${name} shares`);
    least(heat.cpu.totalSamples, heat.cpu.selfSamples - 1, `${name} samples`);
    least(heat.memory.liveBytes, 0, name);
    least(heat.memory.allocatedBytes, 0, name);
    least(heat.memory.totalLiveBytes, heat.memory.liveBytes, `${name} live`);
    least(heat.memory.totalAllocatedBytes, heat.memory.allocatedBytes, `${name} allocated`);
    least(memory.liveBytes, heat.memory.totalLiveBytes, `${name} live of the whole`);
    least(memory.allocatedBytes, heat.memory.totalAllocatedBytes, `${name} allocated of the whole`);
    least(
      heat.cpu.selfMs,
      heat.lines.reduce((sum, line) => sum + line.selfMs, 0),
      `${name} lines`,
    );
    for (const edge of [...heat.callers, ...heat.callees]) {
      least(edge.totalMs, 0, `${name} edge`);
      least(cpu.sampledMs, edge.totalMs, `${name} edge with ${edge.name}`);
      assert.ok(edge.totalShare >= 0 && edge.totalShare <= 1 && edge.method >= -1 && edge.method < methods.length);
    }
    selfMs += heat.cpu.selfMs;
    liveBytes += heat.memory.liveBytes;
    allocatedBytes += heat.memory.allocatedBytes;
  }
  close(
    unmapped.reduce((sum, frame) => sum + frame.selfMs, 0),
    cpu.unmappedMs,
    'unmapped',
  );
  close(selfMs + cpu.gcMs + cpu.nativeMs + cpu.nodeMs + cpu.unmappedMs, cpu.sampledMs, 'the parts and the whole');
  least(memory.liveBytes, liveBytes + unmapped.reduce((sum, frame) => sum + frame.liveBytes, 0), 'live');
  least(
    memory.allocatedBytes,
    allocatedBytes + unmapped.reduce((sum, frame) => sum + frame.allocatedBytes, 0),
    'allocated',
  );
}
