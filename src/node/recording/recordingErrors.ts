import { HeatlensError } from '../../core/errors';

export function nothingAttached(): HeatlensError {
  return new HeatlensError(
    'nothingAttached',
    'No process is attached.',
    'Run "Heatlens: Attach to Node Process…" first.',
  );
}

export function attachDeclined(): HeatlensError {
  return new HeatlensError(
    'attachDeclined',
    'The attach was cancelled before anything was started.',
    'Attach again when a stall is acceptable.',
  );
}
