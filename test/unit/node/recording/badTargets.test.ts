import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../../../src/core/errors';
import type { TargetState } from '../../../../src/core/heat/heatSnapshot';
import { openCdpSocket } from '../../../../src/node/inspector/cdpSocket';
import { inspectorUrl } from '../../../../src/node/inspector/inspectorHttp';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import type { RecordingOptions } from '../../../../src/node/recording/recordingTypes';
import { until, within } from '../../../support/agentTarget';
import { assertInvariants, heatOfMethod } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { attachTo, onEach } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';
import { watchResources } from '../../../support/resources';
import { assertUntouched, type VictimState } from '../../../support/victim';

const binaries = nodeBinaries();
const oldestAndNewest = [binaries[0], binaries[3]];

/** A recording that notes what it told, and is over when the test is. */
interface Watched {
  readonly recording: EngineRecording;
  /** Messages about lost targets. */
  readonly messages: string[];
  readonly states: Set<TargetState>;
}

describe('targets that misbehave', function () {
  this.timeout(90_000);
  const recordings = new Set<EngineRecording>();
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-bad-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await stopPrograms();
    for (const recording of recordings) recording.dispose();
    recordings.clear();
  });

  const start = (node: string, flags: readonly string[] = []): Promise<Program> =>
    startProgram(node, [...flags, join(targetFixtures, 'victim.cjs')]);

  const watch = (options: Partial<RecordingOptions> = {}): Watched => {
    const recording = createRecording({ refreshMs: 250, cpuIntervalUs: 1_000, ...options });
    recordings.add(recording);
    const messages: string[] = [];
    const states = new Set<TargetState>();
    recording.onDidLoseTarget(({ message }) => messages.push(message));
    recording.onDidChange(() => recording.targets.forEach(({ state }) => states.add(state)));
    return { recording, messages, states };
  };

  const attach = async (program: Program, options: Partial<RecordingOptions> = {}): Promise<Watched> => {
    const watched = watch(options);
    await attachTo(watched.recording, program);
    await until(() => (watched.recording.snapshot?.methods.length ?? 0) > 0, 'heat');
    return watched;
  };

  /** The target has gone: said once, and its heat is still there. */
  const assertKept = async ({ recording, messages }: Watched, message: RegExp): Promise<void> => {
    await until(() => messages.length > 0, 'the message');
    await until(() => recording.targets[0].state === 'ended', 'the state');
    await delay(50);
    assert.equal(messages.length, 1, messages.join('\n'));
    assert.match(messages[0], message);
    assert.doesNotMatch(messages[0], /\n/);
    const { snapshot } = recording;
    assert.ok(snapshot && snapshot.methods.length > 0 && snapshot.cpu.sampledMs > 0);
    assertInvariants(snapshot);
    await recording.detach();
    await recording.flush();
    assert.ok(recording.snapshot!.cpu.sampledMs >= snapshot.cpu.sampledMs);
    await assert.rejects(recording.pause(), { code: 'nothingAttached' });
  };

  it('killed in the middle of a profile', async () => {
    const released = await watchResources();
    await onEach(binaries, async (node) => {
      const program = await start(node);
      const watched = await attach(program);
      program.child.kill('SIGKILL');
      await assertKept(watched, new RegExp(`^Process ${program.pid} has ended\\. Start it again`));
      watched.recording.dispose();
    });
    await released();
  });

  it('killed in exact mode', async () => {
    await onEach(oldestAndNewest, async (node) => {
      const program = await start(node);
      const watched = await attach(program, { memory: 'off' });
      const measuring = watched.recording.measureExactly(60_000);
      await until(() => watched.recording.targets[0].state === 'measuring-exactly', 'exact mode');
      await delay(400);
      program.child.kill('SIGKILL');
      await within(measuring, 20_000, 'exact mode ends with the process');
      await until(() => watched.messages.length === 1, 'the message');
      await watched.recording.detach();
      assert.ok(watched.recording.snapshot!.cpu.sampledMs > 0);
      assert.equal(watched.recording.measuringExactly, false);
    });
  });

  for (const [path, code] of [
    ['/exit?code=7', 7],
    ['/end?code=5', 5],
    ['/throw', 1],
  ] as const) {
    it(`that end by themselves (${path}): at once and with their own code`, async () => {
      await onEach(binaries, async (node) => {
        const program = await start(node);
        const watched = await attach(program);
        const exited = within(program.exit, 20_000, 'the exit');
        await program.get(path);
        assert.deepEqual(await exited, { code, signal: null });
        await assertKept(watched, /has ended/);
      });
    });

    it(`that end by themselves (${path}): what they did since the last refresh is kept`, async () => {
      await onEach(oldestAndNewest, async (node) => {
        const program = await start(node);
        const watched = watch({ refreshMs: 60_000 });
        await attachTo(watched.recording, program);
        await delay(600);
        assert.equal(watched.recording.snapshot?.methods.length ?? 0, 0);
        await program.get(path);
        await until(() => (watched.recording.snapshot?.methods.length ?? 0) > 0, 'the last window');
        await assertKept(watched, /has ended/);
        assert.ok(heatOfMethod(watched.recording.snapshot!, 'spin').cpu.totalMs > 20);
      });
    });
  }

  it('with recursion 5,000 deep, direct and mutual: never above 100 %', async () => {
    await onEach(binaries, async (node) => {
      const program = await start(node);
      await program.get('/recurse');
      const { recording } = await attach(program);
      await delay(1_000);
      const snapshot = (await recording.flush())!;
      assertInvariants(snapshot);
      const descend = heatOfMethod(snapshot, 'descend');
      assert.ok(descend.cpu.totalShare > 0.5 && descend.cpu.totalShare <= 1, `${descend.cpu.totalShare}`);
      await recording.detach();
    });
  });

  it('that end while they are attached to', async () => {
    const released = await watchResources();
    await onEach(oldestAndNewest, async (node) => {
      const ends = ['', '/exit?code=3', '/throw', '', '/exit?code=0'];
      for (const [i, path] of ends.entries()) {
        const program = await start(node);
        const { recording } = watch();
        const outcome = attachTo(recording, program).then(
          () => undefined,
          (error: unknown) => error,
        );
        await delay(20 + i * 60);
        if (path) await program.get(path).catch(() => undefined);
        else program.child.kill('SIGKILL');
        await within(program.exit, 20_000, 'the exit');
        const error = await within(outcome, 20_000, 'the attach');
        if (error !== undefined)
          assert.ok(isHeatlensError(error) && /^(processGone|noSuchProcess)$/.test(error.code), String(error));
        else await until(() => recording.targets[0].state === 'ended', 'its end is noticed');
        recording.dispose();
      }
    });
    await released();
  });

  it('whose connection is cut: its profilers stop, and a new attach goes on', async () => {
    const released = await watchResources();
    await onEach(oldestAndNewest, async (node) => {
      const program = await start(node, ['--inspect=127.0.0.1:0']);
      const before = await program.get<VictimState>('/state');
      const ports = await program.inspectorPorts();
      const proxy = await startProxy(ports[0]);
      const watched = watch();
      const { recording, messages } = watched;
      await recording.attach({ kind: 'host', host: '127.0.0.1', port: proxy.port });
      await until(() => (recording.snapshot?.methods.length ?? 0) > 0, 'heat');
      proxy.cut();
      await assertKept(
        watched,
        new RegExp(`^The connection to process ${program.pid} was cut\\. What was measured so far is kept`),
      );
      await assertUntouched(program, before, ports);

      const { sampledMs } = recording.snapshot!.cpu;
      await recording.attach({ kind: 'host', host: '127.0.0.1', port: proxy.port });
      await until(() => recording.snapshot!.cpu.sampledMs > sampledMs, 'more heat');
      assert.equal(messages.length, 1);
      await recording.detach();
      recording.dispose();
      await proxy.close();
      await assertUntouched(program, before, ports);
      program.child.kill('SIGKILL');
      await program.exit;
    });
    await released();
  });

  it('paused at a breakpoint of another debugger while they are measured', async () => {
    await onEach(oldestAndNewest, async (node) => {
      const program = await start(node, ['--inspect=127.0.0.1:0']);
      const before = await program.get<VictimState>('/state');
      const ports = await program.inspectorPorts();
      const debug = await openCdpSocket(await inspectorUrl('127.0.0.1', ports[0], {}), { what: 'the debugger' });
      let pauses = 0;
      debug.on('Debugger.paused', () => pauses++);
      const { recording, messages } = await attach(program);
      await debug.send('Debugger.enable');
      await debug.send('Debugger.pause');
      await until(() => pauses === 1, 'the pause');
      const { sampledMs } = recording.snapshot!.cpu;
      await delay(1_000);
      assert.deepEqual(messages, []);
      assert.ok(recording.snapshot!.cpu.sampledMs >= sampledMs, 'nothing is lost');
      await debug.send('Debugger.resume');
      const { sampledMs: resumedAt } = recording.snapshot!.cpu;
      await until(() => recording.snapshot!.cpu.sampledMs > resumedAt + 50, 'it goes on');
      await recording.detach();
      assert.equal(pauses, 1, 'only the debugger paused it');
      debug.close();
      await assertUntouched(program, before, ports);
    });
  });

  it('paused at a breakpoint when they are attached to', async () => {
    await onEach(oldestAndNewest, async (node) => {
      const program = await start(node, ['--inspect=127.0.0.1:0']);
      const before = await program.get<VictimState>('/state');
      const ports = await program.inspectorPorts();
      const debug = await openCdpSocket(await inspectorUrl('127.0.0.1', ports[0], {}), { what: 'the debugger' });
      await debug.send('Debugger.enable');
      await debug.send('Debugger.pause');
      await delay(200);
      const { recording } = watch();
      await assert.rejects(recording.attach({ kind: 'pid', pid: program.pid }), { code: 'heldByDebugger' });
      assert.deepEqual([recording.targets, recording.snapshot], [[], undefined]);
      await debug.send('Debugger.resume');
      debug.close();
      await assertUntouched(program, before, ports);
    });
  });

  it('with a debugger statement: they are never paused by us', async () => {
    await onEach(binaries, async (node) => {
      const program = await start(node);
      const { recording } = await attach(program);
      await program.get('/debugger');
      await recording.measureExactly(300);
      await program.get('/debugger');
      await delay(100);
      await program.get('/state');
      await recording.detach();
    });
  });

  it('that wait in JavaScript: V8 answers for them, so measuring goes on', async () => {
    await onEach(oldestAndNewest, async (node) => {
      const program = await start(node);
      const { recording, states } = await attach(program);
      await program.get('/block?ms=4000&how=atomics');
      await delay(500);
      const { endMs } = recording.snapshot!.cpu.interval;
      await until(() => recording.snapshot!.cpu.interval.endMs > endMs + 1_000, 'windows while it waits');
      assert.ok(!states.has('unresponsive'));
      await recording.detach();
    });
  });

  it('with 100,000 functions', async () => {
    const file = join(folder, 'many.js');
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, i) => `function f${i}(x) { return x + ${i}; }`);
    writeFileSync(
      file,
      `${lines.join('\n')}\nmodule.exports = [${Array.from({ length: count }, (_, i) => `f${i}`).join()}];\n`,
    );
    const program = await start(binaries[1].path);
    await program.get(`/many?file=${encodeURIComponent(file)}`);
    const { recording } = watch({ refreshMs: 500, cpuIntervalUs: 200 });
    await attachTo(recording, program);
    const found = (): number => recording.snapshot?.methods.filter(({ source }) => source.file === file).length ?? 0;
    await until(() => found() > 50, 'many of them are seen', 40_000);
    const snapshot = (await recording.flush())!;
    assertInvariants(snapshot);
    for (const { source } of snapshot.methods) {
      const match = /^f(\d+)$/.exec(source.method.name);
      if (match) assert.equal(source.method.nameStart.line, Number(match[1]), source.method.name);
    }
    await recording.detach();
  });

  it('whose source has gone, or was overwritten with something that does not parse', async () => {
    const program = await start(binaries[2].path);
    for (const [name, spoil] of [
      ['gone', (file: string) => rmSync(file)],
      ['broken', (file: string) => writeFileSync(file, 'exports.burn = function burn( { {{ ]] "')],
    ] as const) {
      const file = join(folder, `${name}.js`);
      copyFileSync(join(targetFixtures, 'burn.cjs'), file);
      await program.get(`/load?file=${encodeURIComponent(file)}`);
      await delay(200);
      spoil(file);
      const { recording, messages } = watch({ memory: 'off' });
      await attachTo(recording, program);
      const ofFile = (): unknown[] => [
        ...(recording.snapshot?.unmapped.filter(({ url }) => url.endsWith(`${name}.js`)) ?? []),
        ...(recording.snapshot?.methods.filter(({ source }) => source.file === file) ?? []),
      ];
      await until(() => ofFile().length > 0, `heat of ${name}.js, mapped or not`);
      const snapshot = (await recording.flush())!;
      assertInvariants(snapshot);
      const unmapped = snapshot.unmapped.find(({ url, selfMs }) => url.endsWith(`${name}.js`) && selfMs > 0);
      if (name === 'gone') assert.equal(unmapped?.reason, 'no-file');
      else if (unmapped) assert.ok(unmapped.detail, 'says why');
      else
        assert.ok(
          snapshot.methods.some(({ source }) => source.file === file && source.sourceChanged),
          'says that it is not what runs',
        );
      assert.deepEqual(messages, []);
      await recording.detach();
    }
  });
});

interface Proxy {
  readonly port: number;
  /** Cuts every connection as a network does, and goes on accepting new ones. */
  cut(): void;
  close(): Promise<void>;
}

async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => undefined);
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
