import assert from 'node:assert/strict';
import { remember, restore } from '../../../../../webview-ui/flame/model/keepPlace';
import { layoutOf, type BoxDraft } from '../../../../support/layoutBuilder';

const keys = ['root', 'a', 'b', 'c'];
const before = layoutOf({
  frame: 0,
  left: 0,
  right: 100,
  children: [
    { frame: 1, left: 0, right: 60, children: [{ frame: 3, left: 0, right: 50 }] },
    { frame: 2, left: 60, right: 100 },
  ],
});
/** The same stacks, larger and in another order. */
const after = layoutOf({
  frame: 0,
  left: 0,
  right: 400,
  children: [
    { frame: 2, left: 0, right: 240 },
    { frame: 1, left: 240, right: 400, children: [{ frame: 3, left: 240, right: 390 }] },
  ],
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

  it('is the same time and the same call in a timeline that has grown and lost its beginning', () => {
    const call = (left: number, right: number): BoxDraft => ({ frame: 1, left, right });
    const shown = layoutOf({ frame: 0, left: 0, right: 100, children: [call(0, 50), call(60, 70), call(80, 90)] });
    // 20 µs later begun, 80 µs later ended; the call that was selected is not the widest.
    const grown = layoutOf({
      frame: 0,
      left: 0,
      right: 160,
      children: [call(0, 30), call(40, 50), call(60, 70), call(100, 160)],
    });
    const kept = remember(shown, keys, { from: 55, to: 75, scroll: 18 }, 2, 1000);
    assert.deepEqual(restore(grown, keys, kept, 1020), { view: { from: 35, to: 55, scroll: 18 }, selected: 2 });
    const all = remember(shown, keys, { from: 0, to: 100, scroll: 0 }, -1, 1000);
    assert.deepEqual(restore(grown, keys, all, 1020), { view: { from: 0, to: 160, scroll: 0 }, selected: -1 });
  });

  it('is everything when the box is gone', () => {
    const gone = layoutOf({ frame: 0, left: 0, right: 10, children: [{ frame: 2, left: 0, right: 10 }] });
    const kept = remember(before, keys, { from: 0, to: 50, scroll: 0 }, 3);
    assert.deepEqual(restore(gone, keys, kept), { view: { from: 0, to: 10, scroll: 0 }, selected: -1 });
  });
});
