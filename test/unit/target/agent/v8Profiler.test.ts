import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentCapabilities } from '../../../../src/core/protocol/agentProtocol';
import type { V8CpuNode, V8CpuProfile, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { connectToAgent } from '../../../../src/node/agent/connectAgent';
import type { Connection } from '../../../../src/node/channel';
import { AgentBench, agentFixtures, until } from '../../../support/agentTarget';
import type { AgentTarget } from '../../../support/agentTarget';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { assertHot, bytesOf, shareOf, valueOf, worked } from './profileReaders';

/** Bytes of `new Array(2_000)`: 8 each on a 64-bit V8 without pointer compression, and the headers. */
const keptArrayBytes = 16_032;

describe('agent with v8-profiler-next', function () {
  this.timeout(60_000);
  let bench: AgentBench;
  before(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench.killAll());
  after(() => bench.dispose());

  async function startApp(
    node: string,
    cwd: string,
    app = 'app.cjs',
    flags: string[] = [],
  ): Promise<[AgentTarget, Connection]> {
    const target = bench.start(node, [...flags, '-r', bench.bundle, join(agentFixtures, app)], { cwd });
    await target.ready();
    const connection = await connectToAgent(join(bench.socketDirectory, `${target.pid}-0.sock`));
    if (app === 'app.cjs') await worked(connection.main.channel, 20); // until V8 has optimised it
    return [target, connection];
  }

  for (const { version, path: node } of nodeBinaries().filter((each) => each.version !== 26)) {
    describe(`Node ${version}`, () => {
      const installed = join(repositoryRoot, '.vscode-test/v8-profiler-next', String(version));
      before(function () {
        if (existsSync(join(installed, 'node_modules/v8-profiler-next'))) return;
        const headers = join(node, '../../include/node/node.h');
        assert.ok(
          !existsSync(headers),
          `v8-profiler-next is not built in ${installed}; run node scripts/install-v8-profiler.mjs ${version}`,
        );
        console.error(`SKIPPED: v8-profiler-next cannot be built for Node ${version}, there is no ${headers}.`);
        this.skip();
      });

      it('gives the profile that the inspector gives', async () => {
        const [target, connection] = await startApp(node, installed);
        const { channel } = connection.main;
        assert.deepEqual(await channel.send('Heatlens.capabilities'), {
          backend: 'v8-profiler-next',
          cpu: true,
          live: true,
          allocated: true,
          cheapHeapReads: true,
          version: '1.10.0',
        });
        let byInspector: V8CpuProfile | undefined;
        channel.on<{ profile: V8CpuProfile }>(
          'Profiler.consoleProfileFinished',
          ({ profile }) => (byInspector = profile),
        );
        await channel.send('Profiler.enable');
        await channel.send('Profiler.setSamplingInterval', { interval: 1000 });
        await valueOf(channel, 'profile("same time")');
        await channel.send('Heatlens.startCpuWindow', { title: 'w', intervalUs: 1000 });
        await worked(channel, 120);
        const { profile } = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'w' });
        await valueOf(channel, 'profileEnd("same time")');
        assert.ok(byInspector);

        const ours = hottest(profile);
        const theirs = hottest(byInspector);
        assert.deepEqual(ours.callFrame, theirs.callFrame);
        assert.equal(ours.callFrame.functionName, 'hotLoop');
        assert.equal(ours.callFrame.url, `file://${join(agentFixtures, 'work.cjs')}`);
        assert.equal(hottestLine(ours), hottestLine(theirs));
        assert.ok(Math.abs(shareOf(profile, 'hotLoop') - shareOf(byInspector, 'hotLoop')) < 0.05, 'shares agree');
        assert.deepEqual(Object.keys(profile).sort(), Object.keys(byInspector).sort());
        assert.ok(
          profile.startTime >= byInspector.startTime && profile.endTime <= byInspector.endTime,
          'one clock, in µs',
        );
        const summed = (profile.timeDeltas ?? []).reduce((sum, delta) => sum + delta, 0);
        const length = profile.endTime - profile.startTime;
        assert.ok(summed <= length && summed > 0.7 * length, `deltas of ${summed} µs in ${length} µs`);
        assert.equal(await valueOf(channel, '"profiler" in process'), false, 'no trace on process');
        await connection.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
        assert.equal(target.errors(), '');
      });

      it('overlaps CPU windows, also with profiles of the application in the other shape', async () => {
        const [target, connection] = await startApp(node, installed);
        const { channel } = connection.main;
        await valueOf(
          channel,
          `(globalThis.own = require('module').createRequire(process.cwd() + '/x')('v8-profiler-next')).startProfiling('w')`,
        );
        await channel.send('Heatlens.startCpuWindow', { title: 'w', intervalUs: 1000 });
        await worked(channel, 50);
        await channel.send('Heatlens.startCpuWindow', { title: 'x' });
        const first = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'w' });
        await valueOf(channel, 'own.setGenerateType(1)');
        await worked(channel, 50);
        const second = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'x' });
        for (const { profile } of [first, second]) {
          assertHot(profile);
          assert.equal(hottest(profile).callFrame.url, `file://${join(agentFixtures, 'work.cjs')}`);
        }
        assert.ok(second.profile.startTime <= first.profile.endTime, 'no time lies between the windows');
        assert.equal(
          await valueOf(channel, `own.stopProfiling('w').nodes.length > 1`),
          true,
          'the application keeps its own',
        );
        assert.equal(await valueOf(channel, 'Object.keys(own.profiles).length'), 1, 'ours are not kept');
        await assert.rejects(channel.send('Heatlens.endCpuWindow', { title: 'w' }), /No CPU window called "w" runs/);
        await connection.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
      });

      it('reads the live heap without stopping the sampler', async () => {
        const [target, connection] = await startApp(node, installed);
        const { channel } = connection.main;
        const before = await valueOf<number>(channel, 'keptArrays.length');
        await channel.send('Heatlens.startLive', { intervalBytes: 8 * 1024 });
        const seen: { ratio: number; garbageShare: number }[] = [];
        for (let round = 0; round < 3; round++) {
          await worked(channel, 100);
          const { profile } = await channel.send<{ profile: V8HeapProfile }>('Heatlens.readLive');
          const kept = ((await valueOf<number>(channel, 'keptArrays.length')) - before) * keptArrayBytes;
          const live = bytesOf(profile, 'leakArrays');
          seen.push({ ratio: live / kept, garbageShare: bytesOf(profile, 'makeGarbage') / kept / 30 });
        }
        const last = seen.at(-1);
        assert.ok(last && Math.abs(last.ratio - 1) < 0.2, `live bytes of known bytes: ${JSON.stringify(seen)}`);
        assert.ok(last.garbageShare < 0.1, `garbage that counts as live: ${JSON.stringify(seen)}`);
        await assert.rejects(channel.send('Heatlens.startLive', { intervalBytes: 8 * 1024 }), /sampled already/);
        await channel.send('Heatlens.stopLive');
        await assert.rejects(channel.send('Heatlens.readLive'), /not sampled/);

        // The sampler is free for others, and theirs is left alone.
        await channel.send('HeapProfiler.startSampling', { samplingInterval: 32_768 });
        await assert.rejects(
          channel.send('Heatlens.startLive', { intervalBytes: 8 * 1024 }),
          /Another heap sampler runs/,
        );
        await channel.send('HeapProfiler.getSamplingProfile');
        await connection.close();
        target.say('end');
        assert.equal(await target.ended(), 0);
      });

      it('lets the process end while everything is recorded', async () => {
        for (const [line, code] of [
          ['end', 0],
          ['throw', 1],
        ] as const) {
          const [target, connection] = await startApp(node, installed);
          const { channel } = connection.main;
          await channel.send('Heatlens.startCpuWindow', { title: 'w', intervalUs: 500 });
          await channel.send('Heatlens.startLive', { intervalBytes: 8 * 1024 });
          await worked(channel, 15);
          target.say(line);
          assert.equal(await target.ended(), code, target.errors());
          assert.equal((await connection.closed).reason, 'target-ended');
        }
      });

      it('leaves workers to the inspector, which survives their end', async () => {
        const [target, connection] = await startApp(node, installed, 'pool.cjs');
        const seen: Connection['main'][] = [];
        connection.onWorker((worker) => seen.push(worker));
        await until(() => seen.length === 1, 'the worker is found');
        const worker = seen[0]?.channel;
        assert.ok(worker);
        assert.equal((await worker.send<AgentCapabilities>('Heatlens.capabilities')).backend, 'inspector');
        await worker.send('Heatlens.startCpuWindow', { title: 'w' });
        await worker.send('Heatlens.startLive', { intervalBytes: 8 * 1024 });
        await connection.main.channel.send('Heatlens.startCpuWindow', { title: 'w' });
        target.say('kill');
        assert.equal((await worker.closed).reason, 'target-ended');
        await connection.main.channel.send('Heatlens.endCpuWindow', { title: 'w' });
        await connection.close();
      });
    });
  }

  for (const [name, manifest, note] of [
    ['broken', { version: '1.10.0', main: './missing.js' }, /^v8-profiler-next 1\.10\.0 does not load: Cannot find/],
    ['future', { version: '2.0.0' }, /^v8-profiler-next 2\.0\.0 is installed; only 1\.x is supported\.$/],
  ] as const) {
    it(`falls back to the inspector from a ${name} v8-profiler-next, and says so`, async () => {
      const folder = join(bench.folder, name, 'node_modules/v8-profiler-next');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
      const [, connection] = await startApp(process.execPath, join(bench.folder, name));
      const { channel } = connection.main;
      const capabilities = await channel.send<AgentCapabilities>('Heatlens.capabilities');
      assert.equal(capabilities.backend, 'inspector');
      assert.match(capabilities.note ?? '', note);
      await channel.send('Heatlens.startCpuWindow', { title: 'w', intervalUs: 1000 });
      await worked(channel, 30);
      const { profile } = await channel.send<{ profile: V8CpuProfile }>('Heatlens.endCpuWindow', { title: 'w' });
      assertHot(profile);
      await connection.close();
    });
  }
});

function hottest(profile: V8CpuProfile): V8CpuNode {
  return profile.nodes
    .filter((node) => node.callFrame.url.endsWith('.cjs'))
    .reduce((best, node) => ((node.hitCount ?? 0) > (best.hitCount ?? 0) ? node : best));
}

function hottestLine(node: V8CpuNode): number | undefined {
  return [...(node.positionTicks ?? [])].sort((a, b) => b.ticks - a.ticks)[0]?.line;
}
