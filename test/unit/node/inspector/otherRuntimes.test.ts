import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { isNodeExecutable, otherRuntimeOf } from '../../../../src/node/processes/nodeExecutable';
import { nodeBinaries } from '../../../support/nodeVersions';

describe('other runtimes', function () {
  this.timeout(20_000);

  it('are told by their names', () => {
    const names = ['/usr/bin/bun', 'C:\\x\\bun.exe', '/opt/deno (deleted)', '/usr/bin/node', '/usr/bin/bunyan'];
    assert.deepEqual(names.map(otherRuntimeOf), ['Bun', 'Bun', 'Deno', undefined, undefined]);
    assert.deepEqual(names.map(isNodeExecutable), [false, false, false, true, false]);
  });

  it('are not what only starts Node: a watcher names its program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-watch-'));
    const script = join(folder, 'service.js');
    writeFileSync(script, 'setInterval(() => undefined, 1_000); console.log(process.pid);\n');
    const watcher = spawn(nodeBinaries()[2].path, ['--watch', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(watcher.stdout, 'data')) as [Buffer];
      const program = Number(line.toString().trim());
      await assert.rejects(connectToPid(watcher.pid!), {
        code: 'watchesOnly',
        message: new RegExp(`Process ${watcher.pid} only watches files .*; the program is process ${program}\\.`),
      });
      assert.deepEqual([watcher.exitCode, watcher.signalCode], [null, null]);
    } finally {
      watcher.kill('SIGTERM');
      await once(watcher, 'exit');
      rmSync(folder, { recursive: true });
    }
  });

  // They would die of the signal that opens an inspector in Node.
  it('are refused in words of their own, and not asked for anything', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-runtimes-'));
    try {
      for (const [file, runtime] of [
        ['bun', 'Bun'],
        ['deno', 'Deno'],
      ]) {
        const executable = join(folder, file);
        copyFileSync('/bin/sleep', executable);
        chmodSync(executable, 0o755);
        const child = spawn(executable, ['60'], { stdio: 'ignore' });
        await once(child, 'spawn');
        await assert.rejects(connectToPid(child.pid!), {
          code: 'otherRuntime',
          message: `What runs as process ${child.pid} is ${runtime}, not Node: it has profilers of its own.`,
        });
        assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
