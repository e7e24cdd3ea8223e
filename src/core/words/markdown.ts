import { onOneLine, visibleLines, visibleText, withoutMiddle } from './foreignText';

/** UTF-16 code units of a foreign text in Markdown: evidence and advice are sentences, and whole. */
const TEXT_LENGTH = 1000;
/** Of code in a block: a statement or a plan. */
const CODE_LENGTH = 100_000;

/**
 * Text of others (names of source and profiles, what servers say) inside Markdown that the editor shows: nothing in it
 * acts as markup, HTML, an icon, a link or the beginning of a list, and it stays on its line.
 */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]()#+!|~$@]/g, '\\$&')
      .replace(/^[-=]/, '\\$&')
      .replace(/^(\d+)\.(?=\s|$)/, '$1\\.')
      .replace(/(www)\./gi, '$1\\.')
      .replaceAll('://', '\\://')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // The editor looks for icons in the HTML that comes of it, where a backslash is gone and this is not.
      .replaceAll('\\$\\(', () => '\\$&#40;')
  );
}

/**
 * The same for Markdown that people copy into tickets and may also read as it is: no more is escaped than what would
 * become markup there.
 */
export function inlineText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** On one line, in as many backticks as its own ones ask for. */
export function codeSpan(text: string): string {
  const plain = oneLine(text);
  const fence = '`'.repeat(longestRun(plain) + 1);
  const gap = plain.includes('`') ? ' ' : '';
  return `${fence}${gap}${plain}${gap}${fence}`;
}

/** Line breaks stay; a fence that is longer than all in the text can only be ended by us. */
export function codeBlock(language: string, text: string): string {
  const code = visibleLines(text, CODE_LENGTH);
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Without space at its beginning, which would make code of it, and what is not seen. */
function oneLine(text: string): string {
  // Not read to its end where it is much longer than what is shown of it.
  const short = withoutMiddle(text, 8 * TEXT_LENGTH);
  return visibleText(onOneLine(short).replace(/\s+/g, ' ').trim(), { limit: TEXT_LENGTH });
}

/** Length of the longest run of backticks: a fence must be longer. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
