import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function exactUnderCoverage(): HeatlensError {
  return new HeatlensError(
    'exactUnderCoverage',
    t('Exact mode is refused: the process records code coverage (NODE_V8_COVERAGE), which it would disturb.'),
    t('Start the process without NODE_V8_COVERAGE, or measure it without exact mode.'),
  );
}
