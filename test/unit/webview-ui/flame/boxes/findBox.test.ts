import assert from 'node:assert/strict';
import {
  boxAt,
  childrenOf,
  findPath,
  firstAbove,
  gallopAbove,
  pathTo,
  rowOf,
  widestOf,
} from '../../../../../webview-ui/flame/boxes/findBox';
import { layoutOf, rowOfBoxes } from '../../../../support/layoutBuilder';

/** 0 root; 1 a, 2 b, 3 a; 4 c (on 1), 5 c and 6 d (on 3). */
const layout = layoutOf({
  frame: 0,
  left: 0,
  right: 100,
  children: [
    { frame: 1, left: 0, right: 30, children: [{ frame: 3, left: 0, right: 10 }] },
    { frame: 2, left: 30, right: 40 },
    {
      frame: 1,
      left: 50,
      right: 100,
      children: [
        { frame: 3, left: 50, right: 60 },
        { frame: 4, left: 60, right: 90 },
      ],
    },
  ],
});
const keys = ['root', 'a', 'b', 'c', 'd'];

describe('boxes of a layout', () => {
  it('are found by a galloping search as by a binary one', () => {
    const values = Float64Array.from({ length: 500 }, (_, at) => at * 1.5);
    for (let start = 0; start < 500; start += 37) {
      for (let limit = values[start]; limit < 760; limit += 11.3) {
        assert.equal(gallopAbove(values, start, 500, limit), firstAbove(values, start, 500, limit));
      }
    }
    assert.equal(gallopAbove(values, 0, 0, 5), 0);
  });

  it('stand at a place, or near it', () => {
    assert.equal(boxAt(layout, 1, 35, 0), 2);
    assert.equal(boxAt(layout, 1, 45, 0), -1);
    assert.equal(boxAt(layout, 1, 41, 2), 2);
    assert.equal(boxAt(layout, 1, 49, 2), 3);
    assert.equal(boxAt(layout, 9, 49, 2), -1);
  });

  it('have rows, paths and children', () => {
    assert.deepEqual(
      [0, 1, 3, 4, 6].map((box) => rowOf(layout, box)),
      [0, 1, 1, 2, 2],
    );
    assert.deepEqual(pathTo(layout, 6), [0, 3, 6]);
    assert.deepEqual(childrenOf(layout, 0), [1, 4]);
    assert.deepEqual(childrenOf(layout, 1), [4, 5]);
    assert.deepEqual(childrenOf(layout, 3), [5, 7]);
    for (const leaf of [2, 4, 6])
      assert.equal(childrenOf(layout, leaf)[1] - childrenOf(layout, leaf)[0], 0, String(leaf));
  });

  it('are found again by names: the widest of equal ones, as far as the path goes', () => {
    assert.deepEqual(findPath(layout, keys, ['another root', 'a', 'd']), { box: 6, found: 3 });
    assert.deepEqual(findPath(layout, keys, ['root', 'a', 'gone', 'x']), { box: 3, found: 2 });
    assert.deepEqual(findPath(layout, keys, []), { box: -1, found: 0 });
    assert.equal(widestOf(layout, 1), 3);
    assert.equal(widestOf(layout, 9), -1);
  });

  it('have children in each of a million boxes', () => {
    const many = rowOfBoxes(100_000, 1);
    assert.deepEqual(childrenOf(many, 0), [1, 100_001]);
  });
});
