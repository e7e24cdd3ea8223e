import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  harmlessUri,
  isConnectionString,
  readConnectionString,
  redactUri,
} from '../../../core/database/mongo/connection/connectionString';
import { readEnvFile } from '../../../core/database/mongo/connection/envFile';
import type { Channel } from '../../channel';
import { readForeignText } from '../../files/readForeignFile';
import { callTarget } from '../../inspector/callTarget';

/** A connection string that was found; never used without asking. */
export interface ConnectionCandidate {
  /** Variable that holds it, or the first one of a set (`MONGO_HOST`). */
  readonly variable: string;
  /** `.env.local`, `process 123`. */
  readonly origin: string;
  /** With its secrets: only for the connection itself. Options that reach beyond the server are left out. */
  readonly uri: string;
  /** Names of those: files, proxies, logins of this machine. */
  readonly dropped?: readonly string[];
  /** For showing: without user and password. */
  readonly label: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Connection strings of an environment, written out or as a set of variables for host, port, user, password and database. */
export function candidatesIn(environment: Environment, origin: string): ConnectionCandidate[] {
  const written = Object.entries(environment).flatMap(([variable, value]) => {
    const uri = value?.trim() ?? '';
    return isUsable(uri) ? [{ variable, uri }] : [];
  });
  const all = [...written, ...hostSets(environment)];
  const first = all.filter((one, at) => all.findIndex((other) => other.uri === one.uri) === at);
  return first.map(({ variable, uri: written }) => {
    const { uri, dropped } = harmlessUri(written);
    return { variable, origin, uri, label: redactUri(uri), ...(dropped.length ? { dropped } : {}) };
  });
}

/** A template such as `mongodb://USER:<password>@…` is not. */
function isUsable(uri: string): boolean {
  return isConnectionString(uri) && readConnectionString(uri) !== undefined && !/<[^<>@]*>|\$\{/.test(uri);
}

/** `MONGO_HOST`, `APP_MONGODB_HOSTS`; `DB_HOST` only with MongoDB's port. */
const HOST = /^((?:.*_)?MONGO(?:DB)?_?(?:DB_)?|(?:.*_)?(?:DB|DATABASE)_)HOST(?:NAME|S)?$/i;

function hostSets(environment: Environment): { variable: string; uri: string }[] {
  const keys = new Map(Object.entries(environment).map(([key, value]) => [key.toUpperCase(), value?.trim() ?? '']));
  return Object.entries(environment).flatMap(([variable, value]) => {
    const prefix = HOST.exec(variable)?.[1].toUpperCase();
    const host = value?.trim();
    if (prefix === undefined || !host || isConnectionString(host)) return [];
    const one = (...names: string[]): string | undefined => names.map((name) => keys.get(prefix + name)).find(Boolean);
    const port = one('PORT');
    if (!prefix.includes('MONGO') && port !== '27017') return [];
    const uri = uriOf(host, {
      port,
      user: one('USER', 'USERNAME', 'ROOT_USERNAME', 'INITDB_ROOT_USERNAME'),
      password: one('PASSWORD', 'PASS', 'PWD', 'ROOT_PASSWORD', 'INITDB_ROOT_PASSWORD'),
      database: one('DATABASE', 'DB', 'DBNAME', 'DB_NAME', 'NAME', 'INITDB_DATABASE'),
      authSource: one('AUTH_SOURCE', 'AUTHSOURCE', 'AUTH_DB', 'AUTH_DATABASE'),
      replicaSet: one('REPLICA_SET', 'REPLICASET', 'REPLSET'),
    });
    return isUsable(uri) ? [{ variable, uri }] : [];
  });
}

interface Parts {
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly authSource?: string;
  readonly replicaSet?: string;
}

function uriOf(host: string, { port, user, password, database, authSource, replicaSet }: Parts): string {
  // Atlas and its like are reached by their service record only.
  const isService = /^[^:,]+\.mongodb\.net$/i.test(host);
  const hosts =
    isService || port === undefined || !/^\d+$/.test(port)
      ? host
      : host
          .split(',')
          .map((one) => (/:\d+$/.test(one) ? one : `${one}:${port}`))
          .join(',');
  const login =
    user === undefined
      ? ''
      : `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const options = Object.entries({ authSource, replicaSet }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `${isService ? 'mongodb+srv' : 'mongodb'}://${login}${hosts}/${database === undefined ? '' : encodeURIComponent(database)}${options.length ? `?${options.join('&')}` : ''}`;
}

const MAX_ENV_BYTES = 256 * 1024;
/** More are not written by hand. */
const MAX_ENV_FILES = 50;

/** Candidates of the `.env*` files of a folder; templates (`.env.example`) and what cannot be read are left out. */
export async function candidatesOfFolder(folder: string): Promise<ConnectionCandidate[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names
    .filter((name) => /^\.env(\.|$)/.test(name) && !/example|sample|template|dist$/i.test(name))
    .sort()
    .slice(0, MAX_ENV_FILES);
  const found = await Promise.all(files.map(async (name) => candidatesIn(await environmentIn(folder, name), name)));
  return found.flat();
}

async function environmentIn(folder: string, name: string): Promise<Environment> {
  // A folder, a pipe, too large, or not ours to read: nothing is found in it.
  const file = await readForeignText(join(folder, name), { maxBytes: MAX_ENV_BYTES, given: [folder] });
  return 'problem' in file ? {} : readEnvFile(file.text);
}

/** Looked for in the target: no other variable leaves it. */
const CONNECTION_STRING = '^mongodb(\\+srv)?://';

/** Variables of an attached process that hold a connection string. `channel` is its main thread's. */
export async function environmentOf(channel: Channel): Promise<Environment> {
  return callTarget(channel, 'environment', [CONNECTION_STRING], { timeoutMs: 5_000 });
}
