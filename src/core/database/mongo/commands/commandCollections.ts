import { innerDocuments } from './commandParts';
import { asDocument, asNumber, asText, documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';

/** Pipelines inside pipelines; a server takes fewer. */
const DEEPEST = 50;

const COMMAND_KINDS = [
  'find',
  'aggregate',
  'count',
  'distinct',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'insert',
] as const;

/** The kind of a command as the wire takes it, and the collection that it is on; null for commands on no collection. */
export function commandTarget(
  command: EjsonDocument,
): { readonly kind: (typeof COMMAND_KINDS)[number]; readonly collection: string } | null {
  for (const kind of COMMAND_KINDS) {
    const collection = command[kind];
    if (typeof collection === 'string') return { kind, collection };
  }
  return null;
}

const OTHER_COMMANDS = ['mapReduce', 'collStats', 'listIndexes', 'drop', 'create', 'createIndexes', 'validate'];

/** The collection that any command names, also those that are not about its documents. */
export function collectionNamed(command: EjsonDocument): string | undefined {
  const named = [...COMMAND_KINDS, ...OTHER_COMMANDS].map((kind) => command[kind]);
  return named.find((value) => typeof value === 'string');
}

export interface CommandCollections {
  /** Of the same database, the command's own first. */
  readonly names: readonly string[];
  /** `database.collection` of others that a stage names. */
  readonly elsewhere: readonly string[];
}

/** The collections that a command reads: its own, and those of `$lookup`, `$graphLookup` and `$unionWith` at any depth. */
export function collectionsOf(command: EjsonDocument): CommandCollections {
  const names = new Set<string>();
  const elsewhere = new Set<string>();
  const target = commandTarget(command);
  if (target) names.add(target.collection);
  renameIn(documentsOf(command.pipeline), 0, (from) => {
    if (typeof from === 'string') names.add(from);
    else if (isDocument(from)) elsewhere.add(`${asText(from.db) ?? '?'}.${asText(from.coll) ?? '?'}`);
    return from;
  });
  return { names: [...names], elsewhere: [...elsewhere] };
}

/** The command with its collections called otherwise; names that are not in the map stay. */
export function withCollections(command: EjsonDocument, renamed: ReadonlyMap<string, string>): EjsonDocument {
  const other = (name: unknown): unknown => (typeof name === 'string' ? (renamed.get(name) ?? name) : name);
  const target = commandTarget(command);
  return {
    ...command,
    ...(target ? { [target.kind]: other(target.collection) } : {}),
    ...(Array.isArray(command.pipeline) ? { pipeline: renameIn(command.pipeline, 0, other) } : {}),
  };
}

type Rename = (from: unknown) => unknown;

function renameIn(pipeline: readonly unknown[], depth: number, rename: Rename): unknown[] {
  if (depth > DEEPEST) return [...pipeline];
  const inner = (value: unknown): unknown => (Array.isArray(value) ? renameIn(value, depth + 1, rename) : value);
  return pipeline.map((stage) => {
    if (!isDocument(stage)) return stage;
    const [name] = Object.keys(stage);
    const spec = stage[name];
    const fields = asDocument(spec);
    switch (name) {
      case '$lookup':
      case '$graphLookup':
        return fields ? { [name]: replaced(fields, { from: rename, pipeline: inner }) } : stage;
      case '$unionWith':
        return { [name]: fields ? replaced(fields, { coll: rename, pipeline: inner }) : rename(spec) };
      case '$facet':
        return fields
          ? { [name]: Object.fromEntries(Object.entries(fields).map(([branch, stages]) => [branch, inner(stages)])) }
          : stage;
      default:
        return stage;
    }
  });
}

/** The fields with some of them changed, as far as they are there. */
function replaced(
  fields: EjsonDocument,
  changes: Readonly<Record<string, (value: unknown) => unknown>>,
): EjsonDocument {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, Object.hasOwn(changes, key) ? changes[key](value) : value]),
  );
}

/**
 * What a command reads, as a command that only reads: of an update, a delete or a findAndModify the find for its documents, of
 * a pipeline what stands before `$out` and `$merge`. Null for what reads nothing, or writes in its middle.
 */
export function readOf(command: EjsonDocument): { readonly command: EjsonDocument; readonly wasWrite: boolean } | null {
  const target = commandTarget(command);
  switch (target?.kind) {
    case 'find':
    case 'count':
    case 'distinct':
      return { command, wasWrite: false };
    case 'aggregate':
      return readOfPipeline(command);
    case 'update':
    case 'delete': {
      const write = documentsOf(target.kind === 'update' ? command.updates : command.deletes)[0] ?? {};
      const single = target.kind === 'update' ? write.multi !== true : asNumber(write.limit) === 1;
      return findFor(
        target.collection,
        write.q,
        { ...picked(write, ['hint', 'collation', 'sort']), ...picked(command, ['let']) },
        single,
      );
    }
    case 'findAndModify':
    case 'findandmodify':
      return findFor(target.collection, command.query, picked(command, ['sort', 'hint', 'collation', 'let']), true);
    default:
      return null;
  }
}

function findFor(
  find: string,
  filter: unknown,
  options: EjsonDocument,
  single: boolean,
): { command: EjsonDocument; wasWrite: boolean } {
  return {
    command: { find, filter: asDocument(filter) ?? {}, ...options, ...(single ? { limit: { $numberInt: '1' } } : {}) },
    wasWrite: true,
  };
}

function readOfPipeline(command: EjsonDocument): { command: EjsonDocument; wasWrite: boolean } | null {
  const pipeline = documentsOf(command.pipeline);
  const writes = (stage: EjsonDocument): boolean => Object.hasOwn(stage, '$out') || Object.hasOwn(stage, '$merge');
  let end = pipeline.length;
  while (end > 0 && writes(pipeline[end - 1])) end--;
  const read = pipeline.slice(0, end);
  for (const document of innerDocuments(read)) if (writes(document)) return null;
  return { command: { ...command, pipeline: read }, wasWrite: end < pipeline.length };
}

function picked(from: EjsonDocument, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
}
