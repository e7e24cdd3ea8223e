import { TreeFragment, type Tree } from '@lezer/common';
import { comparePositions, type Position } from '../positions';
import { lastWhere } from './binarySearch';
import { buildIndex } from './buildIndex';
import { collectMethods } from './collectMethods';
import type { MethodIndex } from './method';
import { parseableText, parseGradually, parseSource } from './parseSource';
import { codeIn } from './scriptBlocks';

/**
 * All methods of a JavaScript or TypeScript file; the extension of `fileName` tells which. Never throws: around syntax
 * errors it keeps what it can find. A byte order mark at the start is no part of the text, as in V8 and editors.
 */
export function indexMethods(text: string, fileName: string): MethodIndex {
  return createMethodIndexer(fileName).update(text);
}

/** Indexes successive versions of one file; unchanged parts of the last version are not parsed again. */
export interface MethodIndexer {
  update(text: string): MethodIndex;
  /**
   * Parses a text ahead, awaiting `pause` after every `sliceMs`, so that the next `update` of a slightly different text
   * parses only what differs. Gives way to an `update` that comes meanwhile.
   */
  prepare(text: string, pause: () => Promise<void>, sliceMs?: number): Promise<void>;
}

/** `known` is a text whose index exists already: while that is the text, nothing is parsed. */
export function createMethodIndexer(fileName: string, known?: { text: string; index: MethodIndex }): MethodIndexer {
  let last: { parsedText: string; tree: Tree } | undefined;
  return {
    async prepare(textOfFile, pause, sliceMs = 20) {
      const parsedText = parseableText(codeIn(withoutByteOrderMark(textOfFile), fileName));
      const before = last;
      const tree = await parseGradually(parsedText, fileName, pause, sliceMs);
      if (last === before) last = { parsedText, tree };
    },
    update(textOfFile) {
      if (known?.text === textOfFile) return known.index;
      const text = codeIn(withoutByteOrderMark(textOfFile), fileName);
      const parsedText = parseableText(text);
      const tree = parseSource(
        parsedText,
        fileName,
        last && unchangedFragments(last.tree, last.parsedText, parsedText),
      );
      last = { parsedText, tree };
      return buildIndex(text, collectMethods(tree, text));
    },
  };
}

export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** What a parse of `after` can take over from the tree of `before`. */
function unchangedFragments(tree: Tree, before: string, after: string): readonly TreeFragment[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  const change = { fromA: start, toA: before.length - tail, fromB: start, toB: after.length - tail };
  return TreeFragment.applyChanges(TreeFragment.addTree(tree), [change]);
}

/**
 * Index of the innermost method that the text at the position belongs to; the module (0) where there is no other, -1 when
 * the position is outside the text. A class without a written constructor has its head, from `class` to the brace.
 */
export function methodAt(index: MethodIndex, position: Position): number {
  if (position.line < 0 || position.column < 0 || position.line >= index.lineCount) return -1;
  const { regions } = index;
  return regions[lastWhere(regions.length, (i) => comparePositions(regions[i].start, position) <= 0)].method;
}

/** Indices of the methods with code on the line (0-based), innermost first; empty for a blank line or one outside the text. */
export function methodsOnLine(index: MethodIndex, line: number): readonly number[] {
  return index.lineMethods[line] ?? [];
}
