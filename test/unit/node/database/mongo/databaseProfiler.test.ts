import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { isHeatlensError } from '../../../../../src/core/errors';
import { mongoError } from '../../../../../src/core/database/mongo/errors/mongoErrors';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import {
  profilingCost,
  profilingLevel,
  restoreProfiling,
  slowestShapes,
  startProfiling,
} from '../../../../../src/node/database/mongo/databaseProfiler';
import type { ProfilingChange, StartProfiling } from '../../../../../src/node/database/mongo/databaseProfiler';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import type { EjsonDocument } from '../../../../../src/core/ejson/documents';
import { startEmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';

describe('the database profiler', () => {
  let server: EmbeddedMongo;
  let client: MongoClient;
  let connection: MongoConnection;
  let db: Db;
  let kept: (ProfilingChange | undefined)[];

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
    connection = await connectMongo(server.uri);
    db = client.db('shop');
    await db
      .collection('products')
      .insertMany(Array.from({ length: 500 }, (_, i) => ({ n: i, category: `c${i % 5}` })));
  });

  beforeEach(async () => {
    kept = [];
    await db.command({ profile: 0, slowms: 123, sampleRate: 0.5 });
    await db
      .collection('system.profile')
      .drop()
      .catch(() => undefined);
  });

  after(async () => {
    await connection.close();
    await client.close();
    await server.close();
  });

  const start = (more: Partial<StartProfiling> = {}, on = connection) =>
    startProfiling(on, 'shop', { level: 2, forMs: 60_000, keep: (change) => void kept.push(change), ...more });
  const BEFORE = { level: 0, slowms: 123, sampleRate: 0.5 } as const;

  it('reads the level', async () => {
    assert.deepEqual(await profilingLevel(connection, 'shop'), BEFORE);
    await db.command({ profile: 1, slowms: 20 });
    assert.deepEqual(await profilingLevel(connection, 'shop'), { level: 1, slowms: 20, sampleRate: 0.5 });
    assert.match(profilingCost(2), /Every operation/);
  });

  it('sets a level for a time and then exactly what was before', async () => {
    const ended = new Promise(
      (resolve) => void start({ level: 1, slowms: 0, sampleRate: 1, forMs: 60, onEnd: resolve }),
    );
    await sleep(20);
    assert.equal(await ended, 'restored');
    assert.deepEqual(await profilingLevel(connection, 'shop'), BEFORE);
    assert.deepEqual(
      kept.map((change) => change?.set),
      [{ level: 1, slowms: 0, sampleRate: 1 }, undefined],
    );
    assert.deepEqual(kept[0]?.before, BEFORE);
    assert.deepEqual([kept[0]?.connection, kept[0]?.database], [connection.name, 'shop']);
  });

  it('keeps the change before it is made', async () => {
    const levels: unknown[] = [];
    const running = await start({
      keep: async (change) => void levels.push([change?.set.level, (await profilingLevel(connection, 'shop')).level]),
    });
    assert.deepEqual(levels, [[2, 0]]);
    assert.equal((await profilingLevel(connection, 'shop')).level, 2);
    assert.deepEqual([await running.stop(), await running.stop()], ['restored', 'restored']);
    assert.deepEqual(levels, [
      [2, 0],
      [undefined, 0],
    ]);
  });

  it('restores after a crash from what was kept, and only that', async () => {
    const running = await start();
    running.dispose();
    const change = JSON.parse(JSON.stringify(kept[0])) as ProfilingChange;
    const next = await connectMongo(server.uri);
    assert.equal(await restoreProfiling(next, change), 'restored');
    assert.deepEqual(await profilingLevel(next, 'shop'), BEFORE);
    assert.equal(await restoreProfiling(next, change), 'restored', 'again does nothing');
    await db.command({ profile: 1, slowms: 7 });
    assert.equal(await restoreProfiling(next, change), 'changed');
    assert.equal((await profilingLevel(next, 'shop')).slowms, 7);
    await next.close();
  });

  it('restores what was before the first of two changes', async () => {
    const first = await start({ level: 1, slowms: 1 });
    first.dispose();
    const second = await start({ level: 2, kept: kept[0] });
    assert.equal(await second.stop(), 'restored');
    assert.deepEqual(await profilingLevel(connection, 'shop'), BEFORE);
  });

  /** A server whose `profile` answers otherwise. */
  function profiling(answer: (command: EjsonDocument) => EjsonDocument | undefined): MongoConnection {
    return {
      ...connection,
      run: async (database, command, options) =>
        ('profile' in command ? answer(command) : undefined) ?? connection.run(database, command, options),
    };
  }

  it('puts a filter back that stood in its way', async () => {
    let now: EjsonDocument = { was: 1, slowms: 100, sampleRate: 1, filter: { millis: { $gt: 5 } } };
    const sent: EjsonDocument[] = [];
    const filtered = profiling((command) => {
      const was = now;
      if (Number(command.profile) < 0) return was;
      sent.push(command);
      now = {
        was: command.profile,
        slowms: command.slowms,
        sampleRate: command.sampleRate,
        ...(command.filter === 'unset' ? {} : { filter: command.filter }),
      };
      return was;
    });
    const running = await start({ level: 1, slowms: 20 }, filtered);
    assert.equal(await running.stop(), 'restored');
    assert.deepEqual(sent, [
      { profile: 1, slowms: 20, sampleRate: 1, filter: 'unset' },
      { profile: 1, slowms: 100, sampleRate: 1, filter: { millis: { $gt: 5 } } },
    ]);
  });

  async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
    await assert.rejects(promise, (error) => isHeatlensError(error) && error.code === code);
  }

  it('refuses routers, read-only servers and logins without the right, and keeps nothing', async () => {
    const router: MongoConnection = { ...connection, server: { ...connection.server, topology: 'sharded' } };
    await refuses(start({}, router), 'profilerOnRouter');
    await refuses(slowestShapes(router, 'shop'), 'profilerOnRouter');
    const forbidden = profiling(() => {
      throw mongoError(
        { code: 13, errmsg: 'not authorized on shop to execute command { profile: 2 }' },
        { connection: 'here' },
      );
    });
    await refuses(start({}, forbidden), 'profilerNotAllowed');
    await refuses(
      start(
        {},
        {
          ...connection,
          run: async (database, command, options) =>
            'hello' in command ? { readOnly: true } : connection.run(database, command, options),
        },
      ),
      'profilerReadOnly',
    );
    assert.deepEqual(kept, []);
    await refuses(
      start(
        {},
        profiling(() => ({ was: 0, slowms: 123, sampleRate: 0.5 })),
      ),
      'profilerIgnored',
    );
    assert.deepEqual(kept.at(-1), undefined);
    assert.deepEqual(await profilingLevel(connection, 'shop'), BEFORE);
  });

  it('keeps the change when the switch back fails, and says so', async () => {
    let broken = false;
    const unreliable = profiling(() => {
      if (broken) throw new Error('gone');
      return undefined;
    });
    const ended = new Promise(
      (resolve) => void start({ forMs: 80, onEnd: resolve }, unreliable).then(() => (broken = true)),
    );
    assert.match(String(await ended), /gone/);
    assert.equal(kept.length, 1);
    assert.equal(await restoreProfiling(connection, kept[0]!), 'restored');
  });

  it('finds the slowest shapes of what ran', async () => {
    assert.deepEqual(await slowestShapes(connection, 'shop'), { shapes: [], entries: 0, others: 0 });
    const running = await start();
    const products = db.collection('products');
    for (let i = 0; i < 3; i++) await products.find({ category: `c${i}` }, { sort: { n: 1 }, batchSize: 40 }).toArray();
    await products.countDocuments({ n: { $gt: 5 } });
    await products.updateMany({ category: 'c1' }, { $set: { seen: true } });
    await running.stop();
    const { shapes, since } = await slowestShapes(connection, 'shop');
    const byText = new Map(shapes.map((use) => [use.shape.text, use]));
    assert.deepEqual([...byText.keys()].sort(), [
      'count({ n: { $gt: ?number } })',
      'find({ category: ?string }).sort({ n: 1 })',
      'updateMany({ category: ?string }, { $set: { seen: ?boolean } })',
    ]);
    const found = byText.get('find({ category: ?string }).sort({ n: 1 })');
    assert.deepEqual([found?.count, found?.docsExamined, found?.shape.collection], [3, 1500, 'products']);
    assert.ok(since !== undefined && Math.abs(Date.now() - since) < 60_000);
    assert.equal((await slowestShapes(connection, 'shop', { entries: 1 })).entries, 1);
  });
});
