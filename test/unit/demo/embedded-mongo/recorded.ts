// The recorded answers of a real server, and the embedded server seeded with the same documents.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EJSON } from 'bson';
import type { Document } from 'bson';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';

const folder = process.env.HEATLENS_RECORDED_MONGO ?? join(process.cwd(), 'test/fixtures/mongo/recorded');

export const hasRecorded = existsSync(join(folder, 'dataset.mjs'));

export interface Recorded {
  readonly id: string;
  readonly database: string;
  readonly command: Document;
  readonly result?: Document;
  readonly explain: { readonly queryPlanner: Document; readonly executionStats: Document };
}

/** The recorded commands of a folder (`shop`, `bare`). */
export function recordedIn(name: string): Recorded[] {
  const files = readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.json'))
    .sort();
  return files.map((file) => {
    const text = readFileSync(join(folder, name, file), 'utf8');
    const { command, ...rest } = JSON.parse(text) as Recorded;
    return { ...rest, command: EJSON.deserialize(command) };
  });
}

/** The names of the recordings of a folder. */
export function namesIn(name: string): string[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -5))
    .sort();
}

/** One recording as it is in its file (relaxed EJSON); `name` without the extension. */
export function readRecorded(name: string): Document {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Document;
}

interface Dataset {
  readonly collections: Record<string, Document[]>;
  readonly indexes: Record<string, { key: Record<string, 1>; name: string }[]>;
  readonly views: Record<string, { viewOn: string; pipeline: Document[] }>;
}

/** A server that holds the data set in `shop`, with indexes, and in `bare`, without. */
export async function seededServer(
  databases = ['shop', 'bare'],
): Promise<{ server: EmbeddedMongo; client: MongoClient }> {
  const dataset = (await import(pathToFileURL(join(folder, 'dataset.mjs')).href)) as Dataset;
  const server = await startEmbeddedMongo();
  const client = await MongoClient.connect(server.uri);
  for (const name of databases) {
    const db = client.db(name);
    for (const [collection, docs] of Object.entries(dataset.collections)) {
      await db.collection(collection).insertMany(docs.map((doc) => ({ ...doc })));
      const specs = name === 'shop' ? dataset.indexes[collection] : [];
      if (specs.length > 0) await db.collection(collection).createIndexes(specs);
    }
    for (const [view, options] of Object.entries(dataset.views)) await db.createCollection(view, options);
  }
  return { server, client };
}

/** A client of a server that holds the data set in `shop`, for the tests of a suite. */
export function shopForSuite(): () => MongoClient {
  let seeded: Awaited<ReturnType<typeof seededServer>> | undefined;

  before(async function () {
    if (!hasRecorded) this.skip();
    seeded = await seededServer(['shop']);
  });

  after(async () => {
    await seeded?.client.close();
    await seeded?.server.close();
  });

  return () => seeded!.client;
}

/** The stages of a plan, names of indexes and directions in one line. */
export function outline(stage: Document | undefined): string {
  if (!stage) return '';
  const children = (stage.inputStages ?? (stage.inputStage ? [stage.inputStage] : [])) as Document[];
  const index = stage.indexName === undefined ? '' : ` ${String(stage.indexName)}`;
  const inner = children.map(outline);
  return `${String(stage.stage)}${index}${stage.direction === 'backward' ? ' backward' : ''}${inner.length === 0 ? '' : inner.length === 1 ? ` > ${inner[0]}` : ` [${inner.join(', ')}]`}`;
}

/** What must agree in an explain: stages of plan and pipeline, indexes, counters. */
export function essence(explain: Document): Document {
  if (explain.error) return { code: (explain.error as Document).code as unknown };
  const stages = explain.stages as Document[] | undefined;
  if (stages) return { stages: stages.map(stageEssence) };
  return planEssence(explain);
}

function planEssence({ queryPlanner, executionStats }: Document): Document {
  const { nReturned, totalKeysExamined, totalDocsExamined } = (executionStats ?? {}) as Document;
  return {
    plan: outline((queryPlanner as Document).winningPlan as Document),
    nReturned,
    totalKeysExamined,
    totalDocsExamined,
  };
}

function stageEssence(stage: Document): Document {
  const [name] = Object.keys(stage);
  const body = stage[name] as Document;
  const nReturned: unknown = stage.nReturned;
  if (name === '$cursor' || name === '$geoNearCursor') return { name, ...planEssence(body) };
  if (name === '$unionWith') return { name, nReturned, pipeline: (body.pipeline as Document[]).map(stageEssence) };
  if (name === '$facet')
    return {
      name,
      nReturned,
      facets: Object.fromEntries(
        Object.entries(body).map(([key, list]) => [key, (list as Document[]).map(stageEssence)]),
      ),
    };
  return { name, nReturned };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export function hashes(docs: readonly Document[]): { idsSha256: string; sortedIdsSha256: string } {
  const ids = docs.map((doc): unknown => EJSON.serialize({ x: doc._id as unknown }).x);
  return {
    idsSha256: hash(JSON.stringify(ids)),
    sortedIdsSha256: hash(JSON.stringify(ids.map((id) => JSON.stringify({ x: id })).sort())),
  };
}
