import { HeatlensError } from '../../core/errors';

export function processListFailed(command: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'processListFailed',
    `The running processes cannot be listed: ${command} failed.`,
    `Check that ${command} can be run, or attach to a host and port instead.`,
    { cause },
  );
}
