import assert from 'node:assert/strict';
import { SampleLog } from '../../../../src/core/profile/sampleLog';

describe('the log of samples', () => {
  it('keeps them in order', () => {
    const log = new SampleLog();
    for (let i = 0; i < 1_000; i++) log.push(i % 7, i * 1.5);
    assert.equal(log.length, 1_000);
    assert.deepEqual([log.sampleNodes[999], log.timestampsUs[999]], [999 % 7, 1498.5]);
  });

  it('forgets the older half when it is full', () => {
    const log = new SampleLog();
    for (let i = 0; i < 1_000_001; i++) log.push(i, i * 10);
    assert.deepEqual([log.length, log.dropped], [500_001, 500_000]);
    assert.deepEqual([log.sampleNodes[0], log.timestampsUs[0]], [500_000, 5_000_000]);
    assert.deepEqual([log.sampleNodes[500_000], log.timestampsUs[500_000]], [1_000_000, 10_000_000]);
  });
});
