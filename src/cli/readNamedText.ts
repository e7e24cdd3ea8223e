import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { inMegabytes } from '../core/words/bytes';
import { note } from './output';

/** ms after which it is said that a pipe is waited for. */
const SILENT_MS = 2_000;
/** ms after which a pipe that nobody writes to is given up. */
const WRITER_MS = 5_000;
const POLL_MS = 50;
const CHUNK_BYTES = 256 * 1024;

/**
 * The text of a file that the user named on the command line; with `pipes` also of what is none: a shell's `<(…)` is a
 * pipe. Nothing waits without a word. Rejects with an error whose message is the reason.
 */
export async function readNamedText(
  path: string,
  maxBytes: number,
  { pipes }: { readonly pipes: boolean },
): Promise<string> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new Error(whyNotFound(error), { cause: error });
  });
  if (stats.isDirectory()) throw new Error('it is a folder');
  const isPlain = stats.isFile();
  const isPipe = stats.isFIFO();
  if (!isPlain && !(pipes && (isPipe || stats.isCharacterDevice()))) throw new Error('it is not a file');
  // Opening a pipe would wait for its writer, where nothing can end the wait.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  const waiting = isPlain ? undefined : setTimeout(() => note(`waiting for what ${path} gives`), SILENT_MS);
  const chunks: Buffer[] = [];
  const end = performance.now() + WRITER_MS;
  try {
    for (let length = 0; ;) {
      const chunk = await readChunk(handle);
      if (chunk === 'nothing yet' || (chunk.length === 0 && isPipe && length === 0)) {
        if (chunk !== 'nothing yet' && performance.now() > end) throw new Error('it is a pipe that nobody writes to');
        await delay(POLL_MS);
        continue;
      }
      clearTimeout(waiting);
      if (chunk.length === 0) return Buffer.concat(chunks, length).toString('utf8');
      length += chunk.length;
      if (length > maxBytes) throw new Error(`it has more than ${inMegabytes(maxBytes)}`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(waiting);
    await handle.close();
  }
}

/** Empty at the end of a file, and of a pipe that has no writer (any more). */
async function readChunk(handle: FileHandle): Promise<Buffer | 'nothing yet'> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'nothing yet';
    throw error;
  }
}

function whyNotFound(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : message;
}
