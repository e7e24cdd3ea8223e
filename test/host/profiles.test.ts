import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { heatlens, lensesOf, lineOf, pricingUri, waitFor, workspaceFolder } from './support';

describe('a profile file of another tool', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heatlens-profile-'));
  });

  after(async () => {
    await vscode.commands.executeCommand('heatlens.clear');
    await rm(folder, { recursive: true, force: true });
  });

  it('is shown as heat at the lines of its methods', async () => {
    // What `node --cpu-prof` writes when the service ends by itself.
    const script = `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 2500); require(${JSON.stringify(join(workspaceFolder, 'lib/service.js'))});`;
    await promisify(execFile)('node', ['--cpu-prof', '--cpu-prof-dir', folder, '-e', script], { timeout: 20_000 });
    const file = (await readdir(folder)).find((name) => name.endsWith('.cpuprofile'));
    assert.ok(file);
    await vscode.commands.executeCommand('heatlens.openProfile', vscode.Uri.file(join(folder, file)));
    const line = lineOf('score(rounds: number)');
    const lens = await waitFor('a lens', async () => (await lensesOf(pricingUri)).find((each) => each.line === line));
    assert.match(lens.title, /% self/);
  });

  it('that is none is refused with one message, and the heat stays', async () => {
    const { getSnapshot } = await heatlens();
    const before = getSnapshot();
    assert.ok(before);
    const file = join(folder, 'broken.cpuprofile');
    await writeFile(file, '{ "nodes": [ { "id": 1');
    await vscode.commands.executeCommand('heatlens.openProfile', vscode.Uri.file(file));
    assert.equal(getSnapshot()?.methods.length, before.methods.length);
  });
});
