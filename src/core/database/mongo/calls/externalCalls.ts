import type { Value } from '../../statement';
import { bsonCall, dateCall, pythonRegex } from './bsonCalls';
import type { Call } from '../../../code/syntax';
import { followCall } from '../../../evaluate/execute';
import { modelOf, schemaOf } from './models';
import type { Run } from '../../../evaluate/evaluation';
import type { Arguments } from './startDraft';
import { data, holeFor, literal, shortened, textOf, type Scope, type Thing } from '../../../evaluate/abstractValue';
import { thingOfExternalType } from '../../../evaluate/typedValues';

/** A call of a function or class of a package. */
export function externalCall(run: Run, name: string, call: Call, args: Arguments, scope: Scope): Thing | undefined {
  const { values, places } = args;
  const root = name.split(/[./]/, 1)[0];
  if (name === 'mongodb.MongoClient.connect') return { is: 'client', api: 'driver' };
  if (root === 'mongoose') return mongooseCall(name, call, args, scope);
  if (name === '@nestjs/mongoose.InjectModel') return injectedModel(call, args, scope);
  if (name === '@nestjs/mongoose.InjectConnection') return { is: 'database', api: 'mongoose' };
  if (name === 'flask_pymongo.PyMongo') return { is: 'external', name: 'flask_pymongo.PyMongo()' };
  // What FastAPI injects is what the function gives.
  if (name === 'fastapi.Depends' || name === 'Depends') {
    const [given] = args.things;
    return given?.is === 'function' ? followCall(run, given.code, given.scope, undefined, []) : undefined;
  }
  if (name === 'fastapi.Query' || name === 'fastapi.Path' || name === 'pydantic.Field')
    return args.things[0] ?? undefined;
  if (root === 'mongodb' || root === 'pymongo' || root === 'motor') {
    const made = thingOfExternalType(name, shortened(textOf(call, scope)));
    if (made) return made;
    const write = bulkOperation(name, args);
    if (write) return data(write, places);
  }
  const bson = bsonCall(name, call, values, scope);
  if (bson) return data(bson, places);
  if (name === 're.compile') return data(pythonRegex(call, values, scope), places);
  if (name === 're.escape' || name === 'lodash.escapeRegExp')
    return data(values[0]?.kind === 'literal' ? escaped(values[0].value) : holeFor(call, scope, 'string'), places);
  if (/^datetime(\.datetime)?$/.test(name)) return data(dateCall(call, values, scope, true), places);
  if (/^datetime(\.datetime)?\.(utcnow|now|fromisoformat|strptime|fromtimestamp|combine|today)$/.test(name))
    return data(holeFor(call, scope, 'date'), places);
  return undefined;
}

function escaped(value: unknown): Value {
  return literal(String(value).replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&'));
}

function mongooseCall(name: string, call: Call, args: Arguments, scope: Scope): Thing | undefined {
  if (/\.(Schema)$/.test(name)) return schemaOf(call, args, scope);
  if (/\.model$/.test(name)) return modelOf(call, args, scope);
  if (/\.(createConnection|connection)$/.test(name)) return { is: 'database', api: 'mongoose' };
  const made = bsonCall(name, call, args.values, scope);
  return made && data(made, args.places);
}

/** `@InjectModel(Order.name)`, `@InjectModel('Order')` */
function injectedModel(call: Call, args: Arguments, scope: Scope): Thing | undefined {
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
