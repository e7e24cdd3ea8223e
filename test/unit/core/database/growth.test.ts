import assert from 'node:assert/strict';
import type { ScaleCheck, ScalePoint } from '../../../../src/core/database/explainRun';
import { fitGrowth, scaleCheckOf as scaleCheckIn, workPerReturned } from '../../../../src/core/database/growth';
import type { Complexity } from '../../../../src/core/database/growth';
import { MONGO_WORDS } from '../../../../src/core/database/mongo/plan/words';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
const LAWS: Record<Exclude<Complexity, 'unknown'>, (n: number) => number> = {
  constant: () => 40,
  logarithmic: (n) => 3 * Math.log2(n),
  linear: (n) => 0.08 * n,
  'n log n': (n) => 2 * n * Math.log2(n),
  quadratic: (n) => 0.001 * n * n,
};

function series(law: (n: number) => number, sizes = SIZES): [number, number][] {
  return sizes.map((n) => [n, law(n)]);
}

/** The same numbers on every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('fitGrowth', () => {
  for (const [complexity, law] of Object.entries(LAWS)) {
    it(`tells ${complexity}`, () => {
      assert.deepEqual(fitGrowth(series(law)), { complexity });
      assert.deepEqual(
        fitGrowth(series((n) => law(n) + law(1000)).reverse()),
        { complexity },
        'with an offset, in another order',
      );
      assert.deepEqual(fitGrowth(series(law, [1000, 10_000, 48_211])), { complexity }, 'with three sizes');
    });
  }

  it('takes what a small sample finds by chance for linear', () => {
    assert.deepEqual(
      fitGrowth([
        [1000, 53],
        [10_000, 681],
        [30_000, 2103],
      ]),
      { complexity: 'linear' },
    );
  });

  it('tells constant, linear and quadratic of noisy numbers', () => {
    for (const complexity of ['constant', 'linear', 'quadratic'] as const) {
      for (let seed = 1; seed <= 200; seed++) {
        const random = noise(seed);
        const noisy = series((n) => LAWS[complexity](n) * (0.9 + 0.2 * random()));
        assert.equal(fitGrowth(noisy).complexity, complexity, JSON.stringify(noisy));
      }
    }
  });

  it('takes work that stops growing for constant, and says from where on', () => {
    assert.deepEqual(
      fitGrowth([
        [1000, 1000],
        [10_000, 9000],
        [100_000, 9400],
        [1_000_000, 9100],
      ]),
      { complexity: 'constant', settledAt: 10_000 },
    );
    assert.deepEqual(
      fitGrowth([
        [1000, 3],
        [10_000, 40],
        [100_000, 40],
      ]),
      { complexity: 'constant', settledAt: 10_000 },
    );
    assert.equal(
      fitGrowth([
        [1000, 1000],
        [10_000, 10_000],
        [12_000, 10_500],
      ]).settledAt,
      undefined,
      'too short to be one',
    );
  });

  it('does not take single keys for growth', () => {
    assert.deepEqual(
      fitGrowth([
        [1000, 0],
        [10_000, 1],
        [100_000, 2],
      ]),
      { complexity: 'constant' },
    );
    assert.deepEqual(fitGrowth(series(() => 0)), { complexity: 'constant' });
  });

  it('tells of two sizes what two can show', () => {
    assert.equal(
      fitGrowth([
        [1000, 500],
        [10_000, 5000],
      ]).complexity,
      'linear',
    );
    assert.equal(
      fitGrowth([
        [1000, 500],
        [10_000, 510],
      ]).complexity,
      'constant',
    );
    assert.equal(
      fitGrowth([
        [1000, 500],
        [10_000, 50_000],
      ]).complexity,
      'quadratic',
    );
    assert.equal(
      fitGrowth([
        [1000, 500],
        [10_000, 1700],
      ]).complexity,
      'unknown',
    );
    assert.equal(
      fitGrowth([
        [1000, 0],
        [10_000, 1700],
      ]).complexity,
      'unknown',
    );
  });

  it('says unknown where it cannot know', () => {
    assert.equal(fitGrowth([]).complexity, 'unknown');
    assert.equal(fitGrowth([[1000, 5]]).complexity, 'unknown');
    assert.equal(
      fitGrowth([
        [1000, 1000],
        [2000, 2000],
        [3000, 3000],
      ]).complexity,
      'unknown',
      'sizes too close',
    );
    assert.equal(
      fitGrowth([
        [1000, 900],
        [10_000, 12],
        [100_000, 4000],
        [1_000_000, 30],
      ]).complexity,
      'unknown',
      'contradicting',
    );
    assert.equal(
      fitGrowth([
        [NaN, 5],
        [0, 5],
        [1000, Infinity],
      ]).complexity,
      'unknown',
    );
  });

  it('is not misled by a fall', () => {
    assert.notEqual(
      fitGrowth([
        [1000, 9000],
        [10_000, 900],
        [100_000, 90],
      ]).complexity,
      'linear',
    );
    assert.equal(
      fitGrowth([
        [1000, 9000],
        [10_000, 900],
        [100_000, 90],
      ]).complexity,
      'unknown',
    );
  });
});

const scaleCheckOf = (points: readonly ScalePoint[]): ScaleCheck => scaleCheckIn(points, MONGO_WORDS);

describe('scaleCheckOf', () => {
  const points = (of: (n: number) => Partial<ScalePoint>): ScalePoint[] =>
    SIZES.map((documents) => ({
      rows: documents,
      sampled: documents < 1_000_000,
      entriesRead: 0,
      rowsRead: 0,
      ...of(documents),
    }));

  it('explains linear work by a scan', () => {
    const scan = scaleCheckOf(points((n) => ({ returned: 20, rowsRead: n })).reverse());
    assert.equal(scan.complexity, 'linear');
    assert.deepEqual(
      scan.points.map(({ rows: documents }) => documents),
      SIZES,
    );
    assert.equal(
      scan.summary,
      'The work grows as fast as the collection: 1,000 documents and keys examined at 1,000 documents, 1,000,000 at 1,000,000.',
    );
  });

  it('explains linear work by results that grow', () => {
    const { complexity, summary } = scaleCheckOf(
      points((n) => ({ returned: n / 10, rowsRead: n / 10, entriesRead: n / 10 })),
    );
    assert.equal(complexity, 'linear');
    assert.match(summary, /; so do the results, at 2 for each\.$/);
  });

  it('explains constant work, and work that stops at a limit', () => {
    assert.match(
      scaleCheckOf(points(() => ({ returned: 20, rowsRead: 20, entriesRead: 20 }))).summary,
      /^The work stays the same however large the collection is: 40 .* at 1,000 documents, 40 at 1,000,000\.$/,
    );
    assert.match(
      scaleCheckOf(points((n) => ({ returned: Math.min(20, n / 500), rowsRead: Math.min(10_000, n) }))).summary,
      /^The work grows up to 10,000 documents and then stays/,
    );
  });

  it('explains faster growth, and what follows no law', () => {
    assert.match(
      scaleCheckOf(points((n) => ({ rowsRead: n * n }))).summary,
      /^The work grows faster than the collection \(quadratic\)/,
    );
    const wild = [900, 12, 4000, 30];
    assert.match(
      scaleCheckOf(points((n) => ({ rowsRead: wild[SIZES.indexOf(n)] }))).summary,
      /follow no law \(12 at 10,000, 4,000 at 100,000\)\.$/,
    );
  });

  it('says what is missing', () => {
    assert.deepEqual(scaleCheckOf([]), { points: [], complexity: 'unknown', summary: 'Nothing was measured.' });
    assert.match(scaleCheckOf([{ rows: 5, sampled: false, millis: 3 }]).summary, /does not say/);
    assert.match(
      scaleCheckOf([{ rows: 5000, sampled: false, rowsRead: 5000 }]).summary,
      /^5,000 documents and keys examined at 5,000 documents; one size/,
    );
    assert.match(
      scaleCheckOf([
        { rows: 1000, sampled: true, rowsRead: 1000 },
        { rows: 2000, sampled: false, rowsRead: 2000 },
      ]).summary,
      /too close/,
    );
  });

  it('counts what each result costs', () => {
    assert.deepEqual(
      [
        workPerReturned({ returned: 20, rowsRead: 30, entriesRead: 30 }),
        workPerReturned({ returned: 0, rowsRead: 7 }),
        workPerReturned({ returned: 2 }),
        workPerReturned({ rowsRead: 2 }),
      ],
      [3, 7, undefined, undefined],
    );
  });
});
