import type { Api, DraftCommand } from './mongoValue';

/** A method of a collection or model that is a statement. */
export interface MethodShape {
  readonly kind: DraftCommand['kind'];
  readonly single?: boolean;
  readonly multi?: boolean;
  /** What its arguments are, in order; `options` is a document of options. */
  readonly params: readonly (
    | 'filter'
    | 'id'
    | 'change'
    | 'pipeline'
    | 'field'
    | 'options'
    | 'projection'
    | 'sort'
    | 'skip'
    | 'limit'
    | 'upsert'
    | '-'
  )[];
  /** Fixed options: `remove` of findOneAndDelete. */
  readonly remove?: boolean;
}

const WRITES: Readonly<Record<string, MethodShape>> = {
  updateOne: { kind: 'update', params: ['filter', 'change', 'options'] },
  updateMany: { kind: 'update', multi: true, params: ['filter', 'change', 'options'] },
  replaceOne: { kind: 'replace', params: ['filter', 'change', 'options'] },
  deleteOne: { kind: 'delete', params: ['filter', 'options'] },
  deleteMany: { kind: 'delete', multi: true, params: ['filter', 'options'] },
  findOneAndUpdate: { kind: 'findAndModify', single: true, params: ['filter', 'change', 'options'] },
  findOneAndReplace: { kind: 'findAndModify', single: true, params: ['filter', 'change', 'options'] },
  findOneAndDelete: { kind: 'findAndModify', single: true, remove: true, params: ['filter', 'options'] },
  insertOne: { kind: 'insert', params: ['change', 'options'] },
  insertMany: { kind: 'insert', multi: true, params: ['change', 'options'] },
  bulkWrite: { kind: 'bulkWrite', multi: true, params: ['change', 'options'] },
};

const DRIVER: Readonly<Record<string, MethodShape>> = {
  ...WRITES,
  find: { kind: 'find', params: ['filter', 'options'] },
  findOne: { kind: 'find', single: true, params: ['filter', 'options'] },
  aggregate: { kind: 'aggregate', params: ['pipeline', 'options'] },
  countDocuments: { kind: 'count', params: ['filter', 'options'] },
  count: { kind: 'count', params: ['filter', 'options'] },
  estimatedDocumentCount: { kind: 'estimatedCount', params: ['options'] },
  distinct: { kind: 'distinct', params: ['field', 'filter', 'options'] },
};

const MONGOOSE: Readonly<Record<string, MethodShape>> = {
  ...DRIVER,
  find: { kind: 'find', params: ['filter', 'projection', 'options'] },
  findOne: { kind: 'find', single: true, params: ['filter', 'projection', 'options'] },
  findById: { kind: 'find', single: true, params: ['id', 'projection', 'options'] },
  exists: { kind: 'find', single: true, params: ['filter'] },
  where: { kind: 'find', params: [] },
  $where: { kind: 'find', params: [] },
  findByIdAndUpdate: { kind: 'findAndModify', single: true, params: ['id', 'change', 'options'] },
  findByIdAndDelete: { kind: 'findAndModify', single: true, remove: true, params: ['id', 'options'] },
  findByIdAndRemove: { kind: 'findAndModify', single: true, remove: true, params: ['id', 'options'] },
  findOneAndRemove: { kind: 'findAndModify', single: true, remove: true, params: ['filter', 'options'] },
  create: { kind: 'insert', multi: true, params: ['change', 'options'] },
};

const PYTHON: Readonly<Record<string, MethodShape>> = {
  find: { kind: 'find', params: ['filter', 'projection', 'skip', 'limit'] },
  find_one: { kind: 'find', single: true, params: ['filter', 'projection'] },
  aggregate: { kind: 'aggregate', params: ['pipeline'] },
  count_documents: { kind: 'count', params: ['filter'] },
  estimated_document_count: { kind: 'estimatedCount', params: [] },
  distinct: { kind: 'distinct', params: ['field', 'filter'] },
  update_one: { kind: 'update', params: ['filter', 'change', 'upsert'] },
  update_many: { kind: 'update', multi: true, params: ['filter', 'change', 'upsert'] },
  replace_one: { kind: 'replace', params: ['filter', 'change', 'upsert'] },
  delete_one: { kind: 'delete', params: ['filter'] },
  delete_many: { kind: 'delete', multi: true, params: ['filter'] },
  find_one_and_update: { kind: 'findAndModify', single: true, params: ['filter', 'change', 'projection', 'sort'] },
  find_one_and_replace: { kind: 'findAndModify', single: true, params: ['filter', 'change', 'projection', 'sort'] },
  find_one_and_delete: { kind: 'findAndModify', single: true, remove: true, params: ['filter', 'projection', 'sort'] },
  insert_one: { kind: 'insert', params: ['change'] },
  insert_many: { kind: 'insert', multi: true, params: ['change'] },
  bulk_write: { kind: 'bulkWrite', multi: true, params: ['change'] },
};

export function methodShape(api: Api, name: string): MethodShape | undefined {
  const table = api === 'driver' ? DRIVER : api === 'mongoose' ? MONGOOSE : PYTHON;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const NAMES = new Set(
  [DRIVER, MONGOOSE, PYTHON].flatMap((table) => Object.keys(table).map((name) => name.replace('$', ''))),
);

/** What a text with a statement has; a part of a file without need not be read. */
export const STATEMENT_CALL = new RegExp(`\\.\\s*\\$?(?:${[...NAMES].join('|')})\\b`);

/** `no_cursor_timeout` as the server and the JavaScript driver call it. */
export function camelCase(name: string): string {
  if (name === 'max_time_ms') return 'maxTimeMS';
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** Keywords of PyMongo that are arguments elsewhere. */
export const PYTHON_ARGUMENTS: Readonly<Record<string, 'filter' | 'change' | 'pipeline' | 'field'>> = {
  filter: 'filter',
  update: 'change',
  replacement: 'change',
  document: 'change',
  documents: 'change',
  requests: 'change',
  pipeline: 'pipeline',
  key: 'field',
};
