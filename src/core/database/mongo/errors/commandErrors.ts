import { t } from '@vscode/l10n';
import type { ErrorCode } from '../../../errorCode';
import { HeatlensError, isHeatlensError } from '../../../errors';
import { beginningOf, sentence, withoutFullStop } from './connectErrors';
import type { MongoErrorContext, RawMongoError } from './mongoErrors';

interface Known {
  readonly code: ErrorCode;
  readonly message: (server: string, context: MongoErrorContext) => string;
  /** Asked for when the error is made: a constant would be of the language before it is known. */
  readonly nextStep: () => string;
}

const target = ({ database, collection, connection }: MongoErrorContext): string =>
  database === undefined
    ? connection
    : collection === undefined
      ? t('the database {0}', database)
      : `${database}.${collection}`;

const slow: Known = {
  code: 'mongoSlow',
  message: () => t('The server stopped the command: it took longer than it was allowed to.'),
  nextStep: () => t('Explain it with queryPlanner, which runs nothing, or allow more time.'),
};
const notAllowed: Known = {
  code: 'mongoNotAuthorised',
  message: (server, context) => t('The login may not do this on {0}: {1}', target(context), server),
  nextStep: () =>
    t('Use a login that may read the collection (the role read on its database allows find and explain).'),
};
const disconnected: Known = {
  code: 'mongoDisconnected',
  message: (server, { connection }) => t('{0} is shutting down or changing its primary: {1}', connection, server),
  nextStep: () => t('Run it again in a few seconds.'),
};
const notPrimary: Known = {
  code: 'mongoNotPrimary',
  message: (_server, { connection }) =>
    t('{0} is not the primary of its replica set, and this is answered by the primary only.', connection),
  nextStep: () => t('Connect to the whole replica set (replicaSet=NAME), or to its primary.'),
};
const tooLarge: Known = {
  code: 'mongoTooLarge',
  message: () =>
    t('The answer is larger than the 16 MB that a server can send: plans of very large $or and $in conditions are.'),
  nextStep: () => t('Explain it with queryPlanner, or with fewer values in its lists.'),
};
const view: Known = {
  code: 'mongoView',
  message: (server, context) => t('{0} is a view, which does not allow this: {1}', target(context), server),
  nextStep: () => t('Explain a find or an aggregate on it, or the statement on the collection that it reads.'),
};
const javaScript: Known = {
  code: 'mongoJavaScript',
  message: (server) => t('The server runs no JavaScript, which $where, $function and $accumulator need: {0}', server),
  nextStep: () => t('Write the condition with $expr, or switch JavaScript on (security.javascriptEnabled).'),
};
const unsupported: Known = {
  code: 'mongoUnsupported',
  message: (server, { connection }) => t('{0} does not know this: {1}', connection, server),
  nextStep: () => t('Look up what this server and its version support; look-alikes of MongoDB lack parts of it.'),
};
const badStatement: Known = {
  code: 'mongoBadCommand',
  message: (server) => t('The server does not understand the statement: {0}', server),
  nextStep: () => t('Correct the statement or the values of its holes, then explain it again.'),
};
const badHint: Known = {
  code: 'mongoBadHint',
  message: (_server, context) => t('{0} has no index as the hint names it.', target(context)),
  nextStep: () => t('Take the hint out, or create that index.'),
};
const noTextIndex: Known = {
  code: 'mongoNoTextIndex',
  message: (_server, context) => t('{0} has no text index, which $text needs.', target(context)),
  nextStep: () => t("Create one: createIndex({ FIELD: 'text' })."),
};
const noGeoIndex: Known = {
  code: 'mongoNoGeoIndex',
  message: (server, context) =>
    t('{0} has no index for places, which $near and $geoNear need: {1}', target(context), server),
  nextStep: () => t("Create one: createIndex({ FIELD: '2dsphere' })."),
};
const memory: Known = {
  code: 'mongoMemory',
  message: (server) => t('The server ran out of the memory that one command may take: {0}', server),
  nextStep: () =>
    t('Explain it with queryPlanner to see why; an index for the sort, or allowDiskUse: true, lets it run.'),
};
const timeSeries: Known = {
  code: 'mongoTimeSeries',
  message: (server, context) => t('{0} is a time series, which does not allow this: {1}', target(context), server),
  nextStep: () =>
    t('Explain a find or an aggregate on it; writes to a time series are limited to what the server documents.'),
};
const capped: Known = {
  code: 'mongoCapped',
  message: (server, context) =>
    t('{0} does not allow this as a capped collection, or is none: {1}', target(context), server),
  nextStep: () => t('Take tailable out of the statement, or explain it on a capped collection.'),
};
const busy: Known = {
  code: 'mongoBusy',
  message: (server, { connection }) => t('{0} takes no more requests at the moment: {1}', connection, server),
  nextStep: () => t('Run it again in a few seconds; explain with queryPlanner costs least.'),
};
const unknownPlace: Known = {
  code: 'mongoUnknownCollection',
  message: (server, context) => t('{0} does not exist: {1}', target(context), server),
  nextStep: () => t('Choose another database or collection.'),
};
const stopped: Known = {
  code: 'mongoInterrupted',
  message: (server) => t('Somebody ended the command on the server: {0}', server),
  nextStep: () => t('Run it again.'),
};
const noPlan: Known = {
  code: 'mongoNoPlan',
  message: (server, context) => t('The server has no plan for this statement on {0}: {1}', target(context), server),
  nextStep: () =>
    t(
      'Create an index that it can use; the server is set not to scan collections, or the statement needs an index of a special kind.',
    ),
};

/** By what the text says, before the number: one number stands for many things. */
const BY_TEXT: readonly (readonly [RegExp, Known])[] = [
  [/time-?series/i, timeSeries],
  [
    /hint provided does not correspond|bad hint|hint .*(not found|does not exist)|^planner returned error: bad hint/i,
    badHint,
  ],
  [/text index required/i, noTextIndex],
  [/(unable to find index for|geo ?near|\$near).*index|index for \$geoNear/i, noGeoIndex],
  [
    /global ?script ?engine|server-?side javascript|javascript.*(disabled|not (allowed|enabled|supported))/i,
    javaScript,
  ],
  [/tailable cursor|capped collection/i, capped],
  [/is a view, not a collection|on a view\b/i, view],
  [
    /BSONObj.*(too large|size)|object to insert too large|exceed(s|ed)? (the )?(maximum|max|allowed)? ?(BSON|document|message) ?size|BufBuilder attempted to grow|document (is )?too large|Reply.*too large/i,
    tooLarge,
  ],
  [
    /not authori[sz]ed|requires authentication|Unauthorized|not allowed to do action|there are no users authenticated/i,
    notAllowed,
  ],
  [/no query solutions|notablescan|unable to find .*plan/i, noPlan],
  [/request rate is large|TooManyRequests|rate limit/i, busy],
];

const BY_CODE: ReadonlyMap<number, Known> = new Map<number, Known>([
  ...[13, 31].map((code) => [code, notAllowed] as const),
  ...[50, 262, 202].map((code) => [code, slow] as const),
  ...[26, 73].map((code) => [code, unknownPlace] as const),
  ...[59, 115, 238, 303, 304, 10003].map((code) => [code, unsupported] as const),
  ...[91, 189, 11600, 11602, 6, 7, 89].map((code) => [code, disconnected] as const),
  ...[10107, 13435, 10058, 13436].map((code) => [code, notPrimary] as const),
  ...[10334, 17419, 17420, 13548, 16389].map((code) => [code, tooLarge] as const),
  [166, view],
  [139, javaScript],
  [292, memory],
  [146, memory],
  [291, noPlan],
  [16500, busy],
  [11601, stopped],
  [237, stopped],
]);

/** The error that a server answered to a command. */
export function commandError(
  raw: RawMongoError,
  context: MongoErrorContext,
  clean: (text: string) => string,
): HeatlensError {
  const code = typeof raw.code === 'number' && Number.isSafeInteger(raw.code) ? raw.code : undefined;
  const codeName = typeof raw.codeName === 'string' ? raw.codeName.slice(0, 100) : undefined;
  const text = beginningOf(raw.errmsg) || beginningOf(raw.message) || (codeName ?? '');
  const known =
    BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ??
    (code === undefined ? undefined : BY_CODE.get(code)) ??
    (isNameless(code) ? unexpected : badStatement);
  const said = withoutFullStop(
    clean(text || t('no reason given'))
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 360),
  );
  const server = sentence(code === undefined ? said : t('{0} (error {1})', said, code));
  // The number only: the text of a server may hold what must not be shown.
  return new HeatlensError(known.code, known.message(server, context), known.nextStep(), {
    cause: { code, ...(refusesOption(text) ? { refusesOption: true } : {}) },
  });
}

/** Servers have no number of their own for it: those before 4.4 know no `comment` there, and some look-alikes no `maxTimeMS`. */
function refusesOption(text: string): boolean {
  return (
    /unknown field|unrecognized field|not a recognized option|unsupported (field|option)|field '?(comment|maxTimeMS)/i.test(
      text,
    ) && /comment|maxTimeMS/.test(text)
  );
}

/** The server does not know `comment` or `maxTimeMS` with this command: it may answer without them. */
export function isRefusedOption(error: unknown): boolean {
  return isHeatlensError(error) && (error.cause as { refusesOption?: boolean } | undefined)?.refusesOption === true;
}

const unexpected: Known = {
  code: 'mongoFailed',
  message: (server, { connection }) => t('The request to {0} failed: {1}', connection, server),
  nextStep: () => t('Run it again; if it stays so, see the log of the server.'),
};

/** Failures of the server itself; every other number says what is wrong with the command. */
function isNameless(code: number | undefined): boolean {
  return code === undefined || code === 1 || code === 8 || code === 96;
}
