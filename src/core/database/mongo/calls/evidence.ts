import type { Expression } from '../../../code/syntax';
import type { Evaluation } from '../../../evaluate/evaluation';
import { shortened, textOf, type Api, type Scope, type AbstractValue } from '../../../evaluate/abstractValue';

/** A database or collection by nothing but its name, in a file that has to do with a driver: `db.orders`, `ordersCollection`. */
export function valueByName(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue | undefined {
  const name = expression.kind === 'name' || expression.kind === 'member' ? expression.name : undefined;
  if (
    name === undefined ||
    !/(?:^|_)(?:db|database)$|D(?:b|atabase)$|(?:^|_)coll(?:ection)?$|Coll(?:ection)?$/.test(name)
  )
    return undefined;
  if (!evaluation.evidence(scope.module).length) return undefined;
  const api = apiOf(evaluation, scope);
  if (/coll(?:ection)?$/i.test(name))
    return { is: 'collection', api, name: null, asked: shortened(textOf(expression, scope)) };
  return { is: 'database', api };
}

/** API of a file that does not say more. */
export function apiOf(evaluation: Evaluation, scope: Scope): Api {
  if (scope.module.language !== 'python') return 'driver';
  return evaluation.evidence(scope.module).some((name) => /^motor\b/.test(name)) ? 'motor' : 'pymongo';
}

/** Packages that make a file one that speaks to MongoDB. */
export const DRIVER_PACKAGE =
  /^(?:mongodb|mongoose|@nestjs\/mongoose|pymongo|motor|bson|flask_pymongo|gridfs)(?:$|[./])/;
