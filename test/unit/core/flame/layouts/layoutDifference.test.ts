import assert from 'node:assert/strict';
import { comparedViews, compareProfiles } from '../../../../../src/core/flame/comparison/compareProfiles';
import { createView } from '../../../../../src/core/flame/view/createView';
import type { DifferenceLayout } from '../../../../../src/core/flame/layouts/flameLayout';
import { layoutDifference } from '../../../../../src/core/flame/layouts/layoutDifference';
import type { ViewFrame } from '../../../../../src/core/flame/view/profileView';
import { defaultViewOptions } from '../../../../../src/core/flame/view/viewOptions';
import { columnsOf } from '../../../../support/columnsBuilder';
import { assertLayout, randomProfile, shownStacks, totalsByPath } from '../../../../support/flameTruth';

const a = 'a@/app/a.js:0';
const b = 'b@/app/a.js:5';
const c = 'c@/app/a.js:9';
const d = 'd@/app/a.js:12';

/** `name left-right before/after`, by row. */
function texts(
  { rowStarts, lefts, rights, frames, before, after }: DifferenceLayout,
  names: readonly ViewFrame[],
): string[] {
  return [...rowStarts.subarray(0, -1)].map((start, row) =>
    Array.from({ length: rowStarts[row + 1] - start }, (_, i) => start + i)
      .map((box) => `${names[frames[box]].name} ${lefts[box]}-${rights[box]} ${before[box]}/${after[box]}`)
      .join(', '),
  );
}

describe('A difference of two profiles', () => {
  // The frames of the two files are numbered differently.
  const before = columnsOf({ [d]: 8, [`${a} > ${c}`]: 4, [`${a} > ${b}`]: 4 });
  const after = columnsOf({ [a]: 1, [`${a} > ${b}`]: 5, [c]: 2 });

  it('is as wide as after, and where something is gone as before', () => {
    const views = comparedViews(compareProfiles(before, after), defaultViewOptions);
    const layout = layoutDifference(views.before, views.after, false);
    assertLayout(layout);
    assert.deepEqual(texts(layout, views.after.frames), [
      '(root) 0-20 16/8',
      'a 0-10 8/6, d 10-18 8/0, c 18-20 0/2',
      'b 0-5 4/5, c 5-9 4/0',
    ]);
    assert.deepEqual([views.before.totals[0], views.after.totals[0]], [16, 8]);
  });

  it('compares shares when it is normalised', () => {
    const views = comparedViews(compareProfiles(before, after), defaultViewOptions);
    const layout = layoutDifference(views.before, views.after, true);
    assertLayout(layout);
    assert.deepEqual(texts(layout, views.after.frames), [
      '(root) 0-14 8/8',
      'a 0-8 4/6, d 8-12 4/0, c 12-14 0/2',
      'b 0-5 2/5, c 5-7 2/0',
    ]);
  });

  it('shows all of one where the other is empty', () => {
    for (const normalised of [false, true]) {
      const gone = comparedViews(compareProfiles(before, columnsOf({})), defaultViewOptions);
      assert.deepEqual(
        texts(layoutDifference(gone.before, gone.after, normalised), gone.after.frames)[0],
        '(root) 0-16 16/0',
      );
      const fresh = comparedViews(compareProfiles(columnsOf({}), after), defaultViewOptions);
      assert.deepEqual(
        texts(layoutDifference(fresh.before, fresh.after, normalised), fresh.after.frames)[0],
        '(root) 0-8 0/8',
      );
    }
  });

  it('compares what is alike: the same measure, found by kind and label', () => {
    const bytes = { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' } as const;
    const time = { kind: 'cpu', label: 'CPU time', unit: 'µs' } as const;
    const requests = { kind: 'other', label: 'requests', unit: 'count' } as const;
    const compared = compareProfiles(
      columnsOf({ [a]: [7, 1] }, { measures: [bytes, { ...time, label: 'wall' }] }),
      columnsOf({ [a]: [2, 9, 3] }, { measures: [time, bytes, requests] }),
    );
    const totals = compared.after.measures.map((_, measure) => {
      const views = comparedViews(compared, { ...defaultViewOptions, measure });
      return [views.before.totals[0], views.after.totals[0]];
    });
    assert.deepEqual(totals, [
      [1, 2],
      [7, 9],
      [0, 3],
    ]);
  });

  it('compares two ranges of one profile', () => {
    const profile = columnsOf(
      {},
      {
        timeline: [
          [a, 10],
          [b, 5],
          [a, 3],
          [c, 2],
        ],
      },
    );
    const range = (startUs: number, endUs: number): ReturnType<typeof createView> =>
      createView(profile, { ...defaultViewOptions, range: { startUs, endUs } });
    const views = { before: range(0, 15), after: range(15, 20) };
    assert.deepEqual(texts(layoutDifference(views.before, views.after, false), views.after.frames), [
      '(root) 0-10 15/5',
      'b 0-5 5/0, a 5-8 10/3, c 8-10 0/2',
    ]);
  });

  it('is what the stacks say', () => {
    for (let seed = 0; seed < 40; seed++) {
      const one = randomProfile(seed);
      const other = randomProfile(seed + 1_000, 60);
      const options = {
        ...defaultViewOptions,
        mergeRecursion: seed % 2 === 1,
        hideInternals: seed % 3 === 1,
        foldPackages: seed % 5 > 2,
      };
      const views = comparedViews(compareProfiles(one, other), options);
      const layout = layoutDifference(views.before, views.after, false);
      assertLayout(layout);
      const was = totalsByPath(shownStacks(one, options));
      const is = totalsByPath(shownStacks(other, options));
      const paths: string[] = [];
      layout.parents.forEach((parent, box) => {
        paths[box] =
          parent < 0 ? '' : [paths[parent], views.after.frames[layout.frames[box]].name].filter(Boolean).join(' > ');
        assert.deepEqual(
          [layout.before[box], layout.after[box]],
          [was.get(paths[box]) ?? 0, is.get(paths[box]) ?? 0],
          `seed ${seed}: ${paths[box]}`,
        );
      });
      assert.deepEqual([...paths].sort(), [...new Set([...was.keys(), ...is.keys()])].sort());
    }
  });
});
