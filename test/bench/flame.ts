import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/nodeVersions';
import { syntheticProfile, writeSyntheticProfile } from '../support/syntheticProfile';
import { runFlameTask, type FlameReport, type Phase } from './flameTasks';
import type { BenchOptions } from './options';
import type { Row } from './rows';
import { median, quantile } from './statistics';

const program = join(repositoryRoot, 'out/bench/flame.js');

/** Against `JSON.parse` of the same file, which includes reading it; the same for ours. */
const limits: Readonly<Record<number, number>> = { 100_000: 1.3, 1_000_000: 1 };
const SEARCH_MS = 50;

/** What a flame graph costs before it is drawn: from the file to the boxes, a view, a search; and what peers need. */
export async function measureFlame({ quick }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const samples of quick ? [100_000] : [100_000, 1_000_000]) {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
    try {
      const file = join(folder, 'synthetic.cpuprofile');
      const megabytes = (await writeSyntheticProfile(file, syntheticProfile(samples))) / 1e6;
      rows.push(...(await measure(samples, megabytes, file)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

async function measure(samples: number, megabytes: number, file: string): Promise<Row[]> {
  const part = `flame, ${samples / 1_000}k samples`;
  const large = samples >= 1_000_000;
  const tasks = ['parse', 'timeOrder', 'leftHeavy', 'all'] as const;
  const reports: Record<(typeof tasks)[number], FlameReport[]> = { parse: [], timeOrder: [], leftHeavy: [], all: [] };
  // By turns, so that a busy machine spoils each alike.
  for (let turn = 0; turn < 3; turn++) {
    for (const task of tasks) reports[task].push(await runFlameTask(program, task, file, large ? 4 : 16));
  }
  const parse = reports.parse;
  const against = (what: string, task: readonly FlameReport[], parts: readonly string[], limit?: number): Row[] => [
    { part, what, value: warm(task, parts) / warm(parse), unit: 'x', limit, note: 'against JSON.parse' },
    {
      part,
      what: `${what}, first time`,
      value: first(task, parts) / first(parse),
      unit: 'x',
      note: 'a process that has just begun, both',
    },
  ];
  const time = (what: string, name: string, limit?: number): Row => ({
    part,
    what,
    value: warm(reports.all, [name]),
    unit: 'ms',
    limit,
  });
  return [
    { part, what: 'JSON.parse', value: warm(parse), unit: 'ms', note: `${megabytes.toFixed(1)} MB, reading included` },
    ...against('call tree', reports.timeOrder, ['tree']),
    ...against('call tree, view and time order', reports.timeOrder, ['tree', 'view', 'layout'], limits[samples]),
    ...against('call tree, view and left heavy', reports.leftHeavy, ['tree', 'view', 'layout']),
    {
      part,
      what: 'peak memory up to time order, against JSON.parse',
      value: median(reports.timeOrder.map(({ peakMb }) => peakMb)) / median(parse.map(({ peakMb }) => peakMb)),
      unit: 'x',
      limit: large ? 0.8 : undefined,
      note: 'whole processes',
    },
    time('search, plain', 'search, plain', SEARCH_MS),
    time('search, expression', 'search, expression', SEARCH_MS),
    {
      part,
      what: 'search, plain, first time',
      value: first(reports.all, ['search, plain']),
      unit: 'ms',
      limit: SEARCH_MS,
    },
    {
      part,
      what: 'search, expression, first time',
      value: first(reports.all, ['search, expression']),
      unit: 'ms',
      limit: SEARCH_MS,
    },
    ...['all options', 'inverted', 'sandwich', 'difference', 'compare files', 'heat map'].map((name) =>
      time(name, name),
    ),
    {
      part,
      what: 'columns encoded and decoded',
      value: warm(reports.all, ['encode', 'decode']) / warm(reports.all, ['to JSON', 'from JSON']),
      unit: 'x',
      limit: large ? 1 / 40 : undefined,
      note: 'against the profile to JSON and back',
    },
    ...(await measurePeers(part, file, parse)),
  ];
}

async function measurePeers(part: string, file: string, parse: readonly FlameReport[]): Promise<Row[]> {
  if (!existsSync(join(repositoryRoot, '.vscode-test/peers'))) {
    console.log('  (peers are not installed: node scripts/hosts/peers.mjs)');
    return [];
  }
  const rows: Row[] = [];
  for (const [task, name] of [
    ['speedscope', 'speedscope 1.25: import and a walk over both layouts'],
    ['d3', 'd3-flame-graph 5: nested stacks, hierarchy, partition'],
  ]) {
    const report = await runFlameTask(program, task, file, 1);
    rows.push(
      {
        part,
        what: name,
        value: first([report]) / first(parse),
        unit: 'x',
        note: 'against JSON.parse, first time both',
      },
      { part, what: `${name}: peak memory`, value: report.peakMb, unit: 'MB' },
    );
  }
  return rows;
}

/** Median over processes of the first round; of all its phases, or these. In ms. */
function first(reports: readonly FlameReport[], names?: readonly string[]): number {
  return median(reports.map(({ rounds }) => sum(rounds[0], names)));
}

/**
 * Over processes and the later half of their rounds, when code is compiled. Other programs on the machine only ever add, so
 * the quieter rounds of both sides are compared.
 */
function warm(reports: readonly FlameReport[], names?: readonly string[]): number {
  return quantile(
    reports.flatMap(({ rounds }) => rounds.slice(rounds.length / 2).map((phases) => sum(phases, names))),
    0.25,
  );
}

function sum(phases: readonly Phase[], names?: readonly string[]): number {
  return phases.filter(({ name }) => !names || names.includes(name)).reduce((total, { cpuMs }) => total + cpuMs, 0);
}
