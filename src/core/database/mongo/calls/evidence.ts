import type { Expression } from '../../../code/syntax';
import type { Evaluation } from '../../../evaluate/evaluation';
import { shortened, textOf, type Scope } from '../../../evaluate/scope';
import { collectionOf, databaseOf, MONGO, type Api, type MongoValue } from './mongoValue';

/** Packages that make a file one that speaks to MongoDB. */
export const DRIVER_PACKAGE =
  /^(?:mongodb|mongoose|@nestjs\/mongoose|pymongo|motor|bson|flask_pymongo|gridfs)(?:$|[./])/;

/** A database or collection by nothing but its name, in a file that has to do with a driver: `db.orders`, `ordersCollection`. */
export function valueByName(evaluation: Evaluation, expression: Expression, scope: Scope): MongoValue | undefined {
  const name = expression.kind === 'name' || expression.kind === 'member' ? expression.name : undefined;
  if (
    name === undefined ||
    !/(?:^|_)(?:db|database)$|D(?:b|atabase)$|(?:^|_)coll(?:ection)?$|Coll(?:ection)?$/.test(name)
  )
    return undefined;
  if (!hasEvidence(evaluation, scope)) return undefined;
  const api = apiOf(evaluation, scope);
  if (/coll(?:ection)?$/i.test(name)) return collectionOf(api, null, { asked: shortened(textOf(expression, scope)) });
  return databaseOf(api);
}

export function hasEvidence(evaluation: Evaluation, { module }: Scope): boolean {
  return evaluation.evidence(MONGO, module).length > 0;
}

/** API of a file that does not say more. */
export function apiOf(evaluation: Evaluation, { module }: Scope): Api {
  if (module.language !== 'python') return 'driver';
  return evaluation.evidence(MONGO, module).some((name) => /^motor\b/.test(name)) ? 'motor' : 'pymongo';
}
