import assert from 'node:assert/strict';
import { sumUntil } from '../../../../src/core/measurement/threadReadings';
import { createReadingLog } from '../../../../src/node/instruments/readingLog';

describe('readings of a thread', () => {
  it('are those around the window, and are kept for the next one', () => {
    const log = createReadingLog();
    for (let at = 0; at <= 100; at += 10) log.push({ atUs: at, usedUs: at / 2, ranUs: at / 5 });
    const first = log.take(25, 58, false)!;
    assert.deepEqual([...first.atUs], [20, 30, 40, 50, 60, 70, 80, 90, 100]);
    assert.deepEqual([first.usedUs[1], first.ranUs[1], first.isCoarse], [15, 6, false]);
    assert.deepEqual([...log.take(58, 75, true)!.atUs], [50, 60, 70, 80, 90, 100]);
  });

  it('put time that the kernel booked late where it was used', () => {
    const log = createReadingLog();
    [0, 0, 0, 30, 30, 36].forEach((used, n) => log.push({ atUs: n * 10, usedUs: used, ranUs: used }));
    const { atUs, usedUs } = log.take(0, 50, false)!;
    assert.deepEqual([...usedUs], [0, 10, 20, 30, 30, 36]);
    assert.deepEqual(
      [-5, 5, 25, 35, 45, 60].map((at) => sumUntil(atUs, usedUs, at)),
      [0, 5, 25, 30, 33, 36],
    );
  });

  it('are none where they are of another clock than the window, or too few', () => {
    const log = createReadingLog();
    assert.equal(log.take(0, 10, false), undefined);
    log.push({ atUs: 1e9, usedUs: 0, ranUs: 0 });
    log.push({ atUs: 1e9 + 10, usedUs: 5, ranUs: 5 });
    assert.equal(log.take(0, 10, false), undefined);
    assert.equal(log.take(9e9, 9e9 + 10, false), undefined);
  });

  it('are bounded while a window lasts, and still cover it', () => {
    const log = createReadingLog();
    for (let n = 0; n < 200_000; n++) log.push({ atUs: n * 10, usedUs: n * 5, ranUs: n * 5 });
    const { atUs, usedUs } = log.take(0, 2e6, false)!;
    assert.ok(atUs.length <= 60_000 && atUs.length > 10_000, `${atUs.length} readings`);
    assert.deepEqual([atUs[0], atUs.at(-1), usedUs.at(-1)], [0, 1_999_990, 999_995]);
  });

  it('never fall, and never go back in time', () => {
    const log = createReadingLog();
    log.push({ atUs: 0, usedUs: 10, ranUs: 10 });
    log.push({ atUs: 20, usedUs: 8, ranUs: 8 });
    log.push({ atUs: 10, usedUs: 50, ranUs: 50 });
    assert.deepEqual([...log.take(0, 20, false)!.usedUs], [10, 10]);
  });
});
