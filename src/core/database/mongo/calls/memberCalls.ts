import { spend } from '../../../evaluate/bounded';
import { chained, collectDraft } from '../../../evaluate/drafts';
import { makeHole } from '../../../evaluate/holes';
import type { MemberCall, Slice } from '../../../evaluate/library';
import { rangeOf, textOf } from '../../../evaluate/scope';
import { numberIn } from '../../../evaluate/slices';
import { noteUse } from '../../../evaluate/uses';
import { literal, type Value } from '../../../evaluate/value';
import { chainCall } from './cursorCalls';
import { modelOf } from './models';
import {
  clientOf,
  cursorOf,
  databaseOf,
  type Collection,
  type Cursor,
  type Database,
  type MongoDraft,
  type MongoValue,
} from './mongoValue';
import { startDraft, withOption } from './startDraft';
import { firstText, namedCollection } from './unknownCalls';

/** A method of a client, database, collection or cursor. */
export function callMember(own: MongoValue, name: string, given: MemberCall): MongoValue | undefined {
  switch (own.kind) {
    case 'client':
      if (name === 'db' || name === 'get_database' || name === 'get_default_database')
        return databaseOf(own.api, firstText(given.args.values));
      return name === 'connect' ? own : undefined;
    case 'database':
      return callDatabase(own, name, given);
    case 'collection':
      return callCollection(own, name, given);
    case 'cursor':
      return callCursor(own, name, given);
    case 'schema':
      return undefined;
  }
}

function callDatabase(own: Database, name: string, { call, args, scope }: MemberCall): MongoValue | undefined {
  const written = firstText(args.values);
  if (name === 'collection' || name === 'get_collection')
    return namedCollection(own.api === 'mongoose' ? 'driver' : own.api, call, written, own.name, scope);
  if (name === 'model' && own.api === 'mongoose') return modelOf(call, args, scope);
  if (name === 'useDb' && own.api === 'mongoose') return databaseOf(own.api, written);
  if (name === 'getClient') return clientOf('driver');
  return name === 'asPromise' || name === 'with_options' ? own : undefined;
}

function callCollection(own: Collection, name: string, given: MemberCall): MongoValue | undefined {
  if (name === 'with_options' || name === 'withOptions') return own;
  if (name === 'discriminator' && own.api === 'mongoose') return own;
  const draft = startDraft(given.call, name, own, given.args, given.scope);
  if (!draft) return undefined;
  collectDraft(given.evaluation, draft);
  return isOpen(draft) ? cursorOf(draft) : undefined;
}

/** Whether more can be chained to it: cursors, and everything that Mongoose makes of a query. */
function isOpen({ collection, command: { kind, single } }: MongoDraft): boolean {
  if (collection.api === 'mongoose') return kind !== 'insert' && kind !== 'bulkWrite';
  return kind === 'aggregate' || (kind === 'find' && !single);
}

/** Parts of a statement that are copied for the price of one expression. */
const PARTS_OF_A_STEP = 4;

/** Fields and stages that a chained call copies to add to them. */
function partsOf({ command: { filter, pipeline, options } }: MongoDraft): number {
  const parts = (value: Value | undefined): number =>
    value?.kind === 'document' ? value.entries.length : value?.kind === 'array' ? value.items.length : 0;
  return parts(filter) + parts(pipeline) + parts(options.sort) + parts(options.projection);
}

function callCursor(own: Cursor, name: string, { evaluation, call, args, scope, on }: MemberCall): Cursor | undefined {
  const { draft } = own;
  spend(evaluation, partsOf(draft) / PARTS_OF_A_STEP);
  const next = chainCall(draft, name, args);
  if (!next) return undefined;
  if (evaluation.drafts && /^(?:toArray|toList|to_list)$/.test(name))
    noteUse(evaluation, draft.call, { collects: true });
  const isHere = draft.range.unit === scope.unit && draft.range.from === call.from;
  const cursor = chained(evaluation, own, next.draft, { expression: call, isHere, holder: on }, scope);
  return next.open ? cursor : undefined;
}

/** `cursor[10:20]` of PyMongo skips and limits. */
export function sliceCursor(own: Cursor, { evaluation, expression, start, end, scope }: Slice): Cursor {
  const { draft } = own;
  let { command } = draft;
  if (start && numberIn(start) !== 0) command = withOption(command, 'skip', start);
  if (end) {
    const from = start ? numberIn(start) : 0;
    const to = numberIn(end);
    const number = from !== undefined && to !== undefined ? literal(to - from) : from === 0 ? end : undefined;
    command = withOption(command, 'limit', number ?? difference({ evaluation, expression, start, end, scope }));
  }
  const isHere =
    draft.range.unit === scope.unit && draft.range.from >= expression.from && draft.range.to <= expression.to;
  const holder = expression.object.kind === 'name' ? expression.object : undefined;
  return chained(evaluation, own, { ...draft, command }, { expression, isHere, holder }, scope);
}

/** A hole for the number of items between bounds that are not both known. */
function difference({ expression, scope }: Slice): Value {
  const start = expression.start ? textOf(expression.start, scope) : '0';
  const text = `${expression.end ? textOf(expression.end, scope) : ''} - ${start}`;
  return makeHole(text, 'number', rangeOf(expression, scope));
}
