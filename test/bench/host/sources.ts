import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { hostileSources } from '../../support/hostileSources/hostileSources';
import { JS } from '../../support/hostileSources/source';
import type { Row } from '../rows';
import { median } from '../statistics';

const SECONDS = 20;

/** Called by the extension host; writes its rows to HEATLENS_BENCH_RESULTS and, as a suite, to HEATLENS_TEST_RESULTS. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-bench-'));
  const failures: { title: string; error: string }[] = [];
  try {
    await vscode.extensions.getExtension('heatlens.heatlens')?.activate();
    writeFileSync(
      process.env.HEATLENS_BENCH_RESULTS!,
      JSON.stringify([await latency(folder), ...(await blocks(folder))]),
    );
  } catch (error) {
    failures.push({ title: 'sources', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(process.env.HEATLENS_TEST_RESULTS!, JSON.stringify({ passed: 1, skipped: 0, failures }));
  }
}

function lensesOf(document: vscode.TextDocument): Thenable<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
}

/** From an edit of a usual file, of a thousand lines, to its lenses. */
async function latency(folder: string): Promise<Row> {
  const file = join(folder, 'usual.js');
  const lines = Array.from(
    { length: 250 },
    (_, i) => `export function f${i}(a, b) {\n  return c.find({ a, b: { $gt: b } }).toArray();\n}\n`,
  );
  writeFileSync(file, JS + lines.join('\n'));
  const document = await vscode.workspace.openTextDocument(file);
  const { length } = await lensesOf(document);
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(round * 20 + 4, 0), '// edited\n');
    await vscode.workspace.applyEdit(edit);
    const started = performance.now();
    await lensesOf(document);
    times.push(performance.now() - started);
  }
  const note = `${length} lenses; the slowest ${Math.max(...times).toFixed(0)} ms`;
  return {
    part: 'sources',
    what: 'lenses of queries after an edit',
    value: median(times),
    unit: 'ms',
    limit: 150,
    note,
  };
}

/** Undefined for what the editor takes for no text. */
async function opened(path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(path);
  } catch {
    return undefined;
  }
}

/** The longest time that the extension host does nothing else, with each of the hostile sources opened and its lenses asked for. */
async function blocks(folder: string): Promise<Row[]> {
  const longest: { name: string; ms: number }[] = [];
  let last = performance.now();
  let block = 0;
  const ping = setInterval(() => {
    const now = performance.now();
    block = Math.max(block, now - last);
    last = now;
  }, 1);
  try {
    // What the host does by itself.
    block = 0;
    await sleep(2_000);
    const idle = block;
    const all = [...hostileSources()].sort((a, b) => a.name.localeCompare(b.name));
    let found = 0;
    let shown = 0;
    for (const source of all) {
      const path = join(folder, source.name);
      writeFileSync(path, source.text());
      // What the editor needs to open it is not ours to time; it has as much time to settle.
      const document = await opened(path);
      if (!document) continue;
      await sleep(50);
      last = performance.now();
      block = 0;
      const lenses = await Promise.race([lensesOf(document), sleep(SECONDS * 1_000, undefined)]);
      await sleep(5);
      found += lenses?.length ?? 0;
      shown++;
      longest.push({ name: source.name, ms: block });
    }
    longest.sort((a, b) => b.ms - a.ms);
    const first = longest.slice(0, 5).map(({ name, ms }) => `${name} ${ms.toFixed(0)}`);
    return [
      {
        part: 'sources',
        what: `longest block of the extension host, ${shown} hostile sources`,
        value: longest[0].ms,
        unit: 'ms',
        limit: 50,
        note: `${first.join(', ')}; ${found} lenses; idle ${idle.toFixed(0)} ms`,
      },
    ];
  } finally {
    clearInterval(ping);
  }
}
