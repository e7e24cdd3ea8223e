import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { callTarget } from '../../../src/node/inspector/callTarget';
import { connectToPid } from '../../../src/node/inspector/connect';
import { until } from '../../support/agentTarget';
import { nodeBinaries } from '../../support/nodeVersions';
import { stopPrograms } from '../../support/program';
import { startWatched } from '../../support/watchedTarget';

describe('an inspector that steps aside for another one', function () {
  this.timeout(40_000);
  afterEach(stopPrograms);

  for (const { version, path } of nodeBinaries()) {
    it(`does not come back when the Heatlens that opened it has gone meanwhile, Node ${version}`, async () => {
      const target = await startWatched(path, ['--inspect-port=0'], ['none']);
      const connection = await connectToPid(target.pid);
      const [port] = await target.program.inspectorPorts();
      const { channel } = connection.main;
      assert.equal(await callTarget(channel, 'stepAside', [target.pid, port]), true);
      await channel.closed;
      const holder = createServer().listen(port, '127.0.0.1');
      await once(holder, 'listening');
      // We give no more signs of life, and the port is free again when we have been given up.
      await target.whileFast(() => delay(2_000));
      holder.close();
      await once(holder, 'close');
      // Long enough for it to have tried several times.
      await target.whileFast(() => delay(1_500));
      assert.deepEqual(await target.program.inspectorPorts(), []);
      assert.equal(await connection.close(), undefined);
    });

    it(`comes back where it was open before, Node ${version}`, async () => {
      const target = await startWatched(path, ['--inspect=0'], ['none']);
      const ports = await target.program.inspectorPorts();
      const connection = await connectToPid(target.pid);
      const { channel } = connection.main;
      assert.equal(await callTarget(channel, 'stepAside', [target.pid, ports[0]]), true);
      await channel.closed;
      await until(async () => (await target.program.inspectorPorts()).join() === ports.join(), 'it is open again');
      await connection.close();
    });
  }
});
