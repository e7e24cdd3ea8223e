import { readFile, stat } from 'node:fs/promises';
import { errorText } from '../../core/errors';
import { inMegabytes } from '../../core/words/bytes';

export type FileText =
  | { readonly text: string; /** Epoch ms. */ readonly modifiedAt: number }
  | { readonly problem: 'missing' | 'too-large' | 'unreadable'; readonly detail: string };

/** Reads a file of this machine, but not beyond `maxBytes`; never rejects. */
export type ReadFile = (path: string, maxBytes: number) => Promise<FileText>;

export const readFileFromDisk: ReadFile = async (path, maxBytes) => {
  try {
    const { size, mtimeMs } = await stat(path);
    if (size > maxBytes) return { problem: 'too-large', detail: `${path} has ${inMegabytes(size)}` };
    return { text: await readFile(path, 'utf8'), modifiedAt: mtimeMs };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'missing', detail: `${path} does not exist` };
    return { problem: 'unreadable', detail: `${path} cannot be read (${errorText(error)})` };
  }
};
