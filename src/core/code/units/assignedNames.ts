const WORD = /[\w$]+/g;
/** Methods that change what they are called on. */
const CHANGING = new Set(['push', 'unshift', 'append', 'extend', 'insert', 'update', 'setdefault', 'index', 'add']);
/** Characters between the brackets of an index, and of a type. */
const MAX_BETWEEN = 80;

/**
 * Names that a text assigns to, or whose value it changes by a method. Told by the words alone: it may say too much, never too
 * little. Every character is looked at a few times at most, whatever the text is.
 */
export function assignedNames(text: string): Set<string> {
  const names = new Set<string>();
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match; match = WORD.exec(text)) {
    const [word] = match;
    const behind = WORD.lastIndex;
    if (text[match.index - 1] === '.') continue;
    const isField = (word === 'this' || word === 'self') && text[behind] === '.';
    const end = assignmentEnd(text, behind);
    if (end === undefined) continue;
    if (!isField) names.add(word);
    WORD.lastIndex = end;
  }
  return names;
}

/** Behind the operator or the method that changes what begins with the word that ends here; undefined where none does. */
function assignmentEnd(text: string, from: number): number | undefined {
  let at = from;
  let method = '';
  for (;;) {
    if (text[at] === '.' && isWord(text, at + 1)) {
      const start = at + 1;
      at = start;
      while (isWord(text, at)) at++;
      method = at - start < 12 ? text.slice(start, at) : '';
    } else if (text[at] === '[') {
      const close = closingBracket(text, at + 1);
      if (close === undefined) return undefined;
      at = close;
      method = '';
    } else break;
  }
  const next = behindSpace(text, at);
  if (text[next] === '(') return CHANGING.has(method) ? next + 1 : undefined;
  if (text[next] === ':') return typedAssignmentEnd(text, next + 1);
  return operatorEnd(text, next);
}

/** `name: Type = …` */
function typedAssignmentEnd(text: string, from: number): number | undefined {
  const start = behindSpace(text, from);
  let at = start;
  let last = start;
  while (at < text.length && /[\w$.<>[\]|, ]/.test(text[at])) {
    if (text[at++] !== ' ') last = at;
    if (last - start > MAX_BETWEEN) return undefined;
  }
  return last === start ? undefined : operatorEnd(text, behindSpace(text, at));
}

/** `=`, `+=`, `||=`, `&&=`, `??=`, `|=`, `&=` */
function operatorEnd(text: string, from: number): number | undefined {
  if (text[from] === '=') return text[from + 1] === '=' || text[from + 1] === '>' ? undefined : from + 1;
  let at = from;
  while (at < from + 2 && '+|&?'.includes(text[at] ?? ' ')) at++;
  return at > from && text[at] === '=' ? at + 1 : undefined;
}

function closingBracket(text: string, from: number): number | undefined {
  for (let at = from; at <= from + MAX_BETWEEN && at < text.length; at++) {
    if (text[at] === ']') return at + 1;
    if (text[at] === '\n') return undefined;
  }
  return undefined;
}

function behindSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at])) at++;
  return at;
}

function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  );
}
