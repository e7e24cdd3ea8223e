import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';
import { redactText } from '../connection/redactText';
import { causesOf, connectError } from './connectErrors';
import { commandError } from './commandErrors';

/** What is known about a failed command besides the error. */
export interface MongoErrorContext {
  /** Name of the connection: hosts only. */
  readonly connection: string;
  /** Its secrets are taken out of every text. */
  readonly uri?: string;
  readonly database?: string;
  readonly collection?: string;
  /** Members of the replica set that the string does not name, and that were not talked to. */
  readonly withheld?: readonly string[];
  /** Whether the connection worked before: its string is right then. */
  readonly hasAnswered?: boolean;
}

/** What the driver throws and what a server answers, as far as it is looked at. */
export interface RawMongoError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly codeName?: unknown;
  readonly message?: unknown;
  readonly errmsg?: unknown;
  readonly reason?: unknown;
  readonly cause?: unknown;
}

/** Cause and next step of whatever went wrong between us and a server: a driver's error, or an error reply. Pure. */
export function mongoError(error: unknown, context: MongoErrorContext): HeatlensError {
  if (error instanceof HeatlensError) return error;
  const raw: RawMongoError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const own = causesOf(raw).find((cause) => cause instanceof HeatlensError);
  if (own) return own;
  const clean = (text: string): string => redactText(text, context.uri);
  return connectError(raw, context, clean) ?? commandError(raw, context, clean);
}

export function cancelled(): HeatlensError {
  return new HeatlensError('cancelled', t('The request was cancelled.'), t('Run it again when you want its result.'));
}

/** Throws `cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** `seconds` that were waited for. */
export function mongoNoAnswer(connection: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'mongoNoAnswer',
    t('{0} did not answer for {1} s.', connection, seconds),
    t('Check the load of the server and the network, or explain with queryPlanner, which runs nothing.'),
  );
}

/** `command` has no end, or more of it than is read. */
export function tooMuchAnswered(connection: string, command: string, documents: number): HeatlensError {
  return new HeatlensError(
    'mongoBadReply',
    t(
      '{0} answers {1} with more than is read: only the first {2} documents were taken.',
      connection,
      command,
      documents,
    ),
    t('Check that the server is what it should be; a real one ends its lists.'),
  );
}

/** `near` are names that look like it, or all of a few. */
export function unknownCollection(database: string, collection: string, near: readonly string[]): HeatlensError {
  return new HeatlensError(
    'mongoUnknownCollection',
    near.length === 0
      ? t('The database {0} has no collection {1}. The database has no collections.', database, collection)
      : near.length === 1
        ? t('The database {0} has no collection {1}. There is {2}.', database, collection, near[0])
        : t('The database {0} has no collection {1}. There are {2}.', database, collection, near.join(', ')),
    t('Choose another database or collection: a plan of an absent collection would mean nothing.'),
  );
}
