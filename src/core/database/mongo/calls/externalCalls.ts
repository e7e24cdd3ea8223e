import type { Call } from '../../../code/syntax';
import { data, type AbstractValue } from '../../../evaluate/abstractValue';
import type { Arguments } from '../../../evaluate/arguments';
import type { LibraryCall } from '../../../evaluate/library';
import { shortened, textOf, type Scope } from '../../../evaluate/scope';
import { literal, type Value } from '../../../evaluate/value';
import { bsonCall } from './bsonCalls';
import { externalType } from './externalTypes';
import { modelOf, schemaOf } from './models';
import { clientOf, databaseOf } from './mongoValue';

/** A call of a function or class of a package. */
export function externalCall(name: string, { call, args, scope }: LibraryCall): AbstractValue | undefined {
  const { values, origins } = args;
  const root = name.split(/[./]/, 1)[0];
  if (name === 'mongodb.MongoClient.connect') return clientOf('driver');
  if (root === 'mongoose') return mongooseCall(name, call, args, scope);
  if (name === '@nestjs/mongoose.InjectModel') return injectedModel(call, args, scope);
  if (name === '@nestjs/mongoose.InjectConnection') return databaseOf('mongoose');
  if (name === 'flask_pymongo.PyMongo') return { is: 'external', name: 'flask_pymongo.PyMongo()' };
  if (root === 'mongodb' || root === 'pymongo' || root === 'motor') {
    const made = externalType(name, shortened(textOf(call, scope)));
    if (made) return made;
    const write = bulkOperation(name, args);
    if (write) return data(write, origins);
  }
  const bson = bsonCall(name, call, values, scope);
  return bson && data(bson, origins);
}

function mongooseCall(name: string, call: Call, args: Arguments, scope: Scope): AbstractValue | undefined {
  if (/\.(Schema)$/.test(name)) return schemaOf(call, args, scope);
  if (/\.model$/.test(name)) return modelOf(call, args, scope);
  if (/\.(createConnection|connection)$/.test(name)) return databaseOf('mongoose');
  const made = bsonCall(name, call, args.values, scope);
  return made && data(made, args.origins);
}

/** `@InjectModel(Order.name)`, `@InjectModel('Order')` */
function injectedModel(call: Call, args: Arguments, scope: Scope): AbstractValue | undefined {
  const [first] = call.args;
  const named = first && /^([\w$]+)\.name$/.exec(textOf(first.value, scope))?.[1];
  if (named === undefined) return modelOf(call, args, scope);
  return modelOf(call, { ...args, values: [literal(named)] }, scope);
}

/** Operations of PyMongo's `bulk_write`, as the JavaScript driver writes them. */
function bulkOperation(name: string, args: Arguments): Value | undefined {
  const kind = /\.(UpdateOne|UpdateMany|ReplaceOne|DeleteOne|DeleteMany|InsertOne)$/.exec(name)?.[1];
  if (kind === undefined) return undefined;
  const names =
    kind === 'InsertOne'
      ? ['document']
      : kind.startsWith('Delete')
        ? ['filter']
        : ['filter', kind === 'ReplaceOne' ? 'replacement' : 'update', 'upsert'];
  const positional = args.values.slice(0, names.length).map((value, index) => [names[index], value] as const);
  const entries = [...positional, ...args.named];
  return { kind: 'document', entries: [[kind[0].toLowerCase() + kind.slice(1), { kind: 'document', entries }]] };
}
