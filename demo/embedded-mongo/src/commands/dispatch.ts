import { ServerError } from '../errors';
import type { Store } from '../storage/store';
import { toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { Turns } from '../execution/turns';
import { bytesOf } from '../wire/messages';
import * as admin from './admin';
import type { CommandContext, Connections } from './context';
import type { CursorTable } from './cursors';
import { explain } from './explain';
import * as filters from './indexFilters';
import * as indexes from './indexes';
import type { Operations } from './operations';
import { profile, record } from './profiler';
import * as read from './read';
import * as write from './write';

type Command = (context: CommandContext) => Doc | Promise<Doc>;

const nothing: Command = () => ({});

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    hello: admin.hello,
    ismaster: admin.hello,
    isMaster: admin.hello,
    buildInfo: admin.buildInfo,
    buildinfo: admin.buildInfo,
    serverStatus: admin.serverStatus,
    ping: nothing,
    endSessions: nothing,
    refreshSessions: nothing,
    killSessions: nothing,
    logout: nothing,
    killAllSessions: nothing,
    startSession: () => ({ timeoutMinutes: 30 }),
    connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
    getParameter: admin.getParameter,
    setParameter: admin.setParameter,
    getCmdLineOpts: () => ({ argv: ['heatlens-embedded'], parsed: {} }),
    hostInfo: () => ({ system: {}, os: {}, extra: {} }),
    whatsmyuri: () => ({ you: '127.0.0.1' }),
    getLog: () => ({ totalLinesWritten: 0, log: [] }),
    currentOp: ({ operations }) => ({ inprog: operations.list() }),
    killOp: admin.killOp,
    listCommands: () => ({ commands: Object.fromEntries([...COMMANDS.keys()].map((name) => [name, {}])) }),
    find: read.find,
    getMore: read.getMore,
    killCursors: read.killCursors,
    aggregate: read.aggregate,
    count: read.count,
    distinct: read.distinct,
    insert: write.insert,
    update: write.update,
    delete: write.remove,
    findAndModify: write.findAndModify,
    findandmodify: write.findAndModify,
    explain,
    create: admin.create,
    drop: admin.drop,
    dropDatabase: admin.dropDatabase,
    renameCollection: admin.renameCollection,
    listCollections: admin.listCollections,
    listDatabases: admin.listDatabases,
    collStats: admin.collStats,
    collstats: admin.collStats,
    dbStats: admin.dbStats,
    dbstats: admin.dbStats,
    validate: admin.validate,
    createIndexes: indexes.createIndexes,
    listIndexes: indexes.listIndexes,
    dropIndexes: indexes.dropIndexes,
    deleteIndexes: indexes.dropIndexes,
    collMod: indexes.collMod,
    profile,
    planCacheSetFilter: filters.setFilter,
    planCacheListFilters: filters.listFilters,
    planCacheClearFilters: filters.clearFilters,
    planCacheClear: nothing,
  }),
);

/** What all commands of a server share. */
export interface ServerState {
  readonly store: Store;
  readonly cursors: CursorTable;
  readonly operations: Operations;
  readonly connections: Connections;
}

/** Runs one command and gives its reply; errors are replies too. */
export async function runCommand(body: Doc, state: ServerState, connection: number): Promise<Doc> {
  const began = performance.now();
  const [name = ''] = Object.keys(body);
  const turns = new Turns();
  const operation = state.operations.begin({
    connection,
    name,
    command: body,
    turns,
    namespace: `${String(body.$db ?? 'test')}.${String(body[name])}`,
  });
  let context: CommandContext | undefined;
  let reply: Doc;
  let failure: ServerError | undefined;
  try {
    const most = toNumber(body.maxTimeMS);
    const deadline = most && name !== 'getMore' ? began + most : undefined;
    context = {
      ...state,
      database: state.store.database(String(body.$db ?? 'test')),
      name,
      body,
      deadline,
      connection,
      turns,
      notes: {},
    };
    if (body.startTransaction === true || body.autocommit === false) {
      throw new ServerError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
    }
    const command = COMMANDS.get(name);
    if (!command) throw new ServerError(59, `no such command: '${name}'`);
    reply = { ...(await command(context)), ok: 1 };
  } catch (error) {
    failure = error instanceof ServerError ? error : internalError(error);
    reply = { ok: 0, errmsg: failure.message, code: failure.code, codeName: failure.codeName, ...failure.fields };
  } finally {
    state.operations.end(operation);
  }
  if (context && context.database.profile.level > 0)
    record(context, performance.now() - began, bytesOf(reply), failure);
  return reply;
}

function internalError(error: unknown): ServerError {
  return new ServerError(
    8,
    `The embedded server failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}
