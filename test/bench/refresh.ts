import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V8CpuNode, V8CpuProfile } from '../../src/core/profile/v8/v8Profile';
import { heatOfThreads } from '../../src/node/recording/heatOfThreads';
import { MeasuredThread } from '../../src/node/recording/measuredThread';
import { createMethodResolver } from '../../src/node/sources/createMethodResolver';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median } from './statistics';

const SAMPLES = 20_000;
const FUNCTIONS_PER_FILE = 1_000;

/** What a refresh costs us, by the number of functions that were sampled; `JSON.parse` of the same profile is the floor. */
export async function measureRefresh({ quick }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const functions of quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]) {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
    try {
      rows.push(...(await measure(functions, folder)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

async function measure(functions: number, folder: string): Promise<Row[]> {
  const part = `refresh, ${functions} functions`;
  const profile = writeProgram(functions, folder);
  const text = JSON.stringify(profile);
  const resolver = createMethodResolver({ pathMappings: [], roots: [] });
  const thread = new MeasuredThread('bench', 'bench', {}, resolver, () => undefined);
  const options = { window: 'cumulative' as const, cpuIntervalUs: 1_000 };

  const parse: number[] = [];
  const absorb: number[] = [];
  const snapshot: number[] = [];
  let first = 0;
  for (let round = 0; round < 7; round++) {
    const started = performance.now();
    const window = JSON.parse(text) as V8CpuProfile;
    const parsed = performance.now();
    const shift = round * 1e9;
    thread.addCpu(
      { ...window, startTime: window.startTime + shift, endTime: window.endTime + shift },
      { startMs: round, endMs: round + 1 },
    );
    const absorbed = performance.now();
    await heatOfThreads([{ thread, kind: 'ordinary' }], options, []);
    const done = performance.now();
    // The first refresh reads and parses the source files; every later one finds them.
    if (round === 0) first = done - absorbed;
    else {
      parse.push(parsed - started);
      absorb.push(absorbed - parsed);
      snapshot.push(done - absorbed);
    }
  }
  return [
    { part, what: 'JSON.parse of the window', value: median(parse), unit: 'ms' },
    { part, what: 'add the window, against JSON.parse', value: median(absorb) / median(parse), unit: 'x' },
    { part, what: 'heat snapshot, against JSON.parse', value: median(snapshot) / median(parse), unit: 'x' },
    { part, what: 'heat snapshot', value: median(snapshot), unit: 'ms' },
    { part, what: 'first snapshot, with reading and indexing the sources', value: first, unit: 'ms' },
  ];
}

/** Real files with that many functions, and a profile in which all of them were sampled, called in chains of ten. */
function writeProgram(functions: number, folder: string): V8CpuProfile {
  const nodes: V8CpuNode[] = [
    {
      id: 1,
      callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
      hitCount: 0,
      children: [],
    },
  ];
  for (let from = 0; from < functions; from += FUNCTIONS_PER_FILE) {
    const file = join(folder, `file${from}.js`);
    const lines: string[] = [];
    for (let n = from; n < Math.min(from + FUNCTIONS_PER_FILE, functions); n++) {
      const head = `function work${n}`;
      nodes.push({
        id: n + 2,
        callFrame: {
          functionName: `work${n}`,
          scriptId: String(from + 1),
          url: `file://${file}`,
          lineNumber: lines.length,
          columnNumber: head.length,
        },
        hitCount: 1,
        children: [],
        positionTicks: [{ line: lines.length + 2, ticks: 1 }],
      });
      nodes[n % 10 === 0 ? 0 : n].children!.push(n + 2);
      lines.push(`${head}(a) {`, `  return a + ${n};`, '}');
    }
    writeFileSync(file, lines.join('\n'));
  }
  const samples = Array.from({ length: Math.max(SAMPLES, functions) }, (_, n) => 2 + (n % functions));
  return { nodes, startTime: 0, endTime: samples.length * 1_000, samples, timeDeltas: samples.map(() => 1_000) };
}
