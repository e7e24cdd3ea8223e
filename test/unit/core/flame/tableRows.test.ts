import assert from 'node:assert/strict';
import { comparedViews, compareProfiles } from '../../../../src/core/flame/comparison/compareProfiles';
import { createView } from '../../../../src/core/flame/view/createView';
import { frameDetails } from '../../../../src/core/flame/frameDetails';
import { layoutSandwich } from '../../../../src/core/flame/layouts/layoutSandwich';
import { tableRows, type FrameColumns, type TableColumn } from '../../../../src/core/flame/tableRows';
import { defaultViewOptions } from '../../../../src/core/flame/view/viewOptions';
import { columnsOf } from '../../../support/columnsBuilder';
import { randomProfile } from '../../../support/flameTruth';

const a = 'a@/app/a.js:0';
const b = 'b@/app/a.js:5';
const c = 'c@/app/a.js:9';

function names(columns: FrameColumns, column: TableColumn, descending = true): string {
  return [...tableRows(columns, column, descending)].map((frame) => columns.frames[frame].name).join(' ');
}

describe('Rows of the table', () => {
  const view = createView(columnsOf({ [`${b} > ${a}`]: 5, [c]: 3, [b]: 1, 'zero@/app/a.js:1': 0 }), defaultViewOptions);

  it('are sorted by a column, equal ones by name', () => {
    assert.equal(names(view, 'self'), 'a c b');
    assert.equal(names(view, 'total'), 'b a c');
    assert.equal(names(view, 'total', false), 'c a b');
    assert.equal(names(view, 'name', false), 'a b c');
    assert.equal(names(view, 'name'), 'c b a');
    assert.equal(names(view, 'totalBefore'), 'a b c');
  });

  it('have the root only when it has a value of its own', () => {
    const hidden = createView(columnsOf({ 'tick@node:x:1': 5, [a]: 1 }), {
      ...defaultViewOptions,
      hideInternals: true,
    });
    assert.equal(names(hidden, 'self'), '(root) a');
  });

  it('compare before and after, what is gone and what is new included', () => {
    const views = comparedViews(
      compareProfiles(columnsOf({ [a]: 5, [b]: 5 }), columnsOf({ [b]: 6, [c]: 3 })),
      defaultViewOptions,
    );
    const columns = {
      frames: views.after.frames,
      frameSelfs: views.after.frameSelfs,
      frameTotals: views.after.frameTotals,
      frameSelfsBefore: views.before.frameSelfs,
      frameTotalsBefore: views.before.frameTotals,
    };
    assert.equal(names(columns, 'selfChange'), 'c b a');
    assert.equal(names(columns, 'totalChange', false), 'a b c');
    assert.equal(names(columns, 'selfBefore'), 'a b c');
  });
});

describe('Details of a frame', () => {
  it('are its callers and its callees, heaviest first', () => {
    const { frames, ...view } = createView(
      columnsOf({ [`${a} > ${b} > ${c}`]: 2, [`${c} > ${b}`]: 3, [`${b} > ${a}`]: 1 }),
      defaultViewOptions,
    );
    const details = frameDetails(
      { frames, ...view },
      frames.findIndex(({ name }) => name === 'b'),
    );
    const named = (shares: typeof details.callers): string[] =>
      shares.map(({ frame, value }) => `${frames[frame].name} ${value}`);
    assert.deepEqual(
      [named(details.callers), named(details.callees)],
      [
        ['c 3', 'a 2'],
        ['c 2', 'a 1'],
      ],
    );
  });

  it('are the first rows of the sandwich', () => {
    for (let seed = 0; seed < 20; seed++) {
      const view = createView(randomProfile(seed), { ...defaultViewOptions, foldPackages: seed % 2 === 0 });
      for (let frame = 1; frame < view.frames.length; frame++) {
        const details = frameDetails(view, frame);
        for (const half of ['callers', 'callees'] as const) {
          const { rowStarts, lefts, rights, frames } = layoutSandwich(view, frame)[half];
          const row = Array.from({ length: (rowStarts[2] ?? 1) - 1 }, (_, i) => [
            frames[i + 1],
            rights[i + 1] - lefts[i + 1],
          ]);
          assert.deepEqual(
            new Map(details[half].map(({ frame: other, value }) => [other, value])),
            new Map(row as [number, number][]),
          );
        }
      }
    }
  });
});
