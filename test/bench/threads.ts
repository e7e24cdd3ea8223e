import { setTimeout as sleep } from 'node:timers/promises';
import { createRecording } from '../../src/node/recording/recording';
import { readProcTimes } from '../../src/node/processes/linuxProc';
import { startProgram, type Program } from './child';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median } from './statistics';

const THREADS = [1, 8, 64];
const SLICE_MS = 2_000;
const SETTLE_MS = 1_000;
/** Work that is done unmeasured, against measured: nine tenths are left at least. */
const LIMIT = 1 / 0.9;
/** Collections of a program that allocates nothing are ours, %. */
const GC_LIMIT = 2;

/** What measuring leaves of the work of one busy thread beside idle ones, and what of its own work it takes for the program's. */
export async function measureThreads({ quick, nodes }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const node of nodes) {
    for (const threads of THREADS) {
      const program = await startProgram(node.path, 'threads.cjs', [String(threads)]);
      try {
        rows.push(...(await measure(program, `threads, Node ${node.version}`, threads, quick ? 2 : 4)));
      } finally {
        await program.stop();
      }
    }
  }
  return rows;
}

async function measure(program: Program, part: string, threads: number, rounds: number): Promise<Row[]> {
  const plain: Slice[] = [];
  const attached: Slice[] = [];
  const gc: number[] = [];
  await sleep(3_000);
  for (let round = 0; round < rounds; round++) {
    await sleep(SETTLE_MS);
    plain.push(...(await slices(program, 3)));
    const recording = createRecording();
    try {
      await recording.attach({ kind: 'pid', pid: program.pid });
      // From the first moment: with many threads it is the beginning that costs.
      attached.push(...(await slices(program, 5)));
      const { cpu } = (await recording.flush())!;
      gc.push((cpu.gcMs / cpu.sampledMs) * 100);
    } finally {
      await recording.detach();
      recording.dispose();
    }
  }
  return [
    {
      part,
      what: `work per second, ${threads} threads: unmeasured against measured`,
      value: rateOf(plain) / rateOf(attached),
      unit: 'x',
      limit: LIMIT,
      note: `${Math.round(rateOf(plain))} against ${Math.round(rateOf(attached))} a second`,
    },
    {
      part,
      // Other programs on the machine change the one above, and not this one.
      what: `CPU of the whole process for the same work, ${threads} threads`,
      value: median(attached.map(({ cpuMs }) => cpuMs)) / median(plain.map(({ cpuMs }) => cpuMs)),
      unit: 'x',
    },
    { part, what: `collections in the busy time, ${threads} threads`, value: median(gc), unit: '%', limit: GC_LIMIT },
  ];
}

interface Slice {
  /** Pieces of work a second. */
  readonly rate: number;
  /** Of all threads, for one piece of work. */
  readonly cpuMs: number;
}

const rateOf = (slices: readonly Slice[]): number => median(slices.map(({ rate }) => rate));

async function slices(program: Program, count: number): Promise<Slice[]> {
  const found: Slice[] = [];
  const cpuOf = (): number => readProcTimes(program.pid)?.cpuMs ?? 0;
  let cpu = cpuOf();
  let at = performance.now();
  let last = (await program.ask<{ count: number }>('count')).count;
  for (let n = 0; n < count; n++) {
    await sleep(SLICE_MS);
    const now = performance.now();
    const { count: done } = await program.ask<{ count: number }>('count');
    const used = cpuOf();
    found.push({ rate: ((done - last) / (now - at)) * 1000, cpuMs: (used - cpu) / (done - last) });
    cpu = used;
    at = now;
    last = done;
  }
  return found;
}
