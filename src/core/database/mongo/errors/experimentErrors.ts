import { HeatlensError } from '../../../errors';
import type { EjsonDocument } from '../../../ejson/documents';

/** Errors of what is tried on a copy. `what` is the experiment as the user knows it: `Try It`, `The scale check`. */

export function notCopied(what: string, namespace: string, why: string, nextStep: string): HeatlensError {
  return new HeatlensError('experimentRefused', `${what} works on a copy, and ${namespace} ${why}.`, nextStep);
}

export function isView(what: string, namespace: string): HeatlensError {
  return notCopied(
    what,
    namespace,
    'is a view: its documents are made while it is read',
    'Explain the statement on the collection that the view reads, and try it there.',
  );
}

export function isTimeSeries(what: string, namespace: string): HeatlensError {
  return notCopied(
    what,
    namespace,
    'is a time series: a copy of its documents is stored otherwise',
    'Create the index on a test database that has the same time series.',
  );
}

export function isCapped(what: string, namespace: string): HeatlensError {
  return notCopied(
    what,
    namespace,
    'is capped: its order of insertion would not be the same',
    'Try it on a test database with a capped collection of the same size.',
  );
}

export function isSystem(what: string, namespace: string): HeatlensError {
  return notCopied(what, namespace, 'belongs to the server itself', 'Choose a statement on a collection of yours.');
}

export function otherDatabase(what: string, namespace: string): HeatlensError {
  return notCopied(
    what,
    namespace,
    'is in another database than the statement',
    'Try the statement without the stage that joins it.',
  );
}

export function needsSearch(what: string, stage: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    `${what} cannot copy the search index that ${stage} needs.`,
    'Try the statement without that stage, or compare on the search deployment itself.',
  );
}

export function noScratch(what: string, database: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'scratchNotAllowed',
    `${what} needs a temporary collection in the database ${database}, which this login may not create.`,
    `Allow it by the role readWrite on ${database} only, or use a server for tests; your own collections are never written to.`,
    { cause },
  );
}

export function takesNoWrites(what: string, connection: string, isSecondary: boolean): HeatlensError {
  return new HeatlensError(
    isSecondary ? 'scratchOnSecondary' : 'scratchReadOnly',
    `${what} needs a temporary collection, and ${connection} is ${isSecondary ? 'a secondary, which takes no writes' : 'read-only'}.`,
    isSecondary
      ? 'Connect to the whole replica set or to its primary; your own collections are never written to.'
      : 'Use a server for tests that takes writes.',
  );
}

export function cannotMeasure(what: string, connection: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    `${what} compares what is read, and ${connection} executes statements to explain them, so it is only asked for plans.`,
    'Try it on a MongoDB server with the same data.',
  );
}

export function notARead(what: string, command: EjsonDocument): HeatlensError {
  const kind = Object.keys(command)[0] ?? 'none';
  const why =
    kind === 'aggregate'
      ? 'this pipeline has $out or $merge before its end'
      : `this statement is ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
  return new HeatlensError(
    'experimentRefused',
    `${what} executes statements that read, and ${why}.`,
    'Choose a find, an aggregate, a count or a distinct.',
  );
}

/** Of an index on a collection that is not copied. */
export function notRead(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    `${what} shows what an index does for a statement, and ${namespace} is not among the collections that the statement reads.`,
    'Choose an index on one of those.',
  );
}

export function nothingToCopy(what: string, namespace: string): HeatlensError {
  return new HeatlensError(
    'experimentRefused',
    `${what} finds no documents in ${namespace}.`,
    'Load some data first: an empty collection shows nothing.',
  );
}

/** `documents` as they are written; `why` the server stopped. */
export function scaleStopped(documents: string, why: string): HeatlensError {
  return new HeatlensError(
    'scaleStopped',
    `With ${documents} documents it did not finish: ${why.replace(/\.$/, '')}.`,
    'Allow more time, or make the statement cheaper first.',
  );
}
