import type { Frame } from './frame';
import type { RawCallFrame } from './v8/v8Profile';

/**
 * Frames that occur in one or several profiles, each once. Two scripts of one URL share their frames: a module that is
 * loaded again (or in another worker) is the same source.
 */
export class FrameTable {
  readonly frames: Frame[] = [];
  private readonly indices = new Map<string, number>();

  /** Index of the frame, added if it is new. Tolerates missing and ill-typed fields of foreign files. */
  intern(raw: Partial<RawCallFrame> | undefined): number {
    const functionName = typeof raw?.functionName === 'string' ? raw.functionName : '';
    const url = typeof raw?.url === 'string' ? raw.url : '';
    const line = finiteOr(raw?.lineNumber, -1);
    const column = finiteOr(raw?.columnNumber, -1);
    const key = `${line}:${column}:${url}\0${functionName}`;
    let index = this.indices.get(key);
    if (index === undefined) {
      index = this.frames.length;
      this.frames.push({ functionName, url, line, column, scriptId: scriptIdOf(raw?.scriptId) });
      this.indices.set(key, index);
    }
    return index;
  }
}

function scriptIdOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function finiteOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}
