import type { ErrorCode } from '../../core/errorCode';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { decodeColumns } from '../../core/profile/columnsCodec';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { workerScript } from '../workerScript';
import type { ReadOptions } from './profileBytes';
import { profileOutOfMemory, profileUnreadable, profileFailure } from './profileErrors';
import { onAbort } from '../../core/abort';

export interface ProfileWorkerData {
  readonly path: string;
}

export type FromProfileWorker =
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'profiles'; readonly buffers: readonly ArrayBuffer[] }
  | { readonly type: 'failure'; readonly code: ErrorCode; readonly message: string; readonly nextStep: string };

/** A file that needs more ends the thread, and not the editor's. */
const LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 2_048 };

export interface OpenOptions extends ReadOptions {
  /** The worker's script; else the one that the build puts beside this one. */
  readonly worker?: string;
  /** Of the thread; a heap of 2 GB where nothing is said. Columns are not part of it. */
  readonly limits?: ResourceLimits;
}

/**
 * `readColumns` in a thread of its own, so that the editor goes on meanwhile. A signal ends the thread at once. Whatever
 * ends it otherwise (no memory left) is a HeatlensError too.
 */
export function openProfile(
  path: string,
  { signal, onProgress, worker: script = workerScript(__dirname, 'profileWorker'), limits = LIMITS }: OpenOptions = {},
): Promise<readonly ProfileColumns[]> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(script, {
      workerData: { path } satisfies ProfileWorkerData,
      resourceLimits: limits,
      name: 'heatlens profile',
    });
    const settle = (tell: () => void): void => {
      listening.dispose();
      worker.removeAllListeners();
      // Ending it makes it fail, which is nobody's concern any more.
      worker.on('error', () => undefined);
      void worker.terminate();
      tell();
    };
    const listening = onAbort(signal, (reason) => settle(() => reject(reason)));
    worker.on('message', (message: FromProfileWorker) => {
      switch (message.type) {
        case 'progress':
          return onProgress?.(message.fraction);
        case 'profiles':
          return settle(() => resolve(Promise.all(message.buffers.map(async (data) => decodeColumns(data)))));
        case 'failure':
          return settle(() => reject(profileFailure(message)));
      }
    });
    worker.on('messageerror', (error) =>
      settle(() => reject(profileUnreadable(path, `the reader's answer came broken (${error.message})`, error))),
    );
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError;
      settle(() =>
        reject(
          outOfMemory
            ? profileOutOfMemory(path, error)
            : profileUnreadable(path, `the reader failed (${error.message})`, error),
        ),
      );
    });
    worker.on('exit', (code) => settle(() => reject(profileUnreadable(path, `the reader ended with ${code}`))));
  });
}
