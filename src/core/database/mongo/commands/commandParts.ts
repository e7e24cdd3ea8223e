import type { Plan } from '../../plan';
import { asDocument, asNumber, asText, documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';

/** What a command asks for, whatever its kind; of an aggregate what its leading stages ask the collection for. */
export interface CommandParts {
  readonly kind: 'find' | 'aggregate' | 'count' | 'distinct' | 'update' | 'delete' | 'findAndModify' | 'unknown';
  readonly collection: string | null;
  readonly filter: EjsonDocument;
  readonly sort: EjsonDocument | null;
  readonly projection: EjsonDocument | null;
  readonly limit?: number;
  readonly skip?: number;
  readonly pipeline: readonly EjsonDocument[];
  readonly hint: unknown;
  readonly collation: EjsonDocument | null;
  /** Of an update or a delete: whether it is for every document that matches. */
  readonly multi: boolean;
  /** Of an update: what it sets. */
  readonly change: unknown;
}

const KINDS: readonly (readonly [string, CommandParts['kind']])[] = [
  ['find', 'find'],
  ['aggregate', 'aggregate'],
  ['count', 'count'],
  ['distinct', 'distinct'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['findAndModify', 'findAndModify'],
  ['findandmodify', 'findAndModify'],
];

/** The parts of the explained command; where the server does not repeat it, what the planner says of the query. */
export function commandParts(plan: Plan): CommandParts {
  const command = plan.command ?? {};
  const [key, kind] = KINDS.find(([name]) => command[name] !== undefined) ?? ['', 'unknown' as const];
  // The profiler lists one write by itself, the command a list of them.
  const write =
    documentsOf(command.updates)[0] ??
    documentsOf(command.deletes)[0] ??
    (command.q === undefined ? undefined : command);
  const pipeline = documentsOf(command.pipeline);
  const leading = leadingParts(pipeline);
  const parsed = asDocument(plan.facts.parsedQuery);
  const filter =
    asDocument(command.filter) ?? asDocument(command.query) ?? asDocument(write?.q) ?? leading.filter ?? parsed ?? {};
  return {
    kind,
    collection: asText(command[key]) ?? plan.namespace?.slice(plan.namespace.indexOf('.') + 1) ?? null,
    filter,
    sort: nonEmpty(asDocument(command.sort)) ?? leading.sort,
    projection: nonEmpty(asDocument(command.projection) ?? asDocument(command.fields)),
    ...optional('limit', positive(command.limit) ?? leading.limit),
    ...optional('skip', positive(command.skip) ?? leading.skip),
    pipeline,
    hint: command.hint ?? write?.hint,
    collation: asDocument(command.collation) ?? asDocument(write?.collation) ?? null,
    multi: write?.multi === true || (write !== undefined && write.limit === 0),
    change: write?.u ?? command.update,
  };
}

function optional(key: 'limit' | 'skip', value: number | undefined): { limit?: number; skip?: number } {
  return value === undefined ? {} : { [key]: value };
}

function positive(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number !== 0 ? Math.abs(number) : undefined;
}

function nonEmpty(document: EjsonDocument | undefined): EjsonDocument | null {
  return document && Object.keys(document).length ? document : null;
}

interface Leading {
  filter?: EjsonDocument;
  sort: EjsonDocument | null;
  limit?: number;
  skip?: number;
}

/** `$match`, `$sort`, `$skip` and `$limit` at the beginning, as a find would have them. */
function leadingParts(pipeline: readonly EjsonDocument[]): Leading {
  const parts: Leading = { sort: null };
  const filters: EjsonDocument[] = [];
  for (const stage of pipeline) {
    const match = asDocument(stage.$match);
    const sort = asDocument(stage.$sort);
    if (match) {
      // Behind a limit it no longer selects from the collection.
      if (parts.limit !== undefined || parts.skip !== undefined) break;
      if (Object.keys(match).length) filters.push(match);
    } else if (sort && !parts.sort) parts.sort = sort;
    else if (stage.$skip !== undefined && parts.skip === undefined) parts.skip = positive(stage.$skip);
    else if (stage.$limit !== undefined && parts.limit === undefined) parts.limit = positive(stage.$limit);
    else break;
  }
  if (filters.length) parts.filter = filters.length === 1 ? filters[0] : { $and: filters };
  return parts;
}

/** Every document inside a value, itself first; lists are looked through. No depth overflows the stack. */
export function* innerDocuments(value: unknown): Generator<EjsonDocument> {
  const open: unknown[] = [value];
  while (open.length) {
    const next = open.pop();
    if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i--) open.push(next[i]);
    else if (isDocument(next)) {
      yield next;
      const children: unknown[] = [];
      for (const key in next) if (typeof next[key] === 'object' && next[key] !== null) children.push(next[key]);
      for (let i = children.length - 1; i >= 0; i--) open.push(children[i]);
    }
  }
}
