import { literal, withEntries, withEntry, type Value } from '../../../evaluate/value';
import type { Api, MongoDraft } from './mongoValue';
import { mongooseUpdate, projectionDocument, sortDocument } from './normalise';

/** Conditions on the field of the last `where`. */
const OPERATORS: Readonly<Record<string, string>> = {
  gt: '$gt',
  gte: '$gte',
  lt: '$lt',
  lte: '$lte',
  ne: '$ne',
  in: '$in',
  nin: '$nin',
  all: '$all',
  exists: '$exists',
  size: '$size',
  regex: '$regex',
  elemMatch: '$elemMatch',
  mod: '$mod',
  near: '$near',
  within: '$geoWithin',
  intersects: '$geoIntersects',
};
const KINDS: Readonly<Record<string, MongoDraft['command']['kind']>> = {
  find: 'find',
  findOne: 'find',
  countDocuments: 'count',
  count: 'count',
  distinct: 'distinct',
  updateOne: 'update',
  updateMany: 'update',
  deleteOne: 'delete',
  deleteMany: 'delete',
  replaceOne: 'replace',
  findOneAndUpdate: 'findAndModify',
  findOneAndDelete: 'findAndModify',
  findOneAndReplace: 'findAndModify',
};

/** A method of a Mongoose query that adds to its filter, or says what it does with it; undefined for any other. */
export function mongooseCondition(draft: MongoDraft, name: string, args: readonly Value[]): MongoDraft | undefined {
  const { command } = draft;
  const [first, second] = args;
  if (name === 'where' || name === 'merge' || name === 'and' || name === 'or' || name === 'nor') {
    if (!first) return undefined;
    if (name === 'and' || name === 'or' || name === 'nor') return withFilter(draft, `$${name}`, first);
    if (first.kind === 'literal')
      return second
        ? withFilter({ ...draft, field: String(first.value) }, String(first.value), second)
        : { ...draft, field: String(first.value) };
    return { ...draft, command: { ...command, filter: joinedFilter(command.filter, first) } };
  }
  if (name === 'equals' || name === 'eq')
    return draft.field !== undefined && first ? withFilter(draft, draft.field, first) : undefined;
  if (Object.hasOwn(OPERATORS, name)) {
    const [field, value] =
      second && first?.kind === 'literal' ? [String(first.value), second] : [draft.field, first ?? literal(true)];
    return field === undefined ? undefined : withCondition(draft, field, OPERATORS[name], value);
  }
  if (!Object.hasOwn(KINDS, name)) return undefined;
  const kind = KINDS[name];
  const isUpdate = kind === 'update' || kind === 'replace' || kind === 'findAndModify';
  const changes = name === 'findOneAndDelete' ? { options: { ...command.options, remove: literal(true) } } : {};
  const made = { ...command, ...changes, kind, single: /One/.test(name), multi: /Many/.test(name) };
  if (kind === 'distinct')
    return { ...draft, command: { ...made, field: first, filter: joinedFilter(command.filter, second) } };
  const updated = (change: Value): Value => (/Update|update/.test(name) ? mongooseUpdate(change) : change);
  if (isUpdate && first && !second) return { ...draft, command: { ...made, change: updated(first) } };
  const filter = first ? joinedFilter(command.filter, first) : command.filter;
  return { ...draft, command: { ...made, filter, change: isUpdate && second ? updated(second) : undefined } };
}

function withFilter(draft: MongoDraft, key: string, value: Value): MongoDraft {
  const filter = draft.command.filter;
  const entries = filter?.kind === 'document' ? filter.entries : [];
  return {
    ...draft,
    command: { ...draft.command, filter: { kind: 'document', entries: withEntry(entries, key, value) } },
  };
}

function withCondition(draft: MongoDraft, field: string, operator: string, value: Value): MongoDraft {
  const filter = draft.command.filter;
  const before = filter?.kind === 'document' ? filter.entries.find(([key]) => key === field)?.[1] : undefined;
  const entries = before?.kind === 'document' ? before.entries : [];
  return withFilter({ ...draft, field }, field, { kind: 'document', entries: withEntry(entries, operator, value) });
}

function joinedFilter(before: Value | undefined, more: Value | undefined): Value | undefined {
  if (!before || !more) return before ?? more;
  if (before.kind === 'document' && more.kind === 'document') {
    return {
      kind: 'document',
      entries: withEntries(before.entries, more.entries),
    };
  }
  if (before.kind === 'document' && !before.entries.length) return more;
  return { kind: 'document', entries: [['$and', { kind: 'array', items: [before, more] }]] };
}

const STAGES = new Set([
  'match',
  'project',
  'group',
  'limit',
  'skip',
  'lookup',
  'addFields',
  'facet',
  'sortByCount',
  'replaceRoot',
  'unionWith',
  'graphLookup',
  'search',
  'redact',
  'out',
  'densify',
  'fill',
  'set',
  'bucket',
  'bucketAuto',
  'merge',
]);

/** Stages that a method of an aggregation adds; undefined where it adds none. */
export function mongooseStage(name: string, args: readonly Value[], api: Api): Value[] | undefined {
  const [first] = args;
  const stage = (operator: string, value: Value): Value => ({ kind: 'document', entries: [[`$${operator}`, value]] });
  if (name === 'append' || name === 'addStage')
    return args.flatMap((arg) => (arg.kind === 'array' ? [...arg.items] : [arg]));
  if (!first) return undefined;
  if (name === 'sort') return [stage('sort', sortDocument(first))];
  if (name === 'project') return [stage('project', projectionDocument(first))];
  if (name === 'count') return [stage('count', first)];
  if (name === 'sample') return [stage('sample', { kind: 'document', entries: [['size', first]] })];
  if (name === 'near' || name === 'geoNear') return [stage('geoNear', first)];
  if (name === 'unwind') return args.map((arg) => stage('unwind', api === 'mongoose' ? dollarPath(arg) : arg));
  return STAGES.has(name) ? [stage(name, first)] : undefined;
}

function dollarPath(value: Value): Value {
  return value.kind === 'literal' && typeof value.value === 'string' && !value.value.startsWith('$')
    ? literal(`$${value.value}`)
    : value;
}
