import { isWord } from './scan';

const SEMICOLON = 59;
const AT = 64;
const BACKTICK = 96;
const CLOSE_BRACE = 125;

/** Begins a statement wherever a line begins with it, unless the line before asks for more. */
const DECLARATION =
  /(?:export|import|const|let|var|function|class)\b|async\s+function\b|(?:abstract\s+class|declare\s+\w|(?:interface|type|enum|namespace)\s+[\w$])/y;
const CLASS_HEAD = /@|(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\b/y;
/** Words that go on with what stands on the line before. */
const CONTINUING = /(?:else|catch|finally|while|of|in|instanceof|as|satisfies|extends|implements|from)\b/y;
/** Words that ask for more behind them. */
const ASKING =
  /^(?:export|default|declare|abstract|async|extends|implements|typeof|keyof|new|await|of|in|case|from|as|return|public|private|protected|static|readonly)$/;
/** Words that a regular expression may stand behind. */
const BEFORE_REGEX = /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|await|yield)$/;

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** What stands before a place in a text: the last character that counts, the word that it ends, and the offset behind it. */
export interface Before {
  readonly previous: number;
  readonly word: string;
  readonly end: number;
}

export function beginsDeclaration(text: string, at: number): boolean {
  return text.charCodeAt(at) === AT || matches(DECLARATION, text, at);
}

export function beginsClass(text: string, at: number): boolean {
  return matches(CLASS_HEAD, text, at);
}

export function continues(text: string, at: number): boolean {
  return matches(CONTINUING, text, at);
}

/** Whether the member of a class before ends, at the first character of a line that may begin another. */
export function isMemberBoundary(text: string, at: number, { previous }: Before): boolean {
  if (previous !== SEMICOLON && previous !== CLOSE_BRACE) return false;
  const char = text.charCodeAt(at);
  // Names of members may also begin with `#`, `*`, `[` or a quote.
  return (
    (isWord(char) || char === AT || char === 35 || char === 42 || char === 91 || char === 34 || char === 39) &&
    !continues(text, at)
  );
}

/** Whether the statement before ends, at the first character of a line that may begin another. */
export function isStatementBoundary(text: string, at: number, { previous, word, end }: Before): boolean {
  const char = text.charCodeAt(at);
  if (!(isWord(char) || char === AT)) return false;
  if (previous === SEMICOLON || previous === CLOSE_BRACE) return !continues(text, at);
  if (ASKING.test(word)) return false;
  // Behind a word, a string, a closing bracket, a generic type; not behind `=>`.
  const ended =
    isWord(previous) ||
    previous === 41 ||
    previous === 93 ||
    previous === 34 ||
    previous === 39 ||
    previous === BACKTICK ||
    (previous === 62 && text[end - 2] !== '=');
  return ended && beginsDeclaration(text, at);
}

/** Whether a slash begins a regular expression behind this character and word. */
export function regexMayStand(previous: number, word: string): boolean {
  if (word) return BEFORE_REGEX.test(word);
  return (
    previous !== 41 &&
    previous !== 93 &&
    previous !== CLOSE_BRACE &&
    previous !== 34 &&
    previous !== 39 &&
    previous !== BACKTICK
  );
}
