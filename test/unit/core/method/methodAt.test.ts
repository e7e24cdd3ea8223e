import assert from 'node:assert/strict';
import { indexMethods, methodAt, methodsOnLine } from '../../../../src/core/method/methodIndex';
import { cursor } from './cursor';

describe('methodAt', () => {
  function at(marked: string, expected: string): void {
    const { text, position } = cursor(marked);
    const index = indexMethods(text, 'service.ts');
    const found = methodAt(index, position);
    assert.equal(index.methods[found]?.qualifiedName, expected);
  }

  it('finds the innermost method', () => {
    at('function a() { return items.map((x) => |x); }', 'a.items.map callback');
    at('function a() { return |items.map((x) => x); }', 'a');
    at('function a() { return items.map((x) => x)|; }', 'a');
  });

  it('finds the module between methods', () => {
    at('function a() {}| function b() {}', '(module)');
    at('|', '(module)');
  });

  it('counts decorators to what stands around', () => at('function make() { class A { @D|ec() b() {} } }', 'make'));

  it('finds a class at its head only', () => {
    at('cla|ss A extends B { m() {} }', 'A');
    at('class A extends |B { m() {} }', 'A');
    at('class A { | m() {} }', '(module)');
    at('class A { constructor() {} }\nclass B { |m() {} }', 'B.m');
  });

  it('finds the fields of a class on both sides of a method', () => {
    const text = (a: string, m: string, b: string) => `class A { x = ${a}f(1); m() { ${m}g(); } y = ${b}f(2); }`;
    at(text('|', '', ''), 'A.(fields)');
    at(text('', '|', ''), 'A.m');
    at(text('', '', '|'), 'A.(fields)');
  });

  it('finds nothing outside the text', () => {
    const index = indexMethods('a();\n', 'a.js');
    assert.equal(methodAt(index, { line: 2, column: 0 }), -1);
    assert.equal(methodAt(index, { line: -1, column: 0 }), -1);
    assert.equal(methodAt(index, { line: 1, column: 0 }), 0);
  });
});

describe('methodsOnLine', () => {
  const text = `import x from 'x';
// a comment

function total(items) {
  const sum = items.map((item) => item.price); // why () => here
  /* a
     comment */
  return sum.reduce((a, b) => {
    return a + b;
  });
}
class Cart { y = 1; }`;
  const index = indexMethods(text, 'service.ts');
  const names = (line: number) => methodsOnLine(index, line).map((method) => index.methods[method].qualifiedName);

  it('lists the methods with code on a line, innermost first', () => {
    assert.deepEqual(names(0), ['(module)']);
    assert.deepEqual(names(3), ['total']);
    assert.deepEqual(names(4), ['total.items.map callback', 'total']);
    assert.deepEqual(names(7), ['total.sum.reduce callback', 'total']);
    assert.deepEqual(names(8), ['total.sum.reduce callback']);
    assert.deepEqual(names(9), ['total.sum.reduce callback', 'total']);
    assert.deepEqual(names(11), ['Cart', 'Cart.(fields)', '(module)']);
  });

  it('lists none for blank lines, comments and lines outside', () => {
    for (const line of [1, 2, 5, 6, 12, -1]) assert.deepEqual(names(line), []);
  });
});
