import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { attachFromOutside } from '../../../support/heatlensToKill';
import { nodeBinaries } from '../../../support/nodeVersions';
import type { ServiceTarget } from '../../../support/serviceTarget';
import { ownResources, startService, stopServices } from '../../../support/serviceTarget';

/** Attaches from a process of its own, which is killed. */
async function attachAndDie(target: ServiceTarget): Promise<void> {
  const heatlens = attachFromOutside(target.pid);
  await heatlens.said(/^attached$/);
  assert.equal((await target.inspectorPorts()).length, 1);
  await heatlens.kill();
}

/** The guard gives up on us after ten seconds or a little more. */
const guardMs = 12_000;

describe('what an attach leaves behind', function () {
  this.timeout(40_000);
  afterEach(stopServices);

  it('is nothing in the target when our side is killed, and a connection in use stays', async () => {
    const nodes = nodeBinaries();
    const used = await startService(nodes[0]?.path ?? '');
    const connection = await connectToPid(used.pid);
    const open = await startService(nodes[1]?.path ?? '', { flags: ['--inspect=0'] });
    const openPorts = await open.inspectorPorts();
    await attachAndDie(open);

    await Promise.all(
      nodes.map(async ({ version, path }) => {
        const target = await startService(path);
        const before = await target.get('/');
        await attachAndDie(target);
        const killedAt = performance.now();
        while ((await target.inspectorPorts()).length > 0) {
          assert.ok(performance.now() - killedAt < guardMs + 2_000, `Node ${version}: the port is still open`);
          await delay(200);
        }
        await delay(100);
        assert.deepEqual(await target.get('/'), before);
      }),
    );
    assert.deepEqual(await open.inspectorPorts(), openPorts, 'one that was open stays open');
    assert.equal((await used.inspectorPorts()).length, 1, 'one in use stays open');
    await connection.close();
    assert.deepEqual(await used.inspectorPorts(), []);
  });

  for (const { version, path } of nodeBinaries()) {
    it(`is no socket and no timer on our side, Node ${version}`, async () => {
      const target = await startService(path, { mode: 'workers' });
      await (await connectToPid(target.pid)).close();
      await delay(50);
      const before = ownResources();
      for (let round = 0; round < 2; round++) {
        const connection = await connectToPid(target.pid);
        connection.onWorker(() => undefined);
        await connection.close();
      }
      await assert.rejects(connectToPid(target.pid, { signal: AbortSignal.abort(new Error('no')) }), /no/);
      let after = ownResources();
      for (let look = 0; look < 50 && JSON.stringify(after) !== JSON.stringify(before); look++) {
        await delay(20);
        after = ownResources();
      }
      assert.deepEqual(after, before);
    });
  }
});
