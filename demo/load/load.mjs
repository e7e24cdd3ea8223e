// Keeps the sample service busy: node demo/load/load.mjs [--url=http://127.0.0.1:8420] [--rate=60] [--seconds=0]
// `rate` is requests per second over all routes; 0 seconds means until it is ended. One in forty goes to the routes that
// answer from MongoDB, when the service says that it is connected to one.
import { Agent, request } from 'node:http';

const options = { url: 'http://127.0.0.1:8420', rate: 60, seconds: 0 };
for (const arg of process.argv.slice(2)) {
  const match = /^--(url|rate|seconds)=(.+)$/.exec(arg);
  if (!match) {
    console.error(`Unknown option ${arg}. Use --url=URL --rate=PER_SECOND --seconds=N.`);
    process.exit(2);
  }
  options[match[1]] = match[1] === 'url' ? match[2] : Number(match[2]);
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const searches = ['quiet oak tabel', 'modren lamp', 'coper kettle', 'lether bench', 'walnut shelf', 'bamboo baskt'];
const counts = { done: 0, failed: 0, skipped: 0 };
let open = 0;
let number = 0;

const day = (number) => new Date(Date.UTC(2025, 0, 1 + number)).toISOString();
const picked = (list) => list[round % list.length];
/** What customers and clerks ask of the database, in turn; most of it is read. */
const databaseRequests = [
  () =>
    send(
      'GET',
      `/stored/products?category=furniture&text=${picked(['oak', 'walnut', 'Steel', 'marble'])}&page=${1 + (round % 40)}`,
    ),
  () => send('GET', `/stored/audits?actor=clerk-${round % 40}&from=${day(0)}&to=${day(180)}&page=${1 + (round % 25)}`),
  () => send('GET', `/stored/products?category=${picked(['kitchen', 'textiles', 'gifts'])}&page=${1 + (round % 60)}`),
  () => send('GET', `/stored/orders?customer=customer-${round % 500}&status=${picked(['open', 'paid', 'shipped'])}`),
  () => send('POST', '/stored/orders', orderOf(round)),
  () => send('GET', `/stored/customers?city=${picked(['Graz', 'Lyon', 'Porto', 'Turku'])}`),
  () => send('GET', `/stored/orders/products?customer=customer-${round % 500}`),
  () => send('GET', `/stored/audits/actions?from=${day(150)}`),
  () => send('GET', '/stored/orders/count'),
  () => send('GET', '/stored/customers/by-email?email=Ada.Berg.17@Example.com'),
];
let round = 0;
let nextDatabaseRequest = 0;
let hasDatabase = false;

/** The service connects after it has started; it says when, or that it has no database. */
async function askForDatabase() {
  for (let asked = 0; asked < 30; asked += 1) {
    const health = await fetch(new URL('/health', options.url)).then(
      (reply) => reply.json(),
      () => undefined,
    );
    hasDatabase = health?.database === 'connected';
    if (hasDatabase || health?.database?.startsWith('no database')) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function orderOf(number) {
  const sku = (offset) => `SKU-${String((number * 13 + offset) % 800).padStart(5, '0')}`;
  const lines = [1, 2, 3].map((offset) => ({ sku: sku(offset * 101), quantity: offset }));
  return { customer: `customer-${number % 500}`, lines };
}

function send(method, path, body) {
  open += 1;
  const text = body && JSON.stringify(body);
  const headers = text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {};
  const call = request(new URL(path, options.url), { method, agent, headers }, (response) => {
    response.resume();
    response.on('end', () => {
      open -= 1;
      if (response.statusCode < 400) counts.done += 1;
      else counts.failed += 1;
    });
  });
  call.on('error', () => {
    open -= 1;
    counts.failed += 1;
  });
  call.end(text);
}

function next() {
  // A service that cannot keep up gets no longer queue than this.
  if (open >= 32) {
    counts.skipped += 1;
    return;
  }
  number += 1;
  if (hasDatabase && number % 40 === 7) {
    databaseRequests[nextDatabaseRequest]();
    nextDatabaseRequest = (nextDatabaseRequest + 1) % databaseRequests.length;
    if (nextDatabaseRequest === 0) round += 1;
  } else if (number % 60 === 0) send('GET', '/reports/daily');
  else if (number % 20 === 0) send('GET', '/audit');
  else if (number % 3 === 0) send('POST', '/orders', orderOf(number));
  else send('GET', `/products/search?q=${encodeURIComponent(searches[number % searches.length])}`);
}

void askForDatabase();
const started = Date.now();
let sent = 0;
const ticker = setInterval(() => {
  const due = ((Date.now() - started) / 1000) * options.rate;
  for (; sent < due; sent += 1) next();
  if (options.seconds && Date.now() - started > options.seconds * 1000) finish();
}, 20);

function finish() {
  clearInterval(ticker);
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `${counts.done} answered (${(counts.done / seconds).toFixed(0)}/s), ${counts.failed} failed, ${counts.skipped} left out`,
  );
  process.exit(0);
}
process.once('SIGINT', finish);
process.once('SIGTERM', finish);
