import assert from 'node:assert/strict';
import { remember, restore } from '../../../../../webview-ui/flame/model/keepPlace';
import { layoutOf } from '../../../../support/layoutBuilder';

const keys = ['root', 'a', 'b', 'c'];
const before = layoutOf({
  frame: 0,
  left: 0,
  right: 100,
  children: [{ frame: 1, left: 0, right: 60, children: [{ frame: 3, left: 0, right: 50 }] }, { frame: 2, left: 60, right: 100 }],
});
/** The same stacks, larger and in another order. */
const after = layoutOf({
  frame: 0,
  left: 0,
  right: 400,
  children: [{ frame: 2, left: 0, right: 240 }, { frame: 1, left: 240, right: 400, children: [{ frame: 3, left: 240, right: 390 }] }],
});

describe('where the user is', () => {
  it('is found again in other data: what was seen of the box that was looked at, and the selected stack', () => {
    const kept = remember(before, keys, { from: 10, to: 35, scroll: 36 }, 3);
    assert.deepEqual(kept.anchor, ['root', 'a', 'c']);
    const { view, selected } = restore(after, keys, kept);
    assert.deepEqual(view, { from: 240 + 30, to: 240 + 105, scroll: 36 });
    assert.equal(selected, 3);
  });

  it('is the same part of the whole where nothing narrower was looked at', () => {
    const kept = remember(before, keys, { from: 50, to: 70, scroll: 0 }, -1);
    assert.deepEqual(restore(after, keys, kept), { view: { from: 200, to: 280, scroll: 0 }, selected: -1 });
  });

  it('is everything when the box is gone', () => {
    const gone = layoutOf({ frame: 0, left: 0, right: 10, children: [{ frame: 2, left: 0, right: 10 }] });
    const kept = remember(before, keys, { from: 0, to: 50, scroll: 0 }, 3);
    assert.deepEqual(restore(gone, keys, kept), { view: { from: 0, to: 10, scroll: 0 }, selected: -1 });
  });
});
