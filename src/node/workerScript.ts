import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The script of a worker thread beside the caller's; lazy chunks of the build lie one folder further down. */
export function workerScript(folder: string, name: string): string {
  const beside = join(folder, `${name}.js`);
  return existsSync(beside) ? beside : join(dirname(folder), `${name}.js`);
}
