import type { Position } from '../positions';
import { lastWhere } from './binarySearch';
import type { CollectedMethods } from './collectMethods';
import type { Method, MethodIndex, MethodRegion } from './method';
import { EMPTY_RANGE, foldText, hashNumber, joinHashes, type FoldedText, type RangeHash } from './textHash';

/** From offsets to lines and columns, with hashes and the table of lines. */
export function buildIndex(text: string, collected: CollectedMethods): MethodIndex {
  const lineStarts = lineStartsOf(text);
  const folded = foldText(text, collected.comments);
  const place = (offset: number) => positionAt(lineStarts, offset);
  const ownHashes = hashOwnTexts(collected, folded, text.length);
  const methods = collected.drafts.map((draft, i): Method => ({
    name: draft.name,
    qualifiedName: draft.qualifiedName,
    kind: draft.kind,
    anonymous: draft.anonymous,
    span: { start: place(draft.from), end: place(draft.to) },
    nameStart: place(draft.nameFrom),
    headStart: place(draft.headFrom),
    bodyStart: place(draft.bodyFrom),
    parent: draft.parent,
    textHash: hashNumber(folded.hash(draft.from, draft.to)),
    ownTextHash: ownHashes[i],
  }));
  const { boundaries } = collected;
  const regions: MethodRegion[] = [];
  for (let i = 0; i < boundaries.length; i += 2) {
    // Of two boundaries at one place only the last counts.
    if (i + 2 < boundaries.length && boundaries[i + 2] <= boundaries[i]) continue;
    regions.push({ start: place(boundaries[i]), method: boundaries[i + 1] });
  }
  return {
    methods,
    lineCount: lineStarts.length,
    hasErrors: collected.hasErrors,
    regions,
    lineMethods: methodsPerLine(collected, folded, lineStarts, text.length),
  };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function positionAt(lineStarts: readonly number[], offset: number): Position {
  const line = lastWhere(lineStarts.length, (i) => lineStarts[i] <= offset);
  return { line, column: offset - lineStarts[line] };
}

function forEachSegment(
  { boundaries }: CollectedMethods,
  textLength: number,
  visit: (from: number, to: number, draft: number) => void,
): void {
  for (let i = 0; i < boundaries.length; i += 2) {
    const to = i + 2 < boundaries.length ? boundaries[i + 2] : textLength;
    if (to > boundaries[i]) visit(boundaries[i], to, boundaries[i + 1]);
  }
}

/** Unnamed functions count as text of the method around them, too: nobody would say that a callback is not its text. */
function hashOwnTexts(collected: CollectedMethods, folded: FoldedText, textLength: number): number[] {
  const { drafts } = collected;
  const hashes = drafts.map((): RangeHash => EMPTY_RANGE);
  forEachSegment(collected, textLength, (from, to, segmentOwner) => {
    for (let owner = segmentOwner, start = from; ; owner = drafts[owner].parent) {
      // Modifiers and the name of the method itself are left out: a rename does not change what it does.
      if (owner === segmentOwner) start = Math.max(from, drafts[owner].parametersFrom);
      if (start < to) hashes[owner] = joinHashes(hashes[owner], folded.hash(start, to));
      if (!drafts[owner].anonymous) break;
      start = from;
    }
  });
  return drafts.map((draft, i) => {
    const modifiers: RangeHash = { hash: (draft.isAsync ? 1 : 0) + (draft.isGenerator ? 2 : 0), length: 1 };
    return hashNumber(joinHashes(modifiers, hashes[i]));
  });
}

function methodsPerLine(
  collected: CollectedMethods,
  folded: FoldedText,
  lineStarts: readonly number[],
  textLength: number,
): (readonly number[])[] {
  const { drafts } = collected;
  const lines: number[][] = lineStarts.map(() => []);
  const lastLineOf = new Int32Array(drafts.length).fill(-1);
  const add = (line: number, method: number) => {
    if (lastLineOf[method] === line) return;
    lastLineOf[method] = line;
    lines[line].push(method);
  };
  let line = 0;
  forEachSegment(collected, textLength, (from, to, owner) => {
    while (line + 1 < lineStarts.length && lineStarts[line + 1] <= from) line++;
    for (let at = line; at < lineStarts.length && lineStarts[at] < to; at++) {
      const lineEnd = at + 1 < lineStarts.length ? lineStarts[at + 1] : textLength;
      if (!folded.hasCode(Math.max(from, lineStarts[at]), Math.min(to, lineEnd))) continue;
      add(at, owner);
      // Defining a class is work of the method around it.
      if (drafts[owner].kind === 'class') add(at, drafts[owner].parent);
    }
  });
  const depths: number[] = [];
  for (const draft of drafts) depths.push(draft.parent < 0 ? 0 : depths[draft.parent] + 1);
  for (const methods of lines) {
    if (methods.length > 1) methods.sort((a, b) => depths[b] - depths[a]);
  }
  return lines;
}
