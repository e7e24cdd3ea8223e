import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The script of a worker thread, which the build puts beside the bundles; lazy chunks lie one folder further down. `folder` is
 * the caller's own (`__dirname`).
 */
export function workerScript(folder: string, name: string): string {
  const beside = join(folder, name);
  return existsSync(beside) ? beside : join(folder, '..', name);
}
