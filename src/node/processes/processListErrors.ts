import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function processListFailed(command: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'processListFailed',
    t('The running processes cannot be listed: {0} failed.', command),
    t('Check that {0} can be run, or attach to a host and port instead.', command),
    { cause },
  );
}
