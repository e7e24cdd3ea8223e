import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo, type EmbeddedMongo } from '../../../demo/embedded-mongo/src/server';
import { runCli } from '../../support/cli';

const SOURCE = `import { MongoClient, ObjectId } from 'mongodb';
const db = new MongoClient('').db();

export async function search(category: string, page: number) {
  const filter = { category, active: true };
  return db.collection('products')
    .find(filter)
    .sort({ price: -1 })
    .skip((page - 1) * 20)
    .limit(20);
}

export const remove = (id: string) => db.collection('products').deleteOne({ _id: new ObjectId(id) });
export const both = () => [db.collection('products').find({ price: 5 }), db.collection('products').find({ price: 6 })];
export const dynamic = (name: string) => db.collection(name).find({ price: 5 });
export const some = (category?: string, page = 1) => db.collection('products').find({ ...(category ? { category } : {}), ...(page > 1 ? { active: true } : {}) });
export const add = () => db.collection('products').insertOne({ price: 1 });
`;

describe('heatlens explain', function () {
  this.timeout(60_000);
  let server: EmbeddedMongo;
  let client: MongoClient;
  let folder: string;
  let file: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-explain-'));
    file = join(folder, 'search.ts');
    writeFileSync(file, SOURCE);
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
    const products = Array.from({ length: 2_000 }, (_, at) => ({
      category: `c${at % 10}`,
      active: at % 2 === 0,
      price: at,
    }));
    await client.db('shop').collection('products').insertMany(products);
  });
  after(async () => {
    assert.equal(await client.db('shop').collection('products').countDocuments(), 2_000);
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const explain = (place: string, ...args: string[]) =>
    runCli(['explain', `${file}:${place}`, '--uri', server.uri, '--db', 'shop', ...args]);
  const values = ['--value', 'category="c2"', '--value', '(page - 1) * 20=0'];

  async function fails(place: string, args: string[], line: RegExp, code = 1): Promise<void> {
    const result = await explain(place, ...args);
    assert.equal(result.errors.length, 1, result.errors.join('\n'));
    assert.match(result.errors[0], line);
    assert.match(result.errors[0], /^heatlens: .+\. .+\.$/);
    assert.deepEqual([result.code, result.stdout], [code, '']);
  }

  it('prints the statement, the plan, findings and the index', async () => {
    const { code, stdout, errors } = await explain('8', ...values, '--verbosity', 'executionStats');
    assert.equal(code, 0, errors.join('\n'));
    assert.ok(
      stdout.startsWith(
        'db.products.find({ category: "c2", active: true })\n  .sort({ price: -1 })\n  .skip(0)\n  .limit(20)\n\nshop.products (',
      ),
      stdout,
    );
    assert.match(stdout, /20 returned, 0 keys, 2,000 documents/);
    assert.match(stdout, /\n {2}COLLSCAN {2}200 returned, 2,000 documents/);
    assert.match(stdout, /warning R01  2,000 documents of products read for 200 that match/);
    assert.match(stdout, /index {2}db\.products\.createIndex\(\{ category: 1, active: 1, price: -1 \}\)/);
  });

  it('prints the same as JSON as a saved plan', async () => {
    const { stdout, errors } = await explain('6:10', ...values, '--verbosity', 'executionStats', '--json');
    const report = JSON.parse(stdout) as Record<string, unknown>;
    for (const field of [
      'namespace',
      'command',
      'engine',
      'executed',
      'totals',
      'root',
      'rejected',
      'findings',
      'suggestions',
    ])
      assert.ok(field in report, field);
    assert.equal(report.namespace, 'shop.products');
    assert.equal(report.executed, true);
    assert.deepEqual(errors, []);
  });

  it('finds the statement by a variable of its own, and plans only without being told otherwise', async () => {
    const { stdout } = await explain('5:9', ...values);
    assert.match(stdout, /planned, not executed/);
  });

  it('explains what would write as planned, and says so', async () => {
    const { stdout } = await explain(
      '13',
      '--value',
      'id=ObjectId("64b7f0c2a1b2c3d4e5f60718")',
      '--verbosity',
      'executionStats',
    );
    assert.match(stdout, /^db\.products\.deleteOne\(\{ _id: ObjectId\("64b7f0c2a1b2c3d4e5f60718"\) \}\)/);
    assert.match(stdout, /planned, not executed/);
    assert.match(stdout, /note: A statement that writes is only planned, never run/);
    const json = await explain(
      '13',
      '--value',
      'id="64b7f0c2a1b2c3d4e5f60718"',
      '--verbosity',
      'executionStats',
      '--json',
    );
    assert.equal((JSON.parse(json.stdout) as { executed: boolean }).executed, false);
    assert.match(json.errors.join(), /only planned, never run/);
    await fails('17', [], /An insert has no plan/);
  });

  it('takes the first of several statements of a line, and says so', async () => {
    const first = await explain('14');
    assert.match(first.stdout, /price: 5/);
    assert.match(first.errors.join(), /line 14 has 2 statements/);
    assert.match((await explain('14:85')).stdout, /price: 6/);
  });

  it('takes a collection that the text does not name', async () => {
    await fails('15', [], /The collection is not known: the text says name\. Give its name as --collection NAME\./);
    assert.match((await explain('15', '--collection', 'products')).stdout, /^db\.products\.find/);
  });

  it('takes the connection string from the environment, and its database', async () => {
    const { code, stdout } = await runCli(['explain', `${file}:14`], {
      env: { HEATLENS_MONGODB_URI: `${server.uri}shop` },
    });
    assert.equal(code, 0);
    assert.match(stdout, /shop\.products/);
    const none = await runCli(['explain', `${file}:14`, '--uri', server.uri]);
    assert.match(none.errors.join('\n'), /names a database\. Give its name as --db NAME/);
  });

  it('lets values decide the conditions of the source', async () => {
    const first = async (...args: string[]): Promise<string> =>
      (await explain('16', ...args.flatMap((one) => ['--value', one]))).stdout.split('\n')[0];
    assert.equal(await first('category="c1"'), 'db.products.find({ category: "c1", active: true })');
    assert.equal(await first('category=null', 'page > 1=false'), 'db.products.find({})');
    assert.equal(await first('category=null'), 'db.products.find({ active: true })');
  });

  it('asks for values with examples that can be used', async () => {
    await fails(
      '6',
      [],
      /no value for category \(string\), \(page - 1\) \* 20 \(number\)\. Add them, for example --value 'category="text"' --value '\(page - 1\) \* 20=1', and run it again\./,
    );
    await fails(
      '6',
      ['--value', 'category=Books'],
      /--value category: Books is not a value\. Put text in quotes: "Books"\./,
    );
    await fails('6', ['--value', 'nope=1'], /no hole named nope\. Its holes are/);
    await fails('6', ['--value', 'x'], /--value takes NAME=VALUE/, 2);
  });

  it('names the statements that are near', async () => {
    await fails(
      '3',
      [],
      /There is no MongoDB statement at line 3 of .*search\.ts\. The nearest: .*search\.ts:6 \(db\.products\.find/,
    );
    writeFileSync(join(folder, 'empty.ts'), 'export const a = 1;\n');
    const empty = await runCli(['explain', `${join(folder, 'empty.ts')}:1`, '--uri', server.uri]);
    assert.match(empty.errors.join('\n'), /has none that can be read/);
  });

  it('says what is wrong with its arguments', async () => {
    await fails('0', [], /counted from 1/, 2);
    await fails('x', [], /is not a place in a file/, 2);
    await fails(
      '14',
      ['--verbosity', 'all'],
      /--verbosity takes queryPlanner, executionStats, allPlansExecution, not "all"/,
      2,
    );
    await fails('14', ['--max-time', '0'], /--max-time takes a whole number/, 2);
    const noUri = await runCli(['explain', `${file}:14`], { env: { HEATLENS_MONGODB_URI: '' } });
    assert.match(noUri.errors.join('\n'), /--uri, or in HEATLENS_MONGODB_URI/);
    const missing = await runCli(['explain', `${join(folder, 'none.ts')}:1`, '--uri', server.uri]);
    assert.match(missing.errors.join('\n'), /there is no such file/);
  });

  it('says that the server is down, without the password', async () => {
    const other = await startEmbeddedMongo();
    await other.close();
    const { code, errors, stdout } = await runCli([
      'explain',
      `${file}:14`,
      '--uri',
      `mongodb://ada:hunter2@127.0.0.1:${other.port}/shop`,
    ]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(errors.join('\n'), /No server listens at 127\.0\.0\.1:\d+\/shop\. Start the database/);
    assert.ok(!errors.join('\n').includes('hunter2'));
  });

  it('says that a collection does not exist', async () => {
    await fails('15', ['--collection', 'product'], /The database shop has no collection product\. There is products\./);
  });
});
