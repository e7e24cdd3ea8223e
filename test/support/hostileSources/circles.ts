import { JS, PY, list, times, type HostileSource } from './source';

/** In circles. */
export function circles(): HostileSource[] {
  return [
    {
      name: 'recursion.js',
      text: () => `${JS}function f(x) { return { l: f(x), r: f(x), m: f(x) }; }\nc.find(f(1));\n`,
    },
    {
      name: 'mutual-recursion.js',
      text: () =>
        `${JS}${times(20, (i) => `function f${i}(x) { return [${list(20, (n) => `f${n + 1}(x)`)}]; }`)}c.find({ a: f1(1) });\n`,
      mayBePartial: true,
    },
    {
      name: 'mutual-values.js',
      text: () =>
        `${JS}${times(30, (i) => `const a${i} = [${list(30, (n) => `a${n + 1}`)}];`)}function go() { return c.find({ a: a1 }); }\n`,
    },
    {
      name: 'classes.js',
      text: () =>
        `${JS}class A extends B {} class B extends C {} class C extends A { find() { return c.find({ a: this.x }); } }\nnew A().find();\n`,
    },
    {
      name: 'fields.js',
      text: () =>
        `${JS}${times(20, (i) => `class A${i} { ${list(20, (n) => `f${n + 1} = new A${n + 1}()`).replaceAll(',', ';')} }`)}c.find({ a: new A1().f2.f3.f4.f5 });\n`,
    },
    {
      name: 'getters.js',
      text: () =>
        `${JS}class A { get a() { return [this.b, this.b]; } get b() { return [this.a, this.a]; } find() { return c.find({ a: this.a }); } }\n`,
    },
    {
      name: 'types.ts',
      text: () => `${JS}type A = B | A; type B = A | B;\nfunction go(x: A) { return c.find({ a: x.y.z }); }\n`,
    },
    {
      name: 'recursion.py',
      text: () => `${PY}def f(x):\n    return {"l": f(x), "r": f(x), "m": f(x)}\nc.find(f(1))\n`,
    },
  ];
}
