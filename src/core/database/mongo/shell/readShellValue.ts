import { HeatlensError } from '../../../errors';
import { checkedWrapper, shellCall } from './shellCalls';
import { badValue, needsQuotes } from '../errors/valueErrors';

/** Deeper is nested by mistake; a server takes 180 levels. */
const DEEPEST = 150;
const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
  NaN: { $numberDouble: 'NaN' },
  Infinity: { $numberDouble: 'Infinity' },
};
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  '\n': '',
};

interface Reader {
  readonly text: string;
  at: number;
}

/**
 * Reads a value as a person types it: JSON, EJSON, or the shell's notation (`ObjectId('…')`, `ISODate('…')`, `new Date()`,
 * `/x/i`, `NumberLong(5)`, `{ a: 1, 'b.c': [1, 2] }`). Gives canonical EJSON; nothing is evaluated. Throws a HeatlensError
 * (`badValue`) that says where.
 */
export function readShellValue(text: string): unknown {
  const reader: Reader = { text, at: 0 };
  skipSpace(reader);
  if (reader.at === text.length) throw wrong(reader, 'There is no value');
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) {
    const words = /^[\p{L}\d][^"'`{}[\]()]*$/u.test(text.trim());
    throw words ? needsQuotes(text.trim()) : wrong(reader, `The value ends before ${shown(reader)}`);
  }
  return value;
}

function wrong({ text, at }: Reader, what: string): HeatlensError {
  const place = text.length > 1 ? ` (character ${Math.min(at, text.length) + 1})` : '';
  return badValue(`${what}${place}.`);
}

function shown({ text, at }: Reader): string {
  const rest = text.slice(at, at + 20);
  return rest ? `"${rest}"` : 'its end';
}

function skipSpace(reader: Reader): void {
  const space = /(?:[\s\uFEFF]|\/\*[^]*?\*\/|\/\/[^\n]*(?:\n|$))*/y;
  space.lastIndex = reader.at;
  reader.at += space.exec(reader.text)?.[0].length ?? 0;
}

function readValue(reader: Reader, depth: number): unknown {
  if (depth > DEEPEST) throw wrong(reader, `The value is nested more than ${DEEPEST} levels deep`);
  const { text } = reader;
  const first = text[reader.at];
  if (first === '{') return readDocument(reader, depth);
  if (first === '[') return readList(reader, '[', ']', depth);
  if (first === '"' || first === "'" || first === '`') return readText(reader);
  if (first === '/') return readRegex(reader);
  const number = take(
    reader,
    /[-+]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|Infinity)(?![\w.$])/y,
  );
  if (number !== undefined) return numberValue(number);
  return readWord(reader, depth);
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function numberValue(text: string): unknown {
  const digits = text.replace(/_/g, '').replace(/^\+/, '');
  const value = /^-?0x/i.test(digits)
    ? digits.startsWith('-')
      ? -Number(digits.slice(1))
      : Number(digits)
    : Number(digits);
  if (!Number.isInteger(value) || Object.is(value, -0) || /[.eE]/.test(digits.replace(/^-?0x.*/i, '')))
    return { $numberDouble: doubleText(value) };
  if (Math.abs(value) <= 0x7fffffff || value === -0x80000000) return { $numberInt: String(value) };
  // Digits beyond what a double holds exactly are kept.
  const whole = /^-?\d+$/.test(digits) ? BigInt(digits) : BigInt(value);
  return whole === BigInt.asIntN(64, whole) ? { $numberLong: whole.toString() } : { $numberDouble: String(value) };
}

function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** A constant, or a call of one of the shell's functions. */
function readWord(reader: Reader, depth: number): unknown {
  const start = reader.at;
  const name = take(reader, /(?:new\s+)?[A-Za-z_$][\w$.]*/y);
  if (name === undefined)
    throw wrong(
      reader,
      reader.at === reader.text.length ? 'The value is not complete' : `${shown(reader)} is not a value`,
    );
  const word = name.replace(/^new\s+/, '');
  if (Object.hasOwn(WORDS, word) && word === name) return WORDS[word];
  skipSpace(reader);
  const called = reader.text[reader.at] === '(';
  if (!called && word === name) {
    if (start === 0 || depth === 0) throw needsQuotes(reader.text.trim());
    reader.at = start;
    throw wrong(reader, `${word} is not a value; put text in quotes`);
  }
  const args = called ? readList(reader, '(', ')', depth) : [];
  const value = shellCall(word, args);
  if (value instanceof HeatlensError || value === undefined) {
    reader.at = start;
    throw wrong(reader, value === undefined ? `${word}() is not known here` : value.message.replace(/\.$/, ''));
  }
  return value;
}

function readList(reader: Reader, open: string, close: string, depth: number): unknown[] {
  const items: unknown[] = [];
  reader.at += open.length;
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === close) break;
    items.push(readValue(reader, depth + 1));
    skipSpace(reader);
    if (reader.text[reader.at] === ',') reader.at++;
    else if (reader.text[reader.at] !== close) throw wrong(reader, `A comma or ${close} is missing`);
  }
  reader.at++;
  return items;
}

function readDocument(reader: Reader, depth: number): unknown {
  const start = reader.at++;
  const entries: [string, unknown][] = [];
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === '}') break;
    const quote = /["'`]/.test(reader.text[reader.at] ?? '');
    const key = quote ? readText(reader) : take(reader, /[\p{L}_$\d][\p{L}\p{N}_$]*/uy);
    if (key === undefined)
      throw wrong(reader, reader.at === reader.text.length ? 'A } is missing' : 'The name of a field is missing');
    skipSpace(reader);
    if (reader.text[reader.at] !== ':') throw wrong(reader, `A colon is missing behind ${key}`);
    reader.at++;
    skipSpace(reader);
    entries.push([key, readValue(reader, depth + 1)]);
    skipSpace(reader);
    if (reader.text[reader.at] === ',') reader.at++;
    else if (reader.text[reader.at] !== '}')
      throw wrong(reader, reader.at === reader.text.length ? 'A } is missing' : 'A comma or } is missing');
  }
  reader.at++;
  // A pair list: `__proto__` is a field like any other.
  const value = checkedWrapper(Object.fromEntries(entries));
  if (!(value instanceof HeatlensError)) return value;
  reader.at = start;
  throw wrong(reader, value.message.replace(/\.$/, ''));
}

function readText(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  const quote = text[reader.at++];
  let value = '';
  for (;;) {
    const next = text[reader.at++];
    if (next === undefined || (next === '\n' && quote !== '`')) {
      reader.at = start;
      throw wrong(reader, `The quote ${quote} is not closed`);
    }
    if (next === quote) return value;
    if (next === '$' && quote === '`' && text[reader.at] === '{') throw wrong(reader, 'A value holds no expressions');
    value += next === '\\' ? readEscape(reader) : next;
  }
}

function readEscape(reader: Reader): string {
  const code = take(reader, /u\{[\da-fA-F]{1,6}\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}/y);
  if (code !== undefined) {
    const point = parseInt(code.replace(/[ux{}]/g, ''), 16);
    if (point > 0x10ffff) throw wrong(reader, 'There is no such character');
    // Half of a pair is one code unit: the other half follows.
    return code.startsWith('u{') ? String.fromCodePoint(point) : String.fromCharCode(point);
  }
  const next = reader.text[reader.at];
  if (next === undefined) return '';
  reader.at++;
  return Object.hasOwn(ESCAPES, next) ? ESCAPES[next] : next;
}

function readRegex(reader: Reader): unknown {
  const found = take(reader, /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y);
  if (found === undefined) throw wrong(reader, 'The regular expression is not closed');
  const end = found.lastIndexOf('/');
  const flags = found.slice(end + 1);
  if (!/^[imsuxgy]*$/.test(flags)) throw wrong(reader, `A regular expression has no option ${flags}`);
  return { $regularExpression: { pattern: found.slice(1, end), options: optionsOf(flags) } };
}

/** What a server knows; `g` and `y` are about JavaScript's own searching. */
function optionsOf(flags: string): string {
  return [...new Set(flags.replace(/[gyu]/g, ''))].sort().join('');
}
