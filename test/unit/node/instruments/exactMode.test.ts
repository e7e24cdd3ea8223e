import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import { until } from '../../../support/agentTarget';
import { nodeBinaries } from '../../../support/nodeVersions';
import { attachTo, onEach } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';
import { assertUntouched, type VictimState } from '../../../support/victim';

const binaries = nodeBinaries();

describe('exact mode', function () {
  this.timeout(90_000);
  const recordings: EngineRecording[] = [];
  afterEach(async () => {
    for (const recording of recordings.splice(0)) recording.dispose();
    await stopPrograms();
  });

  const attach = async (program: Program): Promise<EngineRecording> => {
    const recording = createRecording({ memory: 'off', refreshMs: 250 });
    recordings.push(recording);
    await attachTo(recording, program);
    return recording;
  };
  const start = (node: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Program> =>
    startProgram(node, [...flags, join(targetFixtures, 'victim.cjs')], { env });

  it('is refused where code coverage is recorded', async () => {
    const program = await start(binaries[2].path, [], { NODE_V8_COVERAGE: join(tmpdir(), 'heatlens-no-coverage') });
    const before = await program.get<VictimState>('/state');
    const recording = await attach(program);
    await assert.rejects(recording.measureExactly(300), (error) => {
      const { code, oneLine } = error as { code: string; oneLine: string };
      assert.equal(code, 'exactUnderCoverage');
      assert.match(oneLine, /records code coverage.*Start the process without NODE_V8_COVERAGE/);
      return true;
    });
    assert.deepEqual([recording.measuringExactly, recording.targets[0].state], [false, 'measuring']);
    assert.deepEqual((await program.get<VictimState>('/state')).flags, {});
    await recording.detach();
    await assertUntouched(program, before);
  });

  it('leaves off what the user has switched off himself', async () => {
    await onEach([binaries[0], binaries[3]], async (node) => {
      const program = await start(node, ['--no_turbo_inlining']);
      const recording = await attach(program);
      await recording.measureExactly(300);
      assert.deepEqual((await program.get<VictimState>('/state')).flags, { 'maglev-inlining': true });
      await recording.detach();
    });
  });

  it('gives the flags back when it is detached in the middle', async () => {
    const program = await start(binaries[1].path, ['--inspect=0']);
    const ports = await program.inspectorPorts();
    const before = await program.get<VictimState>('/state');
    const recording = await attach(program);
    const measuring = recording.measureExactly(60_000);
    await until(() => recording.targets[0].state === 'measuring-exactly', 'exact mode');
    await recording.detach();
    await measuring;
    assert.ok(Object.values((await program.get<VictimState>('/state')).flags).every(Boolean));
    await assertUntouched(program, before, ports);
  });

  it('measures workers exactly, too', async () => {
    const program = await startProgram(binaries[1].path, [join(targetFixtures, 'pool.cjs')]);
    const recording = await attach(program);
    await recording.measureExactly(1_000);
    const { snapshot } = recording;
    assert.equal(snapshot?.accuracy, 'exact');
    const hottest = [...snapshot.methods].sort((a, b) => b.cpu.selfMs - a.cpu.selfMs)[0];
    assert.equal(hottest.source.method.name, 'digest');
    assert.ok(snapshot.methods.every(({ accuracy }) => accuracy === 'exact'));
    await recording.detach();
  });
});
