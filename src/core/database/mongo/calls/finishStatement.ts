import type { CodeRange } from '../../../code/syntax';
import type { Unit } from '../../../code/unit';
import { isDraftHole } from '../../../evaluate/holes';
import { alternatives, holeType } from '../../../evaluate/types';
import type { Hole as ValueHole, HoleType, Value } from '../../../evaluate/value';
import type { Position, Span } from '../../../positions';
import type { FindOptions, Hole, Statement, StatementCommand } from '../../statement';
import { KNOWN_TYPES } from './externalTypes';
import type { DraftCommand, MongoDraft } from './mongoValue';

/** Deeper values end in a hole: no server takes them. */
const MAX_DEPTH = 120;
const EMPTY: Value = { kind: 'document', entries: [] };

/** Types that an operator or an argument asks for. */
const ASKED: Readonly<Record<string, HoleType>> = {
  $skip: 'number',
  $limit: 'number',
  $size: 'number',
  size: 'number',
  $exists: 'boolean',
  $regex: 'string',
  $options: 'string',
  $search: 'string',
  $in: 'array',
  $nin: 'array',
  $all: 'array',
  $or: 'array',
  $and: 'array',
  $nor: 'array',
  $match: 'document',
  $elemMatch: 'document',
  $count: 'string',
};
/** Operators whose operand has the type of the field. */
const SAME_TYPE = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte']);

/** Places in a text by offset. */
export interface Lines {
  position(offset: number): Position;
}

/** The statement, and the parts of the file that its positions are in. */
export function finishStatement(
  draft: MongoDraft,
  fileName: string,
  lines: Lines,
): { statement: Statement; units: ReadonlySet<Unit> } {
  const units = new Set<Unit>();
  const spanOf = (range: CodeRange): Span => {
    units.add(range.unit);
    return { start: lines.position(range.unit.from + range.from), end: lines.position(range.unit.from + range.to) };
  };
  const span = spanOf(draft.range);
  const holes = new Map<string, Hole>();
  const problems = new Set(draft.problems);
  const { collection } = draft;

  function finish(value: Value, path: string, asked: HoleType, field: string, depth: number): Value {
    if (depth > MAX_DEPTH) {
      problems.add('A part is nested too deeply and was left out.');
      return { kind: 'literal', value: null };
    }
    switch (value.kind) {
      case 'hole':
        return { kind: 'hole', hole: finishHole(value.hole, path, asked, field) };
      case 'array': {
        const inner = asked === 'array' ? 'unknown' : asked;
        return {
          kind: 'array',
          items: value.items.map((item, index) => finish(item, `${path}[${index}]`, inner, field, depth + 1)),
        };
      }
      case 'document':
        return {
          kind: 'document',
          entries: value.entries.map(([key, entry]) => [
            key,
            finish(entry, joined(path, key), askedBy(key, asked), fieldOf(key, field), depth + 1),
          ]),
        };
      case 'either':
        return {
          ...value,
          then: finish(value.then, path, asked, field, depth + 1),
          otherwise: finish(value.otherwise, path, asked, field, depth + 1),
        };
      case 'spread':
        return {
          kind: 'spread',
          value: finish(value.value, path, path.endsWith(']') ? 'array' : 'document', '', depth + 1),
        };
      case 'regex':
        return { ...value, pattern: finish(value.pattern, path, 'string', '', depth + 1) };
      default:
        return value;
    }
  }

  /** The same expression is one hole, unless it is asked for as two different types. */
  function finishHole(hole: ValueHole, path: string, asked: HoleType, field: string): Hole {
    const written = isDraftHole(hole) && hole.written ? writtenType(hole.written.type) : 'unknown';
    const known = statementType(
      hole.type !== 'unknown'
        ? hole.type
        : written !== 'unknown'
          ? written
          : asked !== 'unknown'
            ? asked
            : schemaType(field),
    );
    const before = holes.get(hole.name);
    if (before && (before.type === known || known === 'unknown')) return before;
    const name = before && before.type !== 'unknown' ? `${hole.name}:${known}` : hole.name;
    const again = holes.get(name);
    if (again && again.type === known) return again;
    const range = isDraftHole(hole) ? hole.range : undefined;
    const made: Hole = {
      name,
      type: known,
      path: before?.type === 'unknown' ? before.path : path,
      span: range && range.unit.fileName === fileName ? spanOf(range) : span,
    };
    holes.set(name, made);
    return made;
  }

  function schemaType(field: string): HoleType {
    const type = field === '' ? undefined : collection.schema?.types.get(field);
    // A field that holds a list is compared with one of its items.
    if (type === 'array') return 'unknown';
    return (
      type ?? (field === '_id' && collection.schema && !collection.schema.types.has('_id') ? 'objectId' : 'unknown')
    );
  }

  const command = finishCommand(draft.command, (value, path, asked) => finish(value, path, asked, '', 0));
  // A hole whose type was found later is the same everywhere.
  const related = draft.related
    .filter((range) => range.unit.fileName === fileName && !inside(range, draft.range))
    .map(spanOf);
  const statement: Statement = {
    language: draft.range.unit.language,
    api: collection.api,
    span,
    related: uniqueSpans(related),
    collection: collection.name,
    collectionHole: collection.name === null ? (collection.asked ?? '') : undefined,
    database: collection.database,
    command: withFinalHoles(command, holes),
    holes: [...holes.values()],
    problems: [...problems],
    ...finishedUse(draft, spanOf),
  };
  return { statement, units };
}

function finishedUse({ use }: MongoDraft, spanOf: (range: CodeRange) => Span): Pick<Statement, 'use'> {
  if (!use) return {};
  const { waitsFor, ...others } = use;
  return { use: { ...others, ...(waitsFor ? { waitsFor: spanOf(waitsFor) } : {}) } };
}

const HOLE_TYPES: ReadonlySet<string> = new Set<Hole['type']>([
  'string',
  'number',
  'boolean',
  'date',
  'objectId',
  'regex',
  'array',
  'document',
  'unknown',
]);

/** The type as statements have it; one that they do not have is not known. */
function statementType(type: HoleType): Hole['type'] {
  return isStatementType(type) ? type : 'unknown';
}

function isStatementType(type: HoleType): type is Hole['type'] {
  return HOLE_TYPES.has(type);
}

function writtenType(annotation: string): HoleType {
  return alternatives(annotation).length ? holeType(annotation, KNOWN_TYPES) : 'unknown';
}

function inside(range: CodeRange, outer: CodeRange): boolean {
  return range.unit === outer.unit && outer.from <= range.from && range.to <= outer.to;
}

function uniqueSpans(spans: readonly Span[]): Span[] {
  const seen = new Map(
    spans.map((span) => [`${span.start.line}:${span.start.column}-${span.end.line}:${span.end.column}`, span]),
  );
  return [...seen.values()].sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
}

function joined(path: string, key: string): string {
  if (key === '...') return path;
  return /^[\w$.-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function askedBy(key: string, asked: HoleType): HoleType {
  if (Object.hasOwn(ASKED, key)) return ASKED[key];
  return SAME_TYPE.has(key) ? (asked === 'document' ? 'unknown' : asked) : 'unknown';
}

/** Dotted name of the field that a value in a filter is compared with. */
function fieldOf(key: string, field: string): string {
  if (key === '$match' || key === '$or' || key === '$and' || key === '$nor' || key === '...') return '';
  if (key === '$elemMatch') return field;
  if (key.startsWith('$')) return SAME_TYPE.has(key) ? field : '';
  return field === '' ? key : `${field}.${key}`;
}

type Finish = (value: Value, path: string, asked: HoleType) => Value;

function finishCommand(command: DraftCommand, finish: Finish): StatementCommand {
  const filter = finish(command.filter ?? EMPTY, 'filter', 'document');
  const options: Record<string, Value> = {};
  for (const [name, value] of Object.entries(command.options)) {
    if (value.kind !== 'nothing') options[name] = finish(value, name, optionType(name));
  }
  switch (command.kind) {
    case 'find':
      return { kind: 'find', filter, options: findOptions(options), single: command.single };
    case 'aggregate':
      return {
        kind: 'aggregate',
        pipeline: finish(command.pipeline ?? { kind: 'array', items: [] }, 'pipeline', 'array'),
        options,
      };
    case 'count':
    case 'estimatedCount':
      return { kind: command.kind, filter, options };
    case 'distinct':
      return {
        kind: 'distinct',
        field: finish(command.field ?? { kind: 'literal', value: '' }, 'field', 'string'),
        filter,
        options,
      };
    default: {
      const change =
        command.change &&
        finish(
          command.change,
          changeName(command.kind),
          command.kind === 'insert' && !command.multi ? 'document' : 'unknown',
        );
      return { kind: command.kind, filter, change, multi: command.multi, options };
    }
  }
}

function changeName(kind: DraftCommand['kind']): string {
  if (kind === 'replace') return 'replacement';
  if (kind === 'insert') return 'documents';
  return kind === 'bulkWrite' ? 'operations' : 'update';
}

function optionType(name: string): HoleType {
  if (name === 'skip' || name === 'limit' || name === 'batchSize' || name === 'maxTimeMS') return 'number';
  return name === 'upsert' || name === 'allowDiskUse'
    ? 'boolean'
    : name === 'projection' || name === 'sort'
      ? 'document'
      : 'unknown';
}

function findOptions(options: Readonly<Record<string, Value>>): FindOptions {
  const { projection, sort, skip, limit, hint, collation, ...others } = options;
  return { projection, sort, skip, limit, hint, collation, others };
}

/** Holes of one name are one object: the one whose type is known. */
function withFinalHoles(command: StatementCommand, holes: ReadonlyMap<string, Hole>): StatementCommand {
  const replace = (value: Value): Value => {
    switch (value.kind) {
      case 'hole':
        return { kind: 'hole', hole: holes.get(value.hole.name) ?? value.hole };
      case 'array':
        return { ...value, items: value.items.map(replace) };
      case 'document':
        return { ...value, entries: value.entries.map(([key, entry]) => [key, replace(entry)] as const) };
      case 'either':
        return { ...value, then: replace(value.then), otherwise: replace(value.otherwise) };
      case 'spread':
        return { ...value, value: replace(value.value) };
      case 'regex':
        return { ...value, pattern: replace(value.pattern) };
      default:
        return value;
    }
  };
  const all = (values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, replace(value)]));
  switch (command.kind) {
    case 'find': {
      const { others, ...options } = command.options;
      const known: Record<string, Value> = {};
      for (const [name, value] of Object.entries(options) as [string, Value | undefined][])
        if (value) known[name] = replace(value);
      return { ...command, filter: replace(command.filter), options: { ...known, others: all(others) } };
    }
    case 'aggregate':
      return { ...command, pipeline: replace(command.pipeline), options: all(command.options) };
    case 'distinct':
      return {
        ...command,
        field: replace(command.field),
        filter: replace(command.filter),
        options: all(command.options),
      };
    case 'count':
    case 'estimatedCount':
      return { ...command, filter: replace(command.filter), options: all(command.options) };
    default:
      return {
        ...command,
        filter: replace(command.filter),
        change: command.change && replace(command.change),
        options: all(command.options),
      };
  }
}

/** Positions in a text from the starts of its lines. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    position(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low, column: offset - starts[low] };
    },
  };
}
