import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { createRecording } from '../../../../src/node/recording/recording';
import { until } from '../../../support/agentTarget';
import { assertInvariants } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { attachTo, onEach } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';
import { watchResources } from '../../../support/resources';
import { assertUntouched, type VictimState } from '../../../support/victim';

describe('a recording leaves nothing behind', function () {
  this.timeout(90_000);
  afterEach(stopPrograms);

  const start = (node: string): Promise<Program> => startProgram(node, [join(targetFixtures, 'victim.cjs')]);

  it('in processes that were measured in every way', async () => {
    const released = await watchResources();
    await onEach(nodeBinaries(), async (node) => {
      const program = await start(node);
      const before = await program.get<VictimState>('/state');
      const recording = createRecording({ refreshMs: 250 });
      await attachTo(recording, program);
      await until(() => (recording.snapshot?.methods.length ?? 0) > 0, 'heat');
      const during = await program.get<VictimState>('/state');
      assert.ok(during.profilerThreads > 0 && during.isHeapSampled, 'the test can see profilers');
      await recording.measureExactly(500);
      assert.equal(recording.snapshot?.accuracy, 'exact');
      const exact = await program.get<VictimState>('/state');
      assert.deepEqual(
        Object.keys(exact.flags).sort(),
        ['maglev-inlining', 'turbo-inlining'],
        'the test can see flags',
      );
      recording.showApproximate();
      await recording.reset();
      await recording.pause();
      const paused = await program.get<VictimState>('/state');
      assert.deepEqual([paused.profilerThreads, paused.isHeapSampled], [0, false]);
      await recording.reset();
      assert.equal((await program.get<VictimState>('/state')).profilerThreads, 0, 'a reset does not end the pause');
      await recording.resume();
      await recording.updateOptions({ cpuIntervalUs: 1_000, memory: 'live' });
      await delay(300);
      assertInvariants((await recording.flush())!);
      await recording.detach();
      assertInvariants(recording.snapshot);
      recording.dispose();
      await assertUntouched(program, before);
      program.child.kill('SIGKILL');
      await program.exit;
    });
    await released();
  });

  it('when it is disposed without a detach', async () => {
    const program = await start(nodeBinaries()[2].path);
    const before = await program.get<VictimState>('/state');
    const released = await watchResources();
    const recording = createRecording({ refreshMs: 250 });
    await attachTo(recording, program);
    await recording.measureExactly(300);
    recording.dispose();
    await until(async () => (await program.inspectorPorts()).length === 0, 'the port is closed');
    await assertUntouched(program, before);
    await released();
  });

  it('when exact mode is cancelled', async () => {
    const program = await start(nodeBinaries()[0].path);
    const before = await program.get<VictimState>('/state');
    const recording = createRecording({ refreshMs: 250, memory: 'off' });
    await attachTo(recording, program);
    const cancel = new AbortController();
    const measuring = recording.measureExactly(60_000, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await until(() => recording.targets[0].state === 'measuring-exactly', 'exact mode');
    await measuring;
    assert.equal(recording.targets[0].state, 'measuring');
    assert.equal(recording.snapshot?.accuracy, 'exact', 'what was measured until then is shown');
    const { flags } = await program.get<VictimState>('/state');
    assert.ok(Object.values(flags).every(Boolean), JSON.stringify(flags));
    await recording.detach();
    recording.dispose();
    await assertUntouched(program, before);
  });

  it('when the attach is given up half-way', async () => {
    const program = await start(nodeBinaries()[3].path);
    const before = await program.get<VictimState>('/state');
    const released = await watchResources();
    for (const stopAt of ['Asking', 'Starting the profilers']) {
      const recording = createRecording({ refreshMs: 250 });
      const stop = new AbortController();
      const onProgress = (message: string): void => {
        if (message.startsWith(stopAt)) stop.abort();
      };
      await assert.rejects(recording.attach({ kind: 'pid', pid: program.pid }, { signal: stop.signal, onProgress }), {
        name: 'AbortError',
      });
      assert.deepEqual(recording.targets, []);
      recording.dispose();
      await assertUntouched(program, before);
    }
    await released();
  });
});
