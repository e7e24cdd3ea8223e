import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditLog } from './audit/auditLog';
import { createCatalog } from './catalog/catalog';
import { ProductSearch } from './catalog/search';
import { addDatabaseRoutes } from './database/databaseRoutes';
import { Router, readJson, sendJson } from './http/router';
import { OrderDesk } from './orders/orderDesk';
import type { OrderRequest } from './orders/order';
import { ReportPool } from './reports/reportPool';

const catalog = createCatalog(800);
const search = new ProductSearch(catalog);
const desk = new OrderDesk(catalog);
const audit = new AuditLog(200);
const reports = new ReportPool(1);

const router = new Router();

const database = addDatabaseRoutes(router, desk, process.env.MONGODB_URI);

router.get('/health', (_request, response) => {
  sendJson(response, 200, { status: 'ok', orders: desk.orderCount, database: database.state() });
});

router.get('/products/search', (request, response) => {
  const text = request.query.get('q') ?? '';
  const results = search.find(text, 10);
  audit.record('search', { text, results });
  sendJson(response, 200, results);
});

router.post('/orders', async (request, response) => {
  const order = desk.place(await readJson<OrderRequest>(request.message));
  audit.record('order', { order, customer: order.customer });
  sendJson(response, 201, order);
});

router.get('/audit', (_request, response) => sendJson(response, 200, audit.latest(20)));

router.get('/reports/daily', async (_request, response) => {
  sendJson(response, 200, await reports.dailyRevenue(desk.latestTotals(500)));
});

const server = createServer((message, response) => void router.handle(message, response));

server.listen(Number(process.env.PORT ?? 8420), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`shop listens on http://127.0.0.1:${port} (pid ${process.pid}, Node ${process.version})`);
});

function shutDown(): void {
  server.closeAllConnections();
  server.close();
  void reports.close();
  void database.close();
}

process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
