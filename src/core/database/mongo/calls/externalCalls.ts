import type { Value } from '../../statement';
import { bsonCall, dateCall, pythonRegex } from './bsonCalls';
import type { Call } from '../../../code/syntax';
import { followCall } from '../../../evaluate/execute';
import { modelOf, schemaOf } from './models';
import type { Evaluation } from '../../../evaluate/evaluation';
import type { Arguments } from './startDraft';
import {
  data,
  holeFor,
  literal,
  shortened,
  textOf,
  type Scope,
  type AbstractValue,
} from '../../../evaluate/abstractValue';
import { externalType } from '../../../evaluate/typedValues';

/** A call of a function or class of a package. */
export function externalCall(
  evaluation: Evaluation,
  name: string,
  call: Call,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const { values, origins } = args;
  const root = name.split(/[./]/, 1)[0];
  if (name === 'mongodb.MongoClient.connect') return { is: 'client', api: 'driver' };
  if (root === 'mongoose') return mongooseCall(name, call, args, scope);
  if (name === '@nestjs/mongoose.InjectModel') return injectedModel(call, args, scope);
  if (name === '@nestjs/mongoose.InjectConnection') return { is: 'database', api: 'mongoose' };
  if (name === 'flask_pymongo.PyMongo') return { is: 'external', name: 'flask_pymongo.PyMongo()' };
  // What FastAPI injects is what the function gives.
  if (name === 'fastapi.Depends' || name === 'Depends') {
    const [given] = args.abstractValues;
    return given?.is === 'function' ? followCall(evaluation, given.code, given.scope, undefined, []) : undefined;
  }
  if (name === 'fastapi.Query' || name === 'fastapi.Path' || name === 'pydantic.Field')
    return args.abstractValues[0] ?? undefined;
  if (root === 'mongodb' || root === 'pymongo' || root === 'motor') {
    const made = externalType(name, shortened(textOf(call, scope)));
    if (made) return made;
    const write = bulkOperation(name, args);
    if (write) return data(write, origins);
  }
  const bson = bsonCall(name, call, values, scope);
  if (bson) return data(bson, origins);
  if (name === 're.compile') return data(pythonRegex(call, values, scope), origins);
  if (name === 're.escape' || name === 'lodash.escapeRegExp')
    return data(values[0]?.kind === 'literal' ? escaped(values[0].value) : holeFor(call, scope, 'string'), origins);
  if (/^datetime(\.datetime)?$/.test(name)) return data(dateCall(call, values, scope, true), origins);
  if (/^datetime(\.datetime)?\.(utcnow|now|fromisoformat|strptime|fromtimestamp|combine|today)$/.test(name))
    return data(holeFor(call, scope, 'date'), origins);
  return undefined;
}

function escaped(value: unknown): Value {
  return literal(String(value).replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&'));
}

function mongooseCall(name: string, call: Call, args: Arguments, scope: Scope): AbstractValue | undefined {
  if (/\.(Schema)$/.test(name)) return schemaOf(call, args, scope);
  if (/\.model$/.test(name)) return modelOf(call, args, scope);
  if (/\.(createConnection|connection)$/.test(name)) return { is: 'database', api: 'mongoose' };
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
