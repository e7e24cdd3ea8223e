import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { V8CpuProfile } from '../../src/core/profile/v8/v8Profile';
import { connectToPid } from '../../src/node/inspector/connect';
import { heatOfThreads } from '../../src/node/recording/heatOfThreads';
import { MeasuredThread } from '../../src/node/recording/measuredThread';
import { DEFAULT_OPTIONS } from '../../src/node/recording/recordingTypes';
import { createCpuWindows } from '../../src/node/instruments/cpuWindows';
import { inspectorBackend } from '../../src/node/instruments/samplingBackend';
import { createMethodResolver } from '../../src/node/sources/createMethodResolver';
import { startProgram } from './child';
import type { BenchOptions } from './options';
import type { Row } from './rows';

const HOUR_MS = 3_600_000;
const RECORDED = 8;

/** What an hour of measuring leaves in memory: some windows of the loaded service, replayed as often as an hour has them. */
export async function measureMemory({ nodes }: BenchOptions): Promise<Row[]> {
  const windows = await recordWindows(nodes[0].path);
  const thread = new MeasuredThread(
    'bench',
    'bench',
    {},
    createMethodResolver({ pathMappings: [], roots: [] }),
    () => undefined,
  );
  const before = usedMb();
  const count = HOUR_MS / DEFAULT_OPTIONS.refreshMs;
  for (let n = 0; n < count; n++) {
    const window = windows[n % windows.length];
    const shiftUs = n * DEFAULT_OPTIONS.refreshMs * 1_000 - window.startTime;
    const startMs = n * DEFAULT_OPTIONS.refreshMs;
    thread.addCpu(
      { ...window, startTime: window.startTime + shiftUs, endTime: window.endTime + shiftUs },
      { startMs, endMs: startMs + DEFAULT_OPTIONS.refreshMs },
    );
    // As the engine does with every window; now and then is enough here.
    if (n % 100 === 0) await heatOfThreads([{ thread, kind: 'ordinary' }], DEFAULT_OPTIONS, []);
  }
  const heat = await heatOfThreads([{ thread, kind: 'ordinary' }], DEFAULT_OPTIONS, []);
  const value = usedMb() - before;
  const note = `${count} CPU windows, ${thread.measurement('ordinary')!.samples.length} samples, ${heat!.methods.length} methods`;
  return [{ part: 'memory', what: 'measurements of an hour', value, unit: 'MB', limit: 50, note }];
}

async function recordWindows(node: string): Promise<V8CpuProfile[]> {
  const service = await startProgram(node, 'service.cjs');
  const load = await startProgram(process.execPath, 'load.cjs', [
    String((service.hello as { port: number }).port),
    '8',
  ]);
  try {
    await sleep(3_000);
    const connection = await connectToPid(service.pid);
    const windows = createCpuWindows(await inspectorBackend(connection.main.channel, 'main'));
    await windows.start(DEFAULT_OPTIONS.cpuIntervalUs);
    const recorded: V8CpuProfile[] = [];
    while (recorded.length < RECORDED) {
      await sleep(DEFAULT_OPTIONS.refreshMs);
      const window = await windows.change();
      if (window) recorded.push(window.profile);
    }
    await windows.stop();
    await connection.close();
    return recorded;
  } finally {
    await load.stop();
    await service.stop();
  }
}

/** Off-heap arrays included. */
function usedMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}
