import { t } from '@vscode/l10n';
import type * as Driver from 'mongodb';
import type { MongoClient, MongoClientOptions } from 'mongodb';
import type * as Internals from 'mongodb/lib/cmap/connection.js';
import {
  optionsOfUri,
  readConnectionString,
  withoutSecrets,
} from '../../../core/database/mongo/connection/connectionString';
import { redactText } from '../../../core/database/mongo/connection/redactText';
import { hostOf, isInDomainOf, nameOfHost } from '../../../core/database/mongo/connection/hosts';
import { badConnectionString, missingMechanism, plainLogin } from '../../../core/database/mongo/errors/connectErrors';
import { errorText, type HeatlensError, isHeatlensError } from '../../../core/errors';
import { isLoopback } from '../../../core/loopback';
import { type ConnectionGuard, guardedConnections } from './guardedConnections';
import { readTlsFiles } from './tlsFiles';

/** The driver with the part of it that is replaced. */
export interface DriverParts {
  readonly driver: typeof Driver;
  readonly internals: typeof Internals;
}

export interface ClientOptions {
  readonly appName: string;
  /** ms until a server must have been found. */
  readonly selectMs: number;
  /** Hosts besides those of the string, as the user has allowed them. */
  readonly allowHosts: readonly string[];
  /** The user has allowed a login without TLS to hosts that are not this machine. */
  readonly allowPlainLogin: boolean;
  readonly onWithheld: ConnectionGuard['onWithheld'];
  readonly onRefused: ConnectionGuard['onRefused'];
  /** Translates what the driver throws. */
  readonly failed: (error: unknown) => HeatlensError;
}

/** The driver's settings after it has read the string. */
interface Settings {
  readonly hosts: readonly { toString(): string }[];
  readonly srvHost?: string;
  readonly replicaSet?: string;
  readonly loadBalanced?: boolean;
  readonly tls?: boolean;
  readonly credentials?: { readonly mechanism: string };
  directConnection?: boolean;
  compressors?: readonly string[];
  serverMonitoringMode?: string;
  connectionType?: unknown;
}

/** Others take what this machine is logged in to elsewhere (a cloud, Kerberos) or ask hosts that the string does not name. */
const MECHANISMS = ['DEFAULT', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'MONGODB-X509', 'PLAIN'];

/**
 * A client that talks to the hosts of its string only: to one without `replicaSet` directly, of a set to those of its members that
 * are named or allowed. Throws a HeatlensError for what is not usable, and for a login that would be sent without TLS.
 */
export async function createClient(
  { driver, internals }: DriverParts,
  uri: string,
  options: ClientOptions,
): Promise<MongoClient> {
  const given = optionsOfUri(uri);
  // The driver would look for a server by the name of a part of the password, and an error would show it.
  if (/[@/?#\s]/.test(readConnectionString(uri)?.credentials ?? ''))
    throw badConnectionString(t('User or password have special characters that are not percent-encoded'));
  if (given.has('proxyhost')) throw missingMechanism('proxyHost');
  const mechanism = given.get('authmechanism')?.toUpperCase();
  if (mechanism !== undefined && !MECHANISMS.includes(mechanism)) throw missingMechanism(mechanism);
  const client = newClient(driver, uri, given, options);
  const settings = client.options as unknown as Settings;
  requireSameHosts(uri, settings);
  const allowed = options.allowHosts.map((host) => hostOf(host) ?? host);
  requireTlsForLogin(settings, allowed, options.allowPlainLogin);
  if (
    settings.srvHost === undefined &&
    settings.hosts.length === 1 &&
    settings.replicaSet === undefined &&
    settings.loadBalanced !== true &&
    !given.has('directconnection')
  )
    settings.directConnection = true;
  // A compressed answer could be a thousand times as large as what comes over the network.
  settings.compressors = ['none'];
  // Asked again and again: a server that may send greetings by itself could send them without end.
  settings.serverMonitoringMode = 'poll';
  const isAllowed = (host: string): boolean =>
    settings.hosts.some((named) => named.toString() === host) ||
    allowed.includes(host) ||
    (settings.srvHost !== undefined && isInDomainOf(host, settings.srvHost));
  const { onWithheld, onRefused } = options;
  settings.connectionType = guardedConnections(internals.Connection, { isAllowed, onWithheld, onRefused });
  await readTlsFiles(client.options);
  return client;
}

function newClient(
  driver: typeof Driver,
  uri: string,
  given: ReadonlyMap<string, string>,
  { appName, selectMs, failed }: ClientOptions,
): MongoClient {
  const settings: MongoClientOptions = {
    serverSelectionTimeoutMS: selectMs,
    connectTimeoutMS: selectMs,
    // As the user says it, where the string says it.
    ...(given.has('appname') ? {} : { appName }),
    // Where the primary is no member that may be talked to, another one answers.
    ...(given.has('readpreference') ? {} : { readPreference: 'secondaryPreferred' }),
    maxPoolSize: 4,
    minPoolSize: 0,
    maxIdleTimeMS: 120_000,
    retryReads: true,
  };
  // What is wrong with a string is said by the driver in words that repeat it: so of one that has no secrets.
  const harmless = withoutSecrets(uri);
  if (harmless === undefined) throw badConnectionString(t('it is not written as one'));
  try {
    new driver.MongoClient(harmless, settings);
  } catch (error) {
    const known = failed(error);
    throw isHeatlensError(known, 'mongoMissingMechanism')
      ? known
      : badConnectionString(redactText(errorText(error), uri));
  }
  try {
    return new driver.MongoClient(uri, settings);
  } catch {
    throw badConnectionString(t('User or password have special characters that are not percent-encoded'));
  }
}

/** What we show and what the driver talks to must be the same: both read the string, each in its way. */
function requireSameHosts(uri: string, { hosts, srvHost }: Settings): void {
  const shown = (readConnectionString(uri)?.hosts ?? '').split(',').map((host) => canonicalHost(host));
  const used = srvHost === undefined ? hosts.map(String) : [canonicalHost(srvHost)];
  if (shown.join(',') !== used.join(',')) throw badConnectionString(t('Its hosts cannot be told apart for certain'));
}

/** As the driver writes it: addresses in their shortest form. */
function canonicalHost(written: string): string | undefined {
  try {
    const socket = decodeURIComponent(written);
    if (socket.endsWith('.sock')) return socket;
    const { hostname, port } = new URL(`mongodb://${written}`);
    return `${decodeURIComponent(hostname).toLowerCase()}:${port === '' ? 27017 : port}`;
  } catch {
    return undefined;
  }
}

/** Whoever listens between here and there would get a password, or what it takes to guess one. A certificate gives nothing away. */
function requireTlsForLogin(
  { credentials, tls, hosts, srvHost }: Settings,
  allowed: readonly string[],
  isConfirmed: boolean,
): void {
  if (!credentials || tls === true || isConfirmed || credentials.mechanism === 'MONGODB-X509') return;
  const all = [...(srvHost === undefined ? hosts.map(String) : [srvHost]), ...allowed];
  const remote = all.filter((host) => !host.startsWith('/') && !isLoopback(nameOfHost(host)));
  if (remote.length) throw plainLogin(remote);
}
