import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../src/core/errors';
import { forEachTick } from '../../../../src/core/profile/cpuProfile';
import { toCpuProfile, toHeapProfile } from '../../../../src/core/profile/writeProfile';
import { parseProfile, type ProfileFile } from '../../../../src/node/recording/profileFiles';
import { measured, partOf, snapshotOf } from '../../../support/heatOf';
import { lineResolver } from '../../../support/lineResolver';
import { mutateText, mutateValue, randomNumbers } from '../../../support/mutate';
import { readFixture, readFixtureText } from '../../../support/recordedProfiles';
import { assertCpuProfile, assertHeapProfile } from '../../../support/v8Formats';

const BYTE_MUTANTS_EACH = 600;
const VALUE_MUTANTS_EACH = 250;
/** ms for one mutant; a hang would be forever, a slow machine is not. */
const MUTANT_MS = 10_000;

const resolver = lineResolver({
  'file:///app/record.cjs': ['(anonymous)', 'fibonacci', 'even', 'odd', 'add', 'get total', 'garbage', 'work', 'main'].map((name, i) => ({
    name,
    lines: [i * 7, i * 7 + 6] as const,
    uses: ['fibonacci', 'even', 'odd', 'add', 'garbage'],
  })),
});

/** Everything that happens to a file; returns whether it was accepted. */
function useProfile(read: () => ProfileFile): boolean {
  let file: ProfileFile;
  try {
    file = read();
  } catch (error) {
    assert.ok(isHeatlensError(error), `not one of ours: ${String(error)}`);
    assert.ok(!error.oneLine.includes('\n'));
    return false;
  }
  const recorded = file.kind === 'cpu' ? { cpu: file.profile } : { [file.measure]: file.profile };
  const measurement = measured(recorded);
  snapshotOf([partOf(measurement, resolver, true)]);
  const cpu = measurement.cpu('cumulative', 0);
  if (cpu) {
    forEachTick(cpu.slice, (node, line, ticks) => assert.ok(node < measurement.cpuTree.nodeCount && Number.isInteger(line) && line >= 0 && ticks > 0));
    const written = toCpuProfile(measurement.cpuTree, cpu.slice, measurement.samples);
    // Foreign lines and fractions are written as they were; what we compute ourselves has to be valid.
    assert.ok(Number.isFinite(written.startTime) && Number.isFinite(written.endTime) && written.startTime <= written.endTime);
    assert.ok(written.timeDeltas!.every((delta) => Number.isFinite(delta) && delta >= 0));
    assert.equal(written.samples!.length, written.timeDeltas!.length);
    snapshotOf([partOf(measured({ cpu: JSON.parse(JSON.stringify(written)) as typeof written }), resolver, true)]);
  }
  const bytes = measurement.live ?? measurement.allocated;
  if (bytes) snapshotOf([partOf(measured({ live: toHeapProfile(measurement.heapTree, bytes.slice) }), resolver)]);
  return true;
}

function timed(what: string, task: () => boolean): boolean {
  const start = performance.now();
  try {
    return task();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).stack}`, { cause: error });
  } finally {
    const ms = performance.now() - start;
    assert.ok(ms < MUTANT_MS, `${what} took ${ms} ms`);
  }
}

describe('mutated profiles', function () {
  this.timeout(120_000);

  for (const [i, name] of ['node20.cpuprofile', 'node22.cpuprofile', 'node24.cpuprofile', 'node26.cpuprofile', 'node22.heapprofile', 'node26.heapprofile'].entries()) {
    it(`${name}: ${BYTE_MUTANTS_EACH} with other bytes and ${VALUE_MUTANTS_EACH} with other values give heat or one message`, () => {
      const text = readFixtureText(name);
      assert.ok(useProfile(() => parseProfile(name, text)));
      const random = randomNumbers(1_000 + i);
      let accepted = 0;
      for (let mutant = 0; mutant < BYTE_MUTANTS_EACH; mutant++) {
        const mutated = mutateText(text, random);
        accepted += Number(timed(`byte mutant ${mutant} of ${name}`, () => useProfile(() => parseProfile(name, mutated))));
      }
      assert.ok(accepted > BYTE_MUTANTS_EACH / 20, `only ${accepted} mutants reached the code behind the parser`);
      const value = readFixture(name);
      const { kind } = parseProfile(name, text);
      for (let mutant = 0; mutant < VALUE_MUTANTS_EACH; mutant++) {
        const mutated = mutateValue(value, random);
        timed(`value mutant ${mutant} of ${name}`, () => useProfile(() => parseProfile(name, JSON.stringify(mutated))));
        // JSON cannot hold NaN and Infinity: once more without a text in between.
        const file = { kind, measure: 'live', windowMs: 0, accuracy: 'approximate', profile: mutated } as ProfileFile;
        timed(`value mutant ${mutant} of ${name}, handed over`, () => useProfile(() => file));
      }
    });
  }

  it('recorded ones are written as valid V8 profiles', () => {
    for (const version of [20, 22, 24, 26]) {
      const cpu = parseProfile('x', readFixtureText(`node${version}.cpuprofile`));
      const heap = parseProfile('x', readFixtureText(`node${version}.heapprofile`));
      assert.ok(cpu.kind === 'cpu' && heap.kind === 'heap');
      const measurement = measured({ cpu: cpu.profile, live: heap.profile });
      assertCpuProfile(toCpuProfile(measurement.cpuTree, measurement.cpu('cumulative', 0)!.slice, measurement.samples));
      assertHeapProfile(toHeapProfile(measurement.heapTree, measurement.live!.slice));
    }
  });
});
