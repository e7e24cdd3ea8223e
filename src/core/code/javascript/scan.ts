const NEW_LINE = 10;
const SLASH = 47;

export function isWord(char: number): boolean {
  return (
    (char >= 97 && char <= 122) ||
    (char >= 65 && char <= 90) ||
    (char >= 48 && char <= 57) ||
    char === 95 ||
    char === 36 ||
    char > 127
  );
}

/** Behind the closing quote; a string that is not closed ends with its line. */
export function endOfString(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  for (let i = from + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === quote) return i + 1;
    if (char === NEW_LINE) return i;
    if (char === 92) i++;
  }
  return text.length;
}

/** Behind the closing slash; behind the opening one where none closes it on the line. */
export function endOfRegex(text: string, from: number): number {
  let inSet = false;
  for (let i = from + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === NEW_LINE) break;
    if (char === 92) i++;
    else if (char === 91) inSet = true;
    else if (char === 93) inSet = false;
    else if (char === SLASH && !inSet) return i + 1;
  }
  return from + 1;
}

/** Behind the comment that begins here, before the end of a line; undefined where none does. */
export function endOfComment(text: string, from: number): number | undefined {
  const next = text.charCodeAt(from + 1);
  if (next === SLASH) {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }
  if (next !== 42) return undefined;
  const end = text.indexOf('*/', from + 2);
  return end < 0 ? text.length : end + 2;
}

/** Behind the backtick that ends a template, or behind its next `${`; undefined where neither comes. */
export function endOfTemplateText(text: string, from: number): number | undefined {
  for (let i = from; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 92) i++;
    else if (char === 96) return i + 1;
    else if (char === 36 && text.charCodeAt(i + 1) === 123) return i + 2;
  }
  return undefined;
}
