import type { MemberAccess } from '../../../evaluate/library';
import { textOf } from '../../../evaluate/scope';
import { collectionOf, databaseOf, isPython, type Collection, type MongoValue } from './mongoValue';

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

/** A member of a client, database or collection; without a name the text does not tell it: `db[name]`. */
export function memberOfMongo(
  own: MongoValue,
  name: string | undefined,
  access: MemberAccess | undefined,
): MongoValue | undefined {
  switch (own.kind) {
    case 'client':
      if (name === undefined || !isPython(own.api) || PYTHON_CLIENT.has(name)) return undefined;
      return databaseOf(own.api, name);
    case 'database':
      if (own.api === 'mongoose') return name === 'db' ? databaseOf('driver', own.name) : undefined;
      if (!isPython(own.api)) return undefined;
      if (name !== undefined)
        return PYTHON_DATABASE.has(name) ? undefined : collectionOf(own.api, name, { database: own.name });
      if (access?.expression.kind !== 'index') return undefined;
      return collectionOf(own.api, null, {
        asked: textOf(access.expression.index, access.scope),
        database: own.name,
      });
    case 'collection':
      return name !== undefined && access?.expression.kind === 'member' ? dottedCollection(own, name) : undefined;
    case 'cursor':
    case 'schema':
      return undefined;
  }
}

/** `db.orders.archive` of PyMongo; a name with an underscore or a verb of its own may be a method, so only plain ones count. */
function dottedCollection(own: Collection, name: string): Collection | undefined {
  const isMethod =
    /^(find|aggregate|distinct|rename|drop|watch|name|database|options|count|insert|update|remove|save|codec|group)$/;
  if (!isPython(own.api) || !/^[a-z]+$/.test(name) || isMethod.test(name)) return undefined;
  const { asked, database, schema } = own;
  return own.name === null ? own : collectionOf(own.api, `${own.name}.${name}`, { asked, database, schema });
}
