/** What a part of a statement is, for its colour. */
export type TokenKind = 'plain' | 'string' | 'number' | 'regex' | 'word' | 'operator' | 'key' | 'call' | 'comment';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
}

const STEPS: readonly (readonly [TokenKind, RegExp])[] = [
  ['comment', /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /"(?:[^"\\\n]|\\[\s\S])*(?:"|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|$)|`(?:[^`\\]|\\[\s\S])*(?:`|$)/y],
  ['number', /(?:0x[\da-f]+|\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?)n?\b/iy],
  ['operator', /\$\$?[A-Za-z_][\w.]*/y],
  ['word', /[A-Za-z_][\w$]*/y],
];
const REGEX = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const LITERALS = new Set(['true', 'false', 'null', 'undefined', 'new', 'Infinity', 'NaN', 'MinKey', 'MaxKey']);

/** The tokens of a shell statement in order, without gaps. Never fails: what is none of them is plain. */
export function shellTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let plainFrom = 0;
  /** Last character that is not white space: tells a regular expression from a division. */
  let before = '';
  const push = (kind: TokenKind, to: number): void => {
    if (plainFrom < at) tokens.push({ kind: 'plain', from: plainFrom, to: at });
    tokens.push({ kind, from: at, to });
    before = text[to - 1];
    at = plainFrom = to;
  };
  while (at < text.length) {
    const step = text[at] === '/' && !/[\w)\]"'`]/.test(before) ? regexEnd(text, at) : undefined;
    if (step !== undefined) {
      push('regex', step);
      continue;
    }
    const found = tokenAt(text, at);
    if (found) push(refined(text, found.kind, at, found.to), found.to);
    else {
      if (!/\s/.test(text[at])) before = text[at];
      at++;
    }
  }
  if (plainFrom < text.length) tokens.push({ kind: 'plain', from: plainFrom, to: text.length });
  return tokens;
}

function regexEnd(text: string, at: number): number | undefined {
  if (text[at + 1] === '/' || text[at + 1] === '*') return undefined;
  REGEX.lastIndex = at;
  return REGEX.test(text) ? REGEX.lastIndex : undefined;
}

function tokenAt(text: string, at: number): { kind: TokenKind; to: number } | undefined {
  for (const [kind, pattern] of STEPS) {
    pattern.lastIndex = at;
    if (pattern.test(text) && pattern.lastIndex > at) return { kind, to: pattern.lastIndex };
  }
  return undefined;
}

function refined(text: string, kind: TokenKind, from: number, to: number): TokenKind {
  if (kind !== 'word' && kind !== 'string' && kind !== 'operator') return kind;
  const after = /\S/.exec(text.slice(to, to + 50))?.[0];
  if (kind === 'operator') return kind;
  if (after === ':') return kind === 'string' && text[from + 1] === '$' ? 'operator' : 'key';
  if (kind === 'string') return kind;
  if (LITERALS.has(text.slice(from, to))) return 'number';
  return after === '(' ? 'call' : 'plain';
}

/** A part of the statement: text in one colour, or a place that a value is to be given for. */
export type Piece =
  | { readonly kind: TokenKind; readonly text: string }
  | { readonly kind: 'hole'; readonly hole: string; readonly text: string };

/** The statement in pieces; holes are as a whole, whatever stands in them. */
export function statementPieces(
  text: string,
  ranges: readonly { readonly from: number; readonly to: number; readonly hole: string }[],
): Piece[] {
  // A value of a hole is not read as code: it may be half typed.
  let masked = '';
  let last = 0;
  const sound = ranges.filter(({ from, to }) => from >= 0 && to > from && to <= text.length);
  for (const { from, to } of sound) {
    masked += text.slice(last, from) + '0'.repeat(to - from);
    last = to;
  }
  masked += text.slice(last);
  const pieces: Piece[] = [];
  const open = [...sound];
  for (const token of shellTokens(masked)) {
    let from = token.from;
    while (open.length && open[0].from < token.to) {
      const range = open.shift()!;
      if (range.from > from) pieces.push({ kind: token.kind, text: text.slice(from, range.from) });
      pieces.push({ kind: 'hole', hole: range.hole, text: text.slice(range.from, range.to) });
      from = range.to;
    }
    if (from < token.to) pieces.push({ kind: token.kind, text: text.slice(from, token.to) });
  }
  return pieces;
}
