import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';

export function badValue(what: string): HeatlensError {
  return new HeatlensError(
    'badValue',
    what,
    t(
      'Write it as JSON or as in the shell: "text", 5, true, [1, 2], { a: 1 }, ObjectId("…"), ISODate("2024-01-31"), /x/i.',
    ),
  );
}

export function needsQuotes(text: string): HeatlensError {
  return new HeatlensError(
    'badValue',
    t('{0} is not a value.', text.length > 60 ? `${text.slice(0, 60)}…` : text),
    t('Put text in quotes: {0}.', JSON.stringify(text.slice(0, 60))),
  );
}

/** Why a value is none; the reader says where it stands. */
export function badArguments(message: string): HeatlensError {
  return new HeatlensError('badValue', message, t('Correct it.'));
}
