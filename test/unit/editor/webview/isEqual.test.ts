import assert from 'node:assert/strict';
import { isEqual } from '../../../../src/editor/webview/isEqual';

describe('equal messages', () => {
  it('have equal parts', () => {
    assert.ok(isEqual({ type: 'a', list: [1, { b: null }] }, { type: 'a', list: [1, { b: null }] }));
    assert.ok(isEqual({ a: 1, b: undefined }, { a: 1 }));
    assert.ok(isEqual(undefined, undefined));
    assert.ok(!isEqual(undefined, { type: 'a' }));
    assert.ok(!isEqual({ a: [1, 2] }, { a: [1] }));
    assert.ok(!isEqual({ a: 1 }, { b: 1 }));
    assert.ok(!isEqual([], {}));
  });

  it('have the same buffers, whatever is in them', () => {
    const buffer = new ArrayBuffer(4);
    assert.ok(isEqual({ data: buffer }, { data: buffer }));
    assert.ok(!isEqual({ data: buffer }, { data: new ArrayBuffer(4) }));
    assert.ok(!isEqual(new Int32Array(1), new Int32Array(1)));
  });

  it('are found without looking into parts that are the same object', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    assert.ok(isEqual({ plan: deep }, { plan: deep }));
  });
});
