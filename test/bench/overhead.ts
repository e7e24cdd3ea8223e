import { setTimeout as sleep } from 'node:timers/promises';
import { createRecording } from '../../src/node/recording/recording';
import { DEFAULT_OPTIONS, type RecordingOptions } from '../../src/node/recording/recordingTypes';
import { mainThreadCpuMs } from '../support/threadCpu';
import type { NodeBinary } from '../support/nodeVersions';
import { startProgram, type Program } from './child';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { mean, median, quantile, standardError } from './statistics';

interface Variant {
  readonly options: Partial<RecordingOptions>;
  readonly exact?: boolean;
  /** Of main-thread CPU per request, against no profiler. */
  readonly limit?: number;
  readonly title: string;
}

const limited: Record<string, Variant> = {
  default: { title: 'default settings', options: {}, limit: 1.04 },
  fine: { title: '1 ms CPU and heap sampling', options: { cpuIntervalUs: 1_000 }, limit: 1.12 },
  exact: { title: 'exact mode', options: {}, exact: true, limit: 1.15 },
};

/** `cpu5`, `cpu1`, `heap512k`, `live128k`, `allocated64k`, `exact128k`, `exactcpu`: one cost at a time. */
function variantOf(name: string): Variant {
  if (limited[name]) return limited[name];
  const cpu = /^cpu(\d+)$/.exec(name);
  if (cpu)
    return { title: `CPU every ${cpu[1]} ms alone`, options: { cpuIntervalUs: Number(cpu[1]) * 1000, memory: 'off' } };
  if (name === 'exactcpu') return { title: 'exact mode without heap', options: { memory: 'off' }, exact: true };
  const heap = /^(heap|live|allocated|exact)(\d+)k$/.exec(name);
  if (!heap) throw new Error(`Unknown variant ${name}.`);
  const memory = heap[1] === 'live' || heap[1] === 'allocated' ? heap[1] : 'both';
  const title = `CPU every 5 ms and heap (${memory}) every ${heap[2]} KiB${heap[1] === 'exact' ? ', exact' : ''}`;
  return { title, options: { memory, heapIntervalBytes: Number(heap[2]) * 1024 }, exact: heap[1] === 'exact' };
}

/** What happened in a short time under load. */
interface Slice {
  readonly requests: number;
  readonly cpuMs: number;
  readonly ms: number;
}

/** The slices of all rounds, and what heap reads took of the time: they are too rare to be in every slice. */
interface Measured {
  readonly slices: Slice[];
  readonly heapReadShares: number[];
  readonly refreshMs: number[];
}

interface Times {
  readonly rounds: number;
  readonly plainMs: number;
  readonly attachedMs: number;
  /** After an attach or a detach, until code is optimised again. */
  readonly settleMs: number;
}

const CONNECTIONS = 8;
/** As long as a CPU window, so that each slice has one change of windows in it. */
const SLICE_MS = DEFAULT_OPTIONS.refreshMs;
/**
 * Other programs on the machine only ever add to the cost of a request (cold caches, a shared core), so the quieter
 * slices of both sides are compared and not their means.
 */
const QUIET = 0.3;

/**
 * What profiling costs a service under load. Phases without and with a profiler alternate in one process, because
 * machines and processes drift by more than what is to be told.
 */
export async function measureOverhead({ quick, nodes, variants: names }: BenchOptions): Promise<Row[]> {
  const times: Times = quick
    ? { rounds: 4, plainMs: 6_000, attachedMs: 12_000, settleMs: 2_000 }
    : { rounds: 6, plainMs: 6_000, attachedMs: 16_000, settleMs: 2_000 };
  const chosen = new Map((names ?? Object.keys(limited)).map((name) => [name, variantOf(name)]));
  const rows: Row[] = [];
  for (const node of nodes) rows.push(...(await measureNode(node, chosen, times)));
  return rows;
}

async function measureNode(node: NodeBinary, variants: ReadonlyMap<string, Variant>, times: Times): Promise<Row[]> {
  const service = await startProgram(node.path, 'service.cjs');
  const { port } = service.hello as { port: number };
  const load = await startProgram(process.execPath, 'load.cjs', [String(port), String(CONNECTIONS)]);
  try {
    await sleep(8_000);
    const plain: Slice[] = [];
    const measured = new Map(
      [...variants.keys()].map((name): [string, Measured] => [name, { slices: [], heapReadShares: [], refreshMs: [] }]),
    );
    for (let round = 0; round < times.rounds; round++) {
      for (const [name, variant] of variants) {
        await sleep(times.settleMs);
        plain.push(...(await measureSlices(service, load, times.plainMs)));
        await measureAttached(service, load, variant, times, measured.get(name)!);
      }
      const soFar = [...measured].map(([name, of]) => `${name} ${cpuRatio(of, plain).toFixed(3)}`);
      console.log(`  Node ${node.version}, round ${round + 1} of ${times.rounds}: CPU per request ${soFar.join(', ')}`);
    }
    const { failed } = await load.ask<{ failed: number }>('count');
    if (failed) throw new Error(`${failed} requests failed`);
    return rowsOf(node, variants, plain, measured);
  } finally {
    await load.stop();
    await service.stop();
  }
}

function rowsOf(
  node: NodeBinary,
  variants: ReadonlyMap<string, Variant>,
  plain: readonly Slice[],
  measured: ReadonlyMap<string, Measured>,
): Row[] {
  const part = `overhead, Node ${node.version}`;
  return [
    {
      part,
      what: 'unprofiled: main-thread CPU per request',
      unit: 'ms',
      value: quantile(plain.map(cpuPerRequest), QUIET),
    },
    {
      part,
      what: 'unprofiled: requests per second',
      unit: '1/s',
      value: quantile(plain.map(requestsPerSecond), 1 - QUIET),
    },
    ...[...variants].flatMap(([name, { title, limit }]): Row[] => {
      const of = measured.get(name)!;
      const requests =
        quantile(of.slices.map(requestsPerSecond), 1 - QUIET) / quantile(plain.map(requestsPerSecond), 1 - QUIET);
      return [
        {
          part,
          what: `${title}: CPU per request`,
          unit: 'x',
          value: cpuRatio(of, plain),
          spread: standardError(of.slices, (slices) => cpuRatio({ ...of, slices }, plain)),
          limit,
        },
        { part, what: `${title}: requests per second`, unit: 'x', value: requests },
      ];
    }),
    {
      part,
      what: 'change of CPU windows under load, median',
      unit: 'ms',
      value: median([...measured.values()].flatMap(({ refreshMs }) => refreshMs)),
      limit: 10,
    },
  ];
}

const cpuPerRequest = ({ cpuMs, requests }: Slice): number => cpuMs / requests;
const requestsPerSecond = ({ ms, requests }: Slice): number => (requests / ms) * 1000;

function cpuRatio(
  { slices, heapReadShares }: Pick<Measured, 'slices' | 'heapReadShares'>,
  plain: readonly Slice[],
): number {
  return quantile(slices.map(cpuPerRequest), QUIET) / quantile(plain.map(cpuPerRequest), QUIET) + mean(heapReadShares);
}

async function measureSlices(service: Program, load: Program, ms: number): Promise<Slice[]> {
  const slices: Slice[] = [];
  let last = await lookAt(service, load);
  for (let n = Math.round(ms / SLICE_MS); n > 0; n--) {
    await sleep(SLICE_MS);
    const now = await lookAt(service, load);
    const requests = now.replies - last.replies;
    if (!requests) throw new Error(`the service answered no request for ${SLICE_MS / 1000} s`);
    slices.push({ requests, cpuMs: now.cpuMs - last.cpuMs, ms: now.atMs - last.atMs });
    last = now;
  }
  return slices;
}

async function lookAt(service: Program, load: Program): Promise<{ replies: number; cpuMs: number; atMs: number }> {
  const { replies } = await load.ask<{ replies: number }>('count');
  return { replies, cpuMs: mainThreadCpuMs(service.pid), atMs: performance.now() };
}

/** The stall at the start is another number and not in here; heap reads and changes of windows are. */
async function measureAttached(
  service: Program,
  load: Program,
  variant: Variant,
  times: Times,
  into: Measured,
): Promise<void> {
  const recording = createRecording(variant.options);
  try {
    const { id } = await recording.attach({ kind: 'pid', pid: service.pid });
    if (variant.exact) {
      let began: () => void = () => undefined;
      const measuring = new Promise<void>((resolve) => (began = resolve));
      const exactly = recording.measureExactly(times.settleMs + times.attachedMs + SLICE_MS, {
        onProgress: () => began(),
      });
      await measuring;
      await sleep(times.settleMs);
      into.slices.push(...(await measureSlices(service, load, times.attachedMs)));
      await exactly;
    } else {
      await sleep(times.settleMs);
      into.slices.push(...(await measureSlices(service, load, times.attachedMs)));
      const cost = recording.targets.find((target) => target.id === id)?.cost;
      if (cost?.refreshMs !== undefined) into.refreshMs.push(cost.refreshMs);
      into.heapReadShares.push(cost?.heapReadShare ?? 0);
    }
  } finally {
    await recording.detach();
    recording.dispose();
  }
}
