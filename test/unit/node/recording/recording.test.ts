import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';
import { evaluate } from '../../../support/evaluate';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import type { RecordingOptions } from '../../../../src/node/recording/recordingTypes';
import { until } from '../../../support/agentTarget';
import { assertInvariants } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { attachTo } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures } from '../../../support/program';
import { profileFixtures } from '../../../support/recordedProfiles';

const binaries = nodeBinaries();

function filesOf(snapshot: HeatSnapshot | undefined): string[] {
  const busy = snapshot?.methods.filter(({ cpu }) => cpu.selfMs > 0) ?? [];
  return [...new Set(busy.map(({ source }) => source.file.slice(targetFixtures.length + 1)))].sort();
}

describe('a recording', function () {
  this.timeout(60_000);
  let recording: EngineRecording;
  const record = (options: Partial<RecordingOptions> = {}): EngineRecording =>
    (recording = createRecording({ refreshMs: 200, cpuIntervalUs: 1_000, memory: 'off', ...options }));
  afterEach(async () => {
    await recording.detach();
    recording.dispose();
    await stopPrograms();
  });

  it('merges several targets, or shows one at a time', async () => {
    record();
    const pool = await startProgram(binaries[3].path, [join(targetFixtures, 'pool.cjs')]);
    // A random port: on a machine under load the first one may keep the usual port for as long as it is attached.
    const memory = await startProgram(binaries[0].path, ['--inspect-port=0', join(targetFixtures, 'memory.cjs')]);
    await attachTo(recording, pool);
    await attachTo(recording, memory);
    assert.deepEqual(
      recording.targets.map(({ id }) => id).sort(),
      [`${memory.pid}`, `${pool.pid}`, `${pool.pid}/1`, `${pool.pid}/2`].sort(),
    );
    await until(() => filesOf(recording.snapshot).length === 2, 'heat of both');
    assertInvariants(recording.snapshot!);
    assert.deepEqual(filesOf(recording.snapshot), ['memory.cjs', 'pool.cjs']);

    const mains = recording.mainChannels();
    assert.deepEqual(await Promise.all(mains.map(({ channel }) => evaluate(channel, 'process.pid'))), [
      pool.pid,
      memory.pid,
    ]);

    recording.select(new Set([String(memory.pid)]));
    await recording.flush();
    assert.deepEqual(filesOf(recording.snapshot), ['memory.cjs']);
    recording.select(new Set([`${pool.pid}/1`]));
    await recording.flush();
    assert.deepEqual(filesOf(recording.snapshot), ['pool.cjs']);
    assertInvariants(recording.snapshot!);
    recording.select(undefined);

    // The same process once more is the same target.
    assert.equal((await recording.attach({ kind: 'pid', pid: pool.pid })).id, String(pool.pid));
    assert.equal(recording.targets.length, 4);

    await recording.detach(`${pool.pid}/2`);
    assert.deepEqual(await pool.inspectorPorts(), [], 'a worker is left with its process');
    const states = Object.fromEntries(recording.targets.map(({ id, state }) => [id, state]));
    assert.deepEqual(
      [states[pool.pid], states[`${pool.pid}/1`], states[memory.pid]],
      ['detached', 'detached', 'measuring'],
    );
    assert.deepEqual(filesOf(recording.snapshot), ['memory.cjs', 'pool.cjs'], 'heat stays after a detach');
    await recording.clear();
    await until(() => filesOf(recording.snapshot).length > 0, 'heat from zero');
    assert.deepEqual(filesOf(recording.snapshot), ['memory.cjs']);
    assert.deepEqual(
      recording.targets.map(({ id }) => id),
      [String(memory.pid)],
    );
  });

  it('follows the processes that its targets start', async () => {
    record({ followChildren: true });
    const parent = await startProgram(binaries[1].path, [join(targetFixtures, 'parent.cjs')]);
    await attachTo(recording, parent);
    const child = await parent.waitFor(/ready 0 of \d+\s[^]*ready 0 of (\d+)/);
    await until(
      () => recording.targets.some(({ id, state }) => id === child[1] && state === 'measuring'),
      'the child is measured',
      30_000,
    );
    await until(
      () =>
        filesOf(recording.snapshot).includes('inlined.cjs') ||
        filesOf(recording.snapshot).includes('inlinedCallee.cjs'),
      'its heat',
    );
    await recording.detach();
    assert.equal(
      recording.targets.every(({ state }) => state === 'detached'),
      true,
    );
  });

  it('says how many children the end came too early for', async () => {
    record({ followChildren: true });
    const parent = await startProgram(binaries[1].path, [join(targetFixtures, 'manyChildren.cjs'), '8']);
    await attachTo(recording, parent);
    await until(() => recording.targets.length > 1, 'the first of them', 30_000);
    await recording.detach();
    const problems = recording.threads.flatMap((thread) => [...(thread.measurement('ordinary')?.problems ?? [])]);
    assert.ok(
      problems.some((text) => /^\d child process(es were| was) not measured: the end came before/.test(text)),
      problems.join('\n'),
    );
  });

  it('says under which flags V8 is wrong', async () => {
    record({ memory: 'off' });
    const target = await startProgram(binaries[1].path, ['--no-opt', join(targetFixtures, 'inlined.cjs')]);
    await attachTo(recording, target);
    const problems = [...(recording.threads[0].measurement('ordinary')?.problems ?? [])];
    assert.ok(
      problems.some((text) => text.startsWith('it runs with --no-opt: ')),
      problems.join('\n'),
    );
  });

  it('loads files beside targets, and forgets them when it is cleared', async () => {
    record();
    const file = join(profileFixtures, 'node22.cpuprofile');
    const { problems } = await recording.loadFiles([
      file,
      join(profileFixtures, 'record.cjs'),
      join(profileFixtures, 'node24.heapprofile'),
    ]);
    assert.equal(problems.length, 1);
    assert.match(problems[0], /record\.cjs is neither a V8 CPU profile/);
    assert.deepEqual(
      recording.targets.map(({ label, state }) => [label, state]),
      [
        ['node22.cpuprofile', 'ended'],
        ['node24.heapprofile', 'ended'],
      ],
    );
    assert.ok(recording.snapshot!.cpu.sampledMs > 0 && recording.snapshot!.memory.liveBytes > 0);
    assertInvariants(recording.snapshot!);
    recording.select(new Set([`file:${file}`]));
    await recording.flush();
    assert.equal(recording.snapshot!.memory.liveBytes, 0);
    await recording.clear();
    assert.deepEqual([recording.targets, recording.snapshot], [[], undefined]);
  });

  it('says that nothing is attached', async () => {
    record();
    await assert.rejects(recording.pause(), { code: 'nothingAttached' });
    await assert.rejects(recording.measureExactly(1_000), { code: 'nothingAttached' });
    await recording.detach();
    await recording.reset();
    assert.equal(recording.snapshot, undefined);
  });

  it('asks before a start that would stall, and starts nothing when it is declined', async () => {
    record();
    const program = await startProgram(binaries[2].path, [
      '-e',
      `globalThis.kept = Array.from({ length: 5 }, () => new Array(9e6).fill(0.5)); setInterval(() => {}, 100); console.log('ready 0 of ' + process.pid)`,
    ]);
    let asked: number[] = [];
    const confirmStall = (...numbers: number[]): Promise<boolean> => {
      asked = numbers;
      return Promise.resolve(false);
    };
    await assert.rejects(recording.attach({ kind: 'pid', pid: program.pid }, { confirmStall }), {
      code: 'attachDeclined',
    });
    assert.ok(asked[0] > 500 && asked[1] > 100e6, `${asked.join(' ms, ')} bytes`);
    assert.deepEqual(recording.targets, []);
    await until(async () => (await program.inspectorPorts()).length === 0, 'the port is closed');
  });
});
