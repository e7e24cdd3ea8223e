import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import { until } from '../../../support/agentTarget';
import { nodeBinaries, outerNodes } from '../../../support/nodeVersions';
import { attachTo } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures } from '../../../support/program';
import { assertUntouched, type VictimState } from '../../../support/victim';

const ALLOCATED_MS = 2_500;
const LIVE_MS = 2_500;
const CALIBRATED_MS = 5_000;

/** Bytes of each step of the program, see there. */
const ALLOCATED = { small: 40, large: 120, middle: 38.4, keepNumber: 4, price: 0, serve: 0 };
const LIVE = { middle: 6.4, keepNumber: 4, price: 0, small: 0, large: 0 };

/** Within 10 % of the truth or a point of the whole, and a little for how few samples there are. */
const LARGEST_POINTS = 2;
const LARGEST_ERROR = 0.15;

describe('calibrated bytes of real programs', function () {
  this.timeout(180_000);
  let recording: EngineRecording | undefined;
  afterEach(async () => {
    recording?.dispose();
    recording = undefined;
    await stopPrograms();
  });

  for (const { version, path } of outerNodes()) {
    it(`are those of each small allocator, on Node ${version}`, async () => {
      const program = await startProgram(path, [join(targetFixtures, 'allocators.cjs')]);
      const endsAt = (): number => Date.now() + ALLOCATED_MS / 0.4;
      recording = createRecording({ heapIntervalBytes: 32 * 1024, refreshMs: 500 }, { endsAt, unfolded: true });
      await attachTo(recording, program);
      const start = Date.now();
      await until(() => recording!.snapshot?.memory.allocatedInterval !== undefined, 'allocated bytes');
      await until(() => Date.now() - start > ALLOCATED_MS + LIVE_MS, 'live bytes');
      await recording.calibrate(CALIBRATED_MS, { isLast: true });
      await recording.detach();
      const { snapshot } = recording;
      assert.equal(snapshot?.memory.accuracy, 'calibrated');
      assertBytes(snapshot, 'allocatedBytes', ALLOCATED);
      assertBytes(snapshot, 'liveBytes', LIVE);
      const calibrated = snapshot.methods.filter(({ source }) => source.method.name in ALLOCATED);
      assert.ok(calibrated.some(({ memory }) => memory.accuracy === 'calibrated'));
      // Its numbers are not shown as exact ones.
      assert.notEqual(snapshot.accuracy, 'exact');
    });
  }

  it('leave the process as it was, and what was measured with it', async () => {
    const [, node] = nodeBinaries();
    const program = await startProgram(node.path, [join(targetFixtures, 'victim.cjs')]);
    const before = await program.get<VictimState>('/state');
    recording = createRecording({ refreshMs: 250 });
    await attachTo(recording, program);
    assert.equal(await recording.canCalibrate(), true);
    await recording.calibrate(500);
    const { flags } = await program.get<VictimState>('/state');
    // Until we leave, what is kept is to be seen among live bytes.
    assert.deepEqual(flags, {
      'turbo-allocation-folding': false,
      'turbo-inlining': true,
      'maglev-inlining': true,
    });
    assert.equal(recording.targets[0].state, 'measuring');
    await recording.reset();
    assert.equal((await recording.flush())?.memory.accuracy, 'calibrated');
    await recording.detach();
    await assertUntouched(program, before);
  });

  it('are refused where code coverage is recorded, with nothing changed', async () => {
    const [, node] = nodeBinaries();
    const env = { NODE_V8_COVERAGE: '/nonexistent' };
    const program = await startProgram(node.path, [join(targetFixtures, 'victim.cjs')], { env });
    recording = createRecording({ refreshMs: 250 }, { unfolded: true });
    await attachTo(recording, program);
    assert.equal(await recording.canCalibrate(), false);
    await assert.rejects(recording.calibrate(500), { code: 'exactUnderCoverage' });
    assert.deepEqual((await program.get<VictimState>('/state')).flags, {});
    await recording.detach();
  });
});

function assertBytes(
  { memory, methods }: HeatSnapshot,
  measure: 'liveBytes' | 'allocatedBytes',
  truth: Readonly<Record<string, number>>,
): void {
  const whole = Object.values(truth).reduce((sum, bytes) => sum + bytes, 0);
  const told: string[] = [];
  let isRight = memory[measure] > 0;
  for (const [name, bytes] of Object.entries(truth)) {
    const found = methods.filter(({ source }) => source.method.name === name);
    const share = found.reduce((sum, heat) => sum + heat.memory[measure], 0) / memory[measure];
    const exact = bytes / whole;
    const error = Math.abs(share - exact);
    if (error > Math.max(LARGEST_ERROR * exact, LARGEST_POINTS / 100)) isRight = false;
    told.push(`${name} ${(100 * share).toFixed(1)} % (true ${(100 * exact).toFixed(1)} %)`);
  }
  assert.ok(isRight, `${measure}: ${told.join(', ')}`);
}
