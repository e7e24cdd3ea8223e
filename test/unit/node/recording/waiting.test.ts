import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';
import { createRecording } from '../../../../src/node/recording/recording';
import { attachTo } from '../../../support/onEach';
import { nodeBinaries, outerNodes } from '../../../support/nodeVersions';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';

const MEASURE_MS = 3_000;

interface Clock {
  readonly work: number;
  readonly wait: number;
}

/** The program's own account of its time so far, ms. */
function clockOf(program: Program): Clock {
  const last = [...program.output().matchAll(/^clock (.*)$/gm)].at(-1);
  return JSON.parse(last![1]) as Clock;
}

/** What was measured, and what the program says of the same time. */
async function measure(program: Program): Promise<{ snapshot: HeatSnapshot; clock: Clock }> {
  const recording = createRecording({ memory: 'off', refreshMs: 500 });
  try {
    await attachTo(recording, program);
    await recording.flush();
    const before = clockOf(program);
    await delay(MEASURE_MS);
    const snapshot = await recording.flush();
    const after = clockOf(program);
    assert.ok(snapshot);
    return { snapshot, clock: { work: after.work - before.work, wait: after.wait - before.wait } };
  } finally {
    await recording.detach();
    recording.dispose();
  }
}

function methodOf(snapshot: HeatSnapshot, name: string): HeatSnapshot['methods'][number] {
  const found = snapshot.methods.find(({ source }) => source.method.name === name);
  assert.ok(found, `${name} among ${snapshot.methods.map(({ source }) => source.method.name).join(', ')}`);
  return found;
}

describe('a program that waits inside calls', function () {
  this.timeout(60_000);
  // Shares of three seconds are only as steady as the processor time that the machine leaves the program.
  this.retries(3);
  afterEach(stopPrograms);

  for (const { version, path } of outerNodes()) {
    for (const [mode, waits] of [
      ['wait', 'waitForNobody'],
      ['spawn', 'spawnSleep'],
      // V8 may inline what it calls.
      ['pool', 'takeWork'],
    ] as const) {
      it(`Node ${version}, ${mode}: waits as long as it says, and what waits is not hot`, async () => {
        const program = await startProgram(path, [join(targetFixtures, 'waiting.cjs'), mode]);
        await program.waitFor(/"work":[1-9]/);
        const { snapshot, clock } = await measure(program);
        const waiting = methodOf(snapshot, waits).cpu;
        const told = clock.wait / (clock.wait + clock.work);
        const found = snapshot.cpu.waitingMs! / (snapshot.cpu.waitingMs! + snapshot.cpu.sampledMs);
        const hot = [...snapshot.methods].sort((a, b) => b.cpu.selfMs - a.cpu.selfMs)[0];
        console.log(
          `      waiting ${(100 * found).toFixed(0)} % of what is not idle, by its own clock ${(100 * told).toFixed(0)} %; ` +
            `${hot.source.method.qualifiedName} ${(100 * hot.cpu.selfShare).toFixed(0)} %, ` +
            `${waits} ${(100 * waiting.selfShare).toFixed(0)} % of the CPU time`,
        );
        assert.ok(clock.wait > 0 && Math.abs(found - told) < 0.15, `${found} is not ${told}`);
        assert.ok(waiting.totalWaitingMs > 0.8 * snapshot.cpu.waitingMs!, 'it is the call that waits');
        // V8 may inline the work into whoever calls it, whose time it is then.
        assert.ok(
          ['hotWork', "timed('work') callback", 'timed', 'takeWork'].includes(hot.source.method.name),
          'the work leads',
        );
        assert.ok(mode === 'pool' || waiting.selfShare < 0.1, 'what waits is not hot');
        assert.ok(hot.cpu.selfWaitingMs < 0.1 * snapshot.cpu.waitingMs! || mode === 'pool', 'the work does not wait');
      });
    }

    it(`Node ${version}, wasm: functions have the names that V8 gives them`, async () => {
      const program = await startProgram(path, [join(targetFixtures, 'waiting.cjs'), 'wasm']);
      await program.waitFor(/clock/);
      const { snapshot } = await measure(program);
      const functions = snapshot.unmapped.filter(({ reason, selfMs }) => reason === 'webassembly' && selfMs > 0);
      for (const name of ['hotwasm', 'wasm-function[0]']) {
        const found = functions.find((each) => each.name === name);
        assert.ok(found, `${name} among ${functions.map((each) => each.name).join(', ')}`);
        assert.match(found.url, /^wasm:/);
        assert.ok(found.selfMs > 0.2 * snapshot.cpu.sampledMs, `${name}: ${found.selfMs} ms`);
      }
      assert.ok(snapshot.cpu.waitingMs! < 0.1 * snapshot.cpu.sampledMs, 'it runs all the time');
    });
  }

  it('asks the target where its threads cannot be read, and keeps to calls that are known to block', async () => {
    const { path } = nodeBinaries().at(-1)!;
    const program = await startProgram(path, ['--inspect=0', join(targetFixtures, 'waiting.cjs'), 'spawn']);
    const [, port] = await program.waitFor(/ws:\/\/127\.0\.0\.1:(\d+)\//);
    const recording = createRecording({ memory: 'off', refreshMs: 500 });
    try {
      await recording.attach({ kind: 'host', host: '127.0.0.1', port: Number(port) });
      await delay(MEASURE_MS);
      const snapshot = await recording.flush();
      assert.ok(methodOf(snapshot!, 'spawnSleep').cpu.totalWaitingMs > 0.5 * snapshot!.cpu.waitingMs!);
      assert.ok(snapshot!.cpu.waitingMs! > 0.3 * snapshot!.cpu.sampledMs, JSON.stringify(snapshot!.cpu));
    } finally {
      await recording.detach();
      recording.dispose();
    }
  });
});
