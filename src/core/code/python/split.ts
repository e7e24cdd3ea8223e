import type { Slot } from '../slot';

/**
 * The parts of a Python file: statements of the top level, heads of classes, members of classes, told by brackets, strings and
 * indentation alone. Where a bracket is not closed, a part also ends where a line begins with a declaration.
 */
export function splitPython(text: string): readonly Slot[] {
  return split(text, false) ?? split(text, true) ?? [];
}

/** Goes on with the compound statement before it. */
const CONTINUING = /(?:else|elif|except|finally)\b/y;
const DECLARATION = /(?:@|(?:async\s+)?def\b|class\b|from\b|import\b)/y;
const CLASS_HEAD = /class\b[^\n]*/y;

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** How often the end of a string of several lines was looked for to the end of the text, in vain. */
interface VainLooks {
  count: number;
}
const MAX_VAIN_LOOKS = 8;

/** Undefined where brackets do not match and that matters. */
function split(text: string, isLenient: boolean): Slot[] | undefined {
  const slots: Slot[] = [];
  let start = -1;
  let end = 0;
  /** Behind the line of a decorator comes what it decorates. */
  let decorates = false;
  /** Column of the members of the class that is being read, -1 before the first is known, null outside of a class. */
  let column: number | null = null;
  const looks: VainLooks = { count: 0 };
  const finish = (): void => {
    if (start >= 0) slots.push({ kind: column === null ? 'code' : 'member', from: start, to: end });
    start = -1;
  };

  for (let line = 0; line < text.length;) {
    let at = line;
    while (text[at] === ' ' || text[at] === '\t') at++;
    const char = text[at];
    const read = readLine(text, at, isLenient, looks);
    if (!read) return undefined;
    if (char !== undefined && char !== '\n' && char !== '\r' && char !== '#') {
      const indent = at - line;
      if (indent === 0 && column !== null) {
        finish();
        column = null;
      }
      if (column === -1) column = indent;
      if (indent === (column ?? 0) && !decorates && !matches(CONTINUING, text, at)) finish();
      if (start < 0) start = line;
      end = read.end;
      decorates = indent === (column ?? 0) && char === '@';
      const isHead = column === null && indent === 0 && matches(CLASS_HEAD, text, at) && read.isOpen;
      if (isHead) {
        slots.push({ kind: 'class', from: start, to: end });
        start = -1;
        column = -1;
      }
    }
    line = read.next;
  }
  finish();
  return slots;
}

/** A logical line: with brackets or strings that are open it goes on. `isOpen` when a block follows. */
function readLine(
  text: string,
  from: number,
  isLenient: boolean,
  looks: VainLooks,
): { end: number; next: number; isOpen: boolean } | undefined {
  let depth = 0;
  let end = from;
  let last = '';
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '\n') {
      if (depth === 0 && last !== '\\') return { end, next: at + 1, isOpen: last === ':' };
      if (isLenient && matches(DECLARATION, text, at + 1)) return { end, next: at + 1, isOpen: false };
      if (last === '\\') last = '';
      at++;
      continue;
    }
    if (char === '#') {
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line;
      continue;
    }
    if (char === '"' || char === "'") {
      const close = endOfString(text, at, looks);
      if (close === undefined && !isLenient) return undefined;
      at = close ?? at + 3;
      last = char;
      end = at;
      continue;
    }
    if (char === '(' || char === '[' || char === '{') depth++;
    else if ((char === ')' || char === ']' || char === '}') && depth > 0) depth--;
    at++;
    if (char !== ' ' && char !== '\t' && char !== '\r') {
      last = char;
      end = at;
    }
  }
  return depth > 0 && !isLenient ? undefined : { end, next: text.length, isOpen: last === ':' };
}

/** Behind the closing quotes; a string of one line ends with it. Undefined for one of several lines without an end. */
function endOfString(text: string, from: number, looks: VainLooks): number | undefined {
  const quote = text[from];
  const triple = quote.repeat(3);
  if (text.startsWith(triple, from)) {
    if (looks.count >= MAX_VAIN_LOOKS) return undefined;
    for (let i = from + 3; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === quote && text.startsWith(triple, i)) return i + 3;
    }
    looks.count++;
    return undefined;
  }
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}
