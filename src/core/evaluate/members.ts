import type { Value } from '../database/statement';
import { fieldOfInstance, staticMember } from './classes';
import { lookupExport } from './lookup';
import type { Evaluation } from './evaluation';
import { memberType, namedHoleType } from './namedTypes';
import { data, isDraftHole, literal, makeHole, type Api, type AbstractValue } from './abstractValue';

/** Attributes of PyMongo's objects; anything else names a database or a collection. */
const PYTHON_CLIENT = new Set([
  'address',
  'admin_command',
  'close',
  'server_info',
  'start_session',
  'list_databases',
  'list_database_names',
  'drop_database',
  'get_database',
  'get_default_database',
  'watch',
]);
const PYTHON_DATABASE = new Set([
  'client',
  'name',
  'command',
  'list_collections',
  'list_collection_names',
  'create_collection',
  'drop_collection',
  'get_collection',
  'validate_collection',
  'with_options',
  'aggregate',
  'watch',
  'dereference',
  'cursor_command',
  'get_io_loop',
]);

export function isPython(api: Api): boolean {
  return api === 'pymongo' || api === 'motor';
}

/** A member by its name; undefined where it has none that is known. */
export function memberOf(evaluation: Evaluation, abstract: AbstractValue, name: string): AbstractValue | undefined {
  switch (abstract.is) {
    case 'data':
      return memberOfValue(evaluation, abstract.value, name, abstract.origins);
    case 'object':
      return abstract.entries.get(name);
    case 'module':
      return lookupExport(evaluation, abstract.module, name);
    case 'external':
      return memberOfExternal(abstract.name, name);
    case 'instance':
      return fieldOfInstance(evaluation, abstract, name);
    case 'class':
      return staticMember(evaluation, abstract, name);
    case 'client':
      if (isPython(abstract.api))
        return PYTHON_CLIENT.has(name) ? undefined : { is: 'database', api: abstract.api, name };
      return undefined;
    case 'database':
      if (abstract.api === 'mongoose') return name === 'db' ? { ...abstract, api: 'driver' } : undefined;
      if (!isPython(abstract.api)) return undefined;
      return PYTHON_DATABASE.has(name)
        ? undefined
        : { is: 'collection', api: abstract.api, name, database: abstract.name };
    default:
      return undefined;
  }
}

/** Constants of packages that stand in statements. */
const CONSTANTS: Readonly<Record<string, number | boolean>> = {
  'pymongo.ASCENDING': 1,
  'pymongo.DESCENDING': -1,
  'pymongo.ReturnDocument.AFTER': true,
  'pymongo.ReturnDocument.BEFORE': false,
};

export function memberOfExternal(external: string, name: string): AbstractValue {
  if (Object.hasOwn(CONSTANTS, `${external}.${name}`)) return data(literal(CONSTANTS[`${external}.${name}`]));
  if (external === 'mongoose' && (name === 'connection' || name === 'default')) {
    return name === 'default' ? { is: 'external', name: 'mongoose' } : { is: 'database', api: 'mongoose' };
  }
  if (external === 'flask_pymongo.PyMongo()' && name === 'db') return { is: 'database', api: 'pymongo' };
  return { is: 'external', name: name === 'default' ? external : `${external}.${name}` };
}

function memberOfValue(
  evaluation: Evaluation,
  value: Value,
  name: string,
  origins: Extract<AbstractValue, { is: 'data' }>['origins'],
): AbstractValue | undefined {
  if (value.kind === 'document') {
    const found = value.entries.find(([key]) => key === name);
    return found && data(found[1], origins);
  }
  if (value.kind === 'array') {
    if (name === 'length') return undefined;
    const item = /^\d+$/.test(name) ? value.items[Number(name)] : undefined;
    return item && item.kind !== 'spread' ? data(item, origins) : undefined;
  }
  if (value.kind !== 'hole' || !isDraftHole(value.hole)) return undefined;
  const { hole } = value;
  const written = hole.written && memberType(evaluation, hole.written.type, name, hole.written.module);
  const path =
    /^[\w$]+$/.test(name) && !/^\d/.test(name) ? `${hole.name}.${name}` : `${hole.name}[${JSON.stringify(name)}]`;
  return data(
    makeHole(path, written ? namedHoleType(evaluation, written.type, written.module) : 'unknown', hole.range, written),
    origins,
  );
}
