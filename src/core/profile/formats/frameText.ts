import type { Frame } from '../frame';
import type { RawCallFrame } from '../v8/v8Profile';

/** Formats in which a frame must have a name write this one for V8's empty one. */
export const ANONYMOUS = '(anonymous)';

export function writtenName({ functionName }: Pick<Frame, 'functionName'>): string {
  return functionName || ANONYMOUS;
}

/** A frame of a format whose lines and columns are 1-based; anything that is no such number is unknown. */
export function foreignFrame(name: string, url: string, line: unknown, column: unknown): RawCallFrame {
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

/** V8's root, which our node 0 is already. */
export function isRootFrame({ functionName, url }: Pick<Frame, 'functionName' | 'url'>): boolean {
  return functionName === '(root)' && url === '';
}
