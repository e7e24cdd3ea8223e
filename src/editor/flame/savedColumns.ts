import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The last columns of a live flame graph on disk, for the window that comes after a reload. None of it ever rejects. */
export interface SavedColumns {
  load(): Promise<ArrayBuffer | undefined>;
  save(data: ArrayBuffer): Promise<void>;
  clear(): Promise<void>;
}

/** Bytes; more is not worth the wait of a window that closes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** `folder` is undefined where the window has no workspace: then nothing is kept. */
export function createSavedColumns(folder: string | undefined, onProblem: (text: string) => void): SavedColumns {
  const path = folder === undefined ? undefined : join(folder, 'live.flame');
  let writing: Promise<void> = Promise.resolve();
  const careful = async (task: () => Promise<void>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      onProblem(String(error));
    }
  };
  const inTurn = (task: () => Promise<void>): Promise<void> => (writing = writing.then(() => careful(task)));
  return {
    async load() {
      if (path === undefined) return undefined;
      try {
        if ((await stat(path)).size > MAX_BYTES) return undefined;
        const { buffer, byteOffset, byteLength } = await readFile(path);
        return buffer.slice(byteOffset, byteOffset + byteLength);
      } catch {
        // Nothing was kept.
        return undefined;
      }
    },
    save(data) {
      if (path === undefined || folder === undefined || data.byteLength > MAX_BYTES) return Promise.resolve();
      return inTurn(async () => {
        await mkdir(folder, { recursive: true });
        // Whole or not at all: the window may be closed at any moment.
        const unfinished = `${path}.${process.pid}.tmp`;
        try {
          await writeFile(unfinished, new Uint8Array(data));
          await rename(unfinished, path);
        } finally {
          await rm(unfinished, { force: true });
        }
      });
    },
    clear() {
      return path === undefined ? Promise.resolve() : inTurn(() => rm(path, { force: true }));
    },
  };
}
