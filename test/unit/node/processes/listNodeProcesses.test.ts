import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, listNodeProcesses } from '../../../../src/node/processes/listNodeProcesses';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

describe('the list of Node processes', function () {
  this.timeout(20_000);
  afterEach(stopServices);
  const fixtures = join(repositoryRoot, 'test/fixtures/inspector');

  for (const { version, path } of nodeBinaries()) {
    it(`describes a service under Node ${version}`, async () => {
      const startedAt = Date.now();
      const target = await startService(path, { flags: ['--inspect=0', '--no-warnings'], mode: 'busy' });
      const [port] = await target.inspectorPorts();
      const all = await listNodeProcesses({ workspaceFolders: [fixtures] });
      const found = all.find((each) => each.pid === target.pid);
      assert.ok(found);
      assert.equal(found.name, 'service.cjs');
      assert.equal(found.script, join(fixtures, 'service.cjs'));
      assert.equal(found.cwd, process.cwd());
      assert.equal(found.ppid, process.pid);
      assert.equal(found.own, true);
      assert.equal(found.runner, undefined);
      assert.match(found.commandLine, /--no-warnings .*service\.cjs busy$/);
      assert.ok((found.cpuShare ?? 0) > 0 && (found.cpuShare ?? 0) < 4, `cpu ${found.cpuShare}`);
      assert.ok((found.residentBytes ?? 0) > 20e6 && (found.residentBytes ?? 0) < 500e6);
      assert.ok(Math.abs((found.startedAt ?? 0) - startedAt) < 2_000);
      // The service and the inspector both listen on loopback: without thread names they look the same.
      assert.equal(found.inspectorPort, undefined);
      assert.ok(port);
      assert.ok(!all.some((each) => each.pid === process.pid), 'not this process');
    });
  }

  it('puts the workspace first, and programs before what started them', async () => {
    const node = nodeBinaries()[1]?.path ?? '';
    const inside = await startService(node);
    const launcher = spawn(node, ['-e', "process.title = 'npm run dev'; setInterval(() => {}, 1000)"], {
      cwd: fixtures,
    });
    const outside = spawn(node, ['-e', 'setInterval(() => {}, 1000)'], { cwd: tmpdir() });
    try {
      await delay(300);
      const all = await listNodeProcesses({ workspaceFolders: [fixtures], observeMs: 0 });
      const place = (pid: number | undefined): number => all.findIndex((each) => each.pid === pid);
      assert.ok(place(inside.pid) >= 0);
      assert.ok(place(inside.pid) < place(launcher.pid));
      assert.ok(place(launcher.pid) < place(outside.pid));
      assert.equal(all[place(launcher.pid)]?.runner, 'npm');
    } finally {
      launcher.kill();
      outside.kill();
    }
  });

  it('knows a process whose binary was replaced, and tells the usual inspector port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-node-'));
    const node = join(folder, 'node');
    copyFileSync(nodeBinaries()[0]?.path ?? '', node);
    const target = await startService(node, { flags: ['--inspect=9377'] });
    rmSync(folder, { recursive: true });
    const found = (await listNodeProcesses({ observeMs: 0 })).find((each) => each.pid === target.pid);
    assert.equal(found?.name, 'service.cjs');
    assert.equal(found?.inspectorPort, 9377);
  });

  it('says what tells one from the others: its number in a family, the ports that it serves', async () => {
    const node = nodeBinaries()[1]?.path ?? '';
    const [first, second] = [
      await startService(node, { env: { JEST_WORKER_ID: '2' } }),
      await startService(node, { env: { npm_lifecycle_event: 'start' } }),
    ];
    const all = await listNodeProcesses({ observeMs: 0 });
    const found = [first, second].map(({ pid }) => all.find((each) => each.pid === pid));
    assert.deepEqual(
      found.map((each) => each?.role),
      ['worker 2', 'npm run start'],
    );
    for (const each of found) assert.ok(process.platform !== 'linux' || (each?.ports?.length ?? 0) > 0, each?.name);
  });

  it('finds the Node processes that a process started through a shell', async () => {
    const node = nodeBinaries()[2]?.path ?? '';
    const shell = spawn('sh', ['-c', `"$0" -e 'setInterval(() => {}, 1000)' grandchild; true`, node]);
    try {
      await delay(300);
      const all = await descendantsOf(process.pid);
      const found = all.find((each) => each.commandLine.endsWith('grandchild'));
      assert.ok(found);
      assert.equal(found.ppid, shell.pid);
      assert.deepEqual(await descendantsOf(found.pid), []);
      process.kill(found.pid);
    } finally {
      shell.kill();
    }
  });
});
