import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function nothingAttached(): HeatlensError {
  return new HeatlensError(
    'nothingAttached',
    t('No process is attached.'),
    t('Run "Heatlens: Attach to Node Process…" first.'),
  );
}

export function attachDeclined(): HeatlensError {
  return new HeatlensError(
    'attachDeclined',
    t('The attach was cancelled before anything was started.'),
    t('Attach again when a stall is acceptable.'),
  );
}
