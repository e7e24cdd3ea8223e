import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { loadEngine } from '../../../src/editor/recording/engine';
import { createFilePaths } from '../../../src/editor/workspace/filePaths';
import { HeatModel } from '../../../src/editor/heat/heatModel';
import { HeatLensProvider } from '../../../src/editor/lens/heatLensProvider';
import { RecordingHost } from '../../../src/editor/recording/recordingHost';
import { DEFAULT_OPTIONS } from '../../../src/node/recording/recordingTypes';
import type { HeatlensApi } from '../../../src/extension';
import type { Row } from '../rows';
import { median } from '../statistics';

/** Lines of the file whose lenses are provided; a function in every ten, all of them called. */
const LINES = 10_000;

/** Called by the extension host; writes its rows to HEATLENS_BENCH_RESULTS and, as a suite, to HEATLENS_TEST_RESULTS. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
  const failures: { title: string; error: string }[] = [];
  try {
    const rows = [await activation(), ...(await lensesAndMemory(folder))];
    writeFileSync(process.env.HEATLENS_BENCH_RESULTS!, JSON.stringify(rows));
  } catch (error) {
    failures.push({ title: 'editor', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(process.env.HEATLENS_TEST_RESULTS!, JSON.stringify({ passed: 1, skipped: 0, failures }));
  }
}

/** Loading the bundle and `activate()`, as the editor waits for it. */
async function activation(): Promise<Row> {
  const extension = vscode.extensions.getExtension<HeatlensApi>('heatlens.heatlens');
  if (!extension || extension.isActive)
    throw new Error('the extension is missing, or was activated before it was asked for');
  const bundle = join(extension.extensionPath, 'dist/extension.js');
  const started = performance.now();
  const loaded = require(bundle) as { activate(context: vscode.ExtensionContext): HeatlensApi };
  const loadMs = performance.now() - started;
  let activateMs = NaN;
  // The extension host loads the same module from the cache; what it does around the call is not ours to time.
  require.cache[bundle]!.exports = {
    ...loaded,
    activate(context: vscode.ExtensionContext) {
      const called = performance.now();
      const api = loaded.activate(context);
      activateMs = performance.now() - called;
      return api;
    },
  };
  await extension.activate();
  // The code for MongoDB and for everything else that is used later is in chunks: see the part mongo for what is not.
  const chunks = Object.keys(require.cache).filter((file) =>
    file.startsWith(join(extension.extensionPath, 'dist/chunks')),
  );
  const note = `${loadMs.toFixed(1)} ms to load, ${activateMs.toFixed(1)} ms to activate, ${chunks.length} chunks loaded`;
  return { part: 'editor', what: 'activation', value: loadMs + activateMs, unit: 'ms', limit: 50, note };
}

async function lensesAndMemory(folder: string): Promise<Row[]> {
  const file = join(folder, 'large.js');
  writeFileSync(file, largeProgram());
  const program = spawn(process.execPath, [file], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  const host = new RecordingHost({ loadEngine, options: () => DEFAULT_OPTIONS, onLoseTarget: () => undefined });
  const model = new HeatModel(
    host,
    () => host.engine,
    createFilePaths(() => []),
  );
  const lenses = new HeatLensProvider(model);
  try {
    await sleep(1_500);
    const idle = await heapMb();
    const { recording } = await host.start();
    await recording.attach({ kind: 'pid', pid: program.pid! });
    const document = await vscode.workspace.openTextDocument(file);
    while ((recording.snapshot?.methods.length ?? 0) < 100) await sleep(100);

    const cold = await timed(() => lenses.provideCodeLenses(document));
    const warm: number[] = [];
    let resolved = 0;
    for (let round = 0; round < 20; round++) {
      warm.push(await timed(() => (resolved = lenses.provideCodeLenses(document).length)));
    }
    const resolve = await timed(() =>
      lenses.provideCodeLenses(document).forEach((lens) => lenses.resolveCodeLens(lens)),
    );
    // The document is parsed ahead meanwhile, in slices.
    await sleep(10_000);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// edited\n');
    await vscode.workspace.applyEdit(edit);
    const edited = await timed(() => lenses.provideCodeLenses(document));
    const again = new vscode.WorkspaceEdit();
    again.insert(document.uri, new vscode.Position(5_000, 0), '// edited again\n');
    await vscode.workspace.applyEdit(again);
    const reedited = await timed(() => lenses.provideCodeLenses(document));

    const early = await heapMb();
    const minutes = Number(process.env.HEATLENS_BENCH_MINUTES);
    await sleep(minutes * 60_000);
    const late = await heapMb();
    const hour = late - idle + Math.max(0, (late - early) / minutes) * (60 - minutes);
    const part = 'editor';
    return [
      {
        part,
        what: `lenses of a ${LINES}-line file, cold`,
        value: cold,
        unit: 'ms',
        limit: 150,
        note: `${resolved} lenses`,
      },
      { part, what: 'lenses, warm', value: median(warm), unit: 'ms', limit: 5 },
      { part, what: 'lenses, all provided and resolved', value: resolve, unit: 'ms' },
      { part, what: 'lenses after the first edit', value: edited, unit: 'ms', limit: 150 },
      { part, what: 'lenses after a later edit', value: reedited, unit: 'ms' },
      { part, what: `extension host memory over idle, attached for ${minutes} min`, value: late - idle, unit: 'MB' },
      { part, what: 'the same after an hour, extrapolated', value: hour, unit: 'MB', limit: 50 },
    ];
  } finally {
    await host.shutDown();
    model.dispose();
    lenses.dispose();
    program.kill('SIGKILL');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

async function timed(task: () => unknown): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

/** What is in use when garbage has been collected, off-heap arrays included. */
async function heapMb(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(100);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

function largeProgram(): string {
  const functions = LINES / 10;
  const lines: string[] = [];
  for (let n = 0; n < functions - 1; n++) {
    lines.push(
      `// Work number ${n}`,
      `function work${n}(list, factor = ${n}) {`,
      '  let sum = 0;',
      '  for (const value of list) {',
      `    if (value % ${(n % 7) + 2} === 0) sum += value * factor;`,
      '    else sum -= value;',
      '  }',
      '  return sum;',
      '}',
      '',
    );
  }
  const names = Array.from({ length: functions - 1 }, (_, n) => `work${n}`).join(', ');
  lines.push(
    'const list = Array.from({ length: 2000 }, (_, n) => n);',
    `const all = [${names}];`,
    'let total = 0;',
    'function turn() {',
    '  const until = Date.now() + 20;',
    '  while (Date.now() < until) total ^= all[Math.floor(Math.random() * all.length)](list);',
    '  setTimeout(turn, 20);',
    '}',
    'turn();',
    '',
  );
  return lines.join('\n');
}
