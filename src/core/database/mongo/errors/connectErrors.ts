import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';
import type { MongoErrorContext, RawMongoError } from './mongoErrors';
import { badMessage } from './replyErrors';

type Clean = (text: string) => string;

const WRONG_URI = new Set([
  'MongoParseError',
  'MongoInvalidArgumentError',
  'MongoAPIError',
  'MongoMissingCredentialsError',
  'URIError',
]);
const NETWORK = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedError',
  'MongoPoolClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoServerClosedError',
  'MongoWaitQueueTimeoutError',
  'WaitQueueTimeoutError',
  'PoolClosedOnNetworkError',
  'PoolClearedOnNetworkError',
  'MongoClientBulkWriteExecutionError',
]);
/** What the driver throws over an answer that it does not understand; its own exceptions, too: what it reads is the server's. */
const UNREADABLE = new Set([
  'TypeError',
  'RangeError',
  'MongoUnexpectedServerResponseError',
  'MongoRuntimeError',
  'MongoDecompressionError',
  'BSONVersionError',
  'BSONOffsetError',
]);
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** Errors of the connection itself: its string, names, network, TLS, login. Undefined for what a server answered to a command. */
export function connectError(raw: RawMongoError, context: MongoErrorContext, clean: Clean): HeatlensError | undefined {
  const name = beginningOf(raw.name);
  const where = context.connection;
  const causes = causesOf(raw);
  const login = causes.find((cause) => isLoginFailure(cause));
  if (login) return loginFailed(login, context, clean);
  const code = (pattern: RegExp): string | undefined =>
    causes.map((cause) => beginningOf(cause.code)).find((one) => pattern.test(one));
  const text = causes.map((cause) => beginningOf(cause.message)).join(' ');
  const isNetwork =
    NETWORK.has(name) ||
    causes.some((cause) => NETWORK.has(beginningOf(cause.name))) ||
    (name === 'Error' && code(/^E[A-Z]+$/) !== undefined);
  if (name === 'MongoMissingDependencyError') {
    const part = /`([\w@/-]+)`/.exec(text)?.[1] ?? t('an optional part of the driver');
    return new HeatlensError(
      'mongoMissingMechanism',
      t('{0} is to be reached by a way that Heatlens does not bring: it needs {1}.', where, part),
      t(
        'Use a login by user name and password or by X.509 certificate, without a proxy and without compressors in the connection string.',
      ),
    );
  }
  if (code(/^(ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT)$/) || /querySrv|queryTxt/.test(text))
    return noServiceRecord(where, clean(text));
  const unknown = code(/^(ENOTFOUND|EAI_\w+)$/);
  if (unknown) return hostUnknown(where, hostsIn(text), unknown);
  const file = code(/^(ENOENT|EACCES|EISDIR)$/);
  if (file)
    return badConnectionString(
      t('a file that it names cannot be read ({0})', clean(text)),
      t('Correct the path of the file, or take the option out.'),
    );
  if (causes.some((cause) => isUnreadable(cause))) {
    const why = t('its answer cannot be read ({0})', sentence(clean(text)).slice(0, -1));
    return badMessage(where, why);
  }
  if (WRONG_URI.has(name)) return badConnectionString(clean(text));
  if (!isNetwork) return undefined;
  const bad = code(CERTIFICATE);
  if (bad) return badCertificate(where, bad);
  if (
    code(/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/) ||
    /\b(SSL|TLS) (routines|alert)|wrong version number|unsupported protocol/i.test(text)
  ) {
    return noTls(where);
  }
  return unreachable(raw, context, code, text);
}

/** `part` is the option or the method that it needs. */
export function missingMechanism(part: string): HeatlensError {
  return new HeatlensError(
    'mongoMissingMechanism',
    t('The connection string asks for a way that Heatlens does not take: {0}.', part),
    t(
      'Use a login by user name and password or by X.509 certificate, without a proxy and without compressors in the connection string.',
    ),
  );
}

/** `hosts` are those that a login would be sent to without TLS. */
export function plainLogin(hosts: readonly string[]): HeatlensError {
  return new HeatlensError(
    'mongoPlainLogin',
    t('The login would go to {0} without TLS: whoever listens on the way could learn it.', hosts.join(', ')),
    t(
      'Add tls=true to the connection string, use a tunnel to this machine, or allow it: on the command line by --allow-plain-login.',
    ),
  );
}

/** `host` is not one that the string names or the user allowed. */
export function notAllowedHost(host: string): HeatlensError {
  return new HeatlensError(
    'mongoHostNotNamed',
    t('{0} is not among the hosts that the connection string names.', host),
    t('Add it to the connection string, or allow it: on the command line by --allow-hosts.'),
  );
}

/** `hosts` are members of the set that were not asked. */
function membersWithheld(where: string, hosts: readonly string[]): HeatlensError {
  return new HeatlensError(
    'mongoHostNotNamed',
    t(
      'Of the replica set at {0} no member that the connection string names can answer this. It has others, which are not talked to unasked: {1}.',
      where,
      hosts.join(', '),
    ),
    t('Add them to the connection string, or allow them: on the command line by --allow-hosts.'),
  );
}

/** `why` holds no secret. */
export function badConnectionString(why: string, nextStep: string = howToWrite()): HeatlensError {
  return new HeatlensError('mongoBadUri', t('The connection string is not usable: {0}', sentence(why)), nextStep);
}

function howToWrite(): string {
  return t(
    'Write it as mongodb://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password percent-encoded (@ as %40, / as %2F).',
  );
}

function noTls(where: string): HeatlensError {
  return new HeatlensError(
    'mongoTls',
    t(
      '{0} and Heatlens agree on no TLS: the server may not use it, or only a version that is no longer allowed.',
      where,
    ),
    t('Take tls=true out of the connection string if the server has no TLS, otherwise update the server.'),
  );
}

function unreachable(
  raw: RawMongoError,
  { connection: where, hasAnswered, uri = '', withheld = [] }: MongoErrorContext,
  code: (pattern: RegExp) => string | undefined,
  text: string,
): HeatlensError {
  if (code(/^ECONNREFUSED$/) || /ECONNREFUSED/.test(text)) {
    return new HeatlensError(
      'mongoDown',
      t('No server listens at {0}.', where),
      t('Start the database, or correct host and port in the connection string.'),
    );
  }
  if (code(/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/)) {
    return new HeatlensError(
      'mongoUnreachable',
      t('There is no way through the network to {0}.', where),
      t('Check the network, a VPN, and any firewall between here and there.'),
    );
  }
  const selecting = raw.name === 'MongoServerSelectionError';
  if (selecting && withheld.length) return membersWithheld(where, withheld);
  if (selecting && hasPrimaryMissing(raw)) {
    return new HeatlensError(
      'mongoNoMember',
      t('Of the replica set at {0} no member that may be read from can be reached.', where),
      t(
        'Check the state of its members; where only one of them is reachable from here, add directConnection=true to the connection string.',
      ),
    );
  }
  const wantsTls = /[?&](tls|ssl)=true/i.test(uri);
  if (selecting && wantsTls && !hasAnswered && /before secure TLS connection|ECONNRESET|closed/.test(text))
    return noTls(where);
  if (code(/^ECONNRESET$/) || /connection (\d+|<monitor>) to .* closed|socket hang up/i.test(text)) {
    return new HeatlensError(
      'mongoDisconnected',
      t('{0} cut the connection.', where),
      selecting && !hasAnswered
        ? t('If the server wants TLS, add tls=true to the connection string; otherwise see its log.')
        : t('Run it again: Heatlens connects anew by itself. If it stays so, see the log of the server.'),
    );
  }
  return new HeatlensError(
    'mongoUnreachable',
    t('{0} does not answer.', where),
    wantsTls
      ? t(
          'Check host and port, the network, and whether the server allows connections from this address (in a hosted database: its IP access list), and that it uses TLS.',
        )
      : t(
          'Check host and port, the network, and whether the server allows connections from this address (in a hosted database: its IP access list).',
        ),
  );
}

/** The error, what it was caused by, and what each server that was tried had to say. */
export function causesOf(raw: RawMongoError): RawMongoError[] {
  const found: RawMongoError[] = [];
  const open: unknown[] = [raw];
  while (open.length && found.length < 50) {
    const next = open.shift();
    if (typeof next !== 'object' || next === null || found.includes(next)) continue;
    found.push(next);
    const { cause, reason } = next as RawMongoError;
    const { errors } = next as { errors?: unknown };
    open.push(cause, reason);
    if (Array.isArray(errors)) open.push(...(errors as unknown[]).slice(0, 50));
    const servers = (next as { servers?: unknown }).servers;
    if (servers instanceof Map)
      for (const server of servers.values()) open.push((server as { error?: unknown } | null)?.error);
  }
  return found;
}

/** Members were found, but none of the kind that was asked for. */
function hasPrimaryMissing(raw: RawMongoError): boolean {
  return /^ReplicaSet/.test(beginningOf((raw.reason as { type?: unknown } | undefined)?.type));
}

function isUnreadable({ name, message }: RawMongoError): boolean {
  const kind = beginningOf(name);
  if (UNREADABLE.has(kind)) return true;
  const text = beginningOf(message);
  // Of what is sent, it complains about names.
  if (kind === 'BSONError') return !/null bytes|circular/i.test(text);
  return kind === 'MongoParseError' && /message size|bson size/i.test(text);
}

function isLoginFailure({ code, codeName, message }: RawMongoError): boolean {
  return (
    isWithoutLogins(message) ||
    code === 18 ||
    codeName === 'AuthenticationFailed' ||
    (code === 8000 && /auth/i.test(beginningOf(message))) ||
    (code === 334 && codeName === 'MechanismUnavailable')
  );
}

/** The demo database, and servers that were built without it. */
function isWithoutLogins(message: unknown): boolean {
  return /no such command: '(saslStart|authenticate)'/.test(beginningOf(message));
}

function loginFailed({ message, code }: RawMongoError, { connection }: MongoErrorContext, clean: Clean): HeatlensError {
  if (isWithoutLogins(message)) {
    return new HeatlensError(
      'mongoAuthFailed',
      t('{0} knows no logins.', connection),
      t('Take user and password out of the connection string.'),
    );
  }
  const mechanism = code === 334 || /mechanism/i.test(beginningOf(message));
  return new HeatlensError(
    'mongoAuthFailed',
    t(
      '{0} does not accept the login: {1}',
      connection,
      sentence(clean(beginningOf(message) || t('Authentication failed'))),
    ),
    mechanism
      ? t('Name the login method in the connection string (authMechanism=…), as the database requires it.')
      : t(
          'Correct user and password in the connection string, and name the database that knows the user: authSource=admin.',
        ),
  );
}

function noServiceRecord(where: string, text: string): HeatlensError {
  return new HeatlensError(
    'mongoHostUnknown',
    t('The name of {0} leads to no MongoDB server (DNS: {1}).', where, text.replace(/\s+/g, ' ').slice(0, 120).trim()),
    t(
      'Check the name, and that DNS for SRV records works here; a connection string that starts with mongodb:// and lists the hosts needs none.',
    ),
  );
}

function hostUnknown(where: string, hosts: string, code: string): HeatlensError {
  const name = hosts || where;
  return new HeatlensError(
    'mongoHostUnknown',
    code === 'EAI_AGAIN'
      ? t('The name {0} cannot be resolved at the moment.', name)
      : t('The name {0} cannot be resolved.', name),
    t(
      'Check the spelling and the network or VPN. If members of a replica set are only known inside its own network, add directConnection=true to the connection string.',
    ),
  );
}

function hostsIn(text: string): string {
  return [...new Set([...text.matchAll(/(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/g)].map((match) => match[1]))].join(', ');
}

function badCertificate(where: string, code: string): HeatlensError {
  const [why, next] =
    code === 'CERT_HAS_EXPIRED'
      ? [t('it has expired'), t('Renew it on the server.')]
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH'
        ? [t('it is for another name'), t('Use the name that the certificate is for.')]
        : [
            t('nobody that is trusted here has signed it'),
            t('Name the authority that signed it in the connection string: tlsCAFile=/path/to/ca.pem.'),
          ];
  return new HeatlensError(
    'mongoCertificate',
    t('The certificate of {0} is not accepted: {1} ({2}).', where, why, code),
    next,
  );
}

/**
 * The part of a text of a server or a driver that is looked at, before anything is looked for in it; '' for what is no text, which a
 * server may send in its place.
 */
export function beginningOf(text: unknown): string {
  if (typeof text === 'number') return String(text);
  return typeof text === 'string' ? text.slice(0, MOST_LOOKED_AT) : '';
}

/** Twice what is shown: secrets are taken out in between. */
const MOST_LOOKED_AT = 4_000;

/** Without full stops and white space at its end. */
export function withoutFullStop(text: string): string {
  let end = text.length;
  while (end > 0 && /[.\s]/.test(text[end - 1])) end--;
  return text.slice(0, end);
}

/** One line with a full stop. */
export function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `${line.length > 400 ? `${line.slice(0, 400)}…` : withoutFullStop(line)}.`;
}
