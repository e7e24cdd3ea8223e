import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { V8CpuProfile, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { connectToAgent } from '../../../../src/node/agent/connectAgent';
import { findAgents } from '../../../../src/node/processes/agentDirectory';
import type { Channel, Connection } from '../../../../src/node/channel';
import { callTarget } from '../../../../src/node/inspector/callTarget';
import { AgentBench, agentFixtures, until, within } from '../../../support/agentTarget';
import type { AgentTarget } from '../../../support/agentTarget';
import { nodeBinaries } from '../../../support/nodeVersions';
import { assertHot, bytesOf, urlsOf, valueOf, worked } from './profileReaders';

/** Whether something is registered to be undone. */
const undoList = `typeof require('inspector')[Symbol.for('heatlens.undo')]`;

async function connectTo(target: AgentTarget): Promise<Connection> {
  const own = (await findAgents()).sockets.filter(({ pid }) => pid === target.pid);
  const main = own.find(({ threadId }) => threadId === 0);
  assert.ok(main, `the agent of ${target.pid} is not listed; it says: ${target.errors()}`);
  return connectToAgent(main.socket);
}

describe('agent in the target', function () {
  this.timeout(60_000);
  let bench: AgentBench;
  before(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench.killAll());
  after(() => bench.dispose());

  for (const { version, path: node } of nodeBinaries()) {
    describe(`Node ${version}`, () => {
      for (const preload of ['-r', '--import']) {
        for (const app of ['app.cjs', 'app.mjs']) {
          it(`measures ${app} preloaded by ${preload}, and leaves nothing behind`, async () => {
            const target = bench.start(node, [preload, bench.bundle, join(agentFixtures, app)]);
            await target.ready();
            const connection = await connectTo(target);
            assert.equal(connection.pid, target.pid);
            assert.equal(connection.via, 'agent');
            assert.match(connection.nodeVersion, new RegExp(`^v${version}\\.`));
            assert.equal(connection.argv[1], join(agentFixtures, app));
            assert.equal(connection.cwd, bench.folder);

            await measureByInspector(connection.main.channel);
            await connection.close();
            assert.deepEqual(await connection.closed, { reason: 'closed-by-us' });

            const again = await connectTo(target);
            target.say('end');
            assert.equal(await target.ended(), 0, target.errors());
            assert.equal(target.errors(), '');
            assert.equal((await again.closed).reason, 'target-ended');
            assert.deepEqual(bench.filesOf(target), []);
          });
        }
      }

      it('gives overlapping CPU windows and the live heap by its own methods', async () => {
        const target = bench.start(node, ['-r', bench.bundle, join(agentFixtures, 'app.cjs')]);
        await target.ready();
        const connection = await connectTo(target);
        const { channel } = connection.main;
        const foreignEvents: string[] = [];
        channel.on('Profiler.consoleProfileFinished', () => foreignEvents.push('finished'));

        const capabilities = await channel.send('Heatlens.capabilities');
        assert.deepEqual(capabilities, {
          backend: 'inspector',
          cpu: true,
          live: true,
          allocated: true,
          cheapHeapReads: version === 26,
          version: connection.nodeVersion,
        });
        await worked(channel, 20);
        await channel.send('Heatlens.startCpuWindow', { title: 'a', intervalUs: 1000 });
        await channel.send('Heatlens.startLive', { intervalBytes: 16 * 1024 });
        await worked(channel, 50);
        await channel.send('Heatlens.startCpuWindow', { title: 'b' });
        const a = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'a' });
        const early = await channel.send<{ profile: V8HeapProfile }>('Heatlens.readLive');
        await worked(channel, 50);
        const b = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'b' });
        const late = await channel.send<{ profile: V8HeapProfile }>('Heatlens.stopLive');

        for (const { profile } of [a, b]) {
          assert.ok(urlsOf(profile).includes('node:heatlens/agent'), 'the agent ends the window');
          assert.ok(!urlsOf(profile).includes(`file://${bench.bundle}`), 'and is no file of the application');
          assertHot(profile);
          assert.ok(profile.nodes.some((node) => node.positionTicks?.length));
          assert.equal(profile.samples?.length, profile.timeDeltas?.length);
        }
        assert.ok(b.profile.startTime < a.profile.endTime, 'no time lies between the windows');
        assert.ok(bytesOf(early.profile, 'leakArrays') > 0);
        assert.ok(bytesOf(late.profile, 'leakArrays') > bytesOf(early.profile, 'leakArrays'), 'live bytes add up');
        assert.deepEqual(foreignEvents, [], 'our windows are no events of the application');
        await connection.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
      });

      it('stops what a client has started when that client is gone, and takes the next one', async () => {
        const target = bench.start(node, ['-r', bench.bundle, join(agentFixtures, 'app.cjs')]);
        await target.ready();
        const first = await connectTo(target);
        await callTarget(first.main.channel, 'turnInliningOff', [first.lease.owner]);
        assert.equal(await valueOf(first.main.channel, undoList), 'object');
        await first.main.channel.send('Heatlens.startCpuWindow', { title: 'w' });
        await first.main.channel.send('Heatlens.startLive', { intervalBytes: 32 * 1024 });
        await assert.rejects(connectTo(target), { code: 'agentBusy' });
        first.main.channel.close(); // as a client that crashed: the socket is all that the agent sees

        let second: Connection | undefined;
        await until(async () => {
          second = await connectTo(target).catch(() => undefined);
          return second !== undefined;
        }, 'the agent is free again');
        assert.ok(second);
        const { channel } = second.main;
        assert.equal(await valueOf(channel, undoList), 'undefined');
        await assert.rejects(channel.send('HeapProfiler.getSamplingProfile'), /not started/);
        await assert.rejects(channel.send('Heatlens.endCpuWindow', { title: 'w' }), /No CPU window called "w" runs/);
        await channel.send('Heatlens.startLive', { intervalBytes: 32 * 1024 });
        await second.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
      });

      it('serves the workers that are there and those that start later', async () => {
        const target = bench.start(node, ['--import', bench.bundle, join(agentFixtures, 'pool.cjs')]);
        await target.ready();
        const connection = await connectTo(target);
        const seen = new Map<string, Connection['main']>();
        connection.onWorker((worker) => seen.set(worker.id, worker));
        await until(() => seen.size === 1, 'the first worker is found');
        target.say('more');
        await target.ready();
        await until(() => seen.size === 2, 'the second worker is found');

        for (const worker of seen.values()) {
          assert.equal(worker.kind, 'worker');
          assert.equal(worker.title, join(agentFixtures, 'poolWorker.cjs'));
          await worker.channel.send('Heatlens.startCpuWindow', { title: 'w', intervalUs: 1000 });
        }
        for (const worker of seen.values()) {
          await worked(worker.channel, 50);
          const { profile } = await worker.channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', {
            title: 'w',
          });
          assertHot(profile);
        }

        const [first, second] = [...seen.values()];
        assert.ok(first && second);
        await second.channel.send('Heatlens.startCpuWindow', { title: 'w' });
        target.say('less');
        assert.equal((await within(second.channel.closed, 10_000, 'the worker has ended')).reason, 'target-ended');
        await first.channel.send('Heatlens.startCpuWindow', { title: 'w' });
        target.say('kill');
        assert.equal((await within(first.channel.closed, 10_000, 'the worker was terminated')).reason, 'target-ended');
        await findAgents();
        assert.deepEqual(bench.filesOf(target), [`${target.pid}-0.sock`]);
        await connection.close();
        target.process.kill('SIGKILL');
      });

      it('works beside a debugger and with SIGUSR1 disabled', async () => {
        const flags = version === 20 ? ['--inspect=0'] : ['--inspect=0', '--disable-sigusr1'];
        const target = bench.start(node, [...flags, '-r', bench.bundle, join(agentFixtures, 'app.cjs')]);
        await target.ready();
        await until(() => /ws:\/\//.test(target.errors()), 'the inspector tells its address');
        const url = /ws:\/\/\S+/.exec(target.errors())?.[0] ?? '';
        const debuggerSocket = new WebSocket(url);
        await once(debuggerSocket, 'open');
        for (const [id, method] of ['Runtime.enable', 'Debugger.enable', 'Profiler.enable'].entries()) {
          debuggerSocket.send(JSON.stringify({ id, method }));
        }
        const connection = await connectTo(target);
        await measureByInspector(connection.main.channel);
        await assert.rejects(connection.main.channel.send('Debugger.enable'), /cannot debug the thread/);
        await connection.close();
        debuggerSocket.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
      });

      it('takes its socket along when the application crashes', async () => {
        const target = bench.start(node, ['-r', bench.bundle, join(agentFixtures, 'app.cjs')]);
        await target.ready();
        const connection = await connectTo(target);
        target.say('throw');
        assert.equal(await target.ended(), 1);
        assert.match(target.errors(), /planned crash/);
        assert.equal((await connection.closed).reason, 'target-ended');
        assert.deepEqual(bench.filesOf(target), []);
      });
    });
  }

  async function measureByInspector(channel: Channel): Promise<void> {
    const finished: V8CpuProfile[] = [];
    channel.on<{ profile: V8CpuProfile }>('Profiler.consoleProfileFinished', ({ profile }) => finished.push(profile));
    await worked(channel, 20); // until V8 has optimised it
    await channel.send('Profiler.enable');
    await channel.send('Profiler.setSamplingInterval', { interval: 1000 });
    await valueOf(channel, 'profile("w1")');
    await worked(channel, 20);
    await valueOf(channel, 'profile("w2")');
    await valueOf(channel, 'profileEnd("w1")');
    await worked(channel, 20);
    await valueOf(channel, 'profileEnd("w2")');
    assert.equal(finished.length, 2);
    for (const profile of finished) assertHot(profile);

    await channel.send('HeapProfiler.startSampling', {
      samplingInterval: 16 * 1024,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await worked(channel, 20);
    const read = await channel.send<{ profile: V8HeapProfile }>('HeapProfiler.getSamplingProfile');
    assert.ok(bytesOf(read.profile, 'leakArrays') > 0);
    await channel.send('HeapProfiler.stopSampling');
    await channel.send('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
    await channel.send('Profiler.stopPreciseCoverage');
    await assert.rejects(channel.send('Profiler.noSuchMethod'), /wasn't found/);
  }
});
