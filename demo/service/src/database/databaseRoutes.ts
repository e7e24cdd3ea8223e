import type { ServerResponse } from 'node:http';
import { HttpError, readJson, sendJson } from '../http/router';
import type { Request, Router } from '../http/router';
import type { OrderRequest } from '../orders/order';
import type { OrderDesk } from '../orders/orderDesk';
import type { OrderStatus } from '../orders/orderStore';
import { openDatabase } from './shopDatabase';
import type { ShopDatabase } from './shopDatabase';

export interface DatabaseAccess {
  /** `connected`, or why there is no database. */
  state(): string;
  close(): Promise<void>;
}

/** The routes below /stored, which answer from MongoDB; 503 as long as there is none. */
export function addDatabaseRoutes(router: Router, desk: OrderDesk, uri: string | undefined): DatabaseAccess {
  let database: ShopDatabase | undefined;
  let reason = uri ? 'the database is not connected yet' : 'no database: start the shop with MONGODB_URI';
  const opening = uri
    ? openDatabase(uri).then(
        (opened) => (database = opened),
        (error: unknown) => {
          reason = `no database: ${error instanceof Error ? error.message : String(error)}`;
        },
      )
    : undefined;

  /** Answers with what the database gives; a failure there is not the customer's fault. */
  function answer(read: (database: ShopDatabase, request: Request) => Promise<unknown>, status = 200) {
    return async (request: Request, response: ServerResponse): Promise<void> => {
      if (!database) throw new HttpError(503, reason);
      try {
        sendJson(response, status, await read(database, request));
      } catch (error) {
        throw error instanceof Error && error.name.startsWith('Mongo')
          ? new HttpError(502, `the database failed: ${error.message}`)
          : error;
      }
    };
  }

  const pageOf = (query: URLSearchParams) => Math.max(1, Math.floor(Number(query.get('page') ?? 1)) || 1);

  router.get(
    '/stored/products',
    answer(({ products }, { query }) =>
      products.search({
        text: query.get('text') ?? undefined,
        category: query.get('category') ?? undefined,
        page: pageOf(query),
      }),
    ),
  );

  router.get(
    '/stored/products/after',
    answer(({ products }, { query }) =>
      products.searchAfter(wanted(query, 'category'), query.get('text') ?? '', query.get('name') ?? ''),
    ),
  );

  router.get(
    '/stored/audits',
    answer(({ audits }, { query }) =>
      audits.list({
        actor: query.get('actor') ?? undefined,
        from: dateOf(query, 'from'),
        to: dateOf(query, 'to'),
        page: pageOf(query),
      }),
    ),
  );

  router.get(
    '/stored/audits/before',
    answer(({ audits }, { query }) => audits.listBefore(wanted(query, 'actor'), dateOf(query, 'at'))),
  );

  router.get(
    '/stored/audits/actions',
    answer(({ audits }, { query }) => audits.actionsSince(dateOf(query, 'from'))),
  );

  router.get(
    '/stored/orders',
    answer(({ orders }, { query }) =>
      orders.ofCustomer(wanted(query, 'customer'), (query.get('status') ?? 'open') as OrderStatus),
    ),
  );

  router.get(
    '/stored/orders/products',
    answer(({ orders }, { query }) => orders.withProducts(wanted(query, 'customer'), 5)),
  );

  router.get(
    '/stored/orders/count',
    answer(async ({ orders }, { query }) => ({
      orders: await (query.get('exact') === 'no' ? orders.countRoughly() : orders.countAll()),
    })),
  );

  router.post(
    '/stored/orders',
    answer(async ({ orders, audits }, { message }) => {
      const { id, customer, lines, totalCents, placedAt } = desk.place(await readJson<OrderRequest>(message));
      const at = new Date(placedAt);
      const number = 1_000_000 + id;
      await orders.place({ number, customer, status: 'paid', placedAt: at, lines, totalCents });
      await audits.record({
        at,
        actor: customer,
        action: 'order.place',
        target: String(number),
        address: message.socket.remoteAddress ?? '',
      });
      return { number };
    }, 201),
  );

  router.post(
    '/stored/orders/shipped',
    answer(async ({ orders }, { query }) => ({ shipped: await orders.markShipped(Number(wanted(query, 'number'))) })),
  );

  router.get(
    '/stored/customers',
    answer(({ customers }, { query }) => customers.latestOfCity(wanted(query, 'city'))),
  );

  router.get(
    '/stored/customers/by-email',
    answer(async ({ customers }, { query }) => {
      const email = wanted(query, 'email');
      return query.get('exact') === 'yes' ? customers.findByStoredEmail(email) : customers.findByEmail(email);
    }),
  );

  return {
    state: () => (database ? 'connected' : reason),
    close: async () => {
      await opening;
      await database?.close();
    },
  };
}

function wanted(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (!value) throw new HttpError(400, `the request needs ?${name}=`);
  return value;
}

function dateOf(query: URLSearchParams, name: string): Date {
  const date = new Date(wanted(query, name));
  if (Number.isNaN(date.getTime())) throw new HttpError(400, `${name} is no date`);
  return date;
}
