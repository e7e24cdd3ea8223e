import type { Call } from '../../../code/syntax';
import { data, type AbstractValue } from '../../../evaluate/abstractValue';
import { dateCall } from '../../../evaluate/dates';
import type { LibraryCall } from '../../../evaluate/library';
import { shortened, textOf, type Scope } from '../../../evaluate/scope';
import { bsonCall } from './bsonCalls';
import { apiOf, hasEvidence } from './evidence';
import { collectionOf, databaseOf, type Api, type Collection } from './mongoValue';

/** A function that nothing is known of, or such a method of a value, by its name alone. */
export function unknownCall(
  name: string,
  on: AbstractValue | undefined,
  given: LibraryCall,
): AbstractValue | undefined {
  const { call, args, scope } = given;
  if (!on) {
    if (name === 'ISODate') return data(dateCall(call, args.values, scope, false), args.origins);
    return objectIdCall(name, given) ?? collectionGetter(name, given);
  }
  if (on.is !== 'data') return methodOfUnknown(name, given);
  const found = on.value.kind === 'hole' ? methodOfUnknown(name, given) : undefined;
  return found ?? objectIdCall(name, given);
}

function objectIdCall(name: string, { call, args, scope }: LibraryCall): AbstractValue | undefined {
  const made = /^Object(Id|ID)$/.test(name) ? bsonCall(name, call, args.values, scope) : undefined;
  return made && data(made, args.origins);
}

/** `getCollection('orders')` from a file that is not known, in one that has to do with a driver. */
function collectionGetter(name: string, { evaluation, args, scope }: LibraryCall): Collection | undefined {
  const written = firstText(args.values);
  if (!/collection$/i.test(name) || written === undefined || !hasEvidence(evaluation, scope)) return undefined;
  return collectionOf(apiOf(evaluation, scope), written);
}

/** `anything.collection('orders')`, `anything.db('shop')`. */
function methodOfUnknown(name: string, given: LibraryCall): AbstractValue | undefined {
  const { evaluation, call, args, scope } = given;
  const isScript = scope.module.language !== 'python';
  const evidence = hasEvidence(evaluation, scope);
  const written = firstText(args.values);
  if (name === 'collection' && call.args.length && isScript) {
    if (!evidence && [...scope.module.imports()].some((specifier) => /fire(base|store)/i.test(specifier)))
      return undefined;
    return namedCollection('driver', call, written, undefined, scope);
  }
  if (!evidence) return undefined;
  if (name === 'db' && (written !== undefined || !call.args.length) && isScript) return databaseOf('driver', written);
  if (name === 'get_collection' && call.args.length)
    return namedCollection(apiOf(evaluation, scope), call, written, undefined, scope);
  return collectionGetter(name, given);
}

/** The collection that the first argument of a call names. */
export function namedCollection(
  api: Api,
  call: Call,
  name: string | undefined,
  database: string | undefined,
  scope: Scope,
): Collection {
  const asked =
    name === undefined ? shortened(call.args[0] ? textOf(call.args[0].value, scope) : textOf(call, scope)) : undefined;
  return collectionOf(api, name ?? null, { asked, database });
}

/** The first argument where it is a string that the text gives. */
export function firstText([first]: LibraryCall['args']['values']): string | undefined {
  return first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined;
}
