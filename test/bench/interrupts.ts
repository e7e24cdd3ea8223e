import { setTimeout as sleep } from 'node:timers/promises';
import { createRecording } from '../../src/node/recording/recording';
import { DEFAULT_OPTIONS } from '../../src/node/recording/recordingTypes';
import type { NodeBinary } from '../support/nodeVersions';
import { processCpuMs } from '../support/threadCpu';
import { startProgram, type Program } from './child';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median, quantile, standardError } from './statistics';

interface Phase {
  /** ms, of all threads. */
  readonly cpuPerRequest: number;
  /** ms. */
  readonly p99: number;
}

interface Times {
  readonly rounds: number;
  readonly phaseMs: number;
}

const CONNECTIONS = 8;
const WARM_UP_MS = 8_000;
/** After a change, until the profiler has started anew. */
const SETTLE_MS = 1_500;
/** Other programs on the machine only add: the quieter phases are compared. */
const QUIET = 0.3;
const CPU_LIMIT = 1.03;
const P99_LIMIT = 1.05;

/** What interrupt samples cost a service that is measured anyway: CPU of all threads by request, and its slowest replies. */
export async function measureInterrupts({ quick, nodes }: BenchOptions): Promise<Row[]> {
  const times: Times = quick ? { rounds: 4, phaseMs: 6_000 } : { rounds: 10, phaseMs: 8_000 };
  const rows: Row[] = [];
  for (const node of nodes) {
    const busy = await measureLoad(node, 1, 0, times);
    rows.push(...busy.rows);
    // A socket that waits so long leaves the service idle for four fifths of the time.
    const pauseMs = (CONNECTIONS * busy.cpuPerRequest) / 0.2;
    // V8 compiles a service anew now and then that is mostly idle, which scatters its CPU by a tenth from phase to phase.
    rows.push(...(await measureLoad(node, 0.2, pauseMs, { ...times, rounds: times.rounds * 3 })).rows);
  }
  return rows;
}

async function measureLoad(
  node: NodeBinary,
  busyShare: number,
  pauseMs: number,
  { rounds, phaseMs }: Times,
): Promise<{ readonly rows: Row[]; readonly cpuPerRequest: number }> {
  const service = await startProgram(node.path, 'service.cjs');
  const { port } = service.hello as { port: number };
  const load = await startProgram(process.execPath, 'load.cjs', [String(port), String(CONNECTIONS), String(pauseMs)]);
  const recording = createRecording({ interruptBudget: 0 });
  const without: Phase[] = [];
  const withThem: Phase[] = [];
  try {
    await sleep(WARM_UP_MS);
    await recording.attach({ kind: 'pid', pid: service.pid });
    for (let round = 0; round < rounds; round++) {
      // Machines drift, so each comes first as often as the other.
      for (const interruptBudget of round % 2
        ? [DEFAULT_OPTIONS.interruptBudget, 0]
        : [0, DEFAULT_OPTIONS.interruptBudget]) {
        await recording.updateOptions({ interruptBudget });
        await sleep(SETTLE_MS);
        (interruptBudget ? withThem : without).push(await measurePhase(service, load, phaseMs));
      }
    }
    const samples = recording.targets[0].cost.interruptSamples ?? 0;
    const part = `interrupt samples, Node ${node.version}, ${Math.round(busyShare * 100)} % busy`;
    const cpu = (phases: readonly Phase[]): number =>
      quantile(
        phases.map((phase) => phase.cpuPerRequest),
        QUIET,
      );
    const p99 = (phases: readonly Phase[]): number =>
      quantile(
        phases.map((phase) => phase.p99),
        QUIET,
      );
    return {
      cpuPerRequest: median(without.map((phase) => phase.cpuPerRequest)),
      rows: [
        { part, what: 'without: CPU per request', value: cpu(without), unit: 'ms' },
        { part, what: 'without: 99 of 100 replies within', value: p99(without), unit: 'ms' },
        {
          part,
          what: 'with: CPU per request',
          value: cpu(withThem) / cpu(without),
          spread: standardError(withThem, (phases) => cpu(phases) / cpu(without)),
          unit: 'x',
          limit: CPU_LIMIT,
        },
        {
          part,
          what: 'with: 99 of 100 replies within',
          value: p99(withThem) / p99(without),
          spread: standardError(withThem, (phases) => p99(phases) / p99(without)),
          unit: 'x',
          limit: P99_LIMIT,
        },
        { part, what: 'samples a second', value: (samples / rounds / phaseMs) * 1000, unit: '1/s' },
      ],
    };
  } finally {
    await recording.detach();
    recording.dispose();
    await load.stop();
    await service.stop();
  }
}

async function measurePhase(service: Program, load: Program, ms: number): Promise<Phase> {
  await load.ask('latencies');
  const cpuMs = processCpuMs(service.pid);
  await sleep(ms);
  const takenMs = processCpuMs(service.pid) - cpuMs;
  const { latencies } = await load.ask<{ latencies: number[] }>('latencies');
  if (!latencies.length) throw new Error(`the service answered no request for ${ms / 1000} s`);
  return { cpuPerRequest: takenMs / latencies.length, p99: quantile(latencies, 0.99) };
}
