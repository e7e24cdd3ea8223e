import { errorText, HeatlensError } from '../../../core/errors';

export function planTooLarge(name: string): HeatlensError {
  return new HeatlensError(
    'planTooLarge',
    `${name} is larger than any explain result.`,
    'Choose a file with the result of one explain.',
  );
}

export function planUnreadable(name: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'unreadable',
    `${name} cannot be read: ${errorText(cause)}.`,
    'Check the path and that you may read it.',
    { cause },
  );
}

export function explainedAgain(): HeatlensError {
  return new HeatlensError(
    'explainedAgain',
    'The statement was explained again meanwhile.',
    'Choose the index to try again.',
  );
}

/** `why` says what to do first. */
export function blocked(why: string): HeatlensError {
  return new HeatlensError('blocked', why, 'Then run it again.');
}

export function noSuggestion(): HeatlensError {
  return new HeatlensError('noSuggestion', 'There is no such index to try.', 'Explain the statement first.');
}

export function noConnection(): HeatlensError {
  return new HeatlensError('noConnection', 'No connection is chosen.', 'Choose or add one.');
}

export function noCollections(): HeatlensError {
  return new HeatlensError('noCollections', 'The database has no collections.', 'Choose another database.');
}

export function disconnected(): HeatlensError {
  return new HeatlensError('disconnected', 'The connection was closed while it was being opened.', 'Connect again.');
}

export function secretLost(name: string): HeatlensError {
  return new HeatlensError(
    'secretLost',
    `The secret storage has no connection string for ${name}.`,
    'Remove the connection and add it again.',
  );
}

export function notAConnectionString(): HeatlensError {
  return new HeatlensError(
    'mongoBadUri',
    'This is not a MongoDB connection string.',
    'Give one that begins with mongodb:// or mongodb+srv://.',
  );
}

export function noShapeStatement(where: string): HeatlensError {
  return new HeatlensError(
    'noShapeStatement',
    `No statement of the workspace has ${where}.`,
    'Another program may have sent it, or its text is made up at run time.',
  );
}

export function noStatement(message: string): HeatlensError {
  return new HeatlensError(
    'noStatement',
    message,
    'Put the cursor into a call such as collection.find(…) or into a variable that it uses.',
  );
}

export function nothingExplained(): HeatlensError {
  return new HeatlensError(
    'nothingExplained',
    'No query was explained yet.',
    'Put the cursor into one and run "Heatlens: Explain Query Under Cursor".',
  );
}
