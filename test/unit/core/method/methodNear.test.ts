import assert from 'node:assert/strict';
import { indexMethods } from '../../../../src/core/method/methodIndex';
import { methodNear } from '../../../../src/core/method/methodNear';
import { cursor } from './cursor';

describe('methodNear', () => {
  function near(
    text: string,
    from: string,
    to: string | undefined,
    functionName: string,
    expected: string | undefined,
  ): void {
    const index = indexMethods(text, 'service.ts');
    const place = (part: string) => {
      assert.ok(text.includes(part), part);
      return cursor(text.replace(part, `|${part}`)).position;
    };
    const found = methodNear(index, place(from), to === undefined ? undefined : place(to), functionName);
    assert.equal(index.methods[found]?.qualifiedName, expected);
  }

  const several =
    'const a = (x) => x, b = (y) => y;\nfunction outer(p) {\n  step();\n  return q => p;\n}\nclass C { m() {} }';

  it('takes an exact position for what it says', () => {
    near(several, '(x)', '(x)', '', 'a');
    near(several, '(y)', '(y)', 'a', 'b');
    near(several, 'q =>', 'q =>', '', 'outer.returned function');
    near(several, 'class C', 'class C', 'C', 'C');
  });

  it('gives fields without a value to their class', () => {
    const plain = 'class A {\n  x;\n}\nclass B {\n  z;\n  constructor() {}\n  w;\n}\nfunction after() {}\n';
    // Node 20, 22 and later.
    near(plain, 'class A', 'class A', '<instance_members_initializer>', 'A');
    near(plain, 'class B', 'class B', '<instance_members_initializer>', 'B.constructor');
    for (const at of [' {\n  x', 'x;']) near(plain, at, at, 'A', 'A');
    for (const at of [' {\n  z', 'z;', 'w;']) near(plain, at, at, 'B', 'B.constructor');
    for (const at of ['x;', 'z;', 'function']) near(plain, at, at, 'C', undefined);
    near(plain, 'function', 'function', '<instance_members_initializer>', undefined);
  });

  it('finds no method at an exact position that no method starts at', () => {
    near(several, 'step', 'step', 'outer', undefined);
    near(several, 'm()', 'm()', 'm', undefined);
    near(several, 'const', 'const', '', undefined);
  });

  it('takes the closest in a stretch, but the one with the name if there is one', () => {
    near(several, 'const a', 'function', 'a', 'a');
    near(several, 'const a', 'function', 'b', 'b');
    near(several, 'const a', 'function', 't', 'a');
    near(several, 'a = ', '(x)', '', 'a');
    near(several, 'b = ', undefined, 'b', 'b');
  });

  it('knows a constructor by the name of its class, accessors and inferred names', () => {
    const text = 'class A { get v() { return 1; } set v(x) {} constructor() {} }\nexports.run = function () {};';
    near(text, 'class A', 'exports', 'A', 'A.constructor');
    near(text, 'class A', 'exports', 'get v', 'A.v');
    near(text, 'class A', undefined, 'exports.run', 'A.v');
    near(text, 'exports', undefined, 'exports.run', 'run');
  });

  it('takes a function made from the inside of a method for that method', () => {
    near(several, 'step', 'return', '', 'outer');
    near(several, 'const', 'a = ', '', 'a');
  });

  it('finds nothing beyond the text', () => {
    const index = indexMethods('function a() {}', 'a.js');
    assert.equal(methodNear(index, { line: 3, column: 0 }, undefined, 'a'), -1);
  });

  it('finds the initialisers of the right class', () => {
    const text = 'class A { m() { return class B { y = 1; }; } x = 2; static z = 3; }';
    for (const at of ['class A', 'x = 2']) near(text, at, at, '<instance_members_initializer>', 'A.(fields)');
    for (const at of ['class B', '{ y', 'y = 1'])
      near(text, at, at, '<instance_members_initializer>', 'A.m.B.(fields)');
    near(text, 'static z', 'static z', 'A', 'A.(fields)');
    near(text, '{ m()', '{ m()', 'A', 'A.(fields)');
    near(text, 'class A', 'class A', 'A', 'A');
  });
});
