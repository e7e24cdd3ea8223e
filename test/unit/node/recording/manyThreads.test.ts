import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import { until } from '../../../support/agentTarget';
import { assertInvariants } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startProgram, stopPrograms, targetFixtures } from '../../../support/program';

const program = join(targetFixtures, 'manyThreads.cjs');
const [node20, , node24] = nodeBinaries();

for (const { version, path } of [node20, node24]) {
  describe(`many threads of Node ${version}`, function () {
    this.timeout(120_000);
    let recording: EngineRecording;
    beforeEach(() => {
      recording = createRecording({ refreshMs: 500 });
    });
    afterEach(async () => {
      await recording.detach();
      recording.dispose();
      await stopPrograms();
    });

    const hottest = (): string | undefined =>
      [...(recording.snapshot?.methods ?? [])].sort((a, b) => b.cpu.selfMs - a.cpu.selfMs)[0]?.source.method.name;
    const problems = (): string[] =>
      recording.threads.flatMap((thread) => [...(thread.measurement('ordinary')?.problems ?? [])]);

    it('are measured few at a time: the one that works, and nothing of idle ones', async () => {
      const target = await startProgram(path, [program]);
      const told: string[] = [];
      await recording.attach({ kind: 'pid', pid: target.pid }, { onNote: (text) => told.push(text) });
      assert.equal(told.length, 1);
      assert.match(told[0], /^65 threads run: at most 10 are sampled/);
      assert.equal(
        recording.targets.filter(({ cost }) => cost.startStallMs !== undefined).length,
        1,
        'the main thread',
      );
      await until(() => hottest() === 'burn', 'the method of the thread that works', 60_000);
      await until(() => recording.targets.length === 65, 'all threads');
      const isShown = (): boolean => recording.targets.some(({ cost }) => (cost.sampledShare ?? 0) > 0);
      await until(isShown, 'its share');
      // A heap was read, and what that caused is nobody's.
      await until(() => recording.targets.some(({ cost }) => cost.heapReadMs !== undefined), 'a heap read', 60_000);
      await recording.flush();
      await recording.flush();
      const { cpu } = recording.snapshot!;
      assertInvariants(recording.snapshot!);
      assert.ok(recording.targets.some(({ cost }) => (cost.leftOutMs ?? 0) > 0));
      assert.ok(cpu.gcMs < cpu.sampledMs * 0.1, `${cpu.gcMs} ms of ${cpu.sampledMs} ms`);
      const measured = recording.targets.filter(({ cost }) => cost.startStallMs !== undefined);
      assert.ok(measured.length <= 10, `${measured.length} profilers were started`);
      assert.ok(problems().some((text) => /^65 threads run/.test(text)));
      await recording.detach();
      assert.equal(recording.targets.length, 65);
      assert.deepEqual(await target.inspectorPorts(), []);
    });

    it('are seen although they end soon, with one line for those that were not', async () => {
      const target = await startProgram(path, [program, 'short']);
      await recording.attach({ kind: 'pid', pid: target.pid });
      await until(() => hottest() === 'burn', 'what they all do', 60_000);
      await until(() => recording.targets.length > 10, 'more of them', 60_000);
      assert.ok(problems().length <= 3, problems().join('\n'));
      await recording.detach();
      assert.deepEqual(await target.inspectorPorts(), []);
    });
  });
}
