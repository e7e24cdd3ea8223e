import { t } from '@vscode/l10n';
import { errorText, HeatlensError } from '../../../core/errors';

export function planTooLarge(name: string): HeatlensError {
  return new HeatlensError(
    'planTooLarge',
    t('{0} is larger than any explain result.', name),
    t('Choose a file with the result of one explain.'),
  );
}

export function planUnreadable(name: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'unreadable',
    t('{0} cannot be read: {1}.', name, errorText(cause)),
    t('Check the path and that you may read it.'),
    { cause },
  );
}

export function explainedAgain(): HeatlensError {
  return new HeatlensError(
    'explainedAgain',
    t('The statement was explained again meanwhile.'),
    t('Choose the index to try again.'),
  );
}

/** `why` says what to do first. */
export function blocked(why: string): HeatlensError {
  return new HeatlensError('blocked', why, t('Then run it again.'));
}

export function noSuggestion(): HeatlensError {
  return new HeatlensError('noSuggestion', t('There is no such index to try.'), t('Explain the statement first.'));
}

export function noConnection(): HeatlensError {
  return new HeatlensError('noConnection', t('No connection is chosen.'), t('Choose or add one.'));
}

export function noCollections(): HeatlensError {
  return new HeatlensError('noCollections', t('The database has no collections.'), t('Choose another database.'));
}

export function disconnected(): HeatlensError {
  return new HeatlensError(
    'disconnected',
    t('The connection was closed while it was being opened.'),
    t('Connect again.'),
  );
}

export function secretLost(name: string): HeatlensError {
  return new HeatlensError(
    'secretLost',
    t('The secret storage has no connection string for {0}.', name),
    t('Remove the connection and add it again.'),
  );
}

export function notAConnectionString(): HeatlensError {
  return new HeatlensError(
    'mongoBadUri',
    t('This is not a MongoDB connection string.'),
    t('Give one that begins with mongodb:// or mongodb+srv://.'),
  );
}

export function noShapeStatement(where: string): HeatlensError {
  return new HeatlensError(
    'noShapeStatement',
    t('No statement of the workspace has {0}.', where),
    t('Another program may have sent it, or its text is made up at run time.'),
  );
}

export function noStatement(message: string): HeatlensError {
  return new HeatlensError(
    'noStatement',
    message,
    t('Put the cursor into a call such as collection.find(…) or into a variable that it uses.'),
  );
}

export function nothingExplained(): HeatlensError {
  return new HeatlensError(
    'nothingExplained',
    t('No query was explained yet.'),
    t('Put the cursor into one and run "Heatlens: Explain Query Under Cursor".'),
  );
}
