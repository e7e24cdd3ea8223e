import type { TextChange } from '../textChange';
import type { Slot } from '../slot';

/** What is known where a part begins, besides the text from there on. */
export interface PartStart {
  readonly inClass: boolean;
  /** Last character that counts before it, and the word that it ends. */
  readonly previous: number;
  readonly word: string;
}

/** How the text was split before a change. */
export interface EarlierSplit {
  readonly slots: readonly Slot[];
  /** By slot. */
  readonly starts: readonly PartStart[];
  readonly change: TextChange;
}

/**
 * How many parts stand as they were: those before the change but for the last two, as where a part ends is told by what
 * follows it. An end of brackets that a change opened or closed shows at the latest at the end of the text.
 */
export function keptParts({ slots, change }: EarlierSplit): number {
  let kept = 0;
  while (kept < slots.length && slots[kept].to < change.from) kept++;
  return kept - 2;
}

/** Whether the part of before at the index began at this offset, and as one does now. */
export function sameFrom({ slots, starts }: EarlierSplit, index: number, from: number, start: PartStart): boolean {
  if (slots[index]?.from !== from) return false;
  const known = starts[index];
  return known.inClass === start.inClass && known.previous === start.previous && known.word === start.word;
}
