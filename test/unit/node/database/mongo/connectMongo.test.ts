import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { startEmbeddedMongo, type EmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';
import { isHeatlensError } from '../../../../../src/core/errors';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { serverInfo } from '../../../../../src/node/database/mongo/detectServer';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import { startFakeServer } from './fakeServer';

async function failureOf(work: Promise<unknown>): Promise<{ code: string; text: string; ms: number }> {
  const began = performance.now();
  try {
    await work;
  } catch (error) {
    assert.ok(isHeatlensError(error), String(error instanceof Error ? error.stack : error));
    return { code: error.code, text: error.oneLine, ms: performance.now() - began };
  }
  throw new Error('nothing failed');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const quick = { timeouts: { selectMs: 300, patienceMs: 1_000 } };

describe('connectMongo', function () {
  this.timeout(30_000);
  let server: EmbeddedMongo;
  let connection: MongoConnection;

  before(async () => {
    server = await startEmbeddedMongo();
    connection = await connectMongo(`${server.uri}shop`);
  });
  after(async () => {
    await connection.close();
    await server.close();
  });

  it('says what answers', () => {
    assert.deepEqual(connection.server, { version: '4.9.0', product: 'embedded', topology: 'single' });
    assert.equal(connection.name, `127.0.0.1:${server.port}/shop`);
    assert.equal(connection.defaultDatabase, 'shop');
  });

  it('keeps the types of values on their way to the server, and gives plain ones back', async () => {
    const document = {
      _id: { $oid: '64b7f0c2a1b2c3d4e5f60718' },
      int: { $numberInt: '5' },
      long: { $numberLong: '9007199254740993' },
      double: { $numberDouble: '5.5' },
      decimal: { $numberDecimal: '1.10' },
      at: { $date: { $numberLong: '1700000000123' } },
      pattern: { $regularExpression: { pattern: 'a/b', options: 'ix' } },
      list: [null, true, { deep: { $numberInt: '1' } }],
    };
    await connection.run('types', { insert: 'all', documents: [document] }, { readPreference: 'primary' });
    const found: unknown[] = [];
    for await (const one of connection.documents('types', { find: 'all' })) found.push(one);
    assert.deepEqual(found, [document]);
    const { cursor } = (await connection.run('types', { find: 'all', projection: { int: 1, at: 1 } })) as {
      cursor: { firstBatch: unknown };
    };
    assert.deepEqual(cursor.firstBatch, [{ _id: document._id, int: 5, at: { $date: '2023-11-14T22:13:20.123Z' } }]);
  });

  it('leaves operators beside $regex where they are', async () => {
    await connection.run(
      'types',
      { insert: 'names', documents: [{ n: 'ab' }, { n: 'ac' }] },
      { readPreference: 'primary' },
    );
    const { n } = await connection.run('types', {
      count: 'names',
      query: { n: { $regex: '^A', $options: 'i', $ne: 'ab' } },
    });
    assert.equal(n, 1);
  });

  it('reads all batches of a cursor, and lets it go when it is left early', async () => {
    const documents = Array.from({ length: 500 }, (_, at) => ({ _id: at }));
    await connection.run('batches', { insert: 'many', documents }, { readPreference: 'primary' });
    let sum = 0;
    for await (const one of connection.documents('batches', { find: 'many', batchSize: 50 }))
      sum += Number((one._id as { $numberInt: string }).$numberInt);
    assert.equal(sum, (499 * 500) / 2);
    for await (const _ of connection.documents('batches', { find: 'many', batchSize: 2 })) break;
    const open = async (): Promise<unknown> =>
      ((await connection.run('admin', { serverStatus: 1 })) as { metrics: { cursor: { open: { total: number } } } })
        .metrics.cursor.open.total;
    const deadline = Date.now() + 5_000;
    while ((await open()) !== 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await open(), 0);
  });

  it('lists databases', async () => {
    assert.deepEqual(await connection.databases(), ['batches', 'types']);
  });

  it('explains what is wrong with values, nesting and commands', async () => {
    assert.equal(
      (await failureOf(connection.run('shop', { find: 'x', filter: { _id: { $oid: 'nope' } } }))).code,
      'mongoBadCommand',
    );
    let deep: Record<string, unknown> = {};
    for (let at = 0; at < 5_000; at++) deep = { a: deep };
    assert.match((await failureOf(connection.run('shop', { find: 'x', filter: deep }))).text, /nested/);
    assert.match((await failureOf(connection.run('shop', { find: 'x', filter: { $nope: 1 } }))).text, /\$nope/);
    assert.equal((await failureOf(connection.run('shop', { nope: 1 }))).code, 'mongoUnsupported');
  });

  it('works again after the server was gone, without being opened anew', async () => {
    const port = await freePort();
    let other = await startEmbeddedMongo({ port });
    const again = await connectMongo(other.uri, { timeouts: { selectMs: 1_500 } });
    try {
      await again.run('admin', { ping: 1 });
      await other.close();
      const gone = await failureOf(again.run('admin', { ping: 1 }));
      assert.ok(['mongoDown', 'mongoDisconnected'].includes(gone.code), gone.text);
      const down = await failureOf(again.run('admin', { ping: 1 }));
      assert.equal(down.code, 'mongoDown', down.text);
      other = await startEmbeddedMongo({ port });
      assert.equal((await again.run('admin', { ping: 1 })).ok, 1);
    } finally {
      await again.close();
      await other.close();
    }
  });

  it('says at once that no server is there', async () => {
    const port = await freePort();
    const { code, text, ms } = await failureOf(connectMongo(`mongodb://ada:hunter2@127.0.0.1:${port}/shop`, quick));
    assert.equal(code, 'mongoDown');
    assert.ok(!text.includes('hunter2') && text.includes(`127.0.0.1:${port}/shop`), text);
    assert.ok(ms < 2_000, String(ms));
  });

  it('says that a name leads nowhere', async () => {
    const { code, text } = await failureOf(connectMongo('mongodb://no-such-host.invalid/', quick));
    assert.equal(code, 'mongoHostUnknown', text);
  });

  it('says what is wrong with a connection string', async () => {
    for (const uri of [
      '',
      'localhost:27017',
      'mongodb://',
      'mongodb://u:p@ss@h/',
      'mongodb://h:99999999/',
      'mongodb://h/?nope=1&tls=maybe',
    ]) {
      const { code, text } = await failureOf(connectMongo(uri, quick));
      assert.equal(code, 'mongoBadUri', `${uri}: ${text}`);
      assert.ok(!text.includes('p@ss'), text);
    }
  });

  it('says that a login is wrong, without saying the password', async () => {
    const fake = await startFakeServer((command) => ({
      ok: 0,
      code: 18,
      codeName: 'AuthenticationFailed',
      errmsg: `Authentication failed for ${Object.keys(command)[0]}`,
    }));
    try {
      const { code, text } = await failureOf(
        connectMongo(`mongodb://ada:hunter2@127.0.0.1:${fake.port}/?authMechanism=SCRAM-SHA-256`, quick),
      );
      assert.equal(code, 'mongoAuthFailed', text);
      assert.ok(!text.includes('hunter2'), text);
    } finally {
      await fake.close();
    }
  });

  it('connects for a login that may ask for nothing but its own', async () => {
    const refused = { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized on admin to execute command' };
    const fake = await startFakeServer((command) => ('ping' in command ? { ok: 1 } : refused));
    try {
      const limited = await connectMongo(`${fake.uri}/shop`, quick);
      assert.equal(limited.server.product, 'unknown');
      assert.deepEqual(await limited.databases(), ['shop']);
      assert.equal((await failureOf(limited.run('shop', { count: 'x' }))).code, 'mongoNotAuthorised');
      await limited.close();
    } finally {
      await fake.close();
    }
  });

  it('gives up on a server that is silent, and at once when it is cancelled', async () => {
    const fake = await startFakeServer((command) =>
      'buildInfo' in command
        ? { ok: 1, version: '7.0.0', storageEngines: [] }
        : 'ping' in command
          ? { ok: 1 }
          : undefined,
    );
    try {
      const slow = await connectMongo(fake.uri, quick);
      assert.equal((await failureOf(slow.run('shop', { count: 'x' }, { patienceMs: 100 }))).code, 'mongoNoAnswer');
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      const { code, ms } = await failureOf(slow.run('shop', { count: 'x' }, { signal: abort.signal }));
      assert.equal(code, 'cancelled');
      assert.ok(ms < 500, String(ms));
      assert.equal(
        (await failureOf(slow.run('shop', { count: 'x' }, { signal: AbortSignal.abort() }))).code,
        'cancelled',
      );
      const reading = async (): Promise<void> => {
        for await (const _ of slow.documents('shop', { find: 'x' }, { patienceMs: 100 })) continue;
      };
      assert.equal((await failureOf(reading())).code, 'mongoNoAnswer');
      const cut = slow.run('shop', { count: 'x' });
      setTimeout(() => fake.cut(), 50);
      assert.equal((await failureOf(cut)).code, 'mongoDisconnected');
      assert.equal((await slow.run('admin', { buildInfo: 1 })).ok, 1);
      await slow.close();
    } finally {
      await fake.close();
    }
  });

  it('reads from secondaries where there are some, unless it is told otherwise', async () => {
    const answer = (command: Record<string, unknown>) =>
      'buildInfo' in command ? { ok: 1, version: '7.0.0', storageEngines: [] } : { ok: 1, n: 0 };
    const modes = async (uri: (own: string) => string, hello: Record<string, unknown>): Promise<unknown[]> => {
      const fake = await startFakeServer(answer, hello);
      const balanced = await connectMongo(uri(fake.uri), quick);
      try {
        await balanced.run('shop', { count: 'x' });
        await balanced.run('shop', { count: 'x' }, { readPreference: 'primary' });
        return [
          balanced.server.topology,
          ...fake.seen
            .filter((one) => 'count' in one)
            .map((one) => (one.$readPreference as { mode?: unknown } | undefined)?.mode),
        ];
      } finally {
        await balanced.close();
        await fake.close();
      }
    };
    // Of a router the mode is asked; a primary of a replica set takes what it is.
    assert.deepEqual(await modes((own) => own, { msg: 'isdbgrid' }), ['sharded', 'secondaryPreferred', undefined]);
    assert.deepEqual(await modes((own) => `${own}/?readPreference=nearest`, { msg: 'isdbgrid' }), [
      'sharded',
      'nearest',
      undefined,
    ]);
    assert.deepEqual(
      (await modes((own) => `${own}/?directConnection=true`, { setName: 'rs0', me: 'h:1', hosts: ['h:1'] }))[0],
      'replicaSet',
    );
  });

  it('is cancelled while it connects', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const { code, ms } = await failureOf(
      connectMongo(`mongodb://127.0.0.1:${await freePort()}`, { signal: abort.signal, timeouts: { selectMs: 20_000 } }),
    );
    assert.equal(code, 'cancelled');
    assert.ok(ms < 1_000, String(ms));
  });

  it('knows look-alikes by what they answer and where they live', () => {
    const product = (hello: Record<string, unknown>, buildInfo: Record<string, unknown>, uri = 'mongodb://h') =>
      serverInfo(hello, buildInfo, uri, false).product;
    const real = { version: '7.0.0', gitVersion: 'abc', storageEngines: ['wiredTiger'] };
    assert.equal(product({}, real), 'mongodb');
    assert.equal(product({}, { ...real, ferretdb: { version: 'v2.0.0' } }), 'ferretdb');
    assert.equal(product({}, { ...real, ferretdbVersion: 'v1.0.0' }), 'ferretdb');
    assert.equal(product({ internal: { documentdb_versions: ['1.0'] } }, real), 'documentdb');
    assert.equal(product({}, real, 'mongodb+srv://u:p@c.mongocluster.cosmos.azure.com/'), 'documentdb');
    assert.equal(product({}, real, 'mongodb://u:p@c.mongo.cosmos.azure.com:10255/?ssl=true'), 'cosmos');
    assert.equal(product({ setName: 'globaldb' }, real), 'cosmos');
    assert.equal(
      product({}, real, 'mongodb://u:p@x.cluster-abc.eu-west-1.docdb.amazonaws.com:27017'),
      'amazon-documentdb',
    );
    assert.equal(product({}, {}), 'unknown');
    assert.equal(serverInfo({ msg: 'isdbgrid' }, real, 'mongodb://h', false).topology, 'sharded');
    assert.equal(serverInfo({ setName: 'rs0' }, real, 'mongodb://h', false).topology, 'replicaSet');
    assert.equal(serverInfo({}, real, 'mongodb://h', true).topology, 'loadBalanced');
  });
});
