import type { Frame, V8CallFrame } from '../frame';

/** Formats in which a frame must have a name write this one for V8's empty one. */
const ANONYMOUS = '(anonymous)';

export function writtenName({ functionName }: Pick<Frame, 'functionName'>): string {
  return functionName || ANONYMOUS;
}

/** A frame of a format whose lines and columns are 1-based; anything that is no such number is unknown. */
export function foreignFrame(name: string, url: string, line: unknown, column: unknown): V8CallFrame {
  return {
    functionName: name === ANONYMOUS ? '' : name,
    scriptId: '',
    url,
    lineNumber: zeroBased(line),
    columnNumber: zeroBased(column),
  };
}

function zeroBased(value: unknown): number {
  return typeof value === 'number' && value >= 1 && value <= 2 ** 31 ? Math.floor(value) - 1 : -1;
}
