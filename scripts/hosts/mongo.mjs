// A database for the demo and the tests: the one that is named, else what can be started on this machine.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMongod, root } from './paths.mjs';
import { removeTemporaryFolder, startGroup, temporaryFolder, waitForOutput } from './processGroups.mjs';
import { freePort } from './server.mjs';

const patience = {
  given: 10_000,
  mongod: 30_000,
  /** mongodb-memory-server may have to download a server first; offline it would try for minutes. */
  memoryServer: 30_000,
  embedded: 30_000,
};

/**
 * Starts or finds a database and says which one and why: that of HEATLENS_MONGODB_URI, a `mongod` on the PATH, the one of
 * mongodb-memory-server where that package is installed (it is never a dependency), else the embedded demo server.
 * Resolves to { uri, kind, stop }; `stop` ends what was started here, and nothing else. Throws only when the named one does
 * not answer, or when not even the embedded one starts.
 */
export async function startDatabase(say = () => undefined) {
  const given = process.env.HEATLENS_MONGODB_URI;
  if (given) return useGiven(given, say);
  const reasons = [];
  for (const start of [startMongod, startMemoryServer]) {
    const { database, reason } = await start(say);
    if (database) return database;
    reasons.push(reason);
  }
  return startEmbedded(say, reasons.join(', and '));
}

/**
 * The same server, and this database where the string names none, or `instead` of the one that it names. A login stays that of
 * the same database (`admin` when none is named): it would follow the name otherwise.
 */
export function withDatabase(uri, name, { instead = false } = {}) {
  const [, server, database, query = ''] = /^([a-z+]+:\/\/[^/?]+)\/?([^?]*)(\?.*)?$/.exec(uri) ?? [];
  if (server === undefined || (database && !instead)) return uri;
  const keepsLogin = server.includes('@') && !/[?&]authSource=/i.test(query);
  return `${server}/${name}${query}${keepsLogin ? `${query ? '&' : '?'}authSource=${database || 'admin'}` : ''}`;
}

/** Hosts only: neither a user nor a password. */
export function hostsOf(uri) {
  return /^[a-z+]+:\/\/(?:[^/?]*@)?([^/?]*)/.exec(uri)?.[1] ?? 'unknown hosts';
}

/** Why the server does not answer within so many ms, or those that the string asks for; undefined when it does. */
async function silenceOf(uri, ms) {
  const { MongoClient } = await import('mongodb');
  let client;
  try {
    client = new MongoClient(uri, /[?&]serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS: ms });
    await client.db().command({ ping: 1 });
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    await client?.close();
  }
}

async function useGiven(uri, say) {
  const silence = await silenceOf(uri, patience.given);
  if (silence !== undefined) {
    throw new Error(
      `The database of HEATLENS_MONGODB_URI (${hostsOf(uri)}) does not answer: ${silence}. Start it, or unset the variable.`,
    );
  }
  say(`the database is that of HEATLENS_MONGODB_URI (${hostsOf(uri)})`);
  return { uri, kind: 'given', stop: async () => undefined };
}

async function startMongod(say) {
  const command = findMongod();
  if (!command) return { reason: 'no mongod is on the PATH' };
  const folder = temporaryFolder('mongod');
  const port = await freePort();
  const group = startGroup(command, [
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--dbpath',
    folder,
    '--nounixsocket',
  ]);
  const stop = async () => {
    await group.stop();
    removeTemporaryFolder(folder);
  };
  let exit;
  void group.exited.then((result) => (exit = result));
  const uri = `mongodb://127.0.0.1:${port}/`;
  for (const end = Date.now() + patience.mongod; !exit && Date.now() < end; await sleep(100)) {
    if ((await silenceOf(uri, 1000)) !== undefined) continue;
    say(`the database is ${command} at ${uri}, started for this run`);
    return { database: { uri, kind: 'mongod', stop } };
  }
  const last = group.output.trim().split('\n').at(-1) || 'it printed nothing';
  await stop();
  return { reason: `${command} did not start (${last.slice(0, 200)})` };
}

async function startMemoryServer(say) {
  const packageName = ['mongodb-memory-server', 'mongodb-memory-server-core'].find(isInstalled);
  if (!packageName) return { reason: 'mongodb-memory-server is not installed' };
  say(`asking ${packageName} for a server`);
  // In a process of its own, because its download cannot be ended otherwise.
  const group = startGroup(process.execPath, [join(root, 'scripts/hosts/memoryServer.mjs'), packageName], {
    cwd: root,
  });
  const uri = (await waitForOutput(group, /^READY (\S+)$/m, patience.memoryServer))?.[1];
  if (uri) {
    say(`the database is that of ${packageName} at ${uri}`);
    return { database: { uri, kind: 'memory-server', stop: () => group.stop() } };
  }
  await group.stop();
  const failure = /^FAILED (.{1,200})/m.exec(group.output)?.[1];
  return {
    reason: failure
      ? `${packageName} has none (${failure})`
      : `${packageName} gave none within ${patience.memoryServer / 1000} s`,
  };
}

function isInstalled(packageName) {
  try {
    createRequire(join(root, 'package.json')).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

async function startEmbedded(say, reason) {
  const group = startGroup(process.execPath, ['--require', 'tsx/cjs', 'demo/embedded-mongo/src/main.ts'], {
    cwd: root,
  });
  const uri = (await waitForOutput(group, /listens on (mongodb:\S+)/, patience.embedded))?.[1];
  if (!uri) {
    await group.stop();
    throw new Error(`The embedded demo database did not start:\n${group.output}`);
  }
  say(`the database is the embedded demo server at ${uri} (not MongoDB): ${reason}`);
  return { uri, kind: 'embedded', stop: () => group.stop() };
}
