/** A regular expression as a tree. `char` is one code unit that a single-character expression accepts. */
export type RegExpNode =
  | { readonly type: 'char'; readonly source: string }
  | { readonly type: 'assertion'; readonly kind: 'start' | 'end' | 'boundary' | 'noBoundary' }
  | { readonly type: 'sequence'; readonly parts: readonly RegExpNode[] }
  | { readonly type: 'choice'; readonly options: readonly RegExpNode[] }
  | { readonly type: 'repeat'; readonly part: RegExpNode; readonly least: number; readonly most: number };

/** The expression is right but can only be matched by trying, which may take for ever. */
export class UnsupportedRegExp extends Error {}

const QUANTIFIER = /([*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
const GROUP = /\((?:\?(?::|<(?![=!])[^>]*>))?/y;
const ESCAPE = /\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|c[A-Za-z]|[^])/y;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/y;

/**
 * JavaScript's syntax without flags, as far as an automaton can match it.
 *
 * @throws SyntaxError for what JavaScript refuses, with its words; UnsupportedRegExp for look-around and backreferences.
 */
export function parseRegExp(source: string): RegExpNode {
  new RegExp(source);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at = pattern.lastIndex;
    return match;
  };

  const choice = (): RegExpNode => {
    const options = [sequence()];
    while (source[at] === '|') {
      at++;
      options.push(sequence());
    }
    return options.length > 1 ? { type: 'choice', options } : options[0];
  };

  const sequence = (): RegExpNode => {
    const parts: RegExpNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(quantified(term()));
    return parts.length === 1 ? parts[0] : { type: 'sequence', parts };
  };

  const quantified = (part: RegExpNode): RegExpNode => {
    const match = take(QUANTIFIER);
    if (!match) return part;
    if (match[2] === undefined)
      return { type: 'repeat', part, least: match[1] === '+' ? 1 : 0, most: match[1] === '?' ? 1 : Infinity };
    const least = Number(match[2]);
    return {
      type: 'repeat',
      part,
      least,
      most: match[3] === undefined ? least : match[4] ? Number(match[4]) : Infinity,
    };
  };

  const term = (): RegExpNode => {
    switch (source[at]) {
      case '(':
        return group();
      case '\\':
        return escape();
      case '[':
        return { type: 'char', source: take(CLASS)![0] };
      case '^':
        at++;
        return { type: 'assertion', kind: 'start' };
      case '$':
        at++;
        return { type: 'assertion', kind: 'end' };
      case '.':
        at++;
        return { type: 'char', source: '.' };
      default:
        return { type: 'char', source: literal(source[at++]) };
    }
  };

  const group = (): RegExpNode => {
    const opening = take(GROUP)![0];
    if (opening === '(' && source[at] === '?') throw new UnsupportedRegExp('look-around');
    const inner = choice();
    at++;
    return inner;
  };

  const escape = (): RegExpNode => {
    const text = take(ESCAPE)![0];
    if (text === '\\b') return { type: 'assertion', kind: 'boundary' };
    if (text === '\\B') return { type: 'assertion', kind: 'noBoundary' };
    if (/^\\[\dk]/.test(text) && !(text === '\\0' && !/\d/.test(source[at] ?? '')))
      throw new UnsupportedRegExp('backreferences');
    // `\c` without a letter is a backslash, and the `c` stands for itself.
    if (text === '\\c') at--;
    return { type: 'char', source: text === '\\c' ? '\\\\' : text };
  };

  return choice();
}

/** As an expression of its own. */
function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
