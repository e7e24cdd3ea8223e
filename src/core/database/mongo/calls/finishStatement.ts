import type { CodeRange, CodePart } from '../../../code/syntax';
import { isDraftHole, makeHole } from '../../../evaluate/holes';
import { alternatives, holeType } from '../../../evaluate/types';
import { typeOfValue, type Hole as ValueHole, type HoleType, type Value } from '../../../evaluate/value';
import { sizeOf } from '../../../evaluate/valueSize';
import { shortened } from '../../../evaluate/scope';
import type { Span } from '../../../positions';
import type { Hole, Statement } from '../../statement';
import { KNOWN_TYPES } from './externalTypes';
import { finishCommand, withFinalHoles } from './finishCommand';
import type { Lines } from './lines';
import type { MongoDraft } from './mongoValue';

/** Deeper values end in a hole: no server takes them. */
const MAX_DEPTH = 120;

/** The problem of a statement with a value that was cut. */
export const TOO_LARGE = 'A value is too large to be written out and was left open.';

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

/**
 * The statement, the parts of the file that its positions are in, and the size of its values. A value that would make them
 * larger than `maxSize` is a hole.
 */
export function finishStatement(
  draft: MongoDraft,
  fileName: string,
  lines: Lines,
  maxSize: number,
): { statement: Statement; units: ReadonlySet<CodePart>; size: number } {
  const units = new Set<CodePart>();
  const spanOf = (range: CodeRange): Span => {
    units.add(range.unit);
    return { start: lines.position(range.unit.from + range.from), end: lines.position(range.unit.from + range.to) };
  };
  const span = spanOf(draft.range);
  const holes = new Map<string, Hole>();
  const problems = new Set(draft.problems);
  let size = 1;
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
    if (isDraftHole(hole) && hole.isCut) problems.add(TOO_LARGE);
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

  const command = finishCommand(draft.command, (value, path, asked) => {
    const own = sizeOf(value).size;
    const isTooLarge = own > 1 && size + own > maxSize;
    size += isTooLarge ? 1 : own;
    if (isTooLarge) problems.add(TOO_LARGE);
    return finish(isTooLarge ? makeHole(path, typeOfValue(value), draft.range) : value, path, asked, '', 0);
  });
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
  return { statement, units, size };
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
  return /^[\w$.-]+$/.test(key) ? `${path}.${shortened(key)}` : `${path}[${JSON.stringify(shortened(key))}]`;
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
