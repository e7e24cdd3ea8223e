import type { Frame, V8CallFrame } from './frame';

/**
 * Frames that occur in one or several profiles, each once. Two scripts of one URL share their frames: a module that is
 * loaded again (or in another worker) is the same source.
 */
export class FrameTable {
  readonly frames: Frame[] = [];
  private readonly indices = new Map<string, number>();

  /** Index of the frame, added if it is new. Tolerates missing and ill-typed fields of foreign files. */
  intern(raw: Partial<V8CallFrame> | undefined): number {
    return this.add({
      functionName: typeof raw?.functionName === 'string' ? raw.functionName : '',
      url: typeof raw?.url === 'string' ? raw.url : '',
      line: finiteOr(raw?.lineNumber, -1),
      column: finiteOr(raw?.columnNumber, -1),
      scriptId: scriptIdOf(raw?.scriptId),
    });
  }

  /** The same of a frame that is one already. */
  add(frame: Frame): number {
    const { functionName, url, line, column } = frame;
    const key = `${line}:${column}:${url}\0${functionName}`;
    let index = this.indices.get(key);
    if (index === undefined) {
      index = this.frames.length;
      this.frames.push(frame);
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
