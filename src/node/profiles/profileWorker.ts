import { parentPort, workerData } from 'node:worker_threads';
import { isHeatlensError } from '../../core/errors';
import { encodeColumns } from '../../core/profile/columnsCodec';
import type { FromProfileWorker, ProfileWorkerData } from './openProfile';
import { readColumns } from './readColumns';

/** Entry of the worker thread of `openProfile`: one file, then it ends. */
async function run({ path }: ProfileWorkerData): Promise<void> {
  const post = (message: FromProfileWorker, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, transfer);
  try {
    const profiles = await readColumns(path, { onProgress: (fraction) => post({ type: 'progress', fraction }) });
    const buffers = profiles.map(encodeColumns);
    post({ type: 'profiles', buffers }, buffers);
  } catch (error) {
    if (!isHeatlensError(error)) throw error;
    const { code, message, nextStep } = error;
    post({ type: 'failure', code, message, nextStep });
  }
}

void run(workerData as ProfileWorkerData);
