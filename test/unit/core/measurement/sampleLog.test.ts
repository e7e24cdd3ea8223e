import assert from 'node:assert/strict';
import { SampleLog } from '../../../../src/core/measurement/sampleLog';

describe('the log of samples', () => {
  it('keeps them in order', () => {
    const log = new SampleLog();
    for (let i = 0; i < 1_000; i++) log.push(i % 7, i * 1.5, false);
    assert.equal(log.length, 1_000);
    assert.deepEqual([log.sampleNodes[999], log.timestampsUs[999]], [999 % 7, 1498.5]);
  });

  it("has a sample once that two windows saw, and a gap between windows as nobody's", () => {
    const log = new SampleLog();
    log.push(1, 100, false);
    log.push(2, 110, false);
    log.end(115);
    log.push(2, 115, true);
    log.push(3, 120, false);
    log.end(130);
    log.push(3, 500, false);
    assert.deepEqual([...log.sampleNodes], [1, 2, 3, 0, 3]);
    assert.deepEqual([...log.timestampsUs], [100, 110, 120, 130, 500]);
  });

  it('keeps a continued sample whose beginning was lost', () => {
    const log = new SampleLog();
    log.push(1, 100, true);
    log.end(110);
    log.push(2, 110, true);
    assert.deepEqual([...log.sampleNodes], [1, 2]);
  });

  it('forgets the older half when it is full', () => {
    const log = new SampleLog();
    for (let i = 0; i < 1_000_001; i++) log.push(i, i * 10, false);
    assert.deepEqual([log.length, log.dropped], [500_001, 500_000]);
    assert.deepEqual([log.sampleNodes[0], log.timestampsUs[0]], [500_000, 5_000_000]);
    assert.deepEqual([log.sampleNodes[500_000], log.timestampsUs[500_000]], [1_000_000, 10_000_000]);
  });
});
