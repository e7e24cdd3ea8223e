// The embedded server beside what a real one answered for the same documents, over the wire.
import assert from 'node:assert/strict';
import { EJSON } from 'bson';
import type { Document } from 'bson';
import type { Db, MongoClient } from 'mongodb';
import { MongoServerError } from 'mongodb';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import { essence, hashes, hasRecorded, recordedIn, seededServer } from './recorded';
import type { Recorded } from './recorded';

/** Part of the recorded explains that must agree in stages, indexes and counters. */
const AGREEMENT = 0.9;

function codeOf(error: unknown): Document {
  if (!(error instanceof MongoServerError)) throw error;
  return { error: { code: error.code } };
}

function bodyOf({ command }: Recorded): Document {
  const { $db: _db, lsid: _lsid, comment: _comment, ...rest } = command;
  return rest;
}

async function explain(db: Db, recorded: Recorded): Promise<Document> {
  const reply = await db.command({ explain: bodyOf(recorded), verbosity: 'executionStats' }).catch(codeOf);
  return EJSON.serialize(reply);
}

async function run(db: Db, recorded: Recorded): Promise<Document | Document[]> {
  const body = bodyOf(recorded);
  if (body.find) return db.runCursorCommand(body).toArray().catch(codeOf);
  if (body.aggregate)
    return db
      .runCursorCommand({ ...body, cursor: {} })
      .toArray()
      .catch(codeOf);
  return db.command(body).catch(codeOf);
}

/** The first documents of equal score are not the same in any two servers: their scores are. */
function isByScore({ command }: Recorded): boolean {
  return JSON.stringify(command.sort ?? {}).includes('textScore');
}

function checkResult(recorded: Recorded, got: Document | Document[]): void {
  const want = recorded.result ?? {};
  if (want.error) {
    assert.equal(((got as Document).error as Document | undefined)?.code, (want.error as Document).code);
  } else if (want.values) {
    assert.deepEqual((got as Document).values, want.values);
  } else if (!Array.isArray(got)) {
    assert.equal(got.n, want.n);
  } else if (isByScore(recorded)) {
    const scores = (docs: Document[]) => docs.map((doc): unknown => doc.score);
    assert.deepEqual(scores(got), scores(want.docs as Document[]));
  } else {
    assert.equal(got.length, want.n);
    assert.deepEqual(hashes(got), { idsSha256: want.idsSha256, sortedIdsSha256: want.sortedIdsSha256 });
  }
}

describe('the embedded server beside a recorded one', function () {
  this.timeout(120_000);
  let server: EmbeddedMongo;
  let client: MongoClient;

  before(async function () {
    if (!hasRecorded) this.skip();
    ({ server, client } = await seededServer());
  });

  after(async () => {
    await client?.close();
    await server?.close();
  });

  for (const name of ['shop', 'bare']) {
    it(`gives the same results in ${name}`, async () => {
      const differing: string[] = [];
      let compared = 0;
      for (const recorded of recordedIn(name)) {
        if (!recorded.result || recorded.result.skipped) continue;
        const got = await run(client.db(name), recorded);
        compared++;
        try {
          checkResult(recorded, got);
        } catch (error) {
          differing.push(`${recorded.id}: ${(error as Error).message}`);
        }
      }
      assert.deepEqual(differing, []);
      assert.ok(compared >= 80, `only ${compared} were compared`);
    });
  }

  it('makes the same plans with the same counters', async () => {
    let same = 0;
    const differing: string[] = [];
    for (const name of ['shop', 'bare']) {
      for (const recorded of recordedIn(name)) {
        const got = JSON.stringify(essence(await explain(client.db(name), recorded)));
        const want = JSON.stringify(essence(recorded.explain.executionStats));
        if (got === want) same++;
        else differing.push(`${name}/${recorded.id}\n      embedded ${got}\n      recorded ${want}`);
      }
    }
    const total = same + differing.length;
    console.log(
      `      ${same} of ${total} explains agree${differing.length > 0 ? `; these differ:\n    ${differing.join('\n    ')}` : ''}`,
    );
    assert.ok(total >= 200 && same >= AGREEMENT * total, `${same} of ${total}`);
  });

  it('explains every recorded command at each verbosity without changing anything', async () => {
    const count = async () => Promise.all(['shop', 'bare'].map((name) => client.db(name).command({ dbStats: 1 })));
    const before = await count();
    for (const verbosity of ['queryPlanner', 'allPlansExecution']) {
      let plans = 0;
      for (const recorded of recordedIn('shop')) {
        if (recorded.explain.queryPlanner.error) continue;
        const reply = await client.db('shop').command({ explain: bodyOf(recorded), verbosity });
        const cursor = ((reply.stages as Document[] | undefined)?.[0]?.$cursor ?? reply) as Document;
        if (!cursor.queryPlanner) continue;
        plans++;
        assert.equal('executionStats' in cursor, verbosity !== 'queryPlanner', recorded.id);
        const rejected = (cursor.queryPlanner as Document).rejectedPlans as Document[];
        const tried = ((cursor.executionStats as Document | undefined)?.allPlansExecution ?? []) as Document[];
        if (verbosity === 'allPlansExecution') assert.equal(tried.length, rejected.length + 1, recorded.id);
      }
      assert.ok(plans >= 80, `only ${plans} have a plan`);
    }
    assert.deepEqual(await count(), before);
  });
});
