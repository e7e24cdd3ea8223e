import assert from 'node:assert/strict';
import type { MethodIndex } from '../../../../src/core/method/method';
import { createMethodIndexer, indexMethods } from '../../../../src/core/method/methodIndex';
import type { Position } from '../../../../src/core/positions';

/** `expected`: `kind qualifiedName` of every method but the module, in order; unnamed ones in parentheses. */
function check(text: string, expected: string[], fileName = 'service.ts', hasErrors = false): void {
  const index = indexMethods(text, fileName);
  const found = index.methods
    .slice(1)
    .map(({ kind, qualifiedName, anonymous }) =>
      anonymous ? `(${kind} ${qualifiedName})` : `${kind} ${qualifiedName}`,
    );
  assert.deepEqual(found, expected);
  assert.equal(index.hasErrors, hasErrors);
  checkInvariants(index);
}

function checkInvariants({ methods, regions, lineMethods, lineCount }: MethodIndex): void {
  assert.deepEqual([methods[0].kind, methods[0].parent, methods[0].span.start], ['module', -1, { line: 0, column: 0 }]);
  assert.deepEqual(regions[0].start, { line: 0, column: 0 });
  assert.equal(lineMethods.length, lineCount);
  for (let i = 1; i < methods.length; i++) {
    const { parent, kind, span } = methods[i];
    assert.ok(parent >= 0 && parent < i, `parent of ${methods[i].qualifiedName}`);
    if (kind !== 'fields')
      assert.ok(order(methods[i - 1].span.start, span.start) <= 0, `order of ${methods[i].qualifiedName}`);
  }
  for (let i = 1; i < regions.length; i++)
    assert.ok(order(regions[i - 1].start, regions[i].start) < 0, 'order of regions');
}

function order(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

describe('indexMethods', () => {
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

  it('finds only the module in an empty text', () => check('', []));

  it('finds declarations', () =>
    check('function a() {} async function b() {} function* c() {} async function* d() {} export function e() {}', [
      'function a',
      'function b',
      'function c',
      'function d',
      'function e',
    ]));

  it('names functions by what they are given to', () =>
    check(
      `const a = () => 1, b = function () {}, c = function own() {};
       let d; d = async () => {}; d ??= () => 2;
       exports.e = () => 1; module.exports.f = () => 1; this.g = () => 1;
       Cart.prototype.total = function () {}; routes['/items'] = () => 1;
       const { h = () => 1, i: j = () => 1 } = {}; function k(l = () => 1) {}
       const m = x || (() => 1), n = x ? (() => 1) : y;`,
      [
        'arrow a',
        'function b',
        'function own',
        'arrow d',
        'arrow d',
        'arrow e',
        'arrow f',
        'arrow g',
        'function Cart.total',
        "arrow routes['/items']",
        'arrow h',
        'arrow j',
        'function k',
        'arrow k.l',
        'arrow m',
        'arrow n',
      ],
      'service.js',
    ));

  it('names unnamed functions by where they stand', () =>
    check(
      `app.get('/items', (req, res) => {}); items.map((x) => x); new Promise((resolve) => {});
       fetch(url).then((x) => x, function () {}); (() => {})(); (function () {}).call(this);
       const make = () => () => function () {}; export default () => 1; this.a.b.on(\`x\`, () => {}); f(async () => {});`,
      [
        "(arrow app.get('/items') callback)",
        '(arrow items.map callback)',
        '(arrow new Promise callback)',
        '(arrow then callback)',
        '(function then callback)',
        '(arrow immediate function)',
        '(function immediate function)',
        'arrow make',
        '(arrow make.returned function)',
        '(function make.returned function.returned function)',
        'arrow default',
        "(arrow this.a.b.on('x') callback)",
        '(arrow f callback)',
      ],
    ));

  it('finds every kind of class member', () =>
    check(
      `class A { constructor() {} a() {} static b() {} async c() {} *d() {} get e() { return 1; } set e(x) {} #f() {}
        [Symbol.iterator]() {} 'g h'() {} 1() {} get() {} static() {} async() {} i = () => 1; j = 2; static { k(); } l; }`,
      [
        'constructor A.constructor',
        'method A.a',
        'method A.b',
        'method A.c',
        'method A.d',
        'getter A.e',
        'setter A.e',
        'method A.#f',
        'method A.[Symbol.iterator]',
        'method A.g h',
        'method A.1',
        'method A.get',
        'method A.static',
        'method A.async',
        'fields A.(fields)',
        'arrow A.i',
      ],
      'service.js',
    ));

  it('gives classes without a written constructor a method, declared ones none', () =>
    check(
      `class A extends B {} const C = class { d() {} }; declare class E { f(): void }
       class G { constructor(a: string); constructor(a: unknown) {} } f(class {});`,
      ['class A', 'class C', 'method C.d', 'constructor G.constructor', 'class (class)'],
    ));

  it('finds methods of object literals with the names around them', () =>
    check(
      'const api = { a() {}, b: { async c() {} }, get d() { return 1; }, e: () => 1, [f]: () => 2 }; g({ h() {} });',
      ['method api.a', 'method api.b.c', 'getter api.d', 'arrow api.e', 'arrow api.[f]', 'method h'],
    ));

  it('takes overloads, abstract methods, signatures and types for no methods', () =>
    check(
      `function a(x: string): void; function a(x: unknown) {} declare function b(): void;
       abstract class C { abstract d(): void;
         protected e?(x: string): void; f: () => void; constructor() {} }
       interface G { h(): void } type I = (x: () => void) => void; let j: { k(): void };`,
      ['function a', 'constructor C.constructor'],
    ));

  it('finds functions in namespaces and enums', () =>
    check('namespace A.B { export function c() {} } enum D { E = (() => 1)() }', [
      'function A.B.c',
      '(arrow immediate function)',
    ]));

  it('knows syntax that its grammar lacks', () =>
    check(
      `@Injectable() export class A { @Log() b() {} }
       export default class { c() {} }
       export const d = async <T>(x: T): Promise<T> => x;
       export const e = ({ limit = 10 } = {}) => limit;
       export const f = (x: unknown): x is string => typeof x === 'string';
       let g: typeof import('./g'); let h!: string;
       try { i(); } catch (error: unknown) { j(() => 1); }`,
      [
        'class A',
        'method A.b',
        'class default',
        'method default.c',
        'arrow d',
        'arrow e',
        'arrow f',
        '(arrow j callback)',
      ],
    ));

  it('reads generics, satisfies, using, accessors and decorators', () =>
    check(
      `const a = <T,>(x: T) => x; const b = { c: () => 1 } satisfies D; using e = open(() => 1);
       class F { accessor g = () => 1; @Dec((x) => x) override async h<T>(this: F, @Inject() y: T) {} }`,
      [
        'arrow a',
        'arrow b.c',
        '(arrow open callback)',
        'class F',
        'fields F.(fields)',
        'arrow F.g',
        '(arrow F.Dec callback)',
        'method F.h',
      ],
    ));

  it('reads JSX in .jsx, .js and .tsx files', () => {
    const text =
      `const View = () => <List onClick={() => it's}>it's {items.map((i) => <Item key={i} />)}</List>;`.replace(
        "() => it's",
        '() => 1',
      );
    const expected = ['arrow View', '(arrow View.onClick)', '(arrow View.items.map callback)'];
    for (const file of ['a.jsx', 'a.js', 'a.tsx']) check(text, expected, file);
  });

  it('keeps the methods around syntax errors', () => {
    const text = `function a() {}
function b() {
  list.map((x =>
}
function c() { if ( }
class D { e() {} f( }`;
    const index = indexMethods(text, 'a.js');
    const names = index.methods.filter(({ anonymous }) => !anonymous).map(({ name }) => name);
    assert.deepEqual(names, ['(module)', 'a', 'b', 'c', 'D', 'e']);
    assert.equal(index.hasErrors, true);
    checkInvariants(index);
    check('class A { b() { if (x) { } }\n c() {}', ['class A', 'method A.b', 'method A.c'], 'a.ts', true);
  });

  it('counts no byte order mark and knows every line ending', () => {
    const { methods, lineCount } = indexMethods('\ufefffunction a() {}\r\nfunction b() {}\rfunction c() {}\n', 'a.js');
    assert.equal(lineCount, 4);
    assert.deepEqual(
      methods.slice(1).map(({ nameStart }) => nameStart),
      [0, 1, 2].map((line) => ({ line, column: 9 })),
    );
  });

  it('skips a hashbang', () => check('#!/usr/bin/env node\nfunction a() {}', ['function a'], 'a.mjs'));

  it('tells the places of a method', () => {
    const { methods } = indexMethods(
      'class A {\n  @Log() static async total(a) { return a; }\n}\nconst f = async (x) => x;',
      'a.ts',
    );
    const [total, f] = methods.filter(({ name }) => name === 'total' || name === 'f');
    assert.deepEqual(
      [total.span.start, total.nameStart, total.headStart, total.bodyStart, total.span.end].map(({ column }) => column),
      [9, 22, 27, 31, 44],
    );
    assert.deepEqual(
      [f.span.start, f.nameStart, f.headStart, f.bodyStart, f.span.end].map(({ column }) => column),
      [10, 6, 10, 23, 24],
    );
  });

  it('survives 5,000 levels of nesting', function () {
    this.timeout(20_000);
    for (const [open, close] of [
      ['function f() {\n', '}\n'],
      ['f(() => {', '})'],
      ['class A { m() {', '} }'],
      ['({ a: (', ') })'],
    ]) {
      const index = indexMethods(nested(open, close, 5000), 'deep.ts');
      assert.ok(!open.includes('f') || index.methods.length > 4900, `${index.methods.length} methods`);
      checkInvariants(index);
      assert.ok(Math.max(...index.methods.map(({ qualifiedName }) => qualifiedName.length)) < 1000);
    }
  });

  it('gives up on text that is no code instead of hanging', function () {
    this.timeout(20_000);
    for (const text of ['({'.repeat(30_000), '\u0000\uffff{[('.repeat(5000), 'async <'.repeat(20_000)]) {
      const index = indexMethods(text, 'garbage.ts');
      assert.equal(index.hasErrors, true);
      checkInvariants(index);
    }
  });
});

describe('createMethodIndexer', () => {
  it('gives the same index after edits as reading the new text afresh', () => {
    const lines = Array.from(
      { length: 400 },
      (_, i) => `export class C${i} {\n  m(a) { return a.map((x) => x + ${i}); }\n}`,
    );
    let text = lines.join('\n');
    const indexer = createMethodIndexer('service.ts');
    indexer.update(text);
    const edits: ((text: string) => string)[] = [
      (before) => before.replace('return a.map', 'return  a.map'),
      (before) => before.replace('class C200 {', 'class C200 {\n  extra() { return () => 1; }'),
      (before) => before.replace('class C300 {', 'class C300 '),
      (before) => before.replace('class C300 ', 'class C300 {'),
      (before) => before.slice(1000),
      (before) => `/*${before}`,
      (before) => before.replace('/*', ''),
      () => '',
      () => text,
    ];
    for (const edit of edits) {
      text = edit(text);
      assert.deepEqual(indexer.update(text), indexMethods(text, 'service.ts'));
    }
  });
});
