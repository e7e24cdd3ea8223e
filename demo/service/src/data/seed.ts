import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { SIZES, audits, customers, orders, products } from './dataset';

/** Raised when the data set changes: an older one is then replaced. */
const VERSION = 1;
const MARK = 'demo-seeds';
const BATCH = 2000;

type Name = keyof typeof SIZES;
const sources: Readonly<Record<Name, () => Generator<object>>> = { products, audits, orders, customers };

/**
 * Fills a database with the shop's data, without any index that would help. Does nothing where this was done before; throws
 * where one of the collections holds something else, which is never touched. Resolves to whether it wrote.
 */
export async function seed(database: Db): Promise<boolean> {
  const marks = database.collection<{ _id: string; version: number }>(MARK);
  const mark = await marks.findOne({ _id: 'shop' });
  if (mark?.version === VERSION) return false;
  const names = Object.keys(sources) as Name[];
  for (const name of names) {
    if (mark) await database.collection(name).drop();
    else if (await database.collection(name).findOne()) {
      throw new Error(
        `The database ${database.databaseName} holds a collection ${name} that is not the demo's. Name another database in the connection string.`,
      );
    }
  }
  // Set first: what an interrupted run has written is the demo's, and replaced by the next one.
  await marks.replaceOne({ _id: 'shop' }, { version: 0 }, { upsert: true });
  for (const name of names) {
    const collection = database.collection(name);
    let batch: object[] = [];
    for (const document of sources[name]()) {
      batch.push(document);
      if (batch.length < BATCH) continue;
      await collection.insertMany(batch, { ordered: false });
      batch = [];
    }
    if (batch.length > 0) await collection.insertMany(batch, { ordered: false });
  }
  await marks.replaceOne({ _id: 'shop' }, { version: VERSION });
  return true;
}

async function main(): Promise<void> {
  const uri = process.env.MONGODB_URI;
  if (!uri) throw new Error('Set MONGODB_URI to the database that is to be filled.');
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    const started = Date.now();
    const database = client.db();
    const wrote = await seed(database);
    const sizes = Object.entries(SIZES)
      .map(([name, size]) => `${size.toLocaleString('en')} ${name}`)
      .join(', ');
    console.log(
      wrote
        ? `${database.databaseName} has ${sizes} (${((Date.now() - started) / 1000).toFixed(1)} s)`
        : `${database.databaseName} was filled before`,
    );
  } finally {
    await client.close();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
