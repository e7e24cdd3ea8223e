import type { Frame } from '../../../../src/core/profile/frame';
import type { ReadFile } from '../../../../src/node/sources/sourceFiles';

export interface MemoryFile {
  readonly text: string;
  readonly modifiedAt?: number;
}

/** Files that exist only for a resolver, and what it read. */
export function memoryFiles(files: Record<string, string | MemoryFile>): { readFile: ReadFile; reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    readFile: async (path, maxBytes) => {
      reads.push(path);
      const file = files[path];
      if (file === undefined) return { problem: 'missing', detail: `${path} does not exist` };
      const { text, modifiedAt = 0 } = typeof file === 'string' ? { text: file } : file;
      return text.length > maxBytes ? { problem: 'too-large', detail: `${path} is too large` } : { text, modifiedAt };
    },
  };
}

/** Frame at the place of `marker` in the text of the script, as V8 would report it. */
export function frameAt(url: string, text: string, marker: string, functionName: string): Frame {
  const offset = text.indexOf(marker);
  if (offset < 0) throw new Error(`no ${marker}`);
  const before = text.slice(0, offset).split('\n');
  return { functionName, url, line: before.length - 1, column: before.at(-1)!.length, scriptId: '1' };
}
