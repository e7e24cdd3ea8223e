import assert from 'node:assert/strict';
import { boundCalls, type BoundCalls } from '../../../../src/core/method/boundCalls';
import { collectMethods } from '../../../../src/core/method/collectMethods';
import { parseableText, parseSource } from '../../../../src/core/method/parseSource';

function callsOf(text: string, fileName: string): { calls: BoundCalls; names: readonly string[] } {
  const parsedText = parseableText(text);
  const tree = parseSource(parsedText, fileName);
  const collected = collectMethods(tree, text);
  const names = collected.drafts.map(({ kind, qualifiedName }) => (kind === 'getter' ? 'get ' : '') + qualifiedName);
  return { calls: boundCalls(tree, text, parsedText, collected), names };
}

/** `caller > callee` of all methods, in the order of the text; those of other modules as `./x .name use`. */
function edgesOf(text: string, fileName = 'a.ts'): string[] {
  const { calls, names } = callsOf(text, fileName);
  return names.flatMap((name, method) => [
    ...calls.within(method).map((callee) => `${name} > ${names[callee]}`),
    ...calls.outside(method).map(({ specifier, path, use }) => `${name} > ${[specifier, ...path, use].join(' ')}`),
  ]);
}

function check(text: string, ...expected: string[]): void {
  assert.deepEqual(edgesOf(text), expected, text);
}

describe('bound calls', () => {
  it('finds functions by names that are declared once', () => {
    check('function a() { b(); } function b() {}', 'a > b');
    check('const b = () => 1; function a() { return b(); }', 'a > b');
    check('const b = function () {}, a = () => b();', 'a > b');
    check('let b = async function named() {}; function a() { b?.(); }', 'a > named');
    check('function a() { const inner = (x) => x; return inner(1); }', 'a > a.inner');
    check('function b() {} const c = b; function a() { c(); }', 'a > b');
    check('b(); function b() {}', '(module) > b');
    check('function a() { b.call(null, 1); b.apply(null); b.bind(null); } function b() {}', 'a > b');
    check('function a() { (() => 1)(); }', 'a > a.immediate function');
  });

  it('finds nothing by names that may mean something else', () => {
    check('function b() {} function a(b) { b(); }');
    check('function b() {} function a({ b }) { b(); } function c() { b(); }');
    check('function b() {} function a() { try {} catch (b) { b(); } }');
    check('function b() {} function a() { b(); } b = other;');
    check('function b() {} function a() { b(); } [b] = others;');
    check('function b() {} function a() { b(); } for (b of others) {}');
    check('let b = () => 1; function a() { b(); b++; }');
    check('function b() {} function b() {} function a() { b(); }');
    check('function c() { const b = () => 1; } function a() { b(); }');
    check('function b() {} const a = ({ b = 10 } = {}) => b();');
    check('function b() {} function a() { eval(code); b(); }');
    assert.deepEqual(edgesOf('function b() {} function a(o) { with (o) { b(); } }', 'a.js'), []);
    check('const b = flag ? () => 1 : () => 2; function a() { b(); }');
    check('const { b } = other; function a() { b(); }');
    check('function a() { o.b(); } function b() {}');
    check('function a() { b`text`; } function b() {}');
    check('declare function b(): void; function a() { b(); }');
  });

  it('finds nothing in a text with syntax errors', () => {
    check('function a() { b(); } function b() {} const = 3;');
  });

  it('does not take the making of a generator for a call of it', () => {
    check('function* b() {} function a() { b(); }');
  });

  it('finds the methods of a class by this', () => {
    check('class A { m() { this.n(); } n() {} }', 'A.m > A.n');
    check('class A { m() { return () => this.#n(); } #n() {} }', 'A.m.returned function > A.#n');
    check('class A { m() { return this.g; } get g() { return 1; } }', 'A.m > get A.g');
    check('class A { constructor() { this.n(); } n() {} }', 'A.constructor > A.n');
    check('class A { static s() { this.t(); } static t() {} t() {} }', 'A.s > A.t');
    check('class A { f = () => this.n(); n() { this.f(); } }', 'A > A.(fields)', 'A.f > A.n', 'A.n > A.f');
    check('class A { static { this.s(); } static s() {} }', 'A.(fields) > A.s');
  });

  it('finds nothing by this where it may be something else', () => {
    check('class A { m() { function f() { this.n(); } } n() {} }');
    check('class A { m() { this.n(); } n() {} } class B extends A { n() {} }', 'B > A');
    check('class A { m() { this.n(); } n() {} constructor() { this.n = other; } }');
    check('class A { m() { this.n(); } static n() {} }');
    check('class A { m() { this.n(); } n() {} [other]() {} }');
    check('class A { m() { this[n](); } n() {} }');
    check('class A { m(@Inject(this.n()) p) {} n() {} }');
    check('const o = { m() { this.n(); }, n() {} };');
    check('class A { m() { this.g = 1; } get g() { return 1; } set g(v) {} }');
  });

  it('finds what a class inherits', () => {
    check('class A { n() {} } class B extends A { m() { this.n(); } }', 'B > A', 'B.m > A.n');
    check('class A { n() {} } class B extends A { n() { super.n(); } }', 'B > A', 'B.n > A.n');
    check(
      'class A { constructor() {} } class B extends A { constructor() { super(); } }',
      'B.constructor > A.constructor',
    );
    check(
      "import { A } from './a'; class B extends A { m() { this.n(); } }",
      'B > ./a .A new',
      'B.m > ./a .A new .n call',
    );
  });

  it('finds constructors, static methods and the methods of what was constructed', () => {
    check('class P { x = 1; } function a() { new P(); }', 'P > P.(fields)', 'a > P');
    check('class P { constructor() {} } function a() { return new P(1); }', 'a > P.constructor');
    check('class P { t() {} } const p = new P(); function a() { p.t(); }', '(module) > P', 'a > P.t');
    check('class P { get t() { return 1; } } const p = new P(); const a = () => p.t;', '(module) > P', 'a > get P.t');
    check('class P { static s() {} } function a() { P.s(); }', 'a > P.s');
    check('function P() {} function a() { new P(); }', 'a > P');
    check('class P { t() {} } function a() { new P().t(); }', 'a > P.t', 'a > P');
    check('class P { t() {} } let p = new P(); p = other; function a() { p.t(); }', '(module) > P');
    check('class P { t() {} } P.prototype.t = other; const a = () => new P().t();', 'a > P');
  });

  it('finds the functions of object literals', () => {
    check('const o = { m() {}, n: () => 1 }; function a() { o.m(); o.n(); }', 'a > o.m', 'a > o.n');
    check('const o = { in: { m() {} }, f }; function f() {} const a = () => o.in.m() + o.f();', 'a > o.in.m', 'a > f');
    check('const o = Object.freeze({ m() {} } as const); function a() { o.m(); }', 'a > m');
    check('const o = { m() {}, ...others }; function a() { o.m(); }');
    check('const o = { m() {}, m: other() }; function a() { o.m(); }');
    check('const o = { m() {} }; o.m = other; function a() { o.m(); }');
  });

  it('finds functions that are passed to methods of arrays as they are written', () => {
    check('function a(l) { l.map((x) => x); l.filter(b); }', 'a > a.l.map callback');
    check('function a(l) { l.sort(function (x, y) { return x - y; }); }', 'a > a.l.sort callback');
    check('function a(l) { l.on("event", (x) => x); }');
  });

  it('knows what is of other modules', () => {
    check("import b from './x'; const a = () => b();", 'a > ./x .default call');
    check("import { b as c } from './x'; const a = () => c();", 'a > ./x .b call');
    check("import { default as c } from './x'; const a = () => c();", 'a > ./x .default call');
    check("import * as x from './x'; const a = () => x.b();", 'a > ./x .b call');
    check("const x = require('./x'); const a = () => x.b() + x();", 'a > ./x .b call', 'a > ./x call');
    check("const { b: c, d } = require('./x'); const a = () => c() + d();", 'a > ./x .b call', 'a > ./x .d call');
    check("const b = require('./x').b; const a = () => b();", 'a > ./x .b call');
    check("const x_1 = __importDefault(require('./x')); const a = () => (0, x_1.b)();", 'a > ./x .b call');
    check(
      "import { P } from './x'; const p = new P(); const a = () => p.t();",
      '(module) > ./x .P new',
      'a > ./x .P new .t call',
    );
    check("import type { b } from './x'; const a = () => b();");
    check("import { b } from './x'; const a = (b) => b();");
    check('const x = require(name); const a = () => x.b();');
    check("const { b = other } = require('./x'); const a = () => b();");
    check("function f(require) { const x = require('./x'); x.b(); }");
  });

  it('looks through types', () => {
    check('function a() { b!(); (b as any)(); b<string>(1); (<any>b)(); } function b<T>(x?: T): void {}', 'a > b');
    check(
      'function b(x: string): void; function b(x: number): void; function b(x: any) {} const a = () => b(1);',
      'a > b',
    );
    check(
      'abstract class A<T> { abstract n(): void; private m(): void { this.o(); } @dec() protected o(): void {} }',
      'A.m > A.o',
    );
  });

  it('tells what a module exports', () => {
    const exported = (text: string, path: string[], use: 'call' | 'new' = 'call'): string[] => {
      const { calls, names } = callsOf(text, 'a.ts');
      return calls
        .exported(path, use)
        .map((called) => ('method' in called ? names[called.method] : [called.specifier, ...called.path].join(' ')));
    };
    assert.deepEqual(exported('export function b() {}', ['.b']), ['b']);
    assert.deepEqual(exported('export const b = () => 1;', ['.b']), ['b']);
    assert.deepEqual(exported('function c() {} export { c as b };', ['.b']), ['c']);
    assert.deepEqual(exported('export default function () {}', ['.default']), ['default']);
    assert.deepEqual(exported('export default async function b() {}', ['.default']), ['b']);
    assert.deepEqual(exported('function b() {} export default b;', ['.default']), ['b']);
    assert.deepEqual(exported('export class P { t() {} }', ['.P', 'new', '.t']), ['P.t']);
    assert.deepEqual(exported('export default class { t() {} }', ['.default', 'new', '.t']), ['default.t']);
    assert.deepEqual(exported('@dec() export class P { constructor() {} }', ['.P'], 'new'), ['P.constructor']);
    assert.deepEqual(exported('exports.b = function () {};', ['.b']), ['b']);
    assert.deepEqual(exported('exports.b = void 0; exports.b = b; function b() {}', ['.b']), ['b']);
    assert.deepEqual(exported('module.exports = { b, c: d, e() {} }; function b() {} function d() {}', ['.c']), ['d']);
    assert.deepEqual(exported('module.exports = { e() {} };', ['.default', '.e']), ['module.exports.e']);
    assert.deepEqual(exported('class P { t() {} } module.exports = P;', ['new', '.t']), ['P.t']);
    assert.deepEqual(exported('module.exports = () => 1;', []), ['module.exports']);
    assert.deepEqual(exported("export { c as b } from './y';", ['.b']), ['./y .c']);
    assert.deepEqual(exported("export * from './y'; export * from './z';", ['.b']), ['./y .b', './z .b']);
    assert.deepEqual(exported("export * as n from './y';", ['.n', '.b']), ['./y .b']);
    assert.deepEqual(exported("import { c } from './y'; export { c };", ['.c']), ['./y .c']);

    assert.deepEqual(exported('function b() {}', ['.b']), []);
    assert.deepEqual(exported("export * from './y';", ['.default']), []);
    assert.deepEqual(exported('exports.b = () => 1; exports.b = () => 2;', ['.b']), []);
    assert.deepEqual(exported('export let b = () => 1; b = other;', ['.b']), []);
  });

  it('takes texts that nobody writes in time and without recursion', () => {
    const many = 1_000;
    const nested = 'function f() {'.repeat(500) + '}'.repeat(500);
    const chained = `x${'.y'.repeat(many)}();`;
    const line = Array.from({ length: many }, (_, n) => `function f${n}(){f${(n + 1) % many}()}`).join('');
    const cyclic =
      'const a = b, b = c, c = a; function f() { a(); } class A extends B {} class B extends A {} new A().m();';
    const wide = `const o = {${Array.from({ length: many }, (_, n) => `k${n}: {v: ${n}}`).join(',')}};`;
    assert.deepEqual(edgesOf(nested), []);
    assert.deepEqual(edgesOf(chained), []);
    assert.equal(edgesOf(line).length, many);
    assert.deepEqual(
      edgesOf(cyclic).filter((edge) => !edge.includes('A') && !edge.includes('B')),
      [],
    );
    assert.deepEqual(edgesOf(wide), []);
    assert.deepEqual(edgesOf('('.repeat(1_000)), []);
  });
});
