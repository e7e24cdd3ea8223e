import type { Expression } from '../../../code/syntax';
import type { Run } from '../../../evaluate/evaluation';
import { shortened, textOf, type Api, type Scope, type Thing } from '../../../evaluate/abstractValue';

/** A database or collection by nothing but its name, in a file that has to do with a driver: `db.orders`, `ordersCollection`. */
export function thingByName(run: Run, expression: Expression, scope: Scope): Thing | undefined {
  const name = expression.kind === 'name' || expression.kind === 'member' ? expression.name : undefined;
  if (
    name === undefined ||
    !/(?:^|_)(?:db|database)$|D(?:b|atabase)$|(?:^|_)coll(?:ection)?$|Coll(?:ection)?$/.test(name)
  )
    return undefined;
  if (!run.evidence(scope.module).length) return undefined;
  const api = apiOf(run, scope);
  if (/coll(?:ection)?$/i.test(name))
    return { is: 'collection', api, name: null, asked: shortened(textOf(expression, scope)) };
  return { is: 'database', api };
}

/** API of a file that does not say more. */
export function apiOf(run: Run, scope: Scope): Api {
  if (scope.module.language !== 'python') return 'driver';
  return run.evidence(scope.module).some((name) => /^motor\b/.test(name)) ? 'motor' : 'pymongo';
}

/** Packages that make a file one that speaks to MongoDB. */
export const DRIVER_PACKAGE =
  /^(?:mongodb|mongoose|@nestjs\/mongoose|pymongo|motor|bson|flask_pymongo|gridfs)(?:$|[./])/;
