/** One function as V8 names it: positions are 0-based in the *generated* script; -1 where V8 knows none. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
  /** Per isolate; empty when read from a file that lacks it. */
  readonly scriptId: string;
}

/** What tells a frame from others, whatever isolate it is of. */
export type FramePlace = Omit<Frame, 'scriptId'>;

/** The same as V8 writes it: `lineNumber` and `columnNumber` are 0-based, -1 where V8 knows none. */
export interface V8CallFrame {
  functionName: string;
  scriptId: string | number;
  url: string;
  lineNumber: number;
  columnNumber: number;
}

export function callFrameOf({ functionName, url, line, column, scriptId }: Frame): V8CallFrame {
  return { functionName, scriptId: scriptId || '0', url, lineNumber: line, columnNumber: column };
}

/** V8's number of a frame's script; undefined for what has none, as V8's own functions, and for what is no number. */
export function scriptOf(frame: Partial<Pick<V8CallFrame, 'scriptId'>> | null | undefined): string | undefined {
  const id: unknown = frame?.scriptId;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  return Number(id) > 0 ? String(id) : undefined;
}

/** V8's own root of a profile: a method of a script may be called so too. */
export function isRootFrame({ functionName, url }: Pick<Frame, 'functionName' | 'url'>): boolean {
  return functionName === '(root)' && !url;
}

/** Where time and bytes of a frame are counted. Only `source` frames can become methods. */
export type FrameCategory = 'source' | 'root' | 'idle' | 'gc' | 'program' | 'native' | 'node' | 'wasm';

/**
 * `(program)` is time outside JavaScript; `native` are V8 builtins and bound functions without a script; `node` is
 * Node's own JavaScript (`node:` URLs); everything else has a script and counts as source, code from `eval` and
 * `new Function` too: its script has no URL, but an id and a line.
 */
export function frameCategory(frame: Pick<Frame, 'functionName' | 'url' | 'line' | 'scriptId'>): FrameCategory {
  if (!frame.url) {
    switch (frame.functionName) {
      case '(root)':
        return 'root';
      case '(idle)':
        return 'idle';
      case '(garbage collector)':
        return 'gc';
      case '(program)':
        return 'program';
      default:
        return frame.line >= 0 && Number(frame.scriptId) > 0 ? 'source' : 'native';
    }
  }
  if (frame.url.startsWith('node:')) return 'node';
  if (frame.url.startsWith('wasm:')) return 'wasm';
  return 'source';
}

/** What Heatlens sent to the target itself. */
export function isOwnScript(url: string): boolean {
  return url === 'node:heatlens';
}
