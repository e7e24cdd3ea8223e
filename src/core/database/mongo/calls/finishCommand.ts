import type { HoleType, Value } from '../../../evaluate/value';
import type { FindOptions, Hole, StatementCommand } from '../../statement';
import type { DraftCommand } from './mongoValue';

const EMPTY: Value = { kind: 'document', entries: [] };

/** Finishes one value, which stands at `path` and is `asked` for as this type. */
type Finish = (value: Value, path: string, asked: HoleType) => Value;

export function finishCommand(command: DraftCommand, finish: Finish): StatementCommand {
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
export function withFinalHoles(command: StatementCommand, holes: ReadonlyMap<string, Hole>): StatementCommand {
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
