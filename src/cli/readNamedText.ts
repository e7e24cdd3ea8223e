import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { inMegabytes } from '../core/words/bytes';
import { note } from './output';

/** ms after which it is said that a pipe is waited for. */
const SILENT_MS = 2_000;

/**
 * The text of a file that the user named on the command line, or of a pipe: a shell's `<(…)` is one. Rejects with an error
 * whose message is the reason.
 */
export async function readNamedText(path: string, maxBytes: number): Promise<string> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new Error(whyNotFound(error), { cause: error });
  });
  if (stats.isDirectory()) throw new Error('it is a folder');
  if (stats.isSocket() || stats.isBlockDevice()) throw new Error('it is not a file');
  const waiting = stats.isFile() ? undefined : setTimeout(() => note(`waiting for what ${path} gives`), SILENT_MS);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Read as it comes: a device, or a file that grows, has no size to go by.
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      clearTimeout(waiting);
      length += chunk.length;
      if (length > maxBytes) throw new Error(`it has more than ${inMegabytes(maxBytes)}`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(waiting);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function whyNotFound(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : message;
}
