import assert from 'node:assert/strict';
import type { LibraryValue } from '../../../../src/core/evaluate/abstractValue';
import type { Draft } from '../../../../src/core/evaluate/draft';
import { collectDraft } from '../../../../src/core/evaluate/drafts';
import { createDraftFinder } from '../../../../src/core/evaluate/findDrafts';
import type { Library } from '../../../../src/core/evaluate/library';
import { rangeOf } from '../../../../src/core/evaluate/scope';
import type { Value } from '../../../../src/core/evaluate/value';
import { isMongoDraft } from '../../../../src/core/database/mongo/calls/mongoValue';
import { mongoLibrary } from '../../../../src/core/database/mongo/calls/mongoLibrary';

interface SqlDraft extends Draft {
  readonly text: Value;
}

/** As little of a second library as one statement needs: `new Pool().query(text)`. */
const sqlLibrary: Library<LibraryValue, SqlDraft> = {
  name: 'sql',
  packages: /^pg$/,
  calls: /\.\s*query\b/,
  valueOfType: (type) => (type === 'pg.Pool' ? { is: 'library', library: 'sql' } : undefined),
  valueByName: () => undefined,
  memberOfPackage: () => undefined,
  callExternal: (name) => (name === 'pg.Pool' ? { is: 'library', library: 'sql' } : undefined),
  callUnknown: () => undefined,
  member: () => undefined,
  callMember(_own, name, { evaluation, call, args, scope }) {
    if (name !== 'query') return undefined;
    const draft: SqlDraft = {
      library: 'sql',
      call,
      range: rangeOf(call, scope),
      related: args.origins,
      text: args.values[0],
    };
    collectDraft(evaluation, draft);
    return undefined;
  },
  slice: () => undefined,
  awaited: (own) => own,
  isPlainRead: () => true,
  merge: (_condition, then) => then,
};

function draftsOf(text: string): readonly Draft[] {
  return createDraftFinder('a.ts', [mongoLibrary, sqlLibrary], undefined).find(text).drafts;
}

function isSql(draft: Draft): draft is SqlDraft {
  return draft.library === 'sql';
}

describe('libraries of one evaluation', () => {
  it('find their statements beside each other in one file', () => {
    const [first, second, ...others] = draftsOf(`
      import { MongoClient } from 'mongodb';
      import { Pool } from 'pg';
      const orders = new MongoClient(url).db('shop').collection('orders');
      const TABLE = 'orders';
      export async function both(pool: Pool, id: string) {
        const kept = await orders.findOne({ _id: id });
        await pool.query(\`select * from \${TABLE}\`);
      }`);
    assert.deepEqual(others, []);
    assert.ok(isMongoDraft(first) && isSql(second));
    assert.equal(first.collection.name, 'orders');
    assert.deepEqual(second.text, { kind: 'literal', value: 'select * from orders' });
    // Neither result is needed by the other.
    assert.equal(second.use?.waitsFor?.from, first.range.from);
  });

  it('are told loops and what nothing takes, as any other', () => {
    const [draft] = draftsOf(`
      import { Pool } from 'pg';
      const pool = new Pool();
      for (const id of ids) pool.query('delete from orders where id = $1', [id]);`);
    assert.ok(isSql(draft));
    assert.deepEqual(draft.use, { loop: { text: 'for (const id of ids)', names: ['id'] }, unused: true });
  });

  it('have nothing to say of files that call none of them', () => {
    assert.deepEqual(draftsOf("import { Pool } from 'pg';\nexport const pool = new Pool();"), []);
  });
});
