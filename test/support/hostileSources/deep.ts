import { JS, PY, times, type HostileSource } from './source';

/** Deeply nested. */
export function deep(): HostileSource[] {
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
    // Each reads what is in it once more, where it is not what it seemed to be.
    and('broken-conditionals.js', nested('(x ? ', ')', 200)),
    and('broken-conditionals.py', nested('f({ 1 if (x) ', '', 60)),
    and('walruses.py', nested('(y := ', ')', 300)),
    and('switches.js', '1', `${nested('switch ((() => { ', ' })()) { case 1: }', 60, 'c.find({ x: 1 });')}\n`),
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
