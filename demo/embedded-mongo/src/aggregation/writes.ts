import { ServerError } from '../errors';
import { Collection } from '../storage/collection';
import type { Database } from '../storage/store';
import { valueKey } from '../values/compare';
import { getPath } from '../values/paths';
import { isDoc } from '../values/types';
import type { Doc } from '../values/types';
import { runMingo } from './operators';
import type { RunOptions } from './run';
import type { Item } from './stages';

function targetOf(spec: unknown, { store, database }: RunOptions): { database: Database; name: string } {
  if (typeof spec === 'string') return { database, name: spec };
  if (!isDoc(spec) || typeof spec.coll !== 'string')
    throw new ServerError(16990, 'The target collection must be a string or an object with db and coll');
  return { database: typeof spec.db === 'string' ? store.database(spec.db) : database, name: spec.coll };
}

/** Writes the results of a pipeline to the collection that its `$out` or `$merge` names. */
export function writeOut(docs: readonly Doc[], { name, spec }: Item, options: RunOptions): void {
  if (name === '$out') {
    const target = targetOf(spec, options);
    replaceAll(docs, target);
    return;
  }
  const target = targetOf(isDoc(spec) ? spec.into : spec, options);
  mergeInto(docs, isDoc(spec) ? spec : {}, target.database.ensure(target.name), options);
}

function replaceAll(docs: readonly Doc[], { database, name }: { database: Database; name: string }): void {
  const old = database.collections.get(name);
  const made = new Collection(database.name, name, old?.options);
  for (const index of old?.indexes.slice(1) ?? []) made.createIndex(index.spec);
  for (const doc of docs) made.insert(doc);
  database.put(made);
}

function mergeInto(docs: readonly Doc[], spec: Doc, target: Collection, { variables = {} }: RunOptions): void {
  const fields = (Array.isArray(spec.on) ? spec.on : [spec.on ?? '_id']).map(String);
  const unique = target.indexes.some(
    (index) => index.unique && [...index.fields].sort().join() === [...fields].sort().join(),
  );
  if (!unique) throw new ServerError(51183, `Cannot find index to verify that join fields will be unique`);
  const keyOf = (doc: Doc) => fields.map((field) => valueKey(getPath(doc, field.split('.')))).join('|');
  const records = new Map([...target.records].map(([record, doc]) => [keyOf(doc), record]));
  for (const doc of docs) {
    const record = records.get(keyOf(doc));
    const old = record === undefined ? undefined : target.records.get(record);
    if (record === undefined || !old) {
      if (spec.whenNotMatched === 'discard') continue;
      if (spec.whenNotMatched === 'fail')
        throw new ServerError(13113, '$merge could not find a matching document in the target collection');
      target.insert(doc);
      continue;
    }
    const how = spec.whenMatched ?? 'merge';
    if (how === 'fail') throw new ServerError(11000, `E11000 duplicate key error collection: ${target.namespace}`);
    if (how === 'keepExisting') continue;
    const next =
      how === 'replace'
        ? { _id: old._id, ...doc }
        : how === 'merge'
          ? { ...old, ...doc }
          : updated(old, doc, how, variables);
    target.replace(record, next);
  }
}

function updated(old: Doc, doc: Doc, pipeline: unknown, variables: Doc): Doc {
  if (!Array.isArray(pipeline)) throw new ServerError(14, 'whenMatched must be a string or a pipeline');
  let docs = [old];
  for (const stage of pipeline as Doc[])
    for (const [name, spec] of Object.entries(stage))
      docs = runMingo(docs, name, spec, { ...variables, new: doc }, undefined);
  return docs[0];
}
