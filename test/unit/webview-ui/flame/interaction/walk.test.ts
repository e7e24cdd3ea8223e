import assert from 'node:assert/strict';
import { matchPosition, nextMatch, walk } from '../../../../../webview-ui/flame/interaction/walk';
import { layoutOf } from '../../../../support/layoutBuilder';

const layout = layoutOf({
  frame: 0,
  left: 0,
  right: 100,
  children: [
    {
      frame: 1,
      left: 0,
      right: 40,
      children: [
        { frame: 2, left: 0, right: 10 },
        { frame: 3, left: 10, right: 30 },
      ],
    },
    { frame: 2, left: 40, right: 40.001 },
    { frame: 3, left: 50, right: 100 },
  ],
});
const whole = { from: 0, to: 100, scroll: 0 };

describe('walking over boxes', () => {
  it('begins at the root, and goes to the widest callee, to callers and to neighbours', () => {
    assert.equal(walk(layout, -1, 'awayFromRoot', whole, 100), 0);
    assert.equal(walk(layout, 0, 'awayFromRoot', whole, 100), 3);
    assert.equal(walk(layout, 1, 'awayFromRoot', whole, 100), 5);
    assert.equal(walk(layout, 5, 'towardRoot', whole, 100), 1);
    assert.equal(walk(layout, 0, 'towardRoot', whole, 100), -1);
    assert.equal(walk(layout, 5, 'root', whole, 100), 0);
  });

  it('prefers what is in sight, and passes over what is too narrow to be seen', () => {
    assert.equal(walk(layout, 0, 'awayFromRoot', { from: 0, to: 30, scroll: 0 }, 100), 1);
    assert.equal(walk(layout, 1, 'next', whole, 100), 3);
    assert.equal(walk(layout, 1, 'next', { from: 39, to: 41, scroll: 0 }, 10_000), 2);
    assert.equal(walk(layout, 3, 'previous', whole, 100), 1);
    assert.equal(walk(layout, 3, 'next', whole, 100), -1);
  });

  it('goes from match to match, round at the ends', () => {
    const matches = Uint8Array.from([0, 0, 0, 1]);
    assert.equal(nextMatch(layout, matches, -1, 1), 3);
    assert.equal(nextMatch(layout, matches, 3, 1), 5);
    assert.equal(nextMatch(layout, matches, 5, 1), 3);
    assert.equal(nextMatch(layout, matches, -1, -1), 5);
    assert.equal(nextMatch(layout, new Uint8Array(4), 3, 1), -1);
    assert.deepEqual(matchPosition(layout, matches, 5), { position: 2, count: 2 });
  });
});
