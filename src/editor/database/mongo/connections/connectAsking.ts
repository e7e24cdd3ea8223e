import { t } from '@vscode/l10n';
import { asksForMembers, nameOfUri } from '../../../../core/database/mongo/connection/connectionString';
import { isHeatlensError } from '../../../../core/errors';
import type { ConnectOptions } from '../../../../node/database/mongo/connectMongo';
import type { MongoConnection } from '../../../../node/database/mongo/mongoConnection';

/** What the user was asked about a connection, and what was allowed. Kept with it; nothing of it is secret. */
export interface Allowed {
  /** Members of the replica set that may be talked to although the string does not name them. */
  readonly hosts: readonly string[];
  /** Those that may not. */
  readonly declined: readonly string[];
  /** The login may go to another machine without TLS. */
  readonly plainLogin: boolean;
}

export const NOTHING_ALLOWED: Allowed = { hosts: [], declined: [], plainLogin: false };

export interface AskingServices {
  connect(uri: string, options: ConnectOptions): Promise<MongoConnection>;
  confirm(question: { readonly question: string; readonly detail: string; readonly go: string }): Promise<boolean>;
}

export interface Connected {
  readonly connection: MongoConnection;
  readonly allowed: Allowed;
}

/**
 * Connects to the hosts that the string names. Where the string asks for a replica set and that has members besides, they are
 * shown and asked for once; so is a login that would go to another machine without TLS. Throws what `connectMongo` throws.
 */
export async function connectAsking(
  uri: string,
  before: Allowed,
  { connect, confirm }: AskingServices,
  signal: AbortSignal,
): Promise<Connected> {
  const first = await withLogin(uri, before, { connect, confirm }, signal);
  const { connection, allowed } = first;
  const asked = new Set([...allowed.hosts, ...allowed.declined]);
  const others = connection.withheld.filter((host) => !asked.has(host));
  if (!others.length || !asksForMembers(uri)) return first;
  const isAllowed = await confirm({
    question: t('Talk to the other members of the replica set, too?'),
    detail: t(
      'The connection string names {0}. The server names {1} besides: user and password would go there, too. Without them, Heatlens reads from the hosts that are named.',
      nameOfUri(uri),
      others.join(', '),
    ),
    go: t('Talk to Them'),
  });
  if (!isAllowed) return { connection, allowed: { ...allowed, declined: [...allowed.declined, ...others] } };
  await connection.close();
  return withLogin(uri, { ...allowed, hosts: [...allowed.hosts, ...others] }, { connect, confirm }, signal);
}

async function withLogin(
  uri: string,
  allowed: Allowed,
  { connect, confirm }: AskingServices,
  signal: AbortSignal,
): Promise<Connected> {
  const open = async (now: Allowed): Promise<Connected> => {
    const options = { signal, appName: 'heatlens', allowHosts: now.hosts, allowPlainLogin: now.plainLogin };
    return { connection: await connect(uri, options), allowed: now };
  };
  try {
    return await open(allowed);
  } catch (error) {
    if (!isHeatlensError(error, 'mongoPlainLogin')) throw error;
    const question = t('Send user and password without TLS?');
    if (!(await confirm({ question, detail: error.message, go: t('Send Without TLS') }))) throw error;
    return open({ ...allowed, plainLogin: true });
  }
}
