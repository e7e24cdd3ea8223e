import type { Call, Expression } from '../../../code/syntax';
import type { Arguments } from '../../../evaluate/arguments';
import { shortened, textOf, type Scope } from '../../../evaluate/scope';
import { holeType } from '../../../evaluate/types';
import type { HoleType } from '../../../evaluate/value';
import { KNOWN_TYPES } from './externalTypes';
import { collectionOf, isMongo, MONGO, type Collection, type Schema } from './mongoValue';
import { pluralise } from './pluralise';

/** `model(name, schema, collection?)`; the collection is that of the schema, else the plural of the name. */
export function modelOf(call: Call, args: Arguments, scope: Scope): Collection {
  const [name, , written] = args.values;
  const schema = args.abstractValues.filter(isMongo).find((value) => value.kind === 'schema');
  const given = written?.kind === 'literal' && typeof written.value === 'string' ? written.value : schema?.collection;
  if (given !== undefined) return collectionOf('mongoose', given, { schema });
  if (name?.kind === 'literal' && typeof name.value === 'string')
    return collectionOf('mongoose', pluralise(name.value), { schema });
  const asked = call.args[0] ? shortened(textOf(call.args[0].value, scope)) : undefined;
  return collectionOf('mongoose', null, { asked, schema });
}

/** A schema is asked for with each statement of its model. */
const fieldTypes = new WeakMap<Call, ReadonlyMap<string, HoleType>>();

function typesOfFields(call: Call, scope: Scope): ReadonlyMap<string, HoleType> {
  const types = new Map<string, HoleType>();
  const open: { prefix: string; expression: Expression | undefined }[] = [
    { prefix: '', expression: call.args[0]?.value },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.expression?.kind !== 'object') continue;
    for (const { key, value } of next.expression.entries) {
      if (typeof key !== 'string') continue;
      const path = next.prefix + key;
      const type = fieldType(value, scope);
      types.set(path, type);
      const inner = value.kind === 'array' ? value.items[0]?.value : value;
      if (type === 'unknown' || (type === 'array' && inner?.kind === 'object'))
        open.push({ prefix: `${path}.`, expression: inner });
    }
  }
  return types;
}

/** `new Schema({ field: String, … }, { collection })` */
export function schemaOf(call: Call, args: Arguments, scope: Scope): Schema {
  let types = fieldTypes.get(call);
  if (!types) fieldTypes.set(call, (types = typesOfFields(call, scope)));
  const options = args.values[1];
  const collection =
    options?.kind === 'document' ? options.entries.find(([name]) => name === 'collection')?.[1] : undefined;
  return {
    is: 'library',
    library: MONGO,
    kind: 'schema',
    types,
    collection: collection?.kind === 'literal' && typeof collection.value === 'string' ? collection.value : undefined,
  };
}

function fieldType(value: Expression, scope: Scope): HoleType {
  if (value.kind === 'array') return 'array';
  if (value.kind === 'literal' && typeof value.value === 'string') return holeType(value.value, KNOWN_TYPES);
  if (value.kind === 'object') {
    const type = value.entries.find((entry) => entry.key === 'type')?.value;
    return type ? fieldType(type, scope) : 'unknown';
  }
  const name = /(?<![\w$])[\w$]+$/.exec(textOf(value, scope).trimEnd())?.[0] ?? '';
  return name === 'Decimal128'
    ? 'number'
    : name === 'Map' || name === 'Mixed'
      ? 'unknown'
      : holeType(name, KNOWN_TYPES);
}
