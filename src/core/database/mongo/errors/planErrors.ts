import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';
import { jsonProblem } from '../../../jsonProblem';

export function explainRefused(message: string, code: number | undefined): HeatlensError {
  return new HeatlensError(
    'explainRefused',
    t('The server refused to explain the command: {0}', message.slice(0, 500).replace(/\.?$/, '.')),
    code === undefined
      ? t('Correct the command, then explain it again.')
      : t('Correct the command (error {0}), then explain it again.', code),
  );
}

export function noExplain(why: string): HeatlensError {
  return new HeatlensError(
    'noExplain',
    t('This is not the result of an explain. {0}', why),
    t('Take the whole answer of explain("executionStats"), or an entry of system.profile, as JSON.'),
  );
}

export function planNotJson(name: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'notJson',
    t('{0} is not JSON: {1}.', name, jsonProblem(cause)),
    t('Print the explain with EJSON.stringify() in the shell, which gives JSON.'),
  );
}
