import { visibleText } from './foreignText';

/**
 * Text of others (names of source and profiles, what servers say) inside Markdown that the editor shows: nothing in it
 * acts as markup, HTML, an icon, a link or the beginning of a list, and it stays on its line.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replace(/^(\s*)([-=])/, '$1\\$2')
    .replace(/^(\s*\d+)\.(?=\s|$)/, '$1\\.')
    .replace(/\b(www)\./gi, '$1\\.')
    .replaceAll('://', '\\://')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/**
 * The same for Markdown that people copy into tickets and may also read as it is: no more is escaped than what would
 * become markup there.
 */
export function inlineText(text: string): string {
  return visibleText(text.replace(/\s+/g, ' ')).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

/** On one line, in as many backticks as its own ones ask for. */
export function codeSpan(text: string): string {
  const plain = visibleText(text.replace(/\s+/g, ' '));
  const fence = '`'.repeat(longestRun(plain) + 1);
  const gap = plain.includes('`') ? ' ' : '';
  return `${fence}${gap}${plain}${gap}${fence}`;
}

export function codeBlock(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Length of the longest run of backticks: a fence must be longer. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
