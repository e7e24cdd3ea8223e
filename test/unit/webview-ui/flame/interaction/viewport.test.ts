import assert from 'node:assert/strict';
import {
  clamp,
  fitted,
  isWhole,
  panned,
  revealed,
  whole,
  zoomed,
} from '../../../../../webview-ui/flame/interaction/viewport';

const limits = { width: 1000, contentHeight: 500, height: 200 };

describe('the viewport', () => {
  it('keeps what is under the pointer when it zooms', () => {
    let view = whole(limits);
    for (let step = 0; step < 20; step++) {
      const before = view.from + (view.to - view.from) * 0.3;
      view = zoomed(view, 1.4, 0.3, limits);
      assert.ok(Math.abs(view.from + (view.to - view.from) * 0.3 - before) < 1e-6);
    }
    assert.ok(view.to - view.from < 2);
  });

  it('never leaves the layout, however far it is zoomed or panned', () => {
    let view = whole(limits);
    for (let step = 0; step < 2000; step++) {
      const random = Math.sin(step * 12.9898) * 43758.5453;
      const share = random - Math.floor(random);
      view =
        share < 0.5
          ? zoomed(view, 0.3 + share * 6, share, limits)
          : panned(view, (share - 0.75) * 9, (share - 0.7) * 900, limits);
      assert.ok(
        view.from >= 0 && view.to <= 1000 + 1e-9 && view.to > view.from && view.scroll >= 0 && view.scroll <= 300,
        JSON.stringify(view),
      );
    }
    assert.deepEqual(zoomed(view, 1e-9, 0.5, limits), { from: 0, to: 1000, scroll: view.scroll });
  });

  it('is the whole of an empty layout', () => {
    assert.deepEqual(clamp({ from: NaN, to: NaN, scroll: NaN }, { width: 0, contentHeight: 0, height: 0 }).to, 1);
    assert.ok(isWhole(whole(limits), limits));
  });

  it('fits a box, and reveals one without moving more than it must', () => {
    assert.deepEqual(fitted(200, 300, 400, limits), { from: 200, to: 300, scroll: 300 });
    const view = { from: 0, to: 1000, scroll: 0 };
    assert.deepEqual(revealed(view, 100, 300, 50, 18, limits), view);
    assert.equal(revealed(view, 100, 300, 350, 18, limits).scroll > 0, true);
    const near = revealed(view, 500, 501, 50, 18, limits);
    assert.ok(near.to - near.from === 4 && near.from < 500 && near.to > 501);
    const aside = revealed({ from: 0, to: 100, scroll: 0 }, 600, 650, 50, 18, limits);
    assert.deepEqual([aside.from, aside.to], [575, 675]);
  });
});
