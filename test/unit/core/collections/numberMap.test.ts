import assert from 'node:assert/strict';
import { NumberMap } from '../../../../src/core/collections/numberMap';
import { randomNumbers } from '../../../support/mutate';

describe('sums by number', () => {
  it('are those of a Map, in its order', () => {
    const random = randomNumbers(2);
    const map = new Map<number, number>();
    const sums = new NumberMap();
    for (let n = 0; n < 20_000; n++) {
      // Nodes, and nodes with lines, which go beyond 32 bits.
      const key = Math.floor(random() * 5_000) * (n % 2 ? 1 : 2 ** 21);
      const amount = Math.floor(random() * 100);
      map.set(key, (map.get(key) ?? 0) + amount);
      sums.add(key, amount);
    }
    assert.deepEqual([...sums], [...map]);
    assert.deepEqual([[...sums.keys()], [...sums.values()], sums.size], [[...map.keys()], [...map.values()], map.size]);
    const visited: [number, number][] = [];
    sums.forEach((value, key) => visited.push([key, value]));
    assert.deepEqual(visited, [...map]);
    for (const key of [...map.keys(), -1, 0.5, 2 ** 52 + 1])
      assert.deepEqual([sums.get(key), sums.has(key)], [map.get(key), map.has(key)]);
  });

  it('may be none, and may be 0', () => {
    const sums = new NumberMap();
    assert.deepEqual([sums.size, sums.get(0), sums.has(0), [...sums]], [0, undefined, false, []]);
    sums.add(0, 0);
    assert.deepEqual([sums.size, sums.get(0), sums.has(0), [...sums]], [1, 0, true, [[0, 0]]]);
  });
});
