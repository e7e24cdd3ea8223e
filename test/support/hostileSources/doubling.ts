import { JS, PY, same, times, type HostileSource } from './source';

/** Those that end in holes before anything is too large. */
const OPEN = new Set([
  'copied-lists.js',
  'doubled-keys.js',
  'getters.js',
  'types.js',
  'multiplied-lists.py',
  'percent-strings.py',
  'patterns.py',
  'sons.py',
]);

/** Values that are built of shared parts, and are exponentially large as a tree. */
export function doubling(): HostileSource[] {
  const js = (
    name: string,
    start: string,
    step: (i: number, p: number) => string,
    last: string,
    count = 40,
  ): HostileSource => ({
    name: `${name}.js`,
    // Of functions that call each other too much to follow.
    mayBePartial: true,
    text: () => `${JS}${start}\n${times(count, step)}${last}\n`,
  });
  const py = (
    name: string,
    start: string,
    step: (i: number, p: number) => string,
    last: string,
    count = 40,
  ): HostileSource => ({
    name: `${name}.py`,
    text: () => `${PY}${start}\n${times(count, step)}${last}\n`,
  });
  const sources: HostileSource[] = [
    js(
      'shared-documents',
      'const a0 = { x: 1 };',
      (i, p) => `const a${i} = { $and: [${same(10, `a${p}`)}] };`,
      'c.find(a40);',
    ),
    js(
      'nested-lists',
      'const a0 = [1];',
      (i, p) => `const a${i} = [${same(9, `a${p}`)}];`,
      'c.find({ a: { $in: a40 } });',
    ),
    js(
      'spread-lists',
      'const a0 = [1];',
      (i, p) => `const a${i} = [${same(9, `...a${p}`)}];`,
      'c.find({ a: { $in: a40 } });',
    ),
    js(
      'spread-documents',
      'const a0 = { x: 1 };',
      (i, p) => `const a${i} = { ...a${p}, l${i}: a${p}, r${i}: a${p} };`,
      'c.find(a40);',
    ),
    js(
      'assigned-documents',
      'const a0 = { x: 1 };',
      (i, p) => `const a${i} = Object.assign({}, a${p}, { l${i}: a${p}, r${i}: a${p} });`,
      'c.find(a40);',
    ),
    js(
      'concatenated-lists',
      'const a0 = [1, 2];',
      (i, p) => `const a${i} = a${p}.concat(a${p}, a${p});`,
      'c.find({ a: { $in: a40 } });',
    ),
    js(
      'many-arguments',
      'const a0 = [1, 2];',
      (i, p) => `const a${i} = [].concat(${same(60, `a${p}`)});`,
      'c.find({ a: { $in: a9 } });',
      9,
    ),
    js(
      'copied-lists',
      'const a0 = [1, 2];',
      (i, p) => `const a${i} = Array.from([...a${p}, ...a${p}]);`,
      'c.find({ a: { $in: a40 } });',
    ),
    js(
      'added-strings',
      "const s0 = 'aaaaaaaaaaaaaaaa';",
      (i, p) => `const s${i} = s${p} + s${p};`,
      'c.find({ a: s40 });',
    ),
    js(
      'template-strings',
      "const s0 = 'aaaaaaaaaaaaaaaa';",
      (i, p) => `const s${i} = \`\${s${p}}\${s${p}}\`;`,
      'c.find({ a: s40 });',
    ),
    js(
      'regular-expressions',
      "const s0 = 'aaaaaaaaaaaaaaaa';",
      (i, p) => `const s${i} = s${p} + s${p};`,
      'c.find({ a: new RegExp(s40) });',
    ),
    js(
      'doubled-keys',
      "const s0 = 'aaaaaaaaaaaaaaaa';",
      (i, p) => `const s${i} = s${p} + s${p};`,
      'c.find({ [s40]: 1, [s13]: 2 });',
    ),
    js(
      'aliases',
      'const a0 = { x: 1 };',
      (i, p) => `const b${i} = a${p}, d${i} = b${i}, a${i} = { l: b${i}, r: d${i} };`,
      'c.find(a40);',
    ),
    js(
      'objects-with-functions',
      'const a0 = { f() {} };',
      (i, p) => `const a${i} = { l: a${p}, r: a${p} };`,
      'c.find(a40);',
    ),
    js(
      'functions-of-functions',
      'function f0(x) { return [x]; }',
      (i, p) => `function f${i}(x) { return [${same(9, `f${p}(x)`)}]; }`,
      'c.find({ a: f12(1) });',
      12,
    ),
    js(
      'default-parameters',
      'function f0(x = [1]) { return x; }',
      (i, p) => `function f${i}(x = [f${p}(), f${p}()]) { return [x, x]; }`,
      'c.find({ a: f30() });',
      30,
    ),
    js(
      'getters',
      'class A0 { get v() { return [1]; } }',
      (i, p) => `class A${i} extends A${p} { get v() { const a = new A${p}(); return [a.v, a.v, a.v]; } }`,
      'c.find({ a: new A20().v });',
      20,
    ),
    js(
      'conditions',
      'function go(x) { let q = [1];',
      (i) => `if (x > ${i}) q = [q, q]; else q = [q, ${i}];`,
      'return c.find({ a: q }); }',
      60,
    ),
    js(
      'loops',
      'function go(x) { let q = [1];',
      (i) => `for (const y of x) { q = [...q, ...q, ${i}]; }`,
      'return c.find({ a: q }); }',
    ),
    js(
      'choices',
      'const a0 = [1]; const x = f();',
      (i, p) => `const a${i} = x > ${i} ? [a${p}, a${p}] : { l: a${p}, r: a${p} };`,
      'c.find({ a: a40 });',
    ),
    js(
      'types',
      'type T0 = string;',
      (i, p) => `type T${i} = ${Array(10).fill(`T${p}`).join(' | ')};`,
      'function go(x: T20) { return c.find({ a: x.b.c.d, b: x.e.f }); }',
      20,
    ),
    js(
      'pipelines',
      'const a0 = [{ $match: { a: 1 } }];',
      (i, p) => `const a${i} = [...a${p}, { $facet: { l: a${p}, r: a${p} } }];`,
      'c.aggregate(a40);',
    ),
    js(
      'sorts',
      "const s0 = 'a b c d ';",
      (i, p) => `const s${i} = s${p} + s${p};`,
      'c.find({}).sort(s40).sort(s14).project(s13);',
    ),
    py('nested-lists', 'a0 = [1]', (i, p) => `a${i} = [${same(9, `a${p}`)}]`, 'c.find({"a": {"$in": a40}})'),
    py('spread-lists', 'a0 = [1]', (i, p) => `a${i} = [${same(9, `*a${p}`)}]`, 'c.find({"a": {"$in": a40}})'),
    py('added-lists', 'a0 = [1, 2]', (i, p) => `a${i} = a${p} + a${p}`, 'c.find({"a": {"$in": a40}})'),
    py(
      'multiplied-lists',
      'a0 = [0] * 10**9',
      (i, p) => `a${i} = a${p} * 1000`,
      'c.find({"a": {"$in": a5}, "b": "x" * 10**9})',
      5,
    ),
    py(
      'united-documents',
      'a0 = {"x": 1}',
      (i, p) => `a${i} = a${p} | {"l${i}": a${p}, "r${i}": a${p}}`,
      'c.find(a40)',
    ),
    py(
      'documents-in-documents',
      'a0 = {"x": 1}',
      (i, p) => `a${i} = {**a${p}, "l${i}": a${p}, "r${i}": dict(a${p}, z=a${p})}`,
      'c.find(a40)',
    ),
    py('added-strings', 's0 = "aaaaaaaaaaaaaaaa"', (i, p) => `s${i} = s${p} + s${p}`, 'c.find({"a": s40})'),
    py('format-strings', 's0 = "aaaaaaaaaaaaaaaa"', (i, p) => `s${i} = f"{s${p}}{s${p}}"`, 'c.find({"a": s40})'),
    py('percent-strings', 's0 = "aaaaaaaaaaaaaaaa"', (i, p) => `s${i} = "%s%s" % (s${p}, s${p})`, 'c.find({"a": s40})'),
    py('updates', 'q = {"x": 1}', (i) => `q.update({"l${i}": q, "r${i}": q})`, 'c.find(q)'),
    py('patterns', 's0 = "a.a"', (i, p) => `s${i} = re.escape(s${p} + s${p})`, 'c.find({"a": re.compile(s40)})'),
    py('sons', 'a0 = SON([("a", 1)])', (i, p) => `a${i} = SON([("a", a${p}), ("b", a${p})])`, 'c.find(a40)'),
    {
      name: 'push-itself.js',
      text: () =>
        `${JS}function go() {\n  const f = [];\n${times(40, (i) => `  f.push(...f, ${i});`)}  return c.find({ a: { $in: f } });\n}\n`,
    },
    {
      name: 'unshift-itself.js',
      text: () => `${JS}const f = [1];\n${times(40, () => 'f.unshift(...f);')}c.find({ a: { $in: f } });\n`,
    },
    {
      name: 'fields-of-themselves.js',
      text: () => `${JS}const q = {};\n${times(60, (i) => `q.a${i} = q; q.b${i} = [q, q];`)}c.find(q);\n`,
    },
    {
      name: 'fields-of-this.js',
      text: () =>
        `${JS}class A {\n  constructor() {\n    this.q = { a: 1 };\n${times(60, (i) => `    this.q.a${i} = this.q; this.q.b${i} = [this.q, this.q];`)}  }\n  find() { return c.find(this.q); }\n}\n`,
    },
    {
      name: 'extend-itself.py',
      text: () => `${PY}f = [1]\n${times(40, () => 'f.extend(f)')}f += f\nc.find({"a": {"$in": f}})\n`,
    },
  ];
  return sources.map((source) => ({ ...source, cut: !OPEN.has(source.name) }));
}
