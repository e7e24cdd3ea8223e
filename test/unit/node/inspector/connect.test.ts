import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TargetThread } from '../../../../src/node/channel';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { evaluate } from '../../../support/evaluate';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

/** Polls, since what is awaited happens in another process. */
async function eventually(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 3_000): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; await delay(20)) {
    if (await condition()) return;
  }
  assert.fail(`never came: ${what}`);
}

for (const { version, path: node } of nodeBinaries()) {
  describe(`connection to Node ${version}`, function () {
    this.timeout(20_000);
    afterEach(stopServices);

    for (const script of ['service.cjs', 'service.mjs']) {
      it(`opens the inspector of ${script} and closes it again`, async () => {
        const target = await startService(node, { script });
        const before = await target.get('/');
        const connection = await connectToPid(target.pid);
        assert.equal(connection.pid, target.pid);
        assert.equal(connection.via, 'inspector-opened');
        assert.match(connection.nodeVersion, new RegExp(`^v${version}\\.`));
        assert.ok(connection.argv[1]?.endsWith(script));
        assert.equal(connection.cwd, process.cwd());
        assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
        const ports = await target.inspectorPorts();
        assert.equal(ports.length, 1);
        assert.notEqual(ports[0], 9229, 'the usual port is free for others');

        await connection.close();
        await connection.close();
        assert.deepEqual(await target.inspectorPorts(), []);
        assert.deepEqual(await connection.closed, { reason: 'closed-by-us' });
        assert.deepEqual(await target.get('/'), before, 'serves, and its globals and debug port are as they were');
      });
    }

    it('leaves an inspector open that was open', async () => {
      const target = await startService(node, { flags: ['--inspect=0'] });
      const ports = await target.inspectorPorts();
      assert.equal(ports.length, 1);
      const connection = await connectToPid(target.pid);
      assert.equal(connection.via, 'inspector-found');
      await connection.close();
      await delay(150);
      assert.deepEqual(await target.inspectorPorts(), ports);
      assert.ok(!(await target.get('/')).symbols.some((each) => each.includes('heatlens')));
    });

    it('attaches twice in a row, and to two at once', async () => {
      const [one, two] = await Promise.all([startService(node), startService(node)]);
      const first = await connectToPid(one.pid);
      await first.close();
      const connections = await Promise.all([connectToPid(one.pid), connectToPid(two.pid)]);
      const pids = await Promise.all(connections.map((each) => evaluate(each.main.channel, 'process.pid')));
      assert.deepEqual(pids, [one.pid, two.pid]);
      await Promise.all(connections.map((each) => each.close()));
      assert.deepEqual([await one.inspectorPorts(), await two.inspectorPorts()], [[], []]);
    });

    it('shares a target with a second connection, and the last one to leave closes the inspector', async () => {
      const target = await startService(node);
      const first = await connectToPid(target.pid);
      const second = await connectToPid(target.pid);
      await first.close();
      assert.equal((await target.inspectorPorts()).length, 1);
      assert.equal(await evaluate(second.main.channel, '6 * 7'), 42);
      await second.close();
      assert.deepEqual(await target.inspectorPorts(), []);
    });

    it('does not hold up an exit, and keeps its code', async () => {
      for (const [path, expected] of [
        ['/exit', 7],
        ['/end', 5],
        ['/throw', 1],
      ] as const) {
        const target = await startService(node);
        const connection = await connectToPid(target.pid);
        const startedAt = performance.now();
        await target.get(path).catch(() => undefined);
        assert.deepEqual(await target.exit, { code: expected, signal: null });
        assert.ok(performance.now() - startedAt < 1_500, 'ends promptly');
        assert.equal((await connection.closed).reason, 'target-ended');
        await connection.close();
      }
    });

    it('reports a target that is killed', async () => {
      const target = await startService(node);
      const connection = await connectToPid(target.pid);
      const asked = evaluate(connection.main.channel, 'new Promise(() => {})', { awaitPromise: true });
      target.child.kill('SIGKILL');
      await assert.rejects(asked, { code: 'connectionLost' });
      assert.equal((await connection.closed).reason, 'target-ended');
      await connection.close();
    });

    it('follows workers that run, that start, that start others and that end', async () => {
      const target = await startService(node, { mode: 'workers' });
      await delay(200);
      const connection = await connectToPid(target.pid);
      const threads: TargetThread[] = [];
      connection.onWorker((thread) => threads.push(thread));
      const names = (): string[] => threads.map((each) => each.title).sort();
      await eventually('both workers', () => threads.length === 2);
      assert.deepEqual(names(), ['inner', 'outer']);
      for (const thread of threads) {
        const id = await evaluate(thread.channel, "process.getBuiltinModule('worker_threads').threadId");
        assert.equal(String(id), thread.id);
      }
      await target.get('/worker');
      await eventually('the new worker', () => threads.length === 3);
      const late = threads.find((each) => each.title === 'late');
      assert.ok(late);
      assert.equal((await late.channel.closed).reason, 'target-ended');
      await target.waitForOutput(/late worker exit 0/);
      await assert.rejects(evaluate(late.channel, '1'), { code: 'connectionLost' });

      await connection.close();
      for (const thread of threads.filter((each) => each !== late)) {
        assert.equal((await thread.channel.closed).reason, 'closed-by-us');
      }
      assert.equal((await target.get('/')).pid, target.pid);
    });

    it('closes the inspector when a busy main thread finds the time', async () => {
      const target = await startService(node, { mode: 'busy' });
      const connection = await connectToPid(target.pid);
      assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
      await connection.close();
      await eventually('port closed', async () => (await target.inspectorPorts()).length === 0, 8_000);
    });

    it('waits for a process that is blocked in a system call', async () => {
      const target = await startService(node, { mode: 'blocked' });
      await delay(300);
      const said: string[] = [];
      const connection = await connectToPid(target.pid, { onProgress: (message) => said.push(message) });
      assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
      await connection.close();
      assert.deepEqual(await target.inspectorPorts(), []);
      assert.match(said.join('\n'), /Asking process/);
    });

    it('attaches to a process that has only just started, without killing it', async () => {
      for (let round = 0; round < 3; round++) {
        const target = await startService(node, { ready: false });
        const connection = await connectToPid(target.pid);
        await target.waitForOutput(/ready \d+/);
        await connection.close();
        assert.equal(target.child.exitCode, null);
        assert.equal(target.child.signalCode, null);
      }
    });

    it('says so when the target is paused at a breakpoint', async () => {
      const target = await startService(node, { flags: ['--inspect=0'] });
      const other = await connectToPid(target.pid);
      await other.main.channel.send('Debugger.enable');
      const paused = new Promise((resolve) => other.main.channel.on('Debugger.paused', resolve));
      await other.main.channel.send('Debugger.pause');
      void target.get('/').catch(() => undefined);
      await paused;
      await assert.rejects(connectToPid(target.pid), { code: 'heldByDebugger' });
      await other.main.channel.send('Debugger.resume');
      await other.main.channel.send('Debugger.disable');
      const connection = await connectToPid(target.pid);
      assert.equal(await evaluate(connection.main.channel, '1'), 1);
      await connection.close();
      await other.close();
    });

    it('says so when the target waits for a debugger', async () => {
      const target = await startService(node, { flags: ['--inspect-brk=0'], ready: false });
      await target.waitForOutput(/Debugger listening/);
      await assert.rejects(connectToPid(target.pid), { code: 'heldByDebugger' });
      const connection = await connectToPid(target.pid, { allowPaused: true });
      assert.ok(connection.argv.some((each) => each.endsWith('service.cjs')));
      await connection.main.channel.send('Runtime.runIfWaitingForDebugger');
      await target.waitForOutput(/ready \d+/);
      await connection.close();
    });

    it('attaches to a program that froze its globals', async () => {
      const target = await startService(node, { mode: 'frozen' });
      const connection = await connectToPid(target.pid);
      await connection.close();
      assert.deepEqual(await target.inspectorPorts(), []);
    });
  });
}
