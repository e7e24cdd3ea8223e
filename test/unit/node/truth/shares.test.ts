import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { buildBundle, truthPrograms } from '../../../support/truth/truthPrograms';
import { runTruth, type TruthRun, type TruthTimes } from '../../../support/truth/truthRun';
import { printTruth, worstOf, type TruthRow } from '../../../support/truth/truthTable';
import { isFull, LIMITS, RUNS, truthNodes } from '../../../support/truth/truthRuns';

/** A sample every ms, so that chance alone stays below a point. */
const CPU_INTERVAL_US = 1_000;
/** The whole suite has little time: it leaves out what has no limit. */
const unlimitedMs = isFull ? 4_000 : 0;
const times: TruthTimes = {
  cpuIntervalUs: CPU_INTERVAL_US,
  calibratedMs: 5_000,
  plainMs: unlimitedMs,
  exactMs: unlimitedMs,
};

describe('CPU shares against the own clock of the program', function () {
  this.timeout(20 * 60_000);
  // The worst of ten is the worst of ten.
  this.retries(isFull ? 0 : 1);
  const rows: TruthRow[] = [];
  const bundle = buildBundle();
  after(() => {
    rmSync(bundle.folder, { recursive: true, force: true });
    printTruth(rows);
  });

  for (const program of truthPrograms(bundle.script)) {
    if (!isFull && !program.isShort) continue;
    for (const node of truthNodes()) {
      it(`${program.name}, Node ${node.version}: within ${LIMITS.sharePoints} points in ${RUNS} runs`, async () => {
        const runs: TruthRun[] = [];
        // One after the other: a program that waits for a processor has no true clock.
        for (let n = 0; n < RUNS; n++) {
          // What has no limit is for the table only.
          runs.push(await runTruth(program, node, n === 0 ? times : { ...times, plainMs: 0, exactMs: 0 }));
        }
        const row = { program: program.name, node: node.version, runs };
        rows.push(row);
        const worst = worstOf(row, 'calibrated')!;
        assert.ok(worst.points <= LIMITS.sharePoints, `${worst.name} is ${worst.points.toFixed(1)} points off`);
      });
    }
  }
});
