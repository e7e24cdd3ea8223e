/** What lies between the common start and the common end of two texts. */
export interface TextChange {
  /** Offset in both. */
  readonly from: number;
  /** Offsets behind the changed part, in the text before and in the one after. */
  readonly beforeTo: number;
  readonly afterTo: number;
}

/** Equal blocks are skipped as wholes: comparing strings is much faster than comparing their characters one by one. */
const BLOCK = 1024;

export function textChange(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from + BLOCK <= shorter && before.slice(from, from + BLOCK) === after.slice(from, from + BLOCK)) from += BLOCK;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  const most = shorter - from;
  const endsAlike = (tail: number): boolean =>
    before.slice(before.length - tail - BLOCK, before.length - tail) ===
    after.slice(after.length - tail - BLOCK, after.length - tail);
  let tail = 0;
  while (tail + BLOCK <= most && endsAlike(tail)) tail += BLOCK;
  while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail))
    tail++;
  return { from, beforeTo: before.length - tail, afterTo: after.length - tail };
}
