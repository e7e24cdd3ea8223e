import assert from 'node:assert/strict';
import { assignedNames } from '../../../../../src/core/code/units/assignedNames';

describe('names that a text assigns to', () => {
  const texts: [string, string[]][] = [
    ['a = 1; b=2', ['a', 'b']],
    ['a == 1; b === 2; c => 3; d >= 4; e != 5', []],
    ['a += 1; b ||= 2; c &&= 3; d ??= 4; e |= 5', ['a', 'b', 'c', 'd', 'e']],
    ['a.b.c = 1; d[0].e = 2; f["x y"][g] = 3', ['a', 'd', 'f']],
    ['this.a = 1; self.b = 2; self = 3', ['self']],
    ['a.push(1); b.items.append (2); c.find(3); d.update({})', ['a', 'b', 'd']],
    ['let a: Map<string, number[]> = new Map()', ['a']],
    ['x: int = 1', ['x']],
    ['a = b = 1', ['a', 'b']],
    ['f(a, b); return c', []],
    [`a:${' '.repeat(1000)}b = 1`, ['a']],
    [`a[${'x'.repeat(100)}] = 1`, []],
  ];
  for (const [text, expected] of texts)
    it(text.replace(/(.)\1{9,}/g, '$1…'), () => assert.deepEqual([...assignedNames(text)].sort(), expected));

  const long: [string, string][] = [
    ['spaces', `a:${' '.repeat(3_000_000)}a`],
    ['words and colons', 'a: '.repeat(500_000)],
    ['members', `a${'.b'.repeat(500_000)}`],
    ['brackets', 'a['.repeat(500_000)],
    ['types', `a: ${'A<'.repeat(500_000)}`],
  ];
  for (const [what, text] of long) {
    it(`takes no time on ${what}`, function () {
      this.timeout(10_000);
      assert.deepEqual([...assignedNames(text)], []);
    });
  }
});
