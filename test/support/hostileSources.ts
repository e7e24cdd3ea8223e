/** A source that a static reader may never come back from, and what is to be found in it nevertheless. */
export interface HostileSource {
  /** With the extension that tells the language. */
  readonly name: string;
  /** Made when it is asked for: some have megabytes. */
  text(): string;
  /** At least so many statements; 1 where it is not given. */
  readonly statements?: number;
  /** Not all of it need be read, if that is said. */
  readonly mayBePartial?: boolean;
  /** Something that the first statement, written for the shell, has. */
  readonly has?: RegExp;
}

const JS = "import { MongoClient } from 'mongodb';\nconst c = new MongoClient('x').db('shop').collection('orders');\n";
const PY = "from pymongo import MongoClient\nc = MongoClient()['shop']['orders']\n";
const times = (count: number, line: (i: number, before: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => line(i + 1, i)).join(between) + between;
const list = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');
const same = (count: number, item: string): string => Array<string>(count).fill(item).join(', ');

/** Values that are built of shared parts, and are exponentially large as a tree. */
function doubling(): HostileSource[] {
  const js = (
    name: string,
    start: string,
    step: (i: number, p: number) => string,
    last: string,
    count = 40,
  ): HostileSource => ({
    name: `${name}.js`,
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
  return [
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
      'let q = [1]; const x = f();',
      (i) => `if (x > ${i}) q = [q, q]; else q = [q, ${i}];`,
      'c.find({ a: q });',
      60,
    ),
    js(
      'loops',
      'let q = [1]; const x = f();',
      (i) => `for (const y of x) { q = [...q, ...q, ${i}]; }`,
      'c.find({ a: q });',
      40,
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
}

/** Much of one thing. */
function long(): HostileSource[] {
  return [
    { name: 'spaces.js', text: () => `${JS}c.find({ a:${' '.repeat(200_000)}a });\n` },
    {
      name: 'spaces-everywhere.js',
      text: () => `${JS}${times(20_000, () => `from${' '.repeat(40)}`)}for${' '.repeat(90_000)}x;\nc.find({ a: 1 });\n`,
    },
    {
      name: 'spaces-in-a-head.js',
      text: () =>
        `${JS}class A {\n  go${' '.repeat(90_000)}x;\n  find() { for${' '.repeat(50_000)}(${' '.repeat(50_000)}const x of y) c.find({ x }); }\n}\n`,
    },
    {
      name: 'spaces.py',
      text: () =>
        `${PY}from${' '.repeat(90_000)}x\nfrom a import (${' '.repeat(90_000)}b)\nc.find({"a":${' '.repeat(90_000)}1})\n`,
    },
    {
      name: 'keys.js',
      text: () => `${JS}c.find({ ${list(20_000, (i) => `k${i}: 1`)} });\nc.find({ b: 1 });\n`,
      statements: 2,
    },
    {
      name: 'keys.py',
      text: () => `${PY}c.find({${list(20_000, (i) => `"k${i}": 1`)}})\nc.find(${list(20_000, (i) => `k${i}=1`)})\n`,
      statements: 2,
    },
    { name: 'options.js', text: () => `${JS}c.find({}, { ${list(10_000, (i) => `k${i}: 1`)} });\n` },
    { name: 'items.js', text: () => `${JS}c.find({ a: { $in: [${list(200_000, String)}] } });\n` },
    {
      name: 'comments.js',
      text: () => `${JS}c.find({ a: 1 });${'/*/*/'.repeat(80_000)}\nc.find({ b: 1 });\n`,
      statements: 2,
    },
    { name: 'line-comments.js', text: () => `${JS}${'// x\n'.repeat(80_000)}c.find({ a: 1 });\n` },
    { name: 'comments.py', text: () => `${PY}${'# x\n'.repeat(80_000)}c.find({"a": 1})\n` },
    { name: 'slashes.js', text: () => `${JS}c.find({ a: 1 });\n${'(/['.repeat(60_000)}\n` },
    { name: 'regex.js', text: () => `${JS}c.find({ a: /${'(a|'.repeat(50_000)}/ });\n` },
    {
      name: 'functions.js',
      text: () => JS.replaceAll('\n', '') + times(20_000, (i) => `function f${i}(a,b){return c.find({a:a,b:b})}`, ';'),
      statements: 1_000,
      mayBePartial: true,
    },
    {
      name: 'statements-of-one-function.js',
      text: () =>
        `${JS}async function go(x) {\n${times(40_000, (i) => `  await c.find({ a: x, b: ${i} }).toArray();`)}}\n`,
      mayBePartial: true,
    },
    {
      name: 'statements.js',
      text: () => `${JS}${times(30_000, (i) => `c.find({ a: ${i} });`)}`,
      statements: 1_000,
      mayBePartial: true,
    },
    {
      name: 'statements.py',
      text: () => `${PY}${times(30_000, (i) => `c.find({"a": ${i}})`)}`,
      statements: 1_000,
      mayBePartial: true,
    },
    {
      name: 'statements-on-one-line.py',
      text: () => `${PY}${times(30_000, (i) => `c.find({"a": ${i}})`, ';')}`,
      mayBePartial: true,
    },
    {
      name: 'changes-of-one.js',
      text: () => `${JS}let q = {};\n${times(10_000, (i) => `q.k${i} = ${i};`)}c.find(q);\n`,
      mayBePartial: true,
    },
    {
      name: 'uses-of-one.js',
      text: () => `${JS}let q = {};\n${times(3_000, (i) => `q = { ...q, k${i}: ${i} };\nc.find(q);`)}`,
      statements: 100,
      mayBePartial: true,
    },
    {
      name: 'pushes.js',
      text: () =>
        `${JS}function go() {\n  const q = [];\n${times(30_000, (i) => `  q.push(${i});`)}  return c.find({ a: { $in: q } });\n}\n`,
      mayBePartial: true,
      statements: 0,
    },
    {
      name: 'names.js',
      text: () => `${JS}${times(10_000, (i) => `export function f${i}() { return c.find({ a: x${i}, b: y${i} }); }`)}`,
      statements: 1_000,
      mayBePartial: true,
    },
    {
      name: 'exports.js',
      text: () =>
        `${JS}${times(20_000, (i) => `exports.f${i} = () => ${i};`)}exports.find = () => c.find({ a: exports.f1() });\n`,
      mayBePartial: true,
    },
    {
      name: 'imports.js',
      text: () => `${JS}${times(30_000, (i) => `import { a${i} } from './m${i}.js';`)}c.find({ a: a1 });\n`,
    },
    { name: 'imports.py', text: () => `${PY}${times(20_000, (i) => `from m${i} import a${i}`)}c.find({"a": a1})\n` },
    {
      name: 'members.js',
      text: () => `${JS}class A {\n${times(10_000, (i) => `  m${i}() { return c.find({ a: this.f${i} }); }`)}}\n`,
      statements: 1_000,
      mayBePartial: true,
    },
    {
      name: 'fields.js',
      text: () =>
        `${JS}class A {\n${times(10_000, (i) => `  f${i} = ${i};`)}  find() { return c.find({ a: this.f1, b: this.f9999 }); }\n}\n`,
    },
    {
      name: 'members.py',
      text: () =>
        `${PY}class A:\n${times(5_000, (i) => `    def m${i}(self):\n        return c.find({"a": self.f${i}})`)}`,
      statements: 500,
      mayBePartial: true,
    },
    {
      name: 'cases.js',
      text: () =>
        `${JS}function go(x) {\n  switch (x.y.z) {\n${times(5_000, (i) => `    case ${i}: return c.find({ a: ${i} });`)}  }\n}\n`,
      statements: 500,
      mayBePartial: true,
    },
    {
      name: 'else-ifs.py',
      text: () =>
        `${PY}def go(x):\n    if x == 0:\n        pass\n${times(5_000, (i) => `    elif x == ${i}:\n        c.find({"a": ${i}})`)}`,
      statements: 500,
      mayBePartial: true,
    },
    {
      name: 'ifs.js',
      text: () =>
        `${JS}function go(x) {\n  const q = {};\n${times(3_000, (i) => `  if (x > ${i}) q.k${i % 50} = { $gt: ${i} };`)}  return c.find(q);\n}\n`,
      mayBePartial: true,
      statements: 0,
    },
    {
      name: 'names-in-branches.js',
      text: () =>
        `${JS}function go(x) {\n${times(3_000, (i) => `  let v${i} = x;`)}${times(3_000, (i) => `  if (x > ${i}) v${i} = ${i};`)}  return c.find({ a: v1 });\n}\n`,
      mayBePartial: true,
      statements: 0,
    },
    {
      name: 'returns.js',
      text: () =>
        `${JS}function f(x) {\n${times(5_000, (i) => `  if (x > ${i}) return { a: ${i} };`)}}\nc.find(f(y));\n`,
      mayBePartial: true,
    },
    {
      name: 'assignments-of-one-name.js',
      text: () => `${JS}let q;\n${times(20_000, (i) => `q = ${i};`)}c.find({ a: q });\n`,
      mayBePartial: true,
    },
    { name: 'pattern.js', text: () => `${JS}const { ${list(20_000, (i) => `a${i}`)} } = f();\nc.find({ a: a1 });\n` },
    {
      name: 'parameters.js',
      text: () =>
        `${JS}function f(${list(20_000, (i) => `a${i}`)}) { return c.find({ a: a1 }); }\nf(${same(20_000, '1')});\n`,
    },
    {
      name: 'same-types.ts',
      text: () =>
        `${JS}${times(20_000, () => 'interface A { a: string }')}function go(x: A) { return c.find({ a: x.a }); }\n`,
    },
    {
      name: 'long-type.ts',
      text: () =>
        `${JS}function go(x: ${'Promise<'.repeat(20_000)}A${'>'.repeat(20_000)}) { return c.find({ a: x.a }); }\n`,
      mayBePartial: true,
      statements: 0,
    },
    {
      name: 'large-type.ts',
      text: () =>
        `${JS}function go(x: { ${list(20_000, (i) => `k${i}: string`)} }) { return c.find({ ${list(500, (i) => `a${i}: x.k${i}`)} }); }\n`,
    },
    {
      name: 'chain-of-calls.js',
      text: () => `${JS}c.find({ a: 1 })${'.limit(1)'.repeat(20_000)};\nc.find({ b: 1 });\n`,
    },
    {
      name: 'mongoose.js',
      text: () =>
        `import mongoose from 'mongoose';\nconst M = mongoose.model('A', new mongoose.Schema({ ${list(20_000, (i) => `k${i}: String`)} }));\nlet q = M.find();\n${times(3_000, (i) => `q = q.where('k${i}').gt(${i});`)}M.find({ k1: x });\n`,
      mayBePartial: true,
    },
    {
      name: 'awaits.js',
      text: () =>
        `${JS}async function go(x) {\n${times(5_000, (i) => `  const { ${list(20, (n) => `a${i}_${n}`)} } = await c.findOne({ a: ${i} });`)}}\n`,
      statements: 500,
      mayBePartial: true,
    },
    { name: 'one-long-string.js', text: () => `${JS}c.find({ a: '${'x'.repeat(3_000_000)}' });\n` },
    { name: 'one-long-name.js', text: () => `${JS}c.find({ a: ${'x'.repeat(1_000_000)} });\n` },
  ];
}

/** Deeply nested. */
function deep(): HostileSource[] {
  const nested = (open: string, close: string, depth: number, inner = '1'): string =>
    open.repeat(depth) + inner + close.repeat(depth);
  const and = (name: string, expression: string, before = ''): HostileSource => ({
    name,
    text: () =>
      name.endsWith('.py')
        ? `${PY}${before}c.find({"b": 1})\nc.find({"a": ${expression}})\n`
        : `${JS}${before}c.find({ b: 1 });\nc.find({ a: ${expression} });\n`,
    mayBePartial: true,
  });
  return [
    and('lists.js', nested('[', ']', 100_000)),
    and('brackets.js', nested('(', ')', 100_000)),
    and('documents.js', nested('{ a: ', ' }', 50_000)),
    and('calls.js', nested('f(', ')', 50_000)),
    and('functions.js', nested('() => ', '', 50_000)),
    and('bodies.js', nested('() => { return ', ' }', 20_000)),
    and('templates.js', nested('`${', '}`', 50_000)),
    and('conditionals.js', nested('x ? 1 : ', '', 50_000)),
    and('negations.js', nested('!', '', 100_000)),
    and('awaits.js', nested('await ', '', 100_000)),
    and('news.js', nested('new ', '', 100_000, 'A')),
    and('members.js', `a${'.b'.repeat(100_000)}`),
    and('indexes.js', `a${'[0]'.repeat(100_000)}`),
    and('sums.js', `1${' + 1'.repeat(100_000)}`),
    and('sums-of-strings.js', `'a'${" + 'a'".repeat(50_000)}`),
    and('ors.js', `x${' || x'.repeat(50_000)}`),
    and('jsx.jsx', nested('<a>', '</a>', 20_000, 'x')),
    and('open-jsx.jsx', nested('<a b={', '', 20_000)),
    and('types.ts', `x as ${nested('A<', '>', 20_000, 'B')}`),
    and('decorators.ts', '1', `${'@a '.repeat(20_000)}class A {}\n`),
    and('assignments.js', `x${' = x'.repeat(50_000)}`),
    and('open-lists.js', '['.repeat(100_000)),
    and('open-braces.js', '{'.repeat(100_000)),
    and('open-calls.js', 'f('.repeat(50_000)),
    and('open-templates.js', '`${'.repeat(50_000)),
    and('closed-only.js', '1', `${'}'.repeat(50_000)}\n`),
    and('blocks.js', '1', `function go() ${nested('{', '}', 20_000, 'c.find({ x: 1 });')}\n`),
    and('ifs.js', '1', `function go(x) { ${nested('if (x) {', '}', 10_000, 'c.find({ x: 1 });')} }\n`),
    and('else-ifs.js', '1', `function go(x) { ${nested('if (x) {} else ', '', 10_000, 'c.find({ x: 1 });')} }\n`),
    and('tries.js', '1', `function go(x) { ${nested('try {', '} catch {}', 10_000, 'c.find({ x: 1 });')} }\n`),
    and('loops.js', '1', `function go(x) { ${nested('for (const y of x) {', '}', 10_000, 'c.find({ x: 1 });')} }\n`),
    and('classes.js', '1', `${nested('class A { m() { ', '} }', 5_000, '')}\n`),
    and('lists.py', nested('[', ']', 100_000)),
    and('brackets.py', nested('(', ')', 100_000)),
    and('documents.py', nested('{"a": ', '}', 50_000)),
    and('calls.py', nested('f(', ')', 50_000)),
    and('lambdas.py', nested('lambda: ', '', 50_000)),
    and('nots.py', nested('not ', '', 50_000)),
    and('members.py', `a${'.b'.repeat(100_000)}`),
    and('sums.py', `1${' + 1'.repeat(100_000)}`),
    and('comprehensions.py', nested('[x for x in ', ']', 20_000)),
    and('open-lists.py', '['.repeat(100_000)),
    {
      name: 'ifs.py',
      text: () =>
        `${PY}def go(x):\n${times(500, (i) => `${' '.repeat(i)}if x > ${i}:`)}${' '.repeat(501)}c.find({"a": x})\n`,
    },
    {
      name: 'many-ifs.py',
      text: () =>
        `${PY}c.find({"b": 1})\ndef go(x):\n${times(3_000, (i) => `${' '.repeat(i)}if x > ${i}:`)}${' '.repeat(3_001)}c.find({"a": x})\n`,
      mayBePartial: true,
    },
    {
      name: 'tabs.py',
      text: () =>
        `${PY}c.find({"b": 1})\ndef go(x):\n${times(2_000, (i) => `${'\t'.repeat(i)}while x:`)}${'\t'.repeat(2_001)}c.find({"a": x})\n`,
      mayBePartial: true,
    },
    {
      name: 'functions.py',
      text: () =>
        `${PY}c.find({"b": 1})\n${times(1_000, (_i, p) => `${' '.repeat(p)}def f${p}(x):`)}${' '.repeat(1_000)}c.find({"a": x})\n`,
      mayBePartial: true,
    },
  ];
}

/** In circles. */
function circles(): HostileSource[] {
  return [
    {
      name: 'recursion.js',
      text: () => `${JS}function f(x) { return { l: f(x), r: f(x), m: f(x) }; }\nc.find(f(1));\n`,
    },
    {
      name: 'mutual-recursion.js',
      text: () =>
        `${JS}${times(20, (i) => `function f${i}(x) { return [${list(20, (n) => `f${n + 1}(x)`)}]; }`)}c.find({ a: f1(1) });\n`,
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

/** What is broken, or has odd characters. */
function broken(): HostileSource[] {
  const and = (name: string, what: string): HostileSource => ({
    name,
    text: () => (name.endsWith('.py') ? `${PY}c.find({"a": 1})\n${what}` : `${JS}c.find({ a: 1 });\n${what}`),
    mayBePartial: true,
  });
  return [
    and('string.js', "'abc"),
    and('template.js', '`abc ${ x'),
    and('comment.js', '/* abc'),
    and('regex.js', 'x = /abc[/'),
    and('templates.js', '\\`x\n'.repeat(40_000)),
    and('quotes.js', "'\n".repeat(40_000)),
    and('string.py', '"""abc'),
    and('strings.py', '\\"""x\n'.repeat(40_000)),
    and('continued.py', 'x = \\\n'.repeat(40_000)),
    and('nul.js', '\0'.repeat(10_000)),
    and('surrogates.js', '\ud800'.repeat(10_000)),
    and('marks.js', '\ufeff'.repeat(10_000)),
    { name: 'mark.js', text: () => `\ufeff${JS}c.find({ a: 1 });\n` },
    { name: 'mark.py', text: () => `\ufeff${PY}c.find({"a": 1})\n` },
    {
      name: 'odd-strings.js',
      text: () =>
        `${JS}c.find({ a: '\ud800', '\\u0000__proto__': '\\ud800', __proto__: { constructor: 1 }, constructor: 1 });\n`,
    },
    and('returns.js', '\r'.repeat(40_000)),
    and('lines.js', '\n'.repeat(1_000_000)),
    and('bom-lines.py', '\ufeffx\n'.repeat(20_000)),
    and('labels.js', 'a:'.repeat(40_000)),
    and('semicolons.js', ';'.repeat(400_000)),
    and('commas.js', ','.repeat(100_000)),
    and('ats.ts', '@'.repeat(100_000)),
    and('less.tsx', '<'.repeat(100_000)),
    and('arrows.ts', 'async<T>('.repeat(20_000)),
    and('patterns.js', '({[('.repeat(50_000)),
    and('parts.ts', '\n a b c d'.repeat(30_000)),
  ];
}

export function hostileSources(): readonly HostileSource[] {
  const named = (folder: string, sources: readonly HostileSource[]): HostileSource[] =>
    sources.map((source) => ({ ...source, name: `${folder}-${source.name}` }));
  return [
    ...named('doubling', doubling()),
    ...named('long', long()),
    ...named('deep', deep()),
    ...named('circles', circles()),
    ...named('broken', broken()),
  ];
}
