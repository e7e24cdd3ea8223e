import type { Tree, TreeFragment } from '@lezer/common';
import { parser } from '@lezer/javascript';

const typescript = parser.configure({ dialect: 'ts' });
const typescriptJsx = parser.configure({ dialect: 'ts jsx' });
const javascript = parser.configure({ dialect: 'jsx' });

/**
 * Syntax tree of JavaScript or TypeScript, chosen by the extension of the file's name. Syntax errors become error nodes.
 * `parsedText` must come from `parseableText`; offsets in the tree are offsets in the source as well.
 */
export function parseSource(parsedText: string, fileName: string, fragments?: readonly TreeFragment[]): Tree {
  return parserFor(fileName).parse(parsedText, fragments);
}

function parserFor(fileName: string) {
  if (/\.[mc]?ts$/i.test(fileName)) return typescript;
  if (/\.tsx$/i.test(fileName)) return typescriptJsx;
  return javascript;
}

/**
 * The text with what the grammar does not know replaced by blanks of the same length, so that no offset moves:
 * decorators before `export`, unnamed classes after `export default`, and generic async arrow functions.
 * Unfixed, each of them would lose the methods around it.
 */
export function parseableText(text: string): string {
  return text
    .replace(
      /\bexport(\s+default)?(?=\s+(?:abstract\s+)?class\b(\s*\{|\s+(?:extends|implements)\b)?)/g,
      (keywords: string, _default: string | undefined, unnamed: string | undefined) =>
        (unnamed ? 'void' : '').padEnd(keywords.length),
    )
    .replace(/\basync(?=\s*<[^;{}]*>\s*\()(?<=(?:[=(,:?&|[>]|\breturn|\bdefault)\s*async)/g, '     ');
}

/** What `parseableText` put where `export default` stood before an unnamed class. */
export function isDefaultExportOfUnnamedClass(text: string, from: number): boolean {
  return text.startsWith('export', from);
}
