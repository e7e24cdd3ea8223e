import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';
import type { EjsonDocument } from '../../../ejson/documents';

/** Errors of what is tried on a copy. `what` is the experiment as the user knows it: `Try It`, `The scale check`. */

export function isView(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} works on a copy, and {1} is a view: its documents are made while it is read.', what, namespace),
    t('Explain the statement on the collection that the view reads, and try it there.'),
  );
}

export function isTimeSeries(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} works on a copy, and {1} is a time series: a copy of its documents is stored otherwise.', what, namespace),
    t('Create the index on a test database that has the same time series.'),
  );
}

export function isCapped(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} works on a copy, and {1} is capped: its order of insertion would not be the same.', what, namespace),
    t('Try it on a test database with a capped collection of the same size.'),
  );
}

export function isSystem(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} works on a copy, and {1} belongs to the server itself.', what, namespace),
    t('Choose a statement on a collection of yours.'),
  );
}

export function otherDatabase(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} works on a copy, and {1} is in another database than the statement.', what, namespace),
    t('Try the statement without the stage that joins it.'),
  );
}

export function needsSearch(what: string, stage: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} cannot copy the search index that {1} needs.', what, stage),
    t('Try the statement without that stage, or compare on the search deployment itself.'),
  );
}

export function noScratch(what: string, database: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'scratchNotAllowed',
    t('{0} needs a temporary collection in the database {1}, which this login may not create.', what, database),
    t(
      'Allow it by the role readWrite on {0} only, or use a server for tests; your own collections are never written to.',
      database,
    ),
    { cause },
  );
}

export function takesNoWrites(what: string, connection: string, isSecondary: boolean): HeatlensError {
  return new HeatlensError(
    isSecondary ? 'scratchOnSecondary' : 'scratchReadOnly',
    isSecondary
      ? t('{0} needs a temporary collection, and {1} is a secondary, which takes no writes.', what, connection)
      : t('{0} needs a temporary collection, and {1} is read-only.', what, connection),
    isSecondary
      ? t('Connect to the whole replica set or to its primary; your own collections are never written to.')
      : t('Use a server for tests that takes writes.'),
  );
}

export function cannotMeasure(what: string, connection: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t(
      '{0} compares what is read, and {1} executes statements to explain them, so it is only asked for plans.',
      what,
      connection,
    ),
    t('Try it on a MongoDB server with the same data.'),
  );
}

export function notARead(what: string, command: EjsonDocument): HeatlensError {
  const kind = Object.keys(command)[0] ?? 'none';
  return new HeatlensError(
    'experimentRefused',
    kind === 'aggregate'
      ? t('{0} executes statements that read, and this pipeline has $out or $merge before its end.', what)
      : /^[aeiou]/.test(kind)
        ? t('{0} executes statements that read, and this statement is an {1}.', what, kind)
        : t('{0} executes statements that read, and this statement is a {1}.', what, kind),
    t('Choose a find, an aggregate, a count or a distinct.'),
  );
}

/** Of an index on a collection that is not copied. */
export function notRead(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t(
      '{0} shows what an index does for a statement, and {1} is not among the collections that the statement reads.',
      what,
      namespace,
    ),
    t('Choose an index on one of those.'),
  );
}

export function nothingToCopy(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    t('{0} finds no documents in {1}.', what, namespace),
    t('Load some data first: an empty collection shows nothing.'),
  );
}

/** `documents` as they are written; `why` the server stopped. */
export function scaleStopped(documents: string, why: string): HeatlensError {
  return new HeatlensError(
    'scaleStopped',
    t('With {0} documents it did not finish: {1}.', documents, why.replace(/\.$/, '')),
    t('Allow more time, or make the statement cheaper first.'),
  );
}
