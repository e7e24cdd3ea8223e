import { badValue, ServerError, typeMismatch } from '../errors';
import { indexSpec } from '../aggregation/sources';
import { findIndex } from '../planner/planner';
import type { Collection } from '../storage/collection';
import type { Index, IndexSpec } from '../storage/collectionIndex';
import { compareValues } from '../values/compare';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { collectionName } from './context';
import type { CommandContext } from './context';
import { listSource } from './cursors';

const MAX_INDEXES = 64;
const KINDS = ['text', 'hashed', '2dsphere', '2d'];

function existing({ database }: CommandContext, name: string): Collection {
  const found = database.collections.get(name);
  if (!found) throw new ServerError(26, `ns does not exist: ${database.name}.${name}`);
  return found;
}

function readSpec(value: unknown): IndexSpec {
  if (!isDoc(value)) throw typeMismatch("The elements of the 'indexes' array must be objects");
  if (!isDoc(value.key) || Object.keys(value.key).length === 0)
    throw new ServerError(67, 'Index keys cannot be empty.');
  for (const [field, direction] of Object.entries(value.key)) {
    if (field.includes('$**'))
      throw new ServerError(
        238,
        'The embedded server has no wildcard indexes. Name the fields, or use MongoDB for them.',
      );
    if (typeof direction === 'string' ? !KINDS.includes(direction) : !toNumber(direction)) {
      throw new ServerError(67, `Unknown index plugin or direction '${String(direction)}' of field '${field}'`);
    }
  }
  if (typeof value.name !== 'string' || value.name === '')
    throw new ServerError(67, 'The index name must be a non-empty string');
  if (value.sparse === true && value.partialFilterExpression !== undefined)
    throw new ServerError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  const { ns: _ns, background: _background, v: _v, ...spec } = value;
  return { v: 2, ...spec, key: value.key, name: value.name };
}

/** The index a specification asks for when it is there already; throws when one with other options stands in its way. */
function conflict(collection: Collection, spec: IndexSpec): Index | undefined {
  const named = collection.indexes.find((index) => index.name === spec.name);
  const same = (index: Index) =>
    compareValues(index.spec.key, spec.key) === 0 &&
    Object.keys(index.spec.key).join() === Object.keys(spec.key).join();
  if (named) {
    if (!same(named)) {
      throw new ServerError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(spec)}`,
      );
    }
    const { hidden: _a, ...oldOptions } = named.spec;
    const { hidden: _b, ...newOptions } = spec;
    if (spec.name !== '_id_' && compareValues(sorted(oldOptions), sorted(newOptions)) !== 0) {
      throw new ServerError(
        85,
        `An equivalent index already exists with the same name but different options. Requested index: ${JSON.stringify(spec)}`,
      );
    }
    return named;
  }
  const equal = collection.indexes.find((index) => same(index) && options(index.spec) === options(spec));
  if (equal) throw new ServerError(85, `Index already exists with a different name: ${equal.name}`);
  return undefined;
}

function sorted(doc: Doc): Doc {
  return Object.fromEntries(Object.entries(doc).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function options({ collation, partialFilterExpression }: Doc): string {
  return JSON.stringify([collation ?? null, partialFilterExpression ?? null]);
}

export function createIndexes(context: CommandContext): Doc {
  const { body, database } = context;
  const name = collectionName(context);
  if (!Array.isArray(body.indexes) || body.indexes.length === 0)
    throw badValue('Must specify at least one index to create');
  const specs = body.indexes.map(readSpec);
  const created = !database.collections.has(name);
  const collection = database.ensure(name);
  const before = collection.indexes.length;
  for (const spec of specs) {
    if (conflict(collection, spec)) continue;
    if (collection.indexes.length >= MAX_INDEXES)
      throw new ServerError(67, `add index fails, too many indexes for ${collection.namespace}`);
    collection.createIndex(spec);
  }
  const after = collection.indexes.length;
  const note = after === before ? { note: 'all indexes already exist' } : {};
  return { numIndexesBefore: before, numIndexesAfter: after, createdCollectionAutomatically: created, ...note };
}

export async function listIndexes(context: CommandContext): Promise<Doc> {
  const collection = existing(context, collectionName(context));
  const batch = isDoc(context.body.cursor) ? toNumber(context.body.cursor.batchSize) : undefined;
  const opening = { namespace: collection.namespace, command: context.body, batchSize: batch, turns: context.turns };
  return { cursor: (await context.cursors.first(listSource(collection.indexes.map(indexSpec)), opening)).cursor };
}

export function dropIndexes(context: CommandContext): Doc {
  const { body } = context;
  const collection = existing(context, collectionName(context));
  const before = collection.indexes.length;
  if (body.index === '*') collection.indexes.splice(1);
  else {
    const wanted = Array.isArray(body.index) ? (body.index as unknown[]) : [body.index];
    const found = wanted.map((one) => {
      const index = findIndex(collection, one);
      if (!index)
        throw new ServerError(
          27,
          typeof one === 'string'
            ? `index not found with name [${one}]`
            : `can't find index with key: ${JSON.stringify(one)}`,
        );
      if (index.name === '_id_') throw new ServerError(72, 'cannot drop _id index');
      return index;
    });
    for (const index of found) collection.indexes.splice(collection.indexes.indexOf(index), 1);
  }
  return { nIndexesWas: before };
}

export function collMod(context: CommandContext): Doc {
  const { body } = context;
  const collection = existing(context, collectionName(context));
  const reply: Doc = {};
  if (isDoc(body.index)) {
    const { name, keyPattern, hidden } = body.index;
    const index = findIndex(collection, name ?? keyPattern);
    if (!index)
      throw new ServerError(
        27,
        `cannot find index ${JSON.stringify(name ?? keyPattern)} for ns ${collection.namespace}`,
      );
    if (typeof hidden === 'boolean') {
      if (index.name === '_id_') throw badValue("can't hide _id index");
      Object.assign(reply, { hidden_old: index.hidden, hidden_new: hidden });
      index.hidden = hidden;
      const { hidden: _hidden, ...spec } = index.spec;
      index.spec = hidden
        ? { ...spec, key: spec.key, name: index.name, hidden: true }
        : { ...spec, key: index.spec.key, name: index.name };
    }
  }
  for (const option of ['validator', 'validationLevel', 'validationAction'])
    if (option in body) collection.options = { ...collection.options, [option]: body[option] };
  return reply;
}
