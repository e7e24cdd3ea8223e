import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { evaluate } from '../../../support/evaluate';
import { nodeBinaries } from '../../../support/nodeVersions';
import type { ServiceTarget } from '../../../support/serviceTarget';
import { startService, stopServices } from '../../../support/serviceTarget';
import { clientCount } from '../../../../src/node/processes/tcpSockets';

/** A port that nobody uses now; tests stay off 9229, which other programs of this machine may hold. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  assert.ok(address && typeof address === 'object');
  return address.port;
}

async function assertServes(target: ServiceTarget): Promise<void> {
  assert.equal((await target.get('/')).pid, target.pid);
}

for (const { version, path: node } of nodeBinaries()) {
  describe(`opening the inspector of Node ${version}`, function () {
    this.timeout(20_000);
    afterEach(stopServices);

    it('works with --inspect-port=0, on the command line and in NODE_OPTIONS', async () => {
      for (const options of [{ flags: ['--inspect-port=0'] }, { env: { NODE_OPTIONS: '--inspect-port=0' } }]) {
        const target = await startService(node, options);
        const connection = await connectToPid(target.pid);
        assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
        await connection.close();
        assert.deepEqual(await target.inspectorPorts(), []);
      }
    });

    it('finds an inspector that the program opened itself', async () => {
      const target = await startService(node, { mode: 'open-inspector' });
      const ports = await target.inspectorPorts();
      const connection = await connectToPid(target.pid);
      assert.equal(connection.via, 'inspector-found');
      await connection.close();
      assert.deepEqual(await target.inspectorPorts(), ports);
    });

    it('lets another Node process step aside for a moment', async () => {
      const port = await freePort();
      const holder = await startService(node, { flags: [`--inspect=${port}`] });
      const target = await startService(node, { flags: [`--inspect-port=${port}`] });
      const connection = await connectToPid(target.pid);
      assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
      // The holder has its port back while the target is still being measured.
      for (let look = 0; look < 150 && !(await holder.inspectorPorts()).includes(port); look++) await delay(20);
      assert.deepEqual(await holder.inspectorPorts(), [port]);
      const holderConnection = await connectToPid(holder.pid);
      assert.equal(holderConnection.via, 'inspector-found');
      await holderConnection.close();
      await connection.close();
      assert.deepEqual(await target.inspectorPorts(), []);
      assert.doesNotMatch(target.output() + holder.output(), /address already in use/);
      assert.ok(!(await holder.get('/')).symbols.some((each) => each.includes('heatlens')));
    });

    it('does not move an inspector that a debugger uses', async () => {
      const port = await freePort();
      const holder = await startService(node, { flags: [`--inspect=${port}`] });
      const debuggerOfHolder = await connectToPid(holder.pid);
      const target = await startService(node, { flags: [`--inspect-port=${port}`] });
      assert.equal(await clientCount(holder.pid, port), 1);
      await assert.rejects(connectToPid(target.pid), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'portOccupied');
        assert.match(error.message, new RegExp(`port ${port}, but process ${holder.pid} \\(service\\.cjs\\)`));
        return true;
      });
      assert.equal(await evaluate(debuggerOfHolder.main.channel, '1 + 1'), 2);
      await debuggerOfHolder.close();
      assert.deepEqual(await target.inspectorPorts(), []);
      await assertServes(target);
    });

    it('says who holds the port when it is no inspector', async () => {
      const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      assert.ok(address && typeof address === 'object');
      const target = await startService(node, { flags: [`--inspect-port=${address.port}`] });
      await assert.rejects(connectToPid(target.pid), {
        code: 'portOccupied',
        message: /the process that runs Heatlens itself/,
      });
      server.close();
      await assertServes(target);
    });

    it('leaves a program with its own SIGUSR1 handler alone, with a message', async () => {
      const target = await startService(node, { mode: 'own-handler' });
      await assert.rejects(connectToPid(target.pid), { code: 'sigusr1Handled' });
      await assertServes(target);
      assert.match(target.output(), /own handler ran/);
    });

    it('names a suspended process', async () => {
      const target = await startService(node);
      target.child.kill('SIGSTOP');
      await delay(50);
      await assert.rejects(connectToPid(target.pid), { code: 'processStopped' });
      target.child.kill('SIGCONT');
      await assertServes(target);
    });

    it('stops when it is aborted, and undoes what it did', async () => {
      const target = await startService(node);
      const controllers = [0, 5, 40, 80, 120, 160, 200].map((ms) => ({ ms, controller: new AbortController() }));
      for (const { ms, controller } of controllers) {
        setTimeout(() => controller.abort(new Error('changed my mind')), ms);
        try {
          await (await connectToPid(target.pid, { signal: controller.signal })).close();
        } catch (error) {
          assert.match(String(error), /changed my mind/, `${target.child.signalCode} ${target.output()}`);
        }
        for (let look = 0; look < 100 && (await target.inspectorPorts()).length > 0; look++) await delay(20);
        assert.deepEqual(await target.inspectorPorts(), [], `aborted after ${ms} ms`);
      }
      assert.ok(!(await target.get('/')).symbols.some((each) => each.includes('heatlens')));
    });

    if (version === 26) {
      it('does not send a signal that would kill', async () => {
        const target = await startService(node, { mode: 'handler-removed' });
        await assert.rejects(connectToPid(target.pid), { code: 'sigusr1NotHandled' });
        await assertServes(target);
      });
    }

    if (version >= 22) {
      it('says that --disable-sigusr1 is set', async () => {
        const target = await startService(node, { flags: ['--disable-sigusr1'] });
        await assert.rejects(connectToPid(target.pid), { code: 'sigusr1Disabled' });
        await assertServes(target);
      });

      it('says that the permission model forbids it', async () => {
        const target = await startService(node, {
          flags: ['--permission', '--allow-fs-read=*', ...(version > 24 ? ['--allow-net'] : [])],
        });
        await assert.rejects(connectToPid(target.pid), { code: 'sigusr1Disabled' });
        await assertServes(target);
      });
    }
  });
}

describe('a process that cannot be attached to', () => {
  it('does not exist', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    await once(child, 'exit');
    assert.ok(child.pid);
    await assert.rejects(connectToPid(child.pid), { code: 'noSuchProcess' });
    await assert.rejects(connectToPid(-1), { code: 'noSuchProcess' });
    await assert.rejects(connectToPid(Number.NaN), { code: 'noSuchProcess' });
  });

  it("is another user's", async function () {
    this.timeout(10_000);
    if (process.getuid?.() !== 0) {
      await assert.rejects(connectToPid(1), { code: 'notOurProcess' });
      return;
    }
    const execArgv = __filename.endsWith('.ts') ? ['--require', require.resolve('tsx/cjs')] : [];
    const nobody = { uid: 65534, gid: 65534 };
    const stranger = fork(join(__dirname, '../../../support/attachAndStay'), [String(process.pid)], {
      execArgv,
      ...nobody,
    });
    assert.match(String((await once(stranger, 'message'))[0]), /belongs to another user/);
    stranger.kill();
    await once(stranger, 'exit');
  });

  it('is no Node process', async () => {
    const child = spawn('sleep', ['20']);
    assert.ok(child.pid);
    try {
      await assert.rejects(connectToPid(child.pid), { code: 'notNode', message: /sleep/ });
      assert.equal(child.signalCode, null);
    } finally {
      child.kill();
    }
  });
});
