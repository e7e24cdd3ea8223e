import { errorText, HeatlensError } from '../../core/errors';

export function noFlameGraph(): HeatlensError {
  return new HeatlensError(
    'noFlameGraph',
    'No flame graph is open.',
    'Run "Heatlens: Show Flame Graph" or open a profile file first.',
  );
}

export function exportFailed(path: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'exportFailed',
    `${path} was not written: ${errorText(cause).replace(/\.$/, '')}.`,
    'Choose another folder or format.',
    { cause },
  );
}

export function nothingToExport(): HeatlensError {
  return new HeatlensError(
    'nothingToExport',
    'The flame graph has nothing to export yet.',
    'Wait until the profile is shown.',
  );
}
