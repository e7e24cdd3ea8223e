import assert from 'node:assert/strict';
import type { Document } from 'mongodb';
import { failure, workDatabaseForSuite } from './workDatabase';

describe('what the driver asks of the server itself, by the embedded server', function () {
  this.timeout(30_000);
  const work = workDatabaseForSuite();
  const { things } = work;

  it('shows record numbers and sets of profiled commands', async () => {
    await work.fill(3);
    const shown = (await work.db.command({
      find: 'things',
      filter: { _id: 1 },
      showRecordId: true,
      projection: { k: 1 },
    })) as { cursor: { firstBatch: Document[] } };
    assert.deepEqual(shown.cursor.firstBatch, [{ _id: 1, k: 1, $recordId: 2 }]);
    assert.deepEqual(await work.db.command({ profile: 1, slowms: 5, sampleRate: 0.5 }), {
      was: 0,
      slowms: 100,
      sampleRate: 1,
      ok: 1,
    });
    assert.deepEqual(await work.db.command({ profile: -1 }), { was: 1, slowms: 5, sampleRate: 0.5, ok: 1 });
    await work.db.command({ profile: 2, slowms: 100, sampleRate: 1 });
    await things().findOne();
    await work.db.command({ profile: 0 });
    const [profile] = await work.db.listCollections({ name: 'system.profile' }).toArray();
    assert.equal((profile as { options?: Document }).options?.capped, true);
    assert.equal(await work.db.collection('system.profile').drop(), true);
  });

  it('explains everything at three verbosities and changes nothing', async () => {
    await work.fill(50);
    await things().createIndex({ k: 1 });
    const before = await things().find().toArray();
    const commands: Document[] = [
      { find: 'things', filter: { k: 1 } },
      { aggregate: 'things', pipeline: [{ $match: { k: 1 } }, { $group: { _id: '$text' } }], cursor: {} },
      { count: 'things', query: { k: 1 } },
      { distinct: 'things', key: 'k', query: {} },
      { update: 'things', updates: [{ q: { k: 1 }, u: { $set: { a: 1 } }, multi: true }] },
      { delete: 'things', deletes: [{ q: { k: 1 }, limit: 0 }] },
      { findAndModify: 'things', query: { k: 1 }, update: { $set: { a: 1 } } },
      { aggregate: 'things', pipeline: [{ $out: 'elsewhere' }], cursor: {} },
    ];
    for (const command of commands) {
      for (const verbosity of ['queryPlanner', 'executionStats', 'allPlansExecution']) {
        const reply = await work.db.command({ explain: command, verbosity });
        const plan = ((reply.stages as Document[] | undefined)?.[0].$cursor ?? reply) as Document;
        assert.ok((plan.queryPlanner as Document).winningPlan);
        assert.equal('executionStats' in plan, verbosity !== 'queryPlanner');
        assert.equal(
          'allPlansExecution' in ((plan.executionStats ?? {}) as Document),
          verbosity === 'allPlansExecution',
        );
      }
    }
    assert.deepEqual(await things().find().toArray(), before);
    assert.deepEqual(
      (await work.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
      ['things'],
    );
  });

  it('lists databases and collections with their options', async () => {
    await work.db.createCollection('checked', { validator: { a: { $exists: true } }, validationLevel: 'moderate' });
    await work.db.createCollection('log', { capped: true, size: 4096 });
    await work.db.createCollection('shown', { viewOn: 'checked', pipeline: [{ $match: { a: 1 } }] });
    const list = await work.db.listCollections().toArray();
    const options = Object.fromEntries(
      list.map(({ name, type, ...more }) => [name, [type, (more as { options?: Document }).options]]),
    );
    assert.deepEqual(options.checked, [
      'collection',
      { validator: { a: { $exists: true } }, validationLevel: 'moderate' },
    ]);
    assert.deepEqual(options.log, ['collection', { capped: true, size: 4096 }]);
    assert.deepEqual(options.shown, ['view', { viewOn: 'checked', pipeline: [{ $match: { a: 1 } }] }]);
    assert.ok((await work.client.db('admin').admin().listDatabases()).databases.some(({ name }) => name === 'work'));
  });

  it('shows what is running and ends it', async () => {
    await work.fill(300);
    const slow = things()
      .aggregate(
        [
          {
            $lookup: {
              from: 'things',
              pipeline: [
                { $lookup: { from: 'things', localField: 'k', foreignField: 'text', as: 'b' } },
                { $match: { b: { $ne: [] } } },
              ],
              as: 'a',
            },
          },
        ],
        { comment: 'long' },
      )
      .toArray();
    const failed = failure(slow);
    let found: Document | undefined;
    while (!found)
      found = ((await work.client.db('admin').command({ currentOp: 1 })).inprog as Document[]).find(
        ({ command }) => (command as Document).comment === 'long',
      );
    assert.deepEqual([found.ns, found.active], ['work.things', true]);
    await work.client.db('admin').command({ killOp: 1, op: found.opid as unknown });
    assert.equal((await failed).code, 11601);
  });

  it('serves others while it works', async () => {
    await work.fill(400);
    const slow = things()
      .aggregate([
        { $lookup: { from: 'things', pipeline: [{ $match: { text: /9$/ } }, { $sort: { text: 1 } }], as: 'a' } },
        { $count: 'n' },
      ])
      .toArray();
    let longest = 0;
    let done = false;
    const finished = slow.then(() => (done = true));
    while (!done) {
      const began = performance.now();
      await work.db.command({ ping: 1 });
      longest = Math.max(longest, performance.now() - began);
    }
    await finished;
    // A slice is 20 ms; the rest is for a busy machine.
    assert.ok(longest < 2000, `${longest} ms`);
  });
});
