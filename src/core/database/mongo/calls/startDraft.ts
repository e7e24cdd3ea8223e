import type { Call } from '../../../code/syntax';
import type { Arguments } from '../../../evaluate/arguments';
import { rangeOf, type Scope } from '../../../evaluate/scope';
import { literal, type Value } from '../../../evaluate/value';
import { asObjectId } from './bsonCalls';
import { camelCase, methodShape, PYTHON_ARGUMENTS, type MethodShape } from './methods';
import { MONGO, type Collection, type DraftCommand, type MongoDraft } from './mongoValue';
import { mongooseUpdate, projectionDocument, sortDocument } from './normalise';

/** The statement that a method of a collection starts; undefined for any other method. */
export function startDraft(
  call: Call,
  name: string,
  collection: Collection,
  args: Arguments,
  scope: Scope,
): MongoDraft | undefined {
  const shape = methodShape(collection.api, name);
  if (!shape) return undefined;
  const problems: string[] = [];
  let command: DraftCommand = {
    kind: shape.kind,
    single: shape.single === true,
    multi: shape.multi === true,
    options: {},
  };
  if (shape.remove) command = { ...command, options: { remove: literal(true) } };
  const mongoosePipeline =
    collection.api === 'mongoose' && shape.kind === 'aggregate' && args.values.length > 1 && !isArray(args.values[0]);
  shape.params.forEach((param, index) => {
    const value = args.values[index];
    // `Model.aggregate({ $match: … }, { $sort: … })`
    if (value && param === 'pipeline' && mongoosePipeline)
      command = { ...command, pipeline: { kind: 'array', items: args.values } };
    else if (value && !(mongoosePipeline && param === 'options'))
      command = withArgument(command, param, value, problems);
  });
  if (
    shape.kind === 'insert' &&
    collection.api === 'mongoose' &&
    name === 'create' &&
    args.values.length > 1 &&
    !isArray(args.values[0])
  ) {
    command = { ...command, change: { kind: 'array', items: args.values }, options: {} };
  }
  for (const [key, value] of args.named.slice(0, MAX_OPTIONS)) command = withNamed(command, key, value, problems);
  if (command.kind === 'aggregate' && command.pipeline && command.pipeline.kind === 'document') {
    command = { ...command, pipeline: { kind: 'array', items: [command.pipeline] } };
  }
  if (collection.api === 'mongoose' && /update/i.test(name) && command.change)
    command = {
      ...command,
      change: mongooseUpdate(command.change),
    };
  const field = name === 'where' && args.values[0]?.kind === 'literal' ? String(args.values[0].value) : undefined;
  if (name === 'where' && args.values[0]?.kind === 'document') command = { ...command, filter: args.values[0] };
  if (name === 'where' && field !== undefined && args.values[1])
    command = {
      ...command,
      filter: { kind: 'document', entries: [[field, args.values[1]]] },
    };
  return {
    library: MONGO,
    call,
    range: rangeOf(call, scope),
    collection,
    related: args.origins,
    command,
    field,
    problems,
  };
}

function isArray(value: Value | undefined): boolean {
  return value?.kind === 'array' || value?.kind === 'hole';
}

function withArgument(
  command: DraftCommand,
  param: MethodShape['params'][number],
  value: Value,
  problems: string[],
): DraftCommand {
  if (value.kind === 'nothing') return command;
  const isNull = value.kind === 'literal' && value.value === null;
  switch (param) {
    case 'filter':
    case 'change':
    case 'pipeline':
    case 'field':
      return isNull ? command : { ...command, [param]: value };
    case 'id':
      return { ...command, filter: { kind: 'document', entries: [['_id', asObjectId(value)]] } };
    case 'options':
      return withOptions(command, value, problems);
    case '-':
      return command;
    default:
      return isNull ? command : withOption(command, param, value);
  }
}

/** No command has so many options. */
const MAX_OPTIONS = 200;

/** Every option of a document of options. */
export function withOptions(command: DraftCommand, value: Value, problems: string[]): DraftCommand {
  if (value.kind === 'document') {
    if (value.entries.length > MAX_OPTIONS)
      problems.push('There are more options than a command has; some are left out.');
    return value.entries.slice(0, MAX_OPTIONS).reduce((all, [key, entry]) => {
      if (key !== '...') return withOption(all, key, entry);
      problems.push('Some options are not written out and are left out.');
      return all;
    }, command);
  }
  if (value.kind === 'either') {
    const shape = value.then.kind === 'document' ? value.then : value.otherwise;
    problems.push(`Options that depend on ${value.condition} are taken as given.`);
    return shape.kind === 'document' ? withOptions(command, shape, problems) : command;
  }
  if (value.kind === 'hole') problems.push(`The options (${value.hole.name}) are not written out and are left out.`);
  return command;
}

export function withOption(command: DraftCommand, name: string, value: Value): DraftCommand {
  return { ...command, options: { ...command.options, [optionName(name)]: optionValue(name, value) } };
}

function optionName(name: string): string {
  return name === 'fields' || name === 'select' ? 'projection' : name;
}

function optionValue(name: string, value: Value): Value {
  if (name === 'sort') return sortDocument(value);
  return name === 'projection' || name === 'fields' || name === 'select' ? projectionDocument(value) : value;
}

function withNamed(command: DraftCommand, key: string, value: Value, problems: string[]): DraftCommand {
  if (key === '**') {
    problems.push('Keyword arguments that are not written out are left out.');
    return command;
  }
  if (Object.hasOwn(PYTHON_ARGUMENTS, key)) return withArgument(command, PYTHON_ARGUMENTS[key], value, problems);
  if (value.kind === 'literal' && value.value === null) return command;
  return withOption(command, camelCase(key), value);
}
