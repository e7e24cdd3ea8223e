import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import { mongoError } from '../../../../../src/core/database/mongo/errors/mongoErrors';
import type { IndexSuggestion } from '../../../../../src/core/database/indexes';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import type { EjsonDocument } from '../../../../../src/core/ejson/documents';
import { indexSuggestion } from '../../../../../src/core/database/mongo/indexes/createIndex';
import { sampleSize, sampleSizes } from '../../../../../src/node/database/mongo/sampling';
import { tryIndex } from '../../../../../src/node/database/mongo/tryIndex';
import type { TrialRequest } from '../../../../../src/node/database/mongo/tryIndex';
import { scratchNames, seedForSuite } from '../../../../support/seededMongo';

function suggestion(collection: string, key: IndexSuggestion['columns'], options: EjsonDocument = {}): IndexSuggestion {
  return indexSuggestion({ target: collection, columns: key, options, reason: 'Equality.', replaces: [] });
}

const audits: EjsonDocument = {
  find: 'audits',
  filter: { actor: 'user3', 'payload.ms': { $gt: 100 } },
  sort: { at: -1 },
  limit: 20,
};
const byActor = suggestion('audits', { actor: 1, at: -1 });

describe('trying an index', function () {
  this.timeout(120_000);
  const seeded = seedForSuite();

  const run = (request: Partial<TrialRequest>, connection: MongoConnection = seeded().connection) =>
    tryIndex(connection, { database: 'bare', command: audits, suggestion: byActor, documents: 2000, ...request });

  async function refuses(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
    await assert.rejects(promise, (error) => {
      assert.ok(isHeatlensError(error), String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }

  /** A connection on which something is different. */
  function changed(
    answer: (database: string, command: EjsonDocument) => EjsonDocument | undefined,
    more: Partial<MongoConnection> = {},
  ): MongoConnection {
    const { connection } = seeded();
    return {
      ...connection,
      run: async (database, command, options) =>
        answer(database, command) ?? connection.run(database, command, options),
      ...more,
    };
  }

  it('compares a statement without and with the index, on a sample', async () => {
    const steps: string[] = [];
    const trial = await tryIndex(
      seeded().connection,
      { database: 'bare', command: audits, suggestion: byActor, documents: 5000 },
      { onProgress: ({ text }) => steps.push(text) },
    );
    assert.deepEqual([trial.sampled, trial.rows, trial.comparison.verdict], [5000, 30_000, 'better']);
    assert.deepEqual([trial.before.plan.totals.rowsRead, trial.before.plan.totals.returned], [5000, 20]);
    assert.equal(trial.after.plan.namespace, 'bare.audits');
    assert.ok((trial.after.plan.totals.rowsRead ?? 0) < 200);
    assert.match(
      trial.comparison.summary,
      /^Reads \d+ documents instead of 5,000, with the index actor_1_at_-1(, nothing is sorted in memory any more)?\.$/,
    );
    assert.ok((trial.indexBytes ?? 0) > 0);
    assert.deepEqual(
      trial.before.findings.map(({ rule }) => rule).filter((rule) => rule === 'R01'),
      ['R01'],
    );
    assert.ok(!JSON.stringify(trial).includes('heatlens_scratch'));
    assert.deepEqual(
      [steps[0], steps.at(-1)],
      ['Copying 1,000 of 5,000 documents of audits', 'Explaining with the index'],
    );
  });

  it('has the existing indexes on the sample, so it shows what the suggestion adds to them', async () => {
    const trial = await run({ database: 'shop' });
    assert.equal(trial.before.plan.root.children.length > 0, true);
    assert.match(JSON.stringify(trial.before.plan.root), /"index":"actor_1"/);
    assert.match(JSON.stringify(trial.after.plan.root), /"index":"actor_1_at_-1"/);
  });

  it('copies a small collection whole, with text, geo, partial and unique indexes', async () => {
    const products = await run({
      database: 'shop',
      command: { find: 'products', filter: { stock: 5, category: 'Tools' } },
      suggestion: suggestion('products', { stock: 1, category: 1 }),
      documents: 10_000,
    });
    assert.deepEqual([products.sampled, products.rows, products.notes], [5000, 5000, []]);
    const text = await run({
      database: 'shop',
      command: { find: 'products', filter: { $text: { $search: 'lamp' }, stock: 5 } },
      suggestion: suggestion('products', { stock: 1 }),
      documents: 10_000,
    });
    assert.match(JSON.stringify(text.before.plan.root), /name_text_description_text/);
    const near = {
      find: 'orders',
      filter: { 'shipping.loc': { $nearSphere: { $geometry: { type: 'Point', coordinates: [5, 50] } } } },
      limit: 5,
    };
    assert.match(
      JSON.stringify(
        (await run({ database: 'shop', command: near, suggestion: suggestion('orders', { total: -1 }) })).before.plan
          .root,
      ),
      /shipping.loc_2dsphere/,
    );
  });

  it('says that an index of the same kind is there already', async () => {
    await refuses(
      run({ database: 'shop', suggestion: suggestion('audits', { actor: 1 }) }),
      'mongoBadCommand',
      /already|same name/i,
    );
  });

  it('tries aggregates, counts, distinct, and the reading half of writes', async () => {
    const key = { actor: 1 } as const;
    const pipeline = [
      { $match: { actor: 'user3' } },
      { $group: { _id: '$action', n: { $sum: 1 } } },
      { $out: 'never' },
    ];
    const commands: EjsonDocument[] = [
      { aggregate: 'audits', pipeline, cursor: {} },
      { count: 'audits', query: { actor: 'user3' } },
      { distinct: 'audits', key: 'action', query: { actor: 'user3' } },
      { update: 'audits', updates: [{ q: { actor: 'user3' }, u: { $set: { seen: true } }, multi: true }] },
      { delete: 'audits', deletes: [{ q: { actor: 'user3' }, limit: 0 }] },
      { findAndModify: 'audits', query: { actor: 'user299' }, remove: true },
    ];
    for (const command of commands) {
      const trial = await run({ command, suggestion: suggestion('audits', key) });
      assert.equal(trial.comparison.verdict, 'better', `${JSON.stringify(command)}: ${trial.comparison.summary}`);
      assert.equal(
        (trial.notes ?? []).some((note) => note.startsWith('A write')),
        !['aggregate', 'count', 'distinct'].includes(Object.keys(command)[0]),
      );
    }
  });

  it('copies joined collections, too, and says that they are samples', async () => {
    const lookup = { $lookup: { from: 'orders', localField: '_id', foreignField: 'customerId', as: 'orders' } };
    const command = { aggregate: 'customers', pipeline: [{ $match: { vip: true } }, lookup], cursor: {} };
    const trial = await run({ command, suggestion: suggestion('orders', { customerId: 1 }), documents: 2000 });
    assert.equal(trial.comparison.verdict, 'better');
    assert.deepEqual(trial.notes, [
      'Of orders 2,000 documents were copied, so the number that joins differs from the whole.',
    ]);
    assert.match(JSON.stringify(trial.before.plan.root), /"target":"orders"/);
    const sizes = await sampleSizes(seeded().connection, 'bare', command, 2000);
    assert.deepEqual(
      sizes.map(({ collection, documents, total }) => [collection, documents, total]),
      [
        ['customers', 1000, 1000],
        ['orders', 2000, 20_000],
      ],
    );
    const nested = {
      aggregate: 'customers',
      pipeline: [
        { $facet: { a: [{ $limit: 2 }, lookup], b: [{ $limit: 1 }] } },
        { $unionWith: { coll: 'nodes', pipeline: [{ $limit: 3 }] } },
      ],
      cursor: {},
    };
    assert.equal(
      (await run({ command: nested, suggestion: suggestion('orders', { customerId: 1 }), documents: 500 })).before.plan
        .totals.returned,
      4,
    );
  });

  it('says beforehand how much would be copied', async () => {
    const { documents, total, estimatedBytes } = await sampleSize(seeded().connection, 'shop', 'audits');
    assert.deepEqual([documents, total], [10_000, 30_000]);
    assert.ok(estimatedBytes > 1_000_000 && estimatedBytes < 3_000_000, String(estimatedBytes));
    assert.equal((await sampleSize(seeded().connection, 'shop', 'nodes')).documents, 2000);
  });

  it('keeps values of every type as they are', async () => {
    const source = seeded().client.db('bare').collection('audits');
    const copies: unknown[] = [];
    const { connection } = seeded();
    const watching = changed((database, command) => {
      if (typeof command.insert === 'string') copies.push(...(command.documents as unknown[]));
      return database === 'bare' && typeof command.insert === 'string' ? assert.fail('written to the data') : undefined;
    });
    await run({ documents: 3 }, watching);
    for (const copy of copies as { _id: { $numberInt: string } }[]) {
      const original: EjsonDocument[] = [];
      for await (const document of connection.documents('bare', { find: 'audits', filter: { _id: copy._id } }))
        original.push(document);
      assert.deepEqual(copy, original[0]);
    }
    assert.equal(copies.length, 3);
    assert.equal(await source.countDocuments({}), 30_000);
  });

  it('refuses what cannot be copied, in words', async () => {
    const other = (command: EjsonDocument, database = 'shop') =>
      run({ command, database, suggestion: suggestion('x', { a: 1 }) });
    await refuses(
      other({ find: 'openOrders', filter: {} }),
      'experimentRefused',
      /^Try It works on a copy, and shop\.openOrders is a view/,
    );
    await refuses(other({ find: 'absent', filter: {} }), 'mongoUnknownCollection', /absent/);
    await refuses(other({ find: 'system.profile', filter: {} }), 'experimentRefused', /belongs to the server/);
    await refuses(other({ find: 'x', filter: {} }, 'heatlens_scratch'), 'experimentRefused', /belongs to the server/);
    await refuses(other({ insert: 'products', documents: [{}] }), 'experimentRefused', /is an insert/);
    await refuses(
      other({ aggregate: 'products', pipeline: [{ $search: { text: {} } }], cursor: {} }),
      'experimentRefused',
      /search index that \$search needs/,
    );
    await refuses(
      other({
        aggregate: 'products',
        pipeline: [{ $lookup: { from: { db: 'other', coll: 'x' }, as: 'y' } }],
        cursor: {},
      }),
      'experimentRefused',
      /other\.x is in another database/,
    );
    await refuses(
      other({
        aggregate: 'products',
        pipeline: [{ $lookup: { from: 'openOrders', localField: 'a', foreignField: 'b', as: 'y' } }],
        cursor: {},
      }),
      'experimentRefused',
      /openOrders is a view/,
    );
    await refuses(
      other({ aggregate: 'products', pipeline: [{ $facet: { a: [{ $out: 'x' }] } }], cursor: {} }),
      'experimentRefused',
      /\$out or \$merge/,
    );
    await refuses(
      other({ find: 'products', filter: {} }),
      'experimentRefused',
      /shop\.x is not among the collections that the statement reads/,
    );
    const listed = (found: EjsonDocument) =>
      changed(() => undefined, {
        async *documents(database, command, options) {
          if (command.listCollections) yield { name: 'products', ...found };
          else yield* seeded().connection.documents(database, command, options);
        },
      });
    const products = { find: 'products', filter: {} };
    await refuses(
      run({ command: products, database: 'shop' }, listed({ type: 'timeseries', options: {} })),
      'experimentRefused',
      /time series/,
    );
    await refuses(
      run({ command: products, database: 'shop' }, listed({ type: 'collection', options: { capped: true } })),
      'experimentRefused',
      /capped/,
    );
    await refuses(
      run({}, { ...seeded().connection, server: { version: '4.2', product: 'cosmos', topology: 'single' } }),
      'experimentRefused',
      /executes statements to explain/,
    );
  });

  it('refuses a server that takes no writes, before anything is copied', async () => {
    await refuses(
      run(
        {},
        changed((_database, command) => (command.hello ? { isWritablePrimary: false, secondary: true } : undefined)),
      ),
      'scratchOnSecondary',
      /is a secondary/,
    );
    await refuses(
      run(
        {},
        changed((_database, command) => (command.hello ? { isWritablePrimary: true, readOnly: true } : undefined)),
      ),
      'scratchReadOnly',
      /is read-only/,
    );
    const forbidden = changed((database, command) => {
      if (database === 'heatlens_scratch' && command.createIndexes)
        throw mongoError(
          { code: 13, errmsg: 'not authorized on heatlens_scratch to execute command' },
          { connection: 'here' },
        );
      return undefined;
    });
    await refuses(
      run({}, forbidden),
      'scratchNotAllowed',
      /database heatlens_scratch, which this login may not create/,
    );
  });

  it('works with servers that have neither hello, nor a comment for explain, nor repeat the command', async () => {
    const sent: EjsonDocument[] = [];
    const old = changed(() => undefined, {
      server: { version: '4.2.20', product: 'mongodb', topology: 'single' },
      run: async (database, command, options) => {
        if (command.hello) throw mongoError({ code: 59, errmsg: "no such command: 'hello'" }, { connection: 'here' });
        const { command: _command, ...answer } = await seeded().connection.run(database, command, options);
        if (command.explain) sent.push(command);
        return answer;
      },
    });
    const trial = await run({}, old);
    assert.deepEqual(
      sent.map(({ comment }) => comment),
      [undefined, undefined],
    );
    assert.deepEqual(
      [trial.comparison.verdict, trial.before.plan.namespace, trial.before.findings.some(({ rule }) => rule === 'R01')],
      ['better', 'bare.audits', true],
    );
  });

  it('takes a joined collection that does not exist for empty, and says what a hint does', async () => {
    const pipeline = [
      { $match: { actor: 'user3' } },
      { $lookup: { from: 'absent', localField: 'a', foreignField: 'b', as: 'c' } },
    ];
    const trial = await run({ command: { aggregate: 'audits', pipeline, cursor: {}, hint: { $natural: 1 } } });
    assert.deepEqual(
      [trial.comparison.verdict, trial.notes],
      ['same', ['The statement has a hint, so the server may not take the new index.']],
    );
  });

  it('cleans up when it is cancelled, wherever that is', async () => {
    for (const stop of ['Copying 3,000', 'Explaining without', 'Building', 'Explaining with the']) {
      const abort = new AbortController();
      const promise = tryIndex(
        seeded().connection,
        { database: 'bare', command: audits, suggestion: byActor, documents: 5000 },
        { signal: abort.signal, onProgress: ({ text }) => text.startsWith(stop) && abort.abort() },
      );
      await refuses(promise, 'cancelled', /cancelled/);
      assert.deepEqual(await scratchNames(seeded().client), [], stop);
    }
    const before = new AbortController();
    before.abort();
    await refuses(
      tryIndex(
        seeded().connection,
        { database: 'bare', command: audits, suggestion: byActor },
        { signal: before.signal },
      ),
      'cancelled',
      /cancelled/,
    );
  });

  it('cleans up when the server fails in the middle', async () => {
    let inserts = 0;
    await assert.rejects(
      run(
        {},
        changed((_database, command) => {
          if (command.insert && ++inserts === 2) throw new Error('disk full');
          return undefined;
        }),
      ),
      /disk full/,
    );
    assert.equal(inserts, 2);
    await assert.rejects(
      run({ command: { find: 'audits', filter: { $nope: 1 } } }),
      (error) => isHeatlensError(error) && error.code === 'mongoBadCommand',
    );
  });

  it('says what could not be dropped', async () => {
    const stuck = changed((_database, command) => {
      if (command.drop) throw new Error('lost');
      return undefined;
    });
    const trial = await run({ documents: 100 }, stuck);
    const names = await scratchNames(seeded().client);
    assert.equal(names.length, 1);
    assert.deepEqual(trial.notes, [
      `The temporary collection heatlens_scratch.${names[0]} could not be dropped; that is tried again at the next connect.`,
    ]);
    await seeded().client.db('heatlens_scratch').dropDatabase();
  });
});
