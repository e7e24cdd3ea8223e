import assert from 'node:assert/strict';
import { numberInterval, numbersByNode, sampledSize } from '../../../../../src/core/profile/v8/heapNumbers';
import { heapProfile } from '../../../../support/profileBuilder';

describe('numbers among sampled objects', () => {
  it('are told from all objects of up to a thousand bytes, whatever interval is asked for', () => {
    for (const asked of [1_024, 16_384, 32_768, 65_536, 262_144, 524_288, 1_000_003]) {
      const interval = numberInterval(asked);
      assert.ok(interval >= asked && interval < asked * 1.1, `${interval} for ${asked}`);
      const number = sampledSize(16, interval);
      for (let bytes = 24; bytes <= 1_024; bytes += 8)
        assert.notEqual(sampledSize(bytes, interval), number, `${bytes} bytes at ${interval}`);
    }
    // What the choice is for: at this round interval V8 reports both alike.
    assert.equal(sampledSize(24, 32_768), sampledSize(16, 32_768));
  });

  it('are reported as V8 does it', () => {
    assert.deepEqual(
      [sampledSize(16, 16_384), sampledSize(32, 16_384), sampledSize(64, 16_384)],
      [16_400, 16_416, 16_448],
    );
  });

  it('are summed by node', () => {
    const interval = numberInterval(16_384);
    const size = sampledSize(16, interval);
    const profile = {
      ...heapProfile({ 'main@/a.js:1': 100 }),
      samples: [
        { size, nodeId: 2, ordinal: 1 },
        { size: sampledSize(24, interval), nodeId: 2, ordinal: 2 },
        { size, nodeId: 2, ordinal: 3 },
        { size, nodeId: 1, ordinal: 4 },
      ],
    };
    assert.deepEqual(
      [...numbersByNode(profile, interval)!],
      [
        [2, 2 * size],
        [1, size],
      ],
    );
    assert.equal(numbersByNode({ ...heapProfile({}), samples: undefined }, interval), undefined);
  });
});
