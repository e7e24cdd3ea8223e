import { LimitError } from '../collections/limitError';
import type { Frame, V8CallFrame } from './frame';

/** Some ten times of what the largest programs have; each takes half a kilobyte. */
const MOST_FRAMES = 2 ** 20;
/** Characters of a name or a URL: those of people are shorter, those of generated code are cut. */
export const LONGEST_TEXT = 4_096;
/** Of all names and URLs together. */
const MOST_CHARACTERS = 2 ** 27;

/**
 * Frames that occur in one or several profiles, each once. Two scripts of one URL share their frames: a module that is
 * loaded again (or in another worker) is the same source.
 */
export class FrameTable {
  readonly frames: Frame[] = [];
  private readonly indices = new Map<string, number>();
  private characters = 0;

  /**
   * Index of the frame, added if it is new. Tolerates missing and ill-typed fields of foreign files, and cuts texts at 4,096
   * characters. Throws a LimitError where there are too many.
   */
  intern(raw: Partial<V8CallFrame> | undefined): number {
    return this.add({
      functionName: shortText(raw?.functionName),
      url: shortText(raw?.url),
      line: finiteOr(raw?.lineNumber, -1),
      column: finiteOr(raw?.columnNumber, -1),
      scriptId: scriptIdOf(raw?.scriptId),
    });
  }

  /** -1 for one that is not in the table. */
  find(frame: Frame): number {
    return this.indices.get(keyOf(frame)) ?? -1;
  }

  /** The same of a frame that is one already. */
  add(frame: Frame): number {
    const key = keyOf(frame);
    let index = this.indices.get(key);
    if (index === undefined) {
      index = this.frames.length;
      this.characters += key.length;
      if (index >= MOST_FRAMES) throw new LimitError(MOST_FRAMES, 'functions');
      if (this.characters > MOST_CHARACTERS) throw new LimitError(MOST_CHARACTERS, 'characters in names of functions');
      this.frames.push(frame);
      this.indices.set(key, index);
    }
    return index;
  }
}

function keyOf({ functionName, url, line, column }: Frame): string {
  return `${line}:${column}:${url}\0${functionName}`;
}

/** As it is, or its beginning and `…`, in memory of its own: a part of a long string would keep all of it. */
export function shortText(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (value.length <= LONGEST_TEXT) return value;
  const head = new TextDecoder().decode(new TextEncoder().encode(value.slice(0, LONGEST_TEXT - 1)));
  return `${head}…`;
}

function scriptIdOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 64) : '';
}

function finiteOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}
