import assert from 'node:assert/strict';
import { indexMethods } from '../../../../src/core/method/methodIndex';
import { matchByName } from '../../../../src/core/source/matchByName';

/** `functions` are V8's names in the order of the generated code; the result has `name:line` or '-' for each. */
function check(source: string, functions: readonly string[], expected: readonly string[]): void {
  const index = indexMethods(source, 'x.ts');
  const named = functions.map((functionName, i) => ({ functionName, line: i * 3, column: 7 }));
  const matched = matchByName(index, named);
  const places = named.map((each) => {
    const method = index.methods[matched.get(each) ?? -1];
    return method ? `${method.kind} ${method.name}:${method.nameStart.line}` : '-';
  });
  assert.deepEqual(places, expected);
}

describe('matching by name', () => {
  it('settles names that occur once, wherever they stand', () => {
    check('function a() {}\nfunction b() {}', ['b', 'a', 'c'], ['function b:1', 'function a:0', '-']);
  });

  it('knows what V8 and compilers make of names', () => {
    const source =
      'class A {\n constructor() {}\n get x() {}\n set x(v) {}\n #p() {}\n static s() {}\n}\nconst f = () => 1;';
    const expected = [
      'constructor constructor:1',
      'getter x:2',
      'setter x:3',
      'method #p:4',
      'method s:5',
      'arrow f:7',
    ];
    check(source, ['A', 'get x', 'set x', '#p', 's', 'f'], expected);
    check(source, ['A', 'get x', 'set x', '_A_p', 's', 'exports.f'], expected);
  });

  it('tells methods of one name apart by the settled ones around them', () => {
    const source = 'class A {\n run() {}\n}\nfunction mid() {}\nclass B {\n run() {}\n}';
    check(source, ['mid', 'run'], ['function mid:3', 'method run:5']);
    check(source, ['run', 'mid'], ['method run:1', 'function mid:3']);
    check(source, ['run', 'run'], ['method run:1', 'method run:5']);
  });

  it('leaves what is in doubt', () => {
    const source = 'class A {\n run() {}\n}\nclass B {\n run() {}\n}';
    check(source, ['run'], ['-']);
    check(source, ['run', 'run', 'run'], ['-', '-', '-']);
    check('function a() {}', ['a', 'a'], ['-', '-']);
  });

  it('matches unnamed functions only when they are all there and no helper adds any', () => {
    const source = 'function a() { go(() => 1); }\nfunction b() { go(() => 2, () => 3); }';
    check(source, ['a', '', 'b', ''], ['function a:0', 'arrow go callback:0', 'function b:1', '-']);
    check(
      source,
      ['a', '', 'b', '', ''],
      ['function a:0', 'arrow go callback:0', 'function b:1', 'arrow go callback:1', 'arrow go callback:1'],
    );
    check(source, ['__awaiter', 'a', '', 'b'], ['-', 'function a:0', '-', 'function b:1']);
  });

  it('does not take a hoisted function for a landmark', () => {
    const source = 'function a() { x(() => 1); }\nfunction b() { x(() => 2); }\nfunction c() {}';
    check(
      source,
      ['c', 'a', '', 'b', ''],
      ['function c:2', 'function a:0', 'arrow x callback:0', 'function b:1', 'arrow x callback:1'],
    );
  });
});

describe('texts that were written to take long', () => {
  it('names that all functions share are matched in one pass', () => {
    const count = 20_000;
    const source = Array.from({ length: count }, () => 'function f() {}').join('\n');
    const index = indexMethods(source, 'x.js');
    const frames = Array.from({ length: count }, (_, line) => ({ functionName: 'f', line, column: 10 }));
    assert.equal(matchByName(index, frames).size, count);
    assert.equal(matchByName(index, frames.slice(1)).size, 0);
  });
});
