import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/nodeVersions';
import { mongoSource, ordinarySource, type SourceStyle } from '../support/mongoSource';
import { measureActivationCode } from './activationCode';
import type { BenchOptions } from './options';
import { measurePlanView } from './planView';
import type { MongoReport } from './programs/mongo';
import type { Row } from './rows';
import { median, quantile } from './statistics';

const COLD_MS = 60;
const EDIT_MS = 5;
const EXPLAIN_MS = 5;

/** Of files that are nothing but queries, parsing alone takes longer than the limit: it holds for the ordinary one. */
const STYLES: readonly (readonly [SourceStyle | 'ordinary', string])[] = [
  ['ordinary', 'ordinary file'],
  ['classes', '100 classes of TypeScript'],
  ['oneClass', 'one class of TypeScript'],
  ['functions', 'functions of TypeScript'],
  ['python', '100 classes of Python'],
];

/** Statements in source, explain results from the answer to the findings, the plan view, and what activation has of it all. */
export async function measureMongo(options: BenchOptions): Promise<Row[]> {
  const { quick } = options;
  const rows: Row[] = [];
  for (const [style, name] of quick ? STYLES.slice(0, 1) : STYLES)
    rows.push(...(await measureStatements(style, name, quick)));
  return [
    ...rows,
    ...(await measureExplain(quick)),
    ...(await measurePlanView(options)),
    ...(await measureActivationCode()),
  ];
}

async function runProgram(...args: readonly string[]): Promise<MongoReport> {
  const program = join(repositoryRoot, 'out/bench/mongo.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 600_000,
  });
  return JSON.parse(stdout) as MongoReport;
}

async function measureStatements(style: SourceStyle | 'ordinary', name: string, quick: boolean): Promise<Row[]> {
  const part = `mongo, ${name}`;
  const warm = await runProgram('warm', style, quick ? '5' : '15');
  const fresh: number[] = [];
  for (let turn = 0; turn < (quick ? 2 : 5); turn++) fresh.push((await runProgram('cold', style, '1')).statements[0]);
  const [count, source] = style === 'ordinary' ? [100, ordinarySource(100)] : [500, mongoSource(500, style)];
  const note = `${count} statements, ${source.split('\n').length.toLocaleString('en')} lines`;
  const cold = style === 'ordinary' ? { limit: COLD_MS } : {};
  const ratios = warm.statements.map((ms, round) => ms / warm.parse[round]);
  // Other programs on the machine only ever add: the quieter rounds count.
  const quiet = (values: readonly number[]): number => quantile(values, 0.25);
  return [
    { part, what: 'statements, cold', value: quiet(warm.statements), unit: 'ms', ...cold, note },
    {
      part,
      what: 'statements, parsed ahead in slices',
      value: quiet(warm.prepared),
      unit: 'ms',
      ...cold,
      note: 'what is left when the file is shown',
    },
    {
      part,
      what: 'statements, against parsing alone',
      value: median(ratios),
      unit: 'x',
      note: `parsing takes ${median(warm.parse).toFixed(1)} ms`,
    },
    {
      part,
      what: 'statements after an edit elsewhere',
      value: quiet(warm.edit),
      unit: 'ms',
      limit: EDIT_MS,
      note: `p95 ${quantile(warm.edit, 0.95).toFixed(2)} ms`,
    },
    { part, what: 'statements, first of a process', value: quiet(fresh), unit: 'ms', note: 'nothing is compiled yet' },
  ];
}

async function measureExplain(quick: boolean): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
  try {
    const file = join(folder, 'explain.json');
    const text = JSON.stringify(largeExplain(1_000_000));
    writeFileSync(file, text);
    const report = await runProgram('explain', file, quick ? '30' : '120');
    const rounds = report.normalise.map((ms, round) => ms + report.find[round]);
    // Other programs only ever add: of the later half, when code is compiled, the quieter rounds count.
    const quiet = (values: readonly number[]): number => quantile(values.slice(values.length / 2), 0.25);
    const part = 'mongo, explain';
    const note = `${(text.length / 1e6).toFixed(2)} MB`;
    return [
      { part, what: 'normalise and find', value: quiet(rounds), unit: 'ms', limit: EXPLAIN_MS, note },
      {
        part,
        what: 'normalise and find, against JSON.parse',
        value: quiet(rounds) / quiet(report['JSON.parse']),
        unit: 'x',
        note,
      },
      {
        part,
        what: 'normalise and find, first time',
        value: rounds[0],
        unit: 'ms',
        note: 'a process that has just begun',
      },
      { part, what: 'suggest indexes', value: quiet(report.suggest), unit: 'ms', note },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A recorded answer whose plan is repeated as the branches of an OR. */
function largeExplain(bytes: number): object {
  const recorded = JSON.parse(
    readFileSync(join(repositoryRoot, 'test/fixtures/mongo/recorded/shop/find-or-both.json'), 'utf8'),
  ) as {
    explain: { executionStats: { queryPlanner: object; executionStats: { executionStages: object } } };
  };
  const { queryPlanner, executionStats, ...others } = recorded.explain.executionStats;
  const copies = Math.ceil(bytes / 2 / JSON.stringify(executionStats.executionStages).length);
  const plan = {
    stage: 'OR',
    inputStages: Array.from({ length: copies }, () => structuredClone(executionStats.executionStages)),
  };
  return {
    ...others,
    queryPlanner: { ...queryPlanner, winningPlan: plan },
    executionStats: { ...executionStats, executionStages: plan },
  };
}
