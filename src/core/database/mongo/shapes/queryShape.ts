import { commandTarget } from '../commands/commandCollections';
import { asDocument, asNumber, asText, documentsOf, type EjsonDocument } from '../../../ejson/documents';
import { filterNode, keptNode, nodeText, projectionNode, type ShapeNode, sortNode } from './shapeNodes';
import { changeNode, pipelineNode } from './pipelineNodes';

/** A command without its values, for which all calls of one statement are equal. Plain JSON. */
export interface QueryShape {
  readonly kind: 'find' | 'aggregate' | 'count' | 'distinct' | 'update' | 'delete' | 'findAndModify' | 'insert';
  /** Null where a statement does not tell. */
  readonly collection: string | null;
  /** The rest, on one line: `find({ category: ?string }).sort({ name: 1 })`. Commands of one shape have the same text. */
  readonly text: string;
  readonly parts: Readonly<Record<string, ShapeNode>>;
}

/**
 * The shape of a command as the wire takes it, in any form of EJSON; null for commands that are none of these kinds. Left out
 * is what differs from call to call, or says nothing about the query: values, lengths of lists, limits, hints, time limits.
 * A pipeline that counts, as drivers send it for `countDocuments`, has the shape of a count.
 */
export function queryShape(command: EjsonDocument): QueryShape | null {
  const target = commandTarget(command);
  if (!target) return null;
  const { collection, kind } = target;
  const { collation } = command;
  switch (kind) {
    case 'find':
      return readShape('find', collection, command.filter, command.projection, command);
    case 'aggregate': {
      const counted = countedFilter(documentsOf(command.pipeline));
      if (counted) return shape('count', collection, { filter: filterNode(counted) }, collation);
      return shape('aggregate', collection, { pipeline: pipelineNode(command.pipeline) }, collation);
    }
    case 'count':
      return shape('count', collection, { filter: filterNode(command.query ?? {}) }, collation);
    case 'distinct':
      return shape(
        'distinct',
        collection,
        { key: keptNode(command.key), filter: filterNode(command.query ?? {}) },
        collation,
      );
    case 'update':
    case 'delete':
      return writeShape(kind, collection, documentsOf(kind === 'update' ? command.updates : command.deletes)[0] ?? {});
    case 'findAndModify':
    case 'findandmodify':
      return readShape(
        'findAndModify',
        collection,
        command.query,
        command.fields,
        command,
        command.remove === true ? 'remove' : changeNode(command.update),
      );
    case 'insert':
      return shape('insert', collection, {});
  }
}

function readShape(
  kind: QueryShape['kind'],
  collection: string,
  filter: unknown,
  projection: unknown,
  { sort, collation }: EjsonDocument,
  change?: ShapeNode,
): QueryShape {
  const parts = {
    filter: filterNode(filter ?? {}),
    projection: chosen(projection, projectionNode),
    sort: chosen(sort, sortNode),
    change,
  };
  return shape(kind, collection, parts, collation);
}

/** One of the writes of a command, or as the profiler lists it. */
function writeShape(kind: 'update' | 'delete', collection: string, write: EjsonDocument): QueryShape {
  const many = kind === 'update' ? write.multi === true : (asNumber(write.limit) ?? 0) !== 1;
  const change = kind === 'update' ? changeNode(write.u) : undefined;
  return shape(
    kind,
    collection,
    { filter: filterNode(write.q ?? {}), change, many: many ? 'true' : undefined },
    write.collation,
  );
}

/** An empty sort or projection is none. */
function chosen(value: unknown, node: (value: unknown) => ShapeNode): ShapeNode | undefined {
  const document = asDocument(value);
  return value === undefined || value === null || (document && !Object.keys(document).length) ? undefined : node(value);
}

type Parts = Readonly<Record<string, ShapeNode | undefined>>;

function shape(kind: QueryShape['kind'], collection: string, given: Parts, collation?: unknown): QueryShape {
  const parts: Record<string, ShapeNode> = {};
  for (const [name, node] of Object.entries(given)) if (node !== undefined) parts[name] = node;
  const locale = chosen(collation, keptNode);
  if (locale !== undefined) parts.collation = locale;
  return { kind, collection, text: shapeText(kind, parts), parts };
}

function shapeText(kind: QueryShape['kind'], parts: Parts): string {
  const { filter, pipeline, key, change, many, projection, sort, collation } = parts;
  const args = [key, filter, pipeline, change]
    .filter((node) => node !== undefined)
    .map(nodeText)
    .join(', ');
  const name = kind === 'update' || kind === 'delete' ? `${kind}${many ? 'Many' : 'One'}` : kind;
  const tail = Object.entries({ projection, sort, collation }).flatMap(([method, node]) =>
    node === undefined ? [] : [`.${method}(${nodeText(node)})`],
  );
  return `${name}(${args})${tail.join('')}`;
}

/** `[{ $match }, { $skip }, { $limit }, { $group: { _id: 1, n: { $sum: 1 } } }]`, of which only the last is always there. */
function countedFilter(pipeline: readonly EjsonDocument[]): EjsonDocument | undefined {
  const group = asDocument(pipeline.at(-1)?.$group);
  if (!group || Object.keys(group).join() !== '_id,n' || asNumber(asDocument(group.n)?.$sum) !== 1) return undefined;
  if (group._id !== null && asNumber(group._id) !== 1) return undefined;
  const before = pipeline.slice(0, -1);
  const match = asDocument(before[0]?.$match);
  const rest = before.slice(match ? 1 : 0);
  return rest.every((stage) => '$skip' in stage || '$limit' in stage) ? (match ?? {}) : undefined;
}

const NAMED_LEGACY = ['$query', 'query'] as const;

/** The shape of what an entry of `system.profile` is about, of servers 2.6 and later; null for what is none, or was cut short. */
export function shapeOfProfileEntry(entry: EjsonDocument): QueryShape | null {
  const collection = asText(entry.ns)?.replace(/^[^.]*\./, '') ?? '';
  // A later batch of a cursor is part of the query that opened it.
  const origin = asDocument(entry.originatingCommand) ?? asDocument(entry.originatingQuery);
  const command = asDocument(entry.command) ?? asDocument(entry.query) ?? {};
  const own = origin ?? command;
  if ('explain' in own || '$truncated' in own) return null;
  switch (entry.op) {
    case 'update':
    case 'remove': {
      const kind = entry.op === 'update' ? 'update' : 'delete';
      if ('updates' in own || 'deletes' in own) return queryShape(own);
      return writeShape(kind, collection, own.q === undefined ? oldWrite(own, entry) : own);
    }
    case 'insert':
      return shape('insert', collection, {});
    default:
      return queryShape(own) ?? (entry.op === 'query' ? legacyFind(collection, own) : null);
  }
}

/** Before 3.6 the parts of a write stand in the entry itself. */
function oldWrite(q: EjsonDocument, { updateobj, multi, nMatched, justOne }: EjsonDocument): EjsonDocument {
  return { q, u: updateobj, multi: multi ?? (asNumber(nMatched) ?? 0) > 1, limit: justOne === true ? 1 : 0 };
}

/** The filter itself, or the filter with its modifiers. */
function legacyFind(collection: string, query: EjsonDocument): QueryShape {
  const name = NAMED_LEGACY.find((key) => asDocument(query[key]));
  const filter = name === undefined ? query : query[name];
  return shape('find', collection, {
    filter: filterNode(filter),
    sort: name === undefined ? undefined : chosen(query.$orderby ?? query.orderby, sortNode),
  });
}
