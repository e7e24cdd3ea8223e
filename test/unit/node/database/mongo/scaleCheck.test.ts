import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import type { ScaleCheck } from '../../../../../src/core/database/explainRun';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import type { EjsonDocument } from '../../../../../src/core/ejson/documents';
import { scaleCheck } from '../../../../../src/node/database/mongo/scaleCheck';
import { seedForSuite } from '../../../../support/seededMongo';

describe('the scale check', function () {
  this.timeout(120_000);
  const seeded = seedForSuite();

  const check = (database: string, command: EjsonDocument, connection: MongoConnection = seeded().connection) =>
    scaleCheck(connection, { database, command });
  const sizes = ({ points }: ScaleCheck) => points.map(({ rows: documents, sampled }) => [documents, sampled]);

  it('shows that a scan grows with the collection, on samples and the whole', async () => {
    const scale = await check('bare', { find: 'audits', filter: { actor: 'nobody' } });
    assert.deepEqual(sizes(scale), [
      [1000, true],
      [10_000, true],
      [30_000, false],
    ]);
    assert.deepEqual(
      scale.points.map(({ rowsRead: docsExamined }) => docsExamined),
      [1000, 10_000, 30_000],
    );
    assert.equal(scale.complexity, 'linear');
    assert.match(scale.summary, /1,000 documents and keys examined at 1,000 documents, 30,000 at 30,000/);
    assert.ok(scale.points.every(({ millis, returned }) => millis !== undefined && returned === 0));
    assert.equal(scale.notes, undefined);
  });

  it('shows that an index and a limit keep the work constant', async () => {
    const scale = await check('shop', { find: 'audits', filter: { actor: 'user0' }, limit: 5 });
    assert.equal(scale.complexity, 'constant');
    assert.deepEqual(
      scale.points.map(({ rowsRead: docsExamined, entriesRead: keysExamined }) => [docsExamined, keysExamined]),
      [
        [5, 5],
        [5, 5],
        [5, 5],
      ],
    );
  });

  it('shows that results grow at a constant price', async () => {
    const scale = await check('shop', { aggregate: 'audits', pipeline: [{ $match: { action: 'login' } }], cursor: {} });
    assert.equal(scale.complexity, 'linear');
    assert.match(scale.summary, /so do the results, at 2 for each/);
  });

  it('shows that a join without an index is quadratic', async () => {
    const lookup = { $lookup: { from: 'nodes', localField: 'name', foreignField: 'name', as: 'node' } };
    const scale = await scaleCheck(seeded().connection, {
      database: 'bare',
      command: { aggregate: 'customers', pipeline: [lookup], cursor: {} },
      sizes: [20, 60, 180],
      maxTimeMS: 60_000,
    });
    assert.deepEqual(sizes(scale), [
      [20, true],
      [60, true],
      [180, true],
      [1000, false],
    ]);
    assert.equal(scale.complexity, 'quadratic', scale.summary);
    assert.deepEqual(scale.notes, [
      'Of nodes 360 documents were copied, so the number that joins differs from the whole.',
    ]);
  });

  it('counts and lists values, too', async () => {
    assert.equal((await check('bare', { count: 'audits', query: { actor: 'user3' } })).complexity, 'linear');
    assert.equal(
      (await check('bare', { distinct: 'audits', key: 'actor', query: { action: 'login' } })).complexity,
      'linear',
    );
  });

  it('says that a small collection shows no growth', async () => {
    const scale = await check('shop', { find: 'customers', filter: { age: 20 } });
    assert.deepEqual([sizes(scale), scale.complexity], [[[1000, false]], 'unknown']);
    assert.match(scale.summary, /one size does not show how that grows/);
  });

  it('ends with what it has when one size fails or takes too long', async () => {
    const { connection } = seeded();
    let explains = 0;
    const slow: MongoConnection = {
      ...connection,
      run: async (database, command, options) => {
        if (!command.explain || ++explains < 3) return connection.run(database, command, options);
        const answer = await connection.run(database, command, options);
        return {
          ...answer,
          executionStats: {
            ...(answer.executionStats as EjsonDocument),
            executionSuccess: false,
            errorCode: 50,
            errorMessage: 'operation exceeded time limit',
          },
        };
      },
    };
    const partial = await check('bare', { find: 'audits', filter: { actor: 'nobody' } }, slow);
    assert.deepEqual(sizes(partial), [
      [1000, true],
      [10_000, true],
    ]);
    assert.deepEqual(partial.notes, [
      'It ended early. With 30,000 documents it did not finish: operation exceeded time limit. Allow more time, or make the statement cheaper first.',
    ]);
    assert.equal(partial.complexity, 'linear');
  });

  it('ends with what it has when it is cancelled, and throws when that is nothing', async () => {
    const command = { find: 'audits', filter: { actor: 'nobody' } };
    const late = new AbortController();
    const partial = await scaleCheck(
      seeded().connection,
      { database: 'bare', command },
      { signal: late.signal, onProgress: ({ text }) => text.startsWith('Copying 4,000') && late.abort() },
    );
    assert.deepEqual(sizes(partial), [[1000, true]]);
    assert.match(partial.notes?.join() ?? '', /^It ended early. The request was cancelled\./);
    const early = new AbortController();
    early.abort();
    await assert.rejects(
      scaleCheck(seeded().connection, { database: 'bare', command }, { signal: early.signal }),
      (error) => isHeatlensError(error) && error.code === 'cancelled',
    );
  });

  it('refuses what writes, and what cannot be copied', async () => {
    const refused = (error: unknown) => isHeatlensError(error) && error.code === 'experimentRefused';
    await assert.rejects(check('shop', { update: 'orders', updates: [{ q: {}, u: { $set: { a: 1 } } }] }), refused);
    await assert.rejects(check('shop', { delete: 'orders', deletes: [{ q: {}, limit: 0 }] }), refused);
    await assert.rejects(check('shop', { find: 'openOrders', filter: {} }), refused);
  });
});
