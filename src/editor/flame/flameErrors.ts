import { t } from '@vscode/l10n';
import { errorText, HeatlensError } from '../../core/errors';

export function noFlameGraph(): HeatlensError {
  return new HeatlensError(
    'noFlameGraph',
    t('No flame graph is open.'),
    t('Run "Heatlens: Show Flame Graph" or open a profile file first.'),
  );
}

export function exportFailed(path: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'exportFailed',
    t('{0} was not written: {1}.', path, errorText(cause).replace(/\.$/, '')),
    t('Choose another folder or format.'),
    { cause },
  );
}

export function nothingToExport(): HeatlensError {
  return new HeatlensError(
    'nothingToExport',
    t('The flame graph has nothing to export yet.'),
    t('Wait until the profile is shown.'),
  );
}
