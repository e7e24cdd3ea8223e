import { setTimeout as sleep } from 'node:timers/promises';
import { connectToPid } from '../../src/node/inspector/connect';
import { createRecording } from '../../src/node/recording/recording';
import { startProgram, type Program } from './child';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median } from './statistics';

interface Gaps {
  /** Longest time between two turns of the target's event loop since the last question, ms. */
  readonly longest: number;
  readonly heapUsed: number;
}

const CPU_INTERVAL_US = 5_000;
/** Long enough for everything that starting a profiler sets off. */
const AFTER_START_MS = 1_500;

/**
 * How long a target stands still when it is attached to, against V8's bare `Profiler.start` on the same heap; what a CPU
 * refresh takes it; and the share of wall time that heap reads take.
 */
export async function measureStalls({ quick, nodes }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const node of nodes) {
    for (const megabytes of quick ? [30, 250] : [30, 250, 1_000]) {
      const program = await startProgram(node.path, 'heap.cjs', [String(megabytes)]);
      try {
        rows.push(...(await measureHeap(program, `stall, Node ${node.version}, ${megabytes} MB`, quick)));
      } finally {
        await program.stop();
      }
    }
  }
  return rows;
}

async function measureHeap(program: Program, part: string, quick: boolean): Promise<Row[]> {
  const bare: number[] = [];
  const attach: number[] = [];
  // Interleaved, so that both see the same machine.
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    bare.push(await bareStart(program));
    attach.push(await ourAttach(program));
  }
  const recording = createRecording({ cpuIntervalUs: CPU_INTERVAL_US });
  await recording.attach({ kind: 'pid', pid: program.pid });
  await sleep(quick ? 20_000 : 60_000);
  const [{ cost }] = recording.targets;
  await recording.detach();
  recording.dispose();
  return [
    { part, what: 'bare Profiler.start: longest event-loop delay', value: median(bare), unit: 'ms' },
    { part, what: 'attach: longest event-loop delay', value: median(attach), unit: 'ms' },
    { part, what: 'attach against bare Profiler.start', value: median(attach) / median(bare), unit: 'x', limit: 1.3 },
    { part, what: 'longest CPU refresh', value: cost.refreshMaxMs ?? NaN, unit: 'ms', limit: 10 },
    { part, what: 'mean CPU refresh', value: cost.refreshMs ?? NaN, unit: 'ms' },
    {
      part,
      what: 'heap reads, share of wall time',
      value: cost.heapReadShare * 100,
      unit: '%',
      limit: 1,
      note: `last read ${Math.round(cost.heapReadMs ?? 0)} ms`,
    },
  ];
}

async function bareStart(program: Program): Promise<number> {
  const connection = await connectToPid(program.pid);
  const { channel } = connection.main;
  await channel.send('Profiler.enable');
  await channel.send('Profiler.setSamplingInterval', { interval: CPU_INTERVAL_US });
  await program.ask<Gaps>('reset');
  await channel.send('Profiler.start', {}, { timeoutMs: 60_000 });
  await sleep(AFTER_START_MS);
  const { longest } = await program.ask<Gaps>('ask');
  await channel.send('Profiler.stop', {}, { timeoutMs: 60_000 });
  await channel.send('Profiler.disable');
  await connection.close();
  return longest;
}

async function ourAttach(program: Program): Promise<number> {
  const recording = createRecording({ cpuIntervalUs: CPU_INTERVAL_US });
  await program.ask<Gaps>('reset');
  await recording.attach({ kind: 'pid', pid: program.pid });
  await sleep(AFTER_START_MS);
  const { longest } = await program.ask<Gaps>('ask');
  await recording.detach();
  recording.dispose();
  return longest;
}
