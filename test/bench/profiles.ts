import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { repositoryRoot } from '../support/nodeVersions';
import { syntheticProfile, writeSyntheticProfile } from '../support/syntheticProfile';
import { runFlameTask, type FlameReport, type Phase } from './flameTasks';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median } from './statistics';

const program = join(repositoryRoot, 'out/bench/profiles.js');
const cli = join(repositoryRoot, 'out/bench/cli.js');
const usageHook = join(repositoryRoot, 'test/bench/programs/usage.cjs');

/** Against `JSON.parse` of the same file, reading included, both in a process that has just begun. */
/** Of a process that has just begun. At 100,000 samples compiling the reader is most of it; the part `flame` has the limit there. */
const treeLimits: Readonly<Record<number, number>> = { 1_000_000: 0.6 };
const CODEC_LIMIT = 1 / 40;
/** A live graph encodes its columns every two seconds, so compiled code is what counts, of ours and of the JSON side. */
const CODEC_ROUNDS = 12;
/** How much dearer a sample of the largest file may be than one of a tenth of it. */
const LINEAR_LIMIT = 1.5;

/** What reading a saved profile costs, by its size: into columns, across threads, and as the heat of the command line. */
export async function measureProfiles({ quick }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const perSample = new Map<number, number>();
  for (const samples of quick ? [10_000, 100_000, 1_000_000] : [10_000, 100_000, 1_000_000, 10_000_000]) {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
    try {
      const file = join(folder, 'synthetic.cpuprofile');
      const megabytes = (await writeSyntheticProfile(file, syntheticProfile(samples))) / 1e6;
      rows.push(...(await measureReading(samples, megabytes, file, perSample)));
      if (samples === 1_000_000) rows.push(...(await measureHeat(file)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

async function measureReading(
  samples: number,
  megabytes: number,
  file: string,
  perSample: Map<number, number>,
): Promise<Row[]> {
  const part = `profiles, ${samples / 1_000}k samples`;
  // A string of V8 does not hold the largest file.
  const canParse = megabytes < 500;
  const reports: Record<'parse' | 'tree' | 'codec' | 'json', FlameReport[]> = {
    parse: [],
    tree: [],
    codec: [],
    json: [],
  };
  // By turns, so that a busy machine spoils each alike.
  for (let turn = 0; turn < (canParse ? 5 : 2); turn++) {
    reports.tree.push(await runFlameTask(program, 'tree', file, 1));
    if (canParse) reports.parse.push(await runFlameTask(program, 'parse', file, 1));
    if (canParse && turn < 3) {
      for (const task of ['codec', 'json'] as const)
        reports[task].push(await runFlameTask(program, task, file, CODEC_ROUNDS));
    }
  }
  const ms = (name: keyof typeof reports, phases: readonly string[]): number =>
    median(reports[name].flatMap(({ rounds }) => rounds.slice(rounds.length / 2).map((round) => sumOf(round, phases))));
  const peakMb = (name: keyof typeof reports): number => median(reports[name].map((report) => report.peakMb));
  const tree = ms('tree', ['tree']);
  perSample.set(samples, tree / samples);
  const before = perSample.get(samples / 10);
  const rows: Row[] = [
    { part, what: 'call tree', value: tree, unit: 'ms', note: `${megabytes.toFixed(1)} MB` },
    { part, what: 'call tree: peak memory', value: peakMb('tree'), unit: 'MB', note: 'whole process' },
  ];
  if (before !== undefined) {
    rows.push({
      part,
      what: 'call tree, per sample',
      value: tree / samples / before,
      unit: 'x',
      limit: samples >= 1_000_000 ? LINEAR_LIMIT : undefined,
      note: 'against a tenth of the samples',
    });
  }
  if (!canParse) return rows;
  const json = ms('json', ['stringify', 'parse']);
  return [
    ...rows,
    { part, what: 'JSON.parse', value: ms('parse', ['JSON.parse']), unit: 'ms', note: 'reading included' },
    {
      part,
      what: 'call tree, against JSON.parse',
      value: tree / ms('parse', ['JSON.parse']),
      unit: 'x',
      limit: treeLimits[samples],
      note: 'first time, both',
    },
    {
      part,
      what: 'peak memory, against JSON.parse',
      value: peakMb('tree') / peakMb('parse'),
      unit: 'x',
      limit: samples >= 1_000_000 ? 0.8 : undefined,
      note: 'whole processes',
    },
    {
      part,
      what: 'columns encoded and decoded, against JSON',
      value: ms('codec', ['encode', 'decode']) / json,
      unit: 'x',
      limit: samples >= 1_000_000 ? CODEC_LIMIT : undefined,
      note: `JSON of the same data took ${json.toFixed(0)} ms`,
    },
  ];
}

function sumOf(round: readonly Phase[], names: readonly string[]): number {
  return round.filter(({ name }) => names.includes(name)).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** The whole command line against a bare process that only reads and parses the same file. */
async function measureHeat(file: string): Promise<Row[]> {
  const heat: Usage[] = [];
  const bare: Usage[] = [];
  for (let turn = 0; turn < 5; turn++) {
    heat.push(await runWhole([cli, 'heat', file, '--json']));
    bare.push(await runWhole(['-e', `JSON.parse(require('fs').readFileSync(${JSON.stringify(file)}, 'utf8'))`]));
  }
  const part = 'heatlens heat, 1000k samples';
  const ratio = (pick: (usage: Usage) => number): number => median(heat.map(pick)) / median(bare.map(pick));
  return [
    { part, what: 'CPU of the process', value: median(heat.map((usage) => usage.cpuMs)), unit: 'ms' },
    {
      part,
      what: 'CPU, against a bare node that parses the file',
      value: ratio((usage) => usage.cpuMs),
      unit: 'x',
      limit: 1.2,
    },
    { part, what: 'peak memory, against the same', value: ratio((usage) => usage.peakMb), unit: 'x', limit: 0.8 },
  ];
}

async function runWhole(args: readonly string[]): Promise<Usage> {
  const child = spawn(process.execPath, ['--require', usageHook, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'close');
  const [usage, errors] = await Promise.all([text(child.stdio[3] as Readable), text(child.stderr!)]);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}: ${errors}`);
  return JSON.parse(usage) as Usage;
}
