import { JS, PY, list, same, times, type HostileSource } from './source';

/** Much of one thing. */
export function long(): HostileSource[] {
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
    { name: 'slashes.js', text: () => `${JS}c.find({ a: 1 });\n${'(/['.repeat(60_000)}\n`, mayBePartial: true },
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
