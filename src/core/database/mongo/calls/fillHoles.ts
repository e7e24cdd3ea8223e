import { t } from '@vscode/l10n';
import type { Choices, HoleValues } from '../../../evaluate/choose';
import { isNow } from '../../../evaluate/holes';
import type { Hole as ValueHole, Value } from '../../../evaluate/value';
import type { Hole, Statement, StatementCommand } from '../../statement';
import { chosen } from './chosen';
import { ejsonOf } from './ejson';
import { collectionUnknown, openHolesLeft, notOneCommand } from '../errors/statementErrors';

type Document = Record<string, unknown>;

/** Holes that a value is needed for, with these conditions: not the present time, not what a condition leaves out. */
export function openHoles(statement: Statement, values: HoleValues = new Map(), choices?: Choices): readonly Hole[] {
  const found = new Set<string>();
  const open: Value[] = commandValues(statement).map((value) => chosen(value, values, choices));
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'hole' && !values.has(next.hole.name) && !isNow(next.hole.name)) found.add(next.hole.name);
    else if (next.kind === 'array') for (const item of next.items) open.push(item);
    else if (next.kind === 'document') for (const [, value] of next.entries) open.push(value);
    else if (next.kind === 'spread') open.push(next.value);
    else if (next.kind === 'regex') open.push(next.pattern);
  }
  return statement.holes.filter((hole) => found.has(hole.name));
}

/** All values of a statement: filter or pipeline first, then what changes, then options. */
export function commandValues({ command }: Statement): Value[] {
  switch (command.kind) {
    case 'find': {
      const { others, ...options } = command.options;
      return [
        command.filter,
        ...Object.values(options as Record<string, Value | undefined>).filter((value) => value !== undefined),
        ...Object.values(others),
      ];
    }
    case 'aggregate':
      return [command.pipeline, ...Object.values(command.options)];
    case 'distinct':
      return [command.field, command.filter, ...Object.values(command.options)];
    case 'count':
    case 'estimatedCount':
      return [command.filter, ...Object.values(command.options)];
    default:
      return [command.filter, ...(command.change ? [command.change] : []), ...Object.values(command.options)];
  }
}

/**
 * The command as the server takes it, in canonical EJSON: a value of every hole filled in, conditions decided as `chosen`
 * says. Throws a HeatlensError where the collection or a hole has no value (`collection` gives the former), and for what is
 * no single command.
 */
export function fillHoles(
  statement: Statement,
  values: HoleValues = new Map(),
  choices?: Choices,
  collection = statement.collection,
): Document {
  if (collection === null) {
    throw collectionUnknown(statement.collectionHole, t('Give its name.'));
  }
  const open = openHoles(statement, values, choices);
  if (open.length) {
    const names = open.map((hole) => `${hole.name} (${hole.type})`).join(', ');
    throw openHolesLeft(names, t('Give one for each, as JSON.'));
  }
  const fill = (value: Value): unknown => filled(chosen(value, values, choices), values);
  return commandOf(statement, collection, fill);
}

type Fill = (value: Value) => unknown;

/** Options that the server takes; what is the driver's own (session, read preference, cursor type) is left out. */
const SERVER_OPTIONS = new Set([
  'hint',
  'collation',
  'maxTimeMS',
  'comment',
  'allowDiskUse',
  'let',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'skip',
  'limit',
  'sort',
  'projection',
  'noCursorTimeout',
  'allowPartialResults',
  'bypassDocumentValidation',
]);

function serverOptions(
  options: Readonly<Record<string, Value | undefined>>,
  fill: Fill,
  names?: readonly string[],
): Document {
  const found: Document = {};
  for (const [name, value] of Object.entries(options)) {
    if (!value || !(names ? names.includes(name) : SERVER_OPTIONS.has(name))) continue;
    const given = fill(value);
    if (given !== undefined && given !== null) found[name] = given;
  }
  return found;
}

const EVERYWHERE = ['maxTimeMS', 'comment', 'let'];

function commandOf(statement: Statement, collection: string, fill: Fill): Document {
  const { command } = statement;
  switch (command.kind) {
    case 'find': {
      const { others, ...options } = command.options;
      const single = command.single ? { limit: { $numberInt: '1' }, singleBatch: true } : {};
      return {
        find: collection,
        filter: fill(command.filter),
        ...serverOptions({ ...options, ...others }, fill),
        ...single,
      };
    }
    case 'aggregate':
      return {
        aggregate: collection,
        pipeline: fill(command.pipeline),
        cursor: {},
        ...serverOptions(command.options, fill, ['hint', 'collation', 'allowDiskUse', ...EVERYWHERE]),
      };
    case 'count':
      return {
        count: collection,
        query: fill(command.filter),
        ...serverOptions(command.options, fill, ['skip', 'limit', 'hint', 'collation', ...EVERYWHERE]),
      };
    case 'estimatedCount':
      return { count: collection, ...serverOptions(command.options, fill, EVERYWHERE) };
    case 'distinct':
      return {
        distinct: collection,
        key: fill(command.field),
        query: fill(command.filter),
        ...serverOptions(command.options, fill, ['hint', 'collation', ...EVERYWHERE]),
      };
    case 'delete': {
      const limit = { $numberInt: command.multi ? '0' : '1' };
      return {
        delete: collection,
        deletes: [{ q: fill(command.filter), limit, ...serverOptions(command.options, fill, ['hint', 'collation']) }],
        ...serverOptions(command.options, fill, EVERYWHERE),
      };
    }
    case 'update':
    case 'replace':
      return updateOf(command, collection, fill);
    case 'findAndModify':
      return findAndModifyOf(command, collection, fill);
    case 'insert': {
      const documents = command.change ? fill(command.change) : {};
      return { insert: collection, documents: Array.isArray(documents) ? documents : [documents] };
    }
    case 'bulkWrite':
      throw notOneCommand();
  }
}

type Write = Extract<StatementCommand, { readonly multi: boolean }>;

function updateOf(command: Write, collection: string, fill: Fill): Document {
  const change = command.change ? fill(command.change) : {};
  const options = serverOptions(command.options, fill, ['upsert', 'hint', 'collation', 'arrayFilters', 'sort']);
  return {
    update: collection,
    updates: [{ q: fill(command.filter), u: change, multi: command.multi, ...options }],
    ...serverOptions(command.options, fill, EVERYWHERE),
  };
}

function findAndModifyOf(command: Write, collection: string, fill: Fill): Document {
  const { projection, returnDocument, returnOriginal, new: newOne, remove } = command.options;
  const options = serverOptions(command.options, fill, [
    'sort',
    'upsert',
    'hint',
    'collation',
    'arrayFilters',
    ...EVERYWHERE,
  ]);
  const fields = projection ? { fields: fill(projection) } : {};
  if (remove) return { findAndModify: collection, query: fill(command.filter), remove: true, ...fields, ...options };
  const after =
    (returnDocument && ['after', true].includes(fill(returnDocument) as string | boolean)) ||
    (returnOriginal && fill(returnOriginal) === false) ||
    (newOne && fill(newOne) === true);
  return {
    findAndModify: collection,
    query: fill(command.filter),
    update: command.change ? fill(command.change) : {},
    ...(after ? { new: true } : {}),
    ...fields,
    ...options,
  };
}

/** Canonical EJSON of a value without conditions. */
function filled(value: Value, values: HoleValues): unknown {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'number' ? numberOf(value.value) : value.value;
    case 'typed':
      return ejsonOf(value.value);
    case 'hole':
      return typed(value.hole, values);
    case 'array':
      return value.items.flatMap((item) => {
        if (item.kind !== 'spread') return [filled(item, values)];
        const all = filled(item.value, values);
        return Array.isArray(all) ? (all as unknown[]) : [all];
      });
    case 'document':
      return documentOf(value.entries, values);
    case 'regex': {
      const pattern = filled(value.pattern, values);
      return {
        $regularExpression: {
          pattern: typeof pattern === 'string' ? pattern : String(pattern),
          options: value.options,
        },
      };
    }
    case 'spread':
      return filled(value.value, values);
    case 'either':
    case 'nothing':
      return null;
  }
}

function documentOf(entries: readonly (readonly [string, Value])[], values: HoleValues): Document {
  // A list of pairs: `__proto__` is a field like any other.
  const pairs: [string, unknown][] = [];
  for (const [key, entry] of entries) {
    if (entry.kind !== 'spread') pairs.push([key, filled(entry, values)]);
    else if (entry.value.kind === 'array') {
      for (const pair of entry.value.items)
        if (pair.kind === 'array') pairs.push([String(filled(pair.items[0], values)), filled(pair.items[1], values)]);
    } else {
      const all = filled(entry.value, values);
      if (typeof all === 'object' && all !== null) for (const pair of Object.entries(all)) pairs.push(pair);
    }
  }
  return Object.fromEntries(pairs);
}

function numberOf(value: number): unknown {
  if (Number.isInteger(value) && !Object.is(value, -0)) {
    if (Math.abs(value) <= 0x7fffffff) return { $numberInt: String(value) };
    return Number.isSafeInteger(value) ? { $numberLong: String(value) } : { $numberDouble: String(value) };
  }
  return { $numberDouble: Object.is(value, -0) ? '-0.0' : String(value) };
}

/** The value of a hole, made what the hole is: a string of 24 digits is an ObjectId where one is asked for. */
function typed(hole: ValueHole, values: HoleValues): unknown {
  if (!values.has(hole.name) && isNow(hole.name)) {
    const now = { $numberLong: String(Date.now()) };
    return hole.type === 'number' ? now : { $date: now };
  }
  const given = values.get(hole.name);
  if (hole.type === 'objectId' && typeof given === 'string' && /^[\da-f]{24}$/i.test(given))
    return { $oid: given.toLowerCase() };
  if (hole.type === 'date' && typeof given === 'string' && Number.isFinite(Date.parse(given)))
    return { $date: { $numberLong: String(Date.parse(given)) } };
  if (hole.type === 'number' && typeof given === 'string' && given.trim() !== '' && Number.isFinite(Number(given)))
    return numberOf(Number(given));
  return canonical(given, 0);
}

/** Plain numbers of a value as canonical EJSON. */
function canonical(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return numberOf(value);
  if (typeof value !== 'object' || value === null || depth > 100) return value;
  if (Array.isArray(value)) return value.map((item) => canonical(item, depth + 1));
  const entries = Object.entries(value);
  if (entries.length <= 2 && entries[0]?.[0].startsWith('$') && isWrapper(entries[0][0])) return value;
  return Object.fromEntries(entries.map(([key, entry]) => [key, canonical(entry, depth + 1)]));
}

function isWrapper(key: string): boolean {
  return /^\$(oid|date|number\w+|binary|uuid|regularExpression|timestamp|minKey|maxKey|symbol|code|dbPointer|undefined)$/.test(
    key,
  );
}
