// What the demo shows of the database: the planted problems are found, and the suggested indexes solve them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { SIZES } from '../../../../demo/service/src/data/dataset';
import { seed } from '../../../../demo/service/src/data/seed';
import type { ExplainRun } from '../../../../src/core/database/explainRun';
import type { Stage } from '../../../../src/core/database/plan';
import type { Statement } from '../../../../src/core/database/statement';
import { connectMongo } from '../../../../src/node/database/mongo/connectMongo';
import { explainStatement } from '../../../../src/node/database/mongo/explainStatement';
import { createImportedFiles } from '../../../../src/node/database/mongo/importedFiles';
import type { MongoConnection } from '../../../../src/node/database/mongo/mongoConnection';
import { startTestDatabase } from '../../../support/database';
import type { StartedDatabase } from '../../../support/database';
import { repositoryRoot } from '../../../support/nodeVersions';
import { findStatements } from '../../../support/findStatements';

/** The first statement behind this text of a file of the demo service. */
function statementBehind(file: string, code: string): Statement {
  const path = join(repositoryRoot, 'demo/service/src', file);
  const text = readFileSync(path, 'utf8');
  const line = text.split('\n').findIndex((one) => one.includes(code));
  assert.ok(line >= 0, `${file} has no ${code}`);
  const statement = findStatements(text, path, createImportedFiles()).find(({ span }) => span.start.line >= line);
  assert.ok(statement, `${file} has no statement behind ${code}`);
  return statement;
}

function stageNames(root: Stage): string[] {
  const names: string[] = [];
  const open = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    names.push(stage.name);
    open.push(...stage.children);
  }
  return names;
}

/** Values by the names of the holes that stand at these places; of a hole's path the end is enough. */
function valuesAt(statement: Statement, places: Readonly<Record<string, unknown>>): Map<string, unknown> {
  return new Map(
    Object.entries(places).map(([place, value]) => {
      const hole = statement.holes.find(({ path }) => path === place || path.endsWith(`.${place}`));
      assert.ok(hole, `there is no hole at ${place}: ${statement.holes.map(({ path }) => path).join(', ')}`);
      return [hole.name, value];
    }),
  );
}

describe('the database of the demo service', function () {
  this.timeout(120_000);
  let server: StartedDatabase;
  let client: MongoClient;
  let database: Db;
  let connection: MongoConnection;

  before(async () => {
    server = await startTestDatabase();
    client = await MongoClient.connect(server.uri);
    database = client.db();
    connection = await connectMongo(server.uri);
    assert.equal(await seed(database), true);
  });

  after(async () => {
    await connection?.close();
    await client?.close();
    await server?.stop();
  });

  async function explain(statement: Statement, places: Readonly<Record<string, unknown>>): Promise<ExplainRun> {
    const values = valuesAt(statement, places);
    return (
      await explainStatement(connection, statement, {
        database: database.databaseName,
        values,
        verbosity: 'executionStats',
      })
    ).run;
  }

  /** Explains, creates what was suggested first for each collection, explains again; the indexes are dropped in the end. */
  async function withSuggested(
    statement: Statement,
    values: Readonly<Record<string, unknown>>,
    check: (before: ExplainRun, after: ExplainRun) => void,
  ): Promise<void> {
    const before = await explain(statement, values);
    const made: [string, string][] = [];
    try {
      const first = before.suggestions.filter(
        ({ target: collection }, at, all) => all.findIndex((one) => one.target === collection) === at,
      );
      for (const { target: collection, columns: key, options } of first)
        made.push([collection, await database.collection(collection).createIndex({ ...key }, options)]);
      check(before, await explain(statement, values));
    } finally {
      for (const [collection, name] of made) await database.collection(collection).dropIndex(name);
    }
  }

  const rules = ({ findings }: ExplainRun): string[] => findings.map(({ rule }) => rule);
  const keys = ({ suggestions }: ExplainRun): unknown[] =>
    suggestions.map(({ target: collection, columns: key }) => [collection, Object.entries(key)]);
  function assertIncludes(list: readonly string[], wanted: readonly string[]): void {
    assert.deepEqual(
      wanted.filter((one) => !list.includes(one)),
      [],
      `of ${list.join(' ')}`,
    );
  }
  function assertReadsLess(before: ExplainRun, after: ExplainRun, times: number): void {
    const [first, second] = [before.plan.totals.rowsRead ?? 0, after.plan.totals.rowsRead ?? Infinity];
    assert.ok(second * times <= first, `${second} documents examined instead of ${first}`);
  }

  it('is filled once, and never over something else', async () => {
    assert.equal(await seed(database), false);
    for (const [name, size] of Object.entries(SIZES)) {
      assert.equal(await database.collection(name).countDocuments(), size);
      assert.equal((await database.collection(name).indexes()).length, 1, `${name} has no index but _id_`);
    }
    const names = await database.collection('products').distinct('name');
    assert.equal(names.length, SIZES.products);

    // The same server, but a database of somebody else.
    const foreign = client.db(`${database.databaseName}_foreign`);
    try {
      await foreign.collection('orders').insertOne({ theirs: true });
      await assert.rejects(seed(foreign), /holds a collection orders that is not the demo's\. Name another database/);
      assert.deepEqual(
        (await foreign.listCollections().toArray()).map(({ name }) => name),
        ['orders'],
      );
      assert.equal(await foreign.collection('orders').countDocuments({ theirs: true }), 1);
    } finally {
      await foreign.dropDatabase();
    }
  });

  it('searches products by scanning all of them, and by an index on category and name', async () => {
    const search = statementBehind('products/productSearch.ts', 'async search(');
    const values = { category: 'furniture', $regex: 'oak', $skip: 40 };
    await withSuggested(search, values, (before, after) => {
      assertIncludes(stageNames(before.plan.root), ['COLLSCAN', '$facet']);
      assertIncludes(rules(before), ['R01', 'R06', 'R10', 'R15']);
      assert.deepEqual(keys(before), [
        [
          'products',
          [
            ['category', 1],
            ['name', 1],
          ],
        ],
      ]);
      assertIncludes(stageNames(after.plan.root), ['IXSCAN', '$facet']);
      assert.ok(!stageNames(after.plan.root).some((name) => /SORT|\$sort/.test(name)));
      assertReadsLess(before, after, 10);
      assert.ok(!rules(after).includes('R01') && rules(after).includes('R15'));
    });
  });

  it('reads only what it returns when it pages by name', async () => {
    const searchAfter = statementBehind('products/productSearch.ts', 'async searchAfter(');
    const values = { category: 'furniture', $gt: 'heavy oak bench No. 5', $regex: 'oak' };
    await withSuggested(searchAfter, values, (before, after) => {
      // The second one would answer by itself.
      assert.deepEqual(keys(before).map(String), [
        'products,category,1,name,1',
        'products,category,1,name,1,sku,1,priceCents,1',
      ]);
      assertReadsLess(before, after, 1000);
      assert.equal(after.plan.totals.rowsRead, 20);
    });
  });

  it('lists audits by sorting in memory and skipping, and by an index on actor and at', async () => {
    const list = statementBehind('audit/auditStore.ts', 'async list(');
    const values = {
      actor: 'clerk-7',
      'at.$gte': { $date: '2025-01-01T00:00:00Z' },
      'at.$lt': { $date: '2025-06-30T00:00:00Z' },
      skip: 1000,
    };
    await withSuggested(list, values, (before, after) => {
      assertIncludes(stageNames(before.plan.root), ['COLLSCAN', 'SORT', 'SKIP']);
      assertIncludes(rules(before), ['R01', 'R06', 'R14']);
      assert.deepEqual(keys(before), [
        [
          'audits',
          [
            ['actor', 1],
            ['at', -1],
          ],
        ],
      ]);
      assertIncludes(stageNames(after.plan.root), ['IXSCAN']);
      assertReadsLess(before, after, 10);
      assert.ok(!rules(after).includes('R06') && rules(after).includes('R14'));
    });
    const listBefore = statementBehind('audit/auditStore.ts', 'async listBefore(');
    await withSuggested(listBefore, { actor: 'clerk-7', $lt: { $date: '2025-03-01T00:00:00Z' } }, (before, after) => {
      assert.equal(after.plan.totals.rowsRead, 50);
      assertReadsLess(before, after, 1000);
    });
  });

  it('finds the orders of a customer by an index on customer, status and placedAt', async () => {
    const ofCustomer = statementBehind('orders/orderStore.ts', 'async ofCustomer(');
    await withSuggested(ofCustomer, { customer: 'customer-42', status: 'paid' }, (before, after) => {
      assertIncludes(rules(before), ['R01']);
      assert.deepEqual(keys(before), [
        [
          'orders',
          [
            ['customer', 1],
            ['status', 1],
            ['placedAt', -1],
          ],
        ],
      ]);
      assertReadsLess(before, after, 100);
      assert.deepEqual(rules(after), []);
    });
  });

  it('joins orders with products by scanning these for each, and by an index on sku', async () => {
    const withProducts = statementBehind('orders/orderStore.ts', 'async withProducts(');
    await withSuggested(withProducts, { customer: 'customer-42', $limit: 5 }, (before, after) => {
      assertIncludes(rules(before), ['R16']);
      assertIncludes(keys(before).map(String), ['products,sku,1', 'orders,customer,1,placedAt,-1']);
      assertReadsLess(before, after, 100);
      assert.deepEqual(rules(after), []);
    });
  });

  it('counts all orders one by one, or reads their number', async () => {
    const exact = await explain(statementBehind('orders/orderStore.ts', 'async countAll('), {});
    assert.ok(rules(exact).includes('R47'), rules(exact).join(' '));
    const rough = await explain(statementBehind('orders/orderStore.ts', 'async countRoughly('), {});
    assert.deepEqual(rules(rough), []);
  });

  it('looks for the order to update in the whole collection', async () => {
    const markShipped = statementBehind('orders/orderStore.ts', 'async markShipped(');
    const { plan, findings } = await explain(markShipped, { number: 4711 });
    assert.equal(plan.executed, false);
    assert.ok(findings.some(({ rule }) => rule === 'R35'));
  });

  it('finds customers by an index on the stored address', async () => {
    const byPattern = statementBehind('customers/customerDirectory.ts', 'function findByEmail(');
    assertIncludes(rules(await explain(byPattern, { $regex: '^ada\\.berg\\.17@example\\.com$' })), ['R01', 'R10']);
    const byStored = statementBehind('customers/customerDirectory.ts', 'function findByStoredEmail(');
    await withSuggested(byStored, { email: 'ada.berg.17@example.com' }, (before, after) => {
      assert.deepEqual(keys(before), [['customers', [['email', 1]]]]);
      assertReadsLess(before, after, 1000);
    });
  });
});
