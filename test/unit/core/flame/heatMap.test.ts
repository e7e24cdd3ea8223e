import assert from 'node:assert/strict';
import { createHeatMap } from '../../../../src/core/flame/heatMap';
import { columnsOf } from '../../../support/columnsBuilder';
import { randomProfile, samplesWithin } from '../../../support/flameTruth';

const a = 'a@/app/a.js:0';

describe('A heat map over time', () => {
  it('says how much of each bucket was busy', () => {
    const profile = columnsOf(
      {},
      {
        startUs: 100,
        timeline: [
          [a, 10],
          [a, 5],
          ['(idle)', 7],
          ['(program)', 7],
          ['', 2],
          [a, 1],
        ],
      },
    );
    const map = createHeatMap(profile, 0, 2, 2)!;
    assert.deepEqual([map.columns, map.rows, map.startUs, map.bucketUs], [2, 2, 100, 8]);
    assert.deepEqual([...map.values], [1, 0.875, 0.25, 0.75]);
  });

  it('spreads a long sample over all buckets that it spans', () => {
    const profile = columnsOf(
      {},
      {
        timeline: [
          ['(idle)', 15],
          [a, 70],
          ['(idle)', 15],
        ],
      },
    );
    assert.deepEqual(
      [...createHeatMap(profile, 0, 5, 2)!.values].map((value) => Number(value.toFixed(3))),
      [0, 0.5, 1, 1, 1, 1, 1, 1, 0.5, 0],
    );
  });

  it('is none without a timeline, of another measure, or of no time', () => {
    assert.equal(createHeatMap(columnsOf({ [a]: 1 }), 0, 2, 2), undefined);
    assert.equal(createHeatMap(randomProfile(1), 1, 2, 2), undefined);
    assert.equal(createHeatMap(columnsOf({}, { timeline: [] }), 0, 2, 2), undefined);
    assert.equal(createHeatMap(columnsOf({}, { timeline: [[a, 0]] }), 0, 2, 2), undefined);
    assert.equal(createHeatMap(columnsOf({}, { timeline: [[a, 5]] }), 0, 0, 2), undefined);
  });

  it('is what the samples say', () => {
    for (let seed = 0; seed < 30; seed++) {
      const profile = randomProfile(seed);
      const columns = 1 + (seed % 13);
      const rows = 1 + (seed % 7);
      const map = createHeatMap(profile, 0, columns, rows)!;
      assert.equal(map.values.length, columns * rows);
      map.values.forEach((value, bucket) => {
        const from = map.startUs + bucket * map.bucketUs;
        const busy = samplesWithin(profile, from, from + map.bucketUs)
          .filter(({ node }) => node && profile.frames[profile.nodeFrames[node]].functionName !== '(idle)')
          .reduce((sum, { us }) => sum + us, 0);
        assert.ok(Math.abs(value - busy / map.bucketUs) < 1e-5, `seed ${seed}, bucket ${bucket}: ${value}`);
        assert.ok(value >= 0 && value <= 1);
      });
    }
  });
});
