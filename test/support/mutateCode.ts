import { mutateText } from './mutate';

/** What opens, closes, joins and names in JavaScript, TypeScript and Python, and characters that are none of code. */
const TOKENS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '`',
    '${',
    "'",
    '"',
    '"""',
    '//',
    '/*',
    '*/',
    '/',
    '#',
    '\\',
    '\n',
    '\t',
    '    ',
    '\r',
  ],
  ...['=>', '...', '*', '**', ':', ';', ',', '=', '+=', '?', '?.', '!', '<', '>', '@', '.', '||', ' + ', ' - 1', ' | '],
  ...[
    'async ',
    'await ',
    'class A {\n',
    'class A:\n',
    'def f(x):\n',
    'function f(x) {',
    'if (x) {',
    'if x:\n',
    ' else ',
  ],
  ...['for (const x of y) ', 'for x in y:\n', 'import ', 'export ', 'from ', 'return ', 'new ', 'lambda: ', 'yield '],
  ...[
    '.find({',
    '.aggregate([',
    '.push(',
    '.concat(',
    'self.',
    'this.',
    'let x = ',
    'x = x + x\n',
    '$in: ',
    'extends A ',
  ],
  ...['\0', '\ud800', '\ufeff', '\u2028', 'é', '<a>', '</a>', '0x', '1e999', '/[', '__proto__: '],
];

/** A few changes of code: those of any text, and tokens put in and taken out. */
export function mutateCode(text: string, random: () => number): string {
  let result = random() < 0.5 ? mutateText(text, random) : text;
  for (let changes = Math.floor(random() * 6); changes > 0; changes--) {
    const at = Math.floor(random() * (result.length + 1));
    const token = TOKENS[Math.floor(random() * TOKENS.length)];
    const repeated = random() < 0.05 ? token.repeat(1 + Math.floor(random() * 200)) : token;
    const removed = random() < 0.3 ? Math.floor(random() * 8) : 0;
    result = result.slice(0, at) + repeated + result.slice(at + removed);
  }
  return result;
}
