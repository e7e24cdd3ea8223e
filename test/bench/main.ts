import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/nodeVersions';
import { measureAccuracy } from './accuracy';
import { measureDrawing } from './drawing';
import { measureEditor } from './editor';
import { measureFlame } from './flame';
import { parseOptions, type BenchOptions, type PartName } from './options';
import { measureInterrupts } from './interrupts';
import { measureMemory } from './memory';
import { measureMongo } from './mongo';
import { measureOverhead } from './overhead';
import { measureProfiles } from './profiles';
import { measureRefresh } from './refresh';
import { isMissed, printRows, type Row } from './rows';
import { measureSources } from './sources';
import { measureStalls } from './stall';
import { measureThreads } from './threads';

const parts: Record<PartName, (options: BenchOptions) => Promise<Row[]>> = {
  overhead: measureOverhead,
  interrupts: measureInterrupts,
  threads: measureThreads,
  stall: measureStalls,
  refresh: measureRefresh,
  memory: measureMemory,
  editor: measureEditor,
  sources: measureSources,
  accuracy: measureAccuracy,
  profiles: measureProfiles,
  flame: measureFlame,
  drawing: measureDrawing,
  mongo: measureMongo,
};

/** Resolves to the exit code. */
export async function runBench(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const name of options.only) {
    console.log(`\n▸ ${name}`);
    const started = performance.now();
    try {
      const measured = await parts[name](options);
      rows.push(...measured);
      printRows(measured);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      console.error(error);
    }
    console.log(`  (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  }

  console.log('\n▸ all');
  printRows(rows);
  const missed = rows.filter(isMissed);
  const file = join(repositoryRoot, 'test-output/bench.json');
  mkdirSync(join(repositoryRoot, 'test-output'), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify(
      {
        date: new Date().toISOString(),
        machine: {
          cpu: cpus()[0]?.model,
          cores: cpus().length,
          loadAverage: loadavg()[0],
          node: process.version,
          platform: process.platform,
        },
        quick: options.quick,
        rows: rows.map((row) => ({ ...row, pass: row.limit === undefined ? undefined : !isMissed(row) })),
        failures,
      },
      undefined,
      2,
    )}\n`,
  );
  for (const failure of failures) console.log(`✗ ${failure}`);
  const withLimit = rows.filter(({ limit }) => limit !== undefined).length;
  console.log(`\n${withLimit - missed.length} of ${withLimit} limits met; all numbers are in test-output/bench.json`);
  return missed.length || failures.length ? 1 : 0;
}
