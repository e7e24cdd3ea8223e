import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { closeLeftOpen } from '../../../../src/node/inspector/closeLeftOpen';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { until } from '../../../support/agentTarget';
import { notesAbout, startCluster, type ClusterTarget } from '../../../support/clusterTarget';
import { evaluate } from '../../../support/evaluate';
import { attachFromOutside } from '../../../support/heatlensToKill';
import { nodeBinaries, outerNodes } from '../../../support/nodeVersions';
import { stopServices } from '../../../support/serviceTarget';

/** Each worker has the port after the one before it; nobody else listens there. */
const FIRST_PORT = 21_000;

describe("a cluster's primary", function () {
  this.timeout(120_000);
  let folder: string;
  let cluster: ClusterTarget | undefined;
  const former = process.env['XDG_RUNTIME_DIR'];
  const isClosed = async (): Promise<boolean> => (await cluster!.ports()).flat().length === 0;
  const notes = (): string[] => notesAbout(join(folder, 'heatlens'), cluster!.all);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-run-'));
    process.env['XDG_RUNTIME_DIR'] = folder;
  });
  afterEach(async () => {
    await cluster?.stop();
    await stopServices();
  });
  after(() => {
    if (former === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = former;
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { version, path } of outerNodes()) {
    for (const flags of [[], [`--inspect-port=${FIRST_PORT + 20 * (version - 20)}`]]) {
      it(`leaves no worker with an open inspector, Node ${version} ${flags.join()}`, async () => {
        cluster = await startCluster(path, ['busy', 'blocked', 'idle', 'parent'], flags);
        await cluster.block();
        const connection = await connectToPid(cluster.primary.pid);
        assert.equal(await evaluate(connection.main.channel, 'process.pid'), cluster.primary.pid);
        await cluster.primary.waitForOutput(/^unblocked/m);
        assert.equal(await connection.close(), undefined);
        await until(isClosed, 'all are closed');
        await until(() => notes().length === 0, 'nothing is expected any more');
        // The busy one has turned its loop by then.
        await delay(3_500);
        assert.deepEqual((await cluster.ports()).flat(), []);
        const opened = cluster.primary.output().match(/Debugger listening|address already in use/g) ?? [];
        assert.ok(opened.length >= 4, 'the workers got the signal');
        for (const pid of cluster.all) process.kill(pid, 0);
      });
    }

    it(`that is detached from while a worker is blocked, Node ${version}`, async () => {
      cluster = await startCluster(path, ['blocked', 'idle'], [`--inspect-port=${FIRST_PORT + 10}`]);
      await cluster.block();
      const connection = await connectToPid(cluster.primary.pid);
      await connection.close();
      await cluster.primary.waitForOutput(/^unblocked/m);
      await until(() => cluster!.primary.output().includes(`127.0.0.1:${FIRST_PORT + 11}/`), 'it has opened one');
      await until(async () => (await isClosed()) && notes().length === 0, 'it is closed');
    });

    it(`is left as it was by a Heatlens that is killed, Node ${version}`, async () => {
      cluster = await startCluster(path, ['busy', 'blocked', 'idle'], [`--inspect-port=${FIRST_PORT + 200}`]);
      await cluster.block();
      const heatlens = attachFromOutside(cluster.primary.pid);
      await heatlens.said(/^Asking process/);
      await until(async () => !(await isClosed()), 'something is open');
      await heatlens.kill();
      await cluster.primary.waitForOutput(/^unblocked/m);
      await until(async () => {
        await closeLeftOpen();
        return isClosed();
      }, 'the next start has closed them');
      for (const pid of cluster.all) process.kill(pid, 0);
    });
  }

  it('is measured beside a worker that was chosen, too, and both are left as they were', async () => {
    for (const { path } of nodeBinaries()) {
      cluster = await startCluster(path, ['idle', 'busy'], [`--inspect-port=${FIRST_PORT + 300}`]);
      const [idle] = cluster.workers;
      const connections = [await connectToPid(cluster.primary.pid), await connectToPid(idle)];
      const pids = await Promise.all(connections.map((each) => evaluate(each.main.channel, 'process.pid')));
      assert.deepEqual(pids, [cluster.primary.pid, idle]);
      await connections[0].close();
      assert.equal(await evaluate(connections[1].main.channel, 'process.pid'), idle, 'it is still attached to');
      await connections[1].close();
      await until(isClosed, 'all are closed');
      await cluster.stop();
    }
  });

  it('keeps inspectors that workers have opened themselves', async () => {
    cluster = await startCluster(nodeBinaries()[2].path, ['open', 'idle', 'handler']);
    const before = await cluster.ports();
    assert.equal(before.flat().length, 1);
    const connection = await connectToPid(cluster.primary.pid);
    assert.equal(await connection.close(), undefined);
    assert.deepEqual(await cluster.ports(), before);
  });

  it('gets no signal that would end a worker', async () => {
    cluster = await startCluster(nodeBinaries()[3].path, ['deadly', 'idle']);
    const [deadly] = cluster.workers;
    // Until then it may be one that is being started.
    await delay(5_500);
    await assert.rejects(connectToPid(cluster.primary.pid), {
      code: 'sigusr1NotHandled',
      message: new RegExp(`worker ${deadly} does not listen`),
    });
    for (const pid of cluster.all) process.kill(pid, 0);
    assert.deepEqual((await cluster.ports()).flat(), []);
    assert.deepEqual(notes(), []);
  });
});
