import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findAgents } from '../../../../src/node/processes/agentDirectory';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import { AgentBench, until, within } from '../../../support/agentTarget';
import { reportOf } from '../../../support/cli';
import { assertInvariants } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { onEach } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';
import { watchResources } from '../../../support/resources';
import { assertUntouched, type VictimState } from '../../../support/victim';

describe('a recording through the agent', function () {
  this.timeout(90_000);
  let bench: AgentBench;
  const recordings = new Set<EngineRecording>();
  before(() => {
    bench = new AgentBench();
  });
  afterEach(async () => {
    for (const recording of recordings) recording.dispose();
    recordings.clear();
    await stopPrograms();
  });
  after(() => bench.dispose());

  const start = (node: string, script: string): Promise<Program> =>
    startProgram(node, ['-r', bench.bundle, join(targetFixtures, script)], {
      env: { HEATLENS_AGENT_DIR: bench.socketDirectory },
    });
  const attach = async (program: Program): Promise<EngineRecording> => {
    const recording = createRecording({ refreshMs: 250, cpuIntervalUs: 1_000 });
    recordings.add(recording);
    const agent = (await findAgents()).sockets.find(({ pid, threadId }) => pid === program.pid && threadId === 0);
    assert.ok(agent, 'the agent is listed');
    await recording.attach({ kind: 'agent', socket: agent.socket });
    return recording;
  };

  it('gives the same heat, exactly too, without a port, and leaves nothing behind', async () => {
    const released = await watchResources();
    await onEach(nodeBinaries(), async (node) => {
      const program = await start(node, 'victim.cjs');
      const before = await program.get<VictimState>('/state');
      const recording = await attach(program);
      await until(
        () =>
          recording.snapshot?.methods.some(({ source, cpu }) => source.method.name === 'spin' && cpu.selfMs > 0) ??
          false,
        'heat',
      );
      await until(() => (recording.snapshot?.memory.allocatedBytes ?? 0) > 0, 'allocated bytes');
      assertInvariants(recording.snapshot!);
      assert.deepEqual(await program.inspectorPorts(), []);
      await recording.measureExactly(500);
      assert.equal(recording.snapshot?.accuracy, 'exact');
      const hottest = [...recording.snapshot.methods].sort((a, b) => b.cpu.selfMs - a.cpu.selfMs)[0];
      assert.equal(hottest.source.method.name, 'spin');
      assert.equal(hottest.source.file, join(targetFixtures, 'victim.cjs'));
      await recording.pause();
      assert.equal((await program.get<VictimState>('/state')).profilerThreads, 0);
      await recording.resume();
      await recording.detach();
      recording.dispose();
      await assertUntouched(program, before);
      program.child.kill('SIGKILL');
      await program.exit;
    });
    await released();
  });

  it('keeps the heat of a target that is killed or ends, and does not hold it up', async () => {
    for (const end of ['kill', '/exit?code=4']) {
      const program = await start(nodeBinaries()[1].path, 'victim.cjs');
      const recording = await attach(program);
      const messages: string[] = [];
      recording.onDidLoseTarget(({ message }) => messages.push(message));
      await until(() => (recording.snapshot?.methods.length ?? 0) > 0, 'heat');
      if (end === 'kill') program.child.kill('SIGKILL');
      else await program.get(end);
      const exit = await within(program.exit, 20_000, 'the exit');
      if (end !== 'kill') assert.deepEqual(exit, { code: 4, signal: null });
      await until(() => messages.length > 0, 'the message');
      assert.match(messages[0], new RegExp(`^Process ${program.pid} has ended\\.`));
      assert.equal(recording.targets[0].state, 'ended');
      assert.ok(recording.snapshot!.methods.length > 0);
      await recording.detach();
    }
  });

  it('is what the command line uses for a process that has one', async () => {
    const program = await start(nodeBinaries()[3].path, 'pool.cjs');
    const report = await reportOf(['record', '--pid', String(program.pid), '--duration', '1.5', '--memory', 'off'], {
      env: { HEATLENS_AGENT_DIR: bench.socketDirectory },
    });
    assert.deepEqual([report.target?.pid, report.methods[0].name], [program.pid, 'digest']);
    assert.doesNotMatch(program.output(), /Debugger/);
  });
});
