import type { Value } from '../../statement';
import type { Call, CodeRange } from '../../../code/syntax';
import { asObjectId } from './bsonCalls';
import { evaluate } from '../../../evaluate/evaluate';
import { camelCase, methodShape, PYTHON_ARGUMENTS, type MethodShape } from './methods';
import { mongooseUpdate, projectionDocument, sortDocument } from './normalise';
import type { Evaluation } from '../../../evaluate/evaluation';
import {
  literal,
  rangeOf,
  originsOf,
  valueOf,
  type Collection,
  type Draft,
  type DraftCommand,
  type Scope,
  type AbstractValue,
} from '../../../evaluate/abstractValue';

/** Arguments of a call, evaluated once. */
export interface Arguments {
  readonly abstractValues: readonly AbstractValue[];
  readonly values: readonly Value[];
  readonly named: readonly (readonly [string, Value])[];
  readonly origins: readonly CodeRange[];
}

export function evaluateArguments(evaluation: Evaluation, call: Call, scope: Scope): Arguments {
  const abstractValues: AbstractValue[] = [];
  const values: Value[] = [];
  const origins: CodeRange[] = [];
  for (const arg of call.args) {
    const abstract = evaluate(evaluation, arg.value, scope);
    origins.push(...originsOf(abstract));
    const value = valueOf(abstract, arg.value, scope);
    if (arg.spread && value.kind === 'array') {
      values.push(...value.items);
      abstractValues.push(...value.items.map((item): AbstractValue => ({ is: 'data', value: item, origins: [] })));
      continue;
    }
    abstractValues.push(abstract);
    values.push(arg.spread ? { kind: 'spread', value } : value);
  }
  const named: [string, Value][] = [];
  for (const [name, expression] of call.named) {
    const abstract = evaluate(evaluation, expression, scope);
    origins.push(...originsOf(abstract));
    const value = valueOf(abstract, expression, scope);
    if (name === '**' && value.kind === 'document')
      named.push(...value.entries.map(([key, entry]): [string, Value] => [key, entry]));
    else named.push([name, value]);
  }
  return { abstractValues, values, named, origins: [...new Set(origins)] };
}

/** The statement that a method of a collection starts; undefined for any other method. */
export function startDraft(
  call: Call,
  name: string,
  collection: Collection,
  args: Arguments,
  scope: Scope,
): Draft | undefined {
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
  for (const [key, value] of args.named) command = withNamed(command, key, value, problems);
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
  return { call, range: rangeOf(call, scope), collection, related: args.origins, command, field, problems };
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

/** Every option of a document of options. */
export function withOptions(command: DraftCommand, value: Value, problems: string[]): DraftCommand {
  if (value.kind === 'document') {
    return value.entries.reduce((all, [key, entry]) => {
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
