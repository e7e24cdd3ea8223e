import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { createCatalog } from '../../../../demo/service/src/catalog/catalog';
import { seed } from '../../../../demo/service/src/data/seed';
import { addDatabaseRoutes } from '../../../../demo/service/src/database/databaseRoutes';
import { Router } from '../../../../demo/service/src/http/router';
import { OrderDesk } from '../../../../demo/service/src/orders/orderDesk';
import { startTestDatabase } from '../../../support/database';
import type { StartedDatabase } from '../../../support/database';

interface Shop {
  request(path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  state(): string;
  close(): Promise<void>;
}

async function startShop(uri: string | undefined): Promise<Shop> {
  const router = new Router();
  const database = addDatabaseRoutes(router, new OrderDesk(createCatalog(800)), uri);
  const server = createServer((message, response) => void router.handle(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async request(path, body) {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const reply = await fetch(`http://127.0.0.1:${port}/stored${path}`, init);
      return { status: reply.status, body: await reply.json() };
    },
    state: () => database.state(),
    async close() {
      server.closeAllConnections();
      server.close();
      await database.close();
    },
  };
}

describe('the shop without a database', () => {
  it('says so where it would be asked', async () => {
    const shop = await startShop(undefined);
    try {
      const { status, body } = await shop.request('/products?category=furniture');
      assert.deepEqual([status, body], [503, { error: 'no database: start the shop with MONGODB_URI' }]);
      assert.equal(shop.state(), 'no database: start the shop with MONGODB_URI');
    } finally {
      await shop.close();
    }
  });

  it('says why it has none', async () => {
    const shop = await startShop('mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=300&connectTimeoutMS=300');
    try {
      assert.equal(shop.state(), 'the database is not connected yet');
      for (const end = Date.now() + 15_000; !shop.state().startsWith('no database') && Date.now() < end;)
        await sleep(50);
      const { status, body } = await shop.request('/orders/count');
      assert.equal(status, 503);
      assert.match((body as { error: string }).error, /^no database: .*127\.0\.0\.1:1/);
    } finally {
      await shop.close();
    }
  });
});

describe('the shop with a database', function () {
  this.timeout(60_000);
  let database: StartedDatabase;
  let client: MongoClient;
  let shop: Shop;

  before(async () => {
    database = await startTestDatabase();
    client = await MongoClient.connect(database.uri);
    await seed(client.db());
    shop = await startShop(database.uri);
    for (const end = Date.now() + 15_000; shop.state() !== 'connected' && Date.now() < end;) await sleep(50);
  });

  after(async () => {
    await shop?.close();
    await client?.close();
    await database?.stop();
  });

  async function read<T>(path: string): Promise<T> {
    const { status, body } = await shop.request(path);
    assert.equal(status, 200, JSON.stringify(body));
    return body as T;
  }

  it('pages products, by number and by name alike', async () => {
    interface Page {
      total: number;
      products: { name: string; category: string }[];
    }
    const first = await read<Page>('/products?category=furniture&text=OAK');
    assert.equal(first.total, 1200);
    assert.equal(first.products.length, 20);
    assert.ok(first.products.every(({ name, category }) => name.includes(' oak ') && category === 'furniture'));
    const second = await read<Page>('/products?category=furniture&text=OAK&page=2');
    const behind = await read<Page['products']>(
      `/products/after?category=furniture&text=OAK&name=${encodeURIComponent(first.products[19].name)}`,
    );
    assert.deepEqual(behind, second.products);
    // What a customer types is no pattern.
    assert.equal((await read<Page>('/products?text=o.k')).total, 0);
    assert.equal((await read<Page>('/products')).total, 24_000);
  });

  it('pages audits, by number and by time alike', async () => {
    const range = 'from=2025-01-01&to=2025-07-01';
    const page = (number: number) =>
      read<{ at: string; actor: string }[]>(`/audits?actor=clerk-7&${range}&page=${number}`);
    const [first, second] = [await page(1), await page(2)];
    assert.ok(first.length === 50 && first.every(({ actor }) => actor === 'clerk-7') && first[0].at > first[49].at);
    assert.deepEqual(await read(`/audits/before?actor=clerk-7&at=${first[49].at}`), second);
    const actions = await read<{ action: string; count: number }[]>('/audits/actions?from=2025-06-01');
    assert.equal(actions[0].action, 'login');
    assert.equal((await shop.request('/audits?from=yesterday&to=2025-07-01')).status, 400);
  });

  it('shows orders with their products, takes new ones and records them', async () => {
    const orders = await read<{ customer: string; status: string }[]>('/orders?customer=customer-42&status=paid');
    assert.ok(
      orders.length > 0 && orders.every(({ customer, status }) => customer === 'customer-42' && status === 'paid'),
    );
    const [latest] = await read<{ products: { name: string }[] }[]>('/orders/products?customer=customer-42');
    assert.ok(latest.products.length > 0 && latest.products.every(({ name }) => / No\. \d+$/.test(name)));

    const { orders: before } = await read<{ orders: number }>('/orders/count');
    const placed = await shop.request('/orders', {
      customer: 'customer-42',
      lines: [{ sku: 'SKU-00007', quantity: 2 }],
    });
    assert.equal(placed.status, 201);
    const { number } = placed.body as { number: number };
    assert.equal((await read<{ orders: number }>('/orders/count')).orders, before + 1);
    assert.equal((await read<{ orders: number }>('/orders/count?exact=no')).orders, before + 1);
    assert.equal(
      await client
        .db()
        .collection('audits')
        .countDocuments({ action: 'order.place', target: String(number) }),
      1,
    );
    const shipped = () => shop.request(`/orders/shipped?number=${number}`, {}).then(({ body }) => body);
    assert.deepEqual([await shipped(), await shipped()], [{ shipped: true }, { shipped: false }]);
    assert.equal((await shop.request('/orders')).status, 400);
  });

  it('finds customers however their address is written', async () => {
    const known = await client
      .db()
      .collection('customers')
      .findOne({}, { projection: { _id: 0, email: 1, number: 1 } });
    assert.ok(known);
    const email = encodeURIComponent(String(known.email).toUpperCase());
    for (const exact of ['no', 'yes']) {
      assert.equal(
        (await read<{ number: string }>(`/customers/by-email?email=${email}&exact=${exact}`)).number,
        known.number,
      );
    }
    const latest = await read<{ joinedAt: string }[]>('/customers?city=Graz');
    assert.equal(latest.length, 20);
    assert.deepEqual(
      latest.map(({ joinedAt }) => joinedAt),
      latest
        .map(({ joinedAt }) => joinedAt)
        .sort()
        .reverse(),
    );
  });
});
