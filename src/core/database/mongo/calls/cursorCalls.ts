import { joinedOrigins } from '../../../evaluate/abstractValue';
import type { Arguments } from '../../../evaluate/arguments';
import { literal, type Value } from '../../../evaluate/value';
import { camelCase } from './methods';
import { isPython, type DraftCommand, type MongoDraft } from './mongoValue';
import { mongooseStage, mongooseCondition } from './mongooseCalls';
import { projectionDocument, sortDocument } from './normalise';
import { withOption, withOptions } from './startDraft';

/** Chained methods that set an option of their own name with their argument. */
const OPTIONS = new Set([
  'skip',
  'limit',
  'hint',
  'collation',
  'comment',
  'maxTimeMS',
  'batchSize',
  'allowDiskUse',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'readConcern',
]);
/** Chained methods that change nothing of the statement. */
const NEUTRAL = new Set([
  'lean',
  'populate',
  'session',
  'read',
  'cursor',
  'clone',
  'rewind',
  'addCursorFlag',
  'withReadPreference',
  'withReadConcern',
  'tailable',
  'orFail',
  'setQuery',
  'transform',
  'map',
  'stream',
  'setAuthenticationToken',
  'addOption',
  'removeOption',
  'setUpdate',
  'writeConcern',
  'w',
  'j',
]);
/** Methods that run it; after them stands a result, no statement. */
const TERMINAL = new Set([
  'toArray',
  'exec',
  'next',
  'tryNext',
  'hasNext',
  'forEach',
  'explain',
  'then',
  'catch',
  'finally',
  'close',
  'toList',
  'each',
  'eachAsync',
  'tap',
  'pretty',
  'itcount',
]);

/** The statement after a method was called on it, and whether it is still one; undefined where the method is no part of it. */
export function chainCall(
  draft: MongoDraft,
  name: string,
  args: Arguments,
): { draft: MongoDraft; open: boolean } | undefined {
  const camel = camelCase(name);
  const { command } = draft;
  const [first, second] = args.values;
  if (TERMINAL.has(camel)) return { draft, open: false };
  const aggregate = command.kind === 'aggregate';
  if (aggregate && !isPython(draft.collection.api)) {
    const stage = mongooseStage(camel, args.values, draft.collection.api);
    if (stage) return changed(draft, { ...command, pipeline: appended(command.pipeline, stage) }, args);
  }
  if (camel === 'sort' && first)
    return changed(draft, withOption(command, 'sort', joined(command.options.sort, sortDocument(first, second))), args);
  if ((camel === 'project' || camel === 'select' || camel === 'projection') && first) {
    return changed(
      draft,
      withOption(command, 'projection', joined(command.options.projection, projectionDocument(first))),
      args,
    );
  }
  if (camel === 'filter' && first) return changed(draft, { ...command, filter: first }, args);
  if (camel === 'count' && command.kind === 'find' && draft.collection.api === 'driver')
    return ended(draft, { ...command, kind: 'count' }, args);
  if (OPTIONS.has(camel)) return changed(draft, withOption(command, camel, first ?? literal(true)), args);
  if (NEUTRAL.has(camel)) return changed(draft, command, args);
  if (draft.collection.api !== 'mongoose') return undefined;
  if ((camel === 'setOptions' || camel === 'option') && first)
    return changed(draft, withOptions(command, first, []), args);
  const condition = mongooseCondition(draft, name, args.values);
  return condition && { draft: { ...condition, related: joinedOrigins([draft.related, args.origins]) }, open: true };
}

/** Slices of a PyMongo cursor are not read; its list is: `await cursor.to_list(length=100)`. */
function changed(draft: MongoDraft, command: DraftCommand, args: Arguments): { draft: MongoDraft; open: boolean } {
  return { draft: { ...draft, command, related: joinedOrigins([draft.related, args.origins]) }, open: true };
}

function ended(draft: MongoDraft, command: DraftCommand, args: Arguments): { draft: MongoDraft; open: boolean } {
  return { ...changed(draft, command, args), open: false };
}

function appended(pipeline: Value | undefined, stages: readonly Value[]): Value {
  if (!pipeline) return { kind: 'array', items: stages };
  if (pipeline.kind === 'array') return { kind: 'array', items: [...pipeline.items, ...stages] };
  return { kind: 'array', items: [{ kind: 'spread', value: pipeline }, ...stages] };
}

/** A second `sort` or `select` adds to the first. */
function joined(before: Value | undefined, more: Value): Value {
  if (before?.kind !== 'document' || more.kind !== 'document') return more;
  const added = new Map(more.entries);
  return { kind: 'document', entries: [...before.entries.filter(([key]) => !added.has(key)), ...more.entries] };
}
