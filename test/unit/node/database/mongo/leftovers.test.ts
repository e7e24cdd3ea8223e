import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { MongoClient } from 'mongodb';
import { mongoError } from '../../../../../src/core/database/mongo/errors/mongoErrors';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { removeLeftovers } from '../../../../../src/node/database/mongo/leftovers';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import {
  isAbandoned,
  MARKER,
  newScratchName,
  readScratchName,
  withScratch,
} from '../../../../../src/node/database/mongo/scratch';
import { startEmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';
import { scratchNames } from '../../../../support/seededMongo';

const HOUR = 3_600_000;

/** As another process of this machine would have named it. */
function nameOf(pid: number, at = Date.now(), machine?: string): string {
  const [prefix, , own, , random] = newScratchName().split('_');
  return [prefix, at.toString(36), machine ?? own, pid, random].join('_');
}

describe('leftovers', () => {
  let server: EmbeddedMongo;
  let client: MongoClient;
  let connection: MongoConnection;
  let gone: number;

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
    connection = await connectMongo(server.uri);
    gone = spawnSync(process.execPath, ['-e', '']).pid;
  });

  afterEach(() => client.db('heatlens_scratch').dropDatabase());

  after(async () => {
    await connection.close();
    await client.close();
    await server.close();
  });

  async function make(name: string, database = 'heatlens_scratch', marked = true): Promise<string> {
    const collection = client.db(database).collection(name);
    if (marked) await collection.createIndex({ [MARKER]: 1 }, { name: MARKER, sparse: true });
    await collection.insertOne({ a: 1 });
    return name;
  }

  it('reads the owner from a name of ours and from no other', () => {
    const now = Date.now();
    const owner = readScratchName(newScratchName(now));
    assert.deepEqual([owner?.at, owner?.pid], [now, process.pid]);
    for (const name of [
      'products',
      'heatlens_',
      'heatlens_products',
      `${newScratchName()}x`,
      `x${newScratchName()}`,
      newScratchName().replace(/_/g, '-'),
    ])
      assert.equal(readScratchName(name), null, name);
    assert.notEqual(newScratchName(now), newScratchName(now));
  });

  it('knows when an owner is certainly gone', () => {
    const abandoned = (name: string, now?: number) =>
      isAbandoned(name, readScratchName(name) ?? assert.fail(name), now);
    assert.equal(abandoned(nameOf(gone)), true);
    assert.equal(abandoned(nameOf(process.ppid)), false, 'lives');
    assert.equal(abandoned(nameOf(process.ppid, Date.now() - 25 * HOUR)), true, 'older than a day');
    assert.equal(abandoned(nameOf(gone, Date.now(), '0123456789ab')), false, 'another machine');
    assert.equal(abandoned(nameOf(1, Date.now() - 25 * HOUR, '0123456789ab')), true);
    assert.equal(abandoned(nameOf(process.pid)), true, 'ours, and not in use');
  });

  it('removes what is ours and abandoned, and nothing else', async () => {
    const ours = [await make(nameOf(gone)), await make(nameOf(process.ppid, Date.now() - 30 * HOUR))];
    const kept = [
      await make(nameOf(process.ppid)),
      await make(nameOf(gone), undefined, false),
      await make('heatlens_notes'),
      await make(nameOf(gone, Date.now(), 'ffffffffffff')),
    ];
    const elsewhere = await make(nameOf(gone), 'shop');
    assert.deepEqual([...(await removeLeftovers(connection))].sort(), [...ours].sort());
    assert.deepEqual((await scratchNames(client)).sort(), [...kept].sort());
    assert.deepEqual(
      (await client.db('shop').listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
      [elsewhere],
    );
    assert.deepEqual(await removeLeftovers(connection), []);
  });

  it('leaves no database behind', async () => {
    await make(nameOf(gone));
    assert.ok((await connection.databases()).includes('heatlens_scratch'));
    await removeLeftovers(connection);
    assert.ok(!(await connection.databases()).includes('heatlens_scratch'));
  });

  it('drops collections only, one by one: never a database, a view, or what only looks like ours', async () => {
    const commands: string[] = [];
    const ours = await make(nameOf(gone));
    const watched: MongoConnection = {
      ...connection,
      databases: async () => ['heatlens_scratch'],
      run: (database, command, options) => {
        commands.push(`${database} ${Object.keys(command)[0]}`);
        return connection.run(database, command, options);
      },
    };
    const view = nameOf(gone);
    await client.db('heatlens_scratch').createCollection(view, { viewOn: ours, pipeline: [] });
    const notes = await make('customers');
    // The name of our marker on an index of somebody else's.
    const named = nameOf(gone);
    await client.db('heatlens_scratch').collection(named).createIndex({ a: 1 }, { name: MARKER });
    assert.deepEqual(await removeLeftovers(watched), [ours]);
    assert.deepEqual(commands, ['heatlens_scratch drop']);
    assert.deepEqual((await scratchNames(client)).sort(), [view, notes, named].sort());
  });

  it('leaves alone what is in use', async () => {
    await withScratch(connection, 'Try It', async (scratch) => {
      const name = await scratch.newCollection();
      assert.deepEqual(await removeLeftovers(connection, { now: Date.now() + 48 * HOUR }), []);
      assert.deepEqual(await scratchNames(client), [name]);
    });
    assert.deepEqual(await scratchNames(client), []);
  });

  it('finds what a process that was killed in the middle left behind', async () => {
    const script = `
      const { connectMongo } = require('./src/node/database/mongo/connectMongo');
      const { withScratch } = require('./src/node/database/mongo/scratch');
      connectMongo(process.argv[1]).then((connection) => withScratch(connection, 'Try It', async (scratch) => {
        await scratch.newCollection();
        process.kill(process.pid, 'SIGKILL');
      }));`;
    const { signal, stderr } = await new Promise<{ signal: string | null; stderr: string }>((resolve) => {
      void import('node:child_process').then(({ execFile }) => {
        const child = execFile(
          process.execPath,
          ['--require', 'tsx/cjs', '-e', script, server.uri],
          (_error, _out, text) => resolve({ signal: child.signalCode, stderr: text }),
        );
      });
    });
    assert.equal(signal, 'SIGKILL', stderr);
    const [left] = await scratchNames(client);
    assert.ok(left);
    assert.deepEqual(await removeLeftovers(connection), [left]);
    assert.deepEqual(await scratchNames(client), []);
  }).timeout(20_000);

  it('does nothing where the login may not look', async () => {
    const refusing = (code: number): MongoConnection => ({
      ...connection,
      async *documents() {
        yield* [] as never[];
        throw mongoError({ code, errmsg: 'refused' }, { connection: 'here' });
      },
    });
    assert.deepEqual(await removeLeftovers(refusing(13)), []);
    assert.deepEqual(await removeLeftovers(refusing(13435)), []);
    await assert.rejects(removeLeftovers(refusing(8)));
  });
});
