import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';

/** `why` continues "the answer to COMMAND": `is no document`. */
export function badReply(server: string, command: string, why: string): HeatlensError {
  return new HeatlensError(
    'mongoBadReply',
    t('{0} does not answer as MongoDB does: its answer to {1} {2}.', server, command, why),
    t('Check that host and port are those of a MongoDB server, and that its version is supported.'),
  );
}

/** A plan of so many values is of a statement of as many, or of no statement. */
export function tooManyValues(server: string, most: number): HeatlensError {
  return new HeatlensError(
    'mongoTooLarge',
    t('The plan that {0} answers has more than {1} values, which is more than is read.', server, most),
    t('Explain it with queryPlanner, or with fewer values in its lists.'),
  );
}

/** What arrived is no message of MongoDB's protocol, or one that would cost too much to read. */
export function badMessage(server: string, why: string): HeatlensError {
  return new HeatlensError(
    'mongoBadReply',
    t('{0} does not speak as MongoDB does: {1}.', server, why),
    t('Check that host and port are those of a MongoDB server, and that its version is supported.'),
  );
}
