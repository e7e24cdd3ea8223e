import { JS, PY, type HostileSource } from './source';

/** What is broken, or has odd characters. */
export function broken(): HostileSource[] {
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
