// A JSON service as people write them: bodies in and out, validation, look-ups in indexes, filters and maps over some
// hundred objects, sorting, grouping, templates, signatures, a log, awaits between. Nothing is there only to burn time,
// and nothing is served from a cache.
'use strict';
const { createHash, createHmac } = require('node:crypto');
const { createServer } = require('node:http');

const words =
  'amber birch cedar delta ember frost grove haven ivory jade karma linen maple north ocean pearl quartz river slate tulip'.split(
    ' ',
  );
const at = (list, n) => list[n % list.length];

const products = Array.from({ length: 300 }, (_, id) => ({
  id,
  name: `${at(words, id * 7)} ${at(words, id * 3 + 1)} ${id}`,
  tags: [at(words, id), at(words, id + 5), at(words, id * 11)],
  cents: 199 + ((id * 7919) % 20000),
  stock: (id * 31) % 90,
  ratings: Array.from({ length: 12 }, (__, n) => 1 + ((id * 13 + n * 7) % 5)),
}));

const customers = new Map(
  Array.from({ length: 80 }, (_, id) => [
    id,
    {
      id,
      name: `${at(words, id)} ${at(words, id * 5 + 2)}`,
      tier: at(['basic', 'plus', 'pro'], id),
      country: at(['DE', 'FR', 'US', 'IN'], id),
    },
  ]),
);

const orders = Array.from({ length: 1200 }, (_, id) => ({
  id,
  customer: (id * 17) % 80,
  day: id % 60,
  at: new Date(1_700_000_000_000 + id * 3_600_000),
  lines: Array.from({ length: 1 + (id % 4) }, (__, n) => ({
    product: (id * 29 + n * 53) % products.length,
    count: 1 + ((id + n) % 5),
  })),
}));

class Money {
  constructor(cents) {
    this.cents = cents;
  }

  plus(other) {
    return new Money(this.cents + other.cents);
  }

  times(factor) {
    return new Money(Math.round(this.cents * factor));
  }

  toString() {
    return `${(this.cents / 100).toFixed(2)} EUR`;
  }
}

class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function tokens(text) {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

const ordersByDay = groupBy(orders, ({ day }) => day);
const productsByWord = new Map();
for (const product of products) {
  for (const word of new Set([...tokens(product.name), ...product.tags])) {
    const list = productsByWord.get(word);
    if (list) list.push(product);
    else productsByWord.set(word, [product]);
  }
}

function average(numbers) {
  return numbers.length ? numbers.reduce((sum, number) => sum + number, 0) / numbers.length : 0;
}

function view(product) {
  return {
    ...product,
    price: new Money(product.cents).toString(),
    rating: average(product.ratings).toFixed(1),
    available: product.stock > 0,
  };
}

function search(query) {
  const found = new Map();
  for (const word of tokens(query)) {
    for (const product of productsByWord.get(word) ?? []) {
      const match = found.get(product.id);
      if (match) match.points += 3;
      else found.set(product.id, { product, points: product.tags.includes(word) ? 2 : 1 });
    }
  }
  const matches = [...found.values()].sort((a, b) => b.points - a.points || a.product.cents - b.product.cents);
  return {
    query,
    count: matches.length,
    products: matches.slice(0, 60).map(({ product, points }) => ({ ...view(product), points })),
  };
}

function catalog(page, by) {
  const available = products.filter(({ stock }) => stock > 20);
  available.sort(by === 'name' ? (a, b) => (a.name < b.name ? -1 : 1) : (a, b) => a.cents - b.cents);
  return {
    page,
    pages: Math.ceil(available.length / 100),
    products: available.slice(page * 100, page * 100 + 100).map(view),
  };
}

function discountOf(customer) {
  switch (customer.tier) {
    case 'pro':
      return 0.15;
    case 'plus':
      return 0.05;
    default:
      return 0;
  }
}

function priceLine(line, discount) {
  return new Money(products[line.product].cents).times(line.count).times(1 - discount);
}

// As stored with the order when it was placed.
for (const order of orders) {
  const discount = discountOf(customers.get(order.customer));
  order.cents = order.lines
    .map((line) => priceLine(line, discount))
    .reduce((sum, price) => sum.plus(price), new Money(0)).cents;
}

function revenue(from, to) {
  const chosen = [];
  for (let day = from; day < to; day++) chosen.push(...(ordersByDay.get(day % 60) ?? []));
  return [...groupBy(chosen, ({ customer }) => customers.get(customer).country)]
    .map(([country, list]) => ({
      country,
      orders: list.length,
      customers: new Set(list.map(({ customer }) => customer)).size,
      total: new Money(list.reduce((sum, { cents }) => sum + cents, 0)).toString(),
    }))
    .sort((a, b) => a.country.localeCompare(b.country));
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text) {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (c) => entities[c]) : text;
}

function orderPage(page) {
  const rows = orders.slice(page * 100, page * 100 + 100).map((order) => {
    const customer = customers.get(order.customer);
    const cells = [
      String(order.id),
      customer.name,
      customer.country,
      order.at.toISOString(),
      new Money(order.cents).toString(),
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<!doctype html><title>Orders</title><table>${rows.join('\n')}</table>`;
}

async function findCustomer(id) {
  await null;
  const customer = customers.get(id);
  if (!customer) throw new HttpError(404, `no customer ${id}`);
  return customer;
}

function checkLine(line) {
  if (!Number.isInteger(line.product) || !products[line.product]) throw new HttpError(400, 'no such product');
  if (!(line.count > 0 && line.count < 1000)) throw new HttpError(400, 'no such count');
  return line;
}

async function quote(body) {
  const customer = await findCustomer(body.customer);
  const discount = discountOf(customer);
  const lines = await Promise.all(
    body.lines.map(checkLine).map(async (line) => {
      const price = priceLine(line, discount);
      return { ...line, name: products[line.product].name, price: price.toString(), cents: price.cents };
    }),
  );
  const total = lines.reduce((sum, { cents }) => sum + cents, 0);
  const id = createHash('sha1').update(JSON.stringify(lines)).digest('hex');
  return {
    id,
    customer,
    lines,
    total: new Money(total).toString(),
    alternatives: search(lines[0].name).products.slice(0, 5),
  };
}

async function importItems(body) {
  const byCode = new Map();
  const problems = [];
  for (const item of body.items) {
    const code = String(item.code).trim().toUpperCase();
    if (!/^[A-Z]{3}-\d+$/.test(code)) problems.push(`${item.code}: not a code`);
    else if (Number.isNaN(Date.parse(item.date))) problems.push(`${code}: not a date`);
    else byCode.set(code, { ...byCode.get(code), ...item, code, name: item.name.replace(/\s+/g, ' ').trim() });
  }
  await null;
  const items = [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  return { count: items.length, problems, items };
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const routes = [
  ['GET', /^\/search$/, (_match, url) => search(url.searchParams.get('q') ?? '')],
  ['GET', /^\/catalog\/(\d+)$/, ([, page], url) => catalog(Number(page), url.searchParams.get('by'))],
  ['GET', /^\/revenue\/(\d+)\/(\d+)$/, ([, from, to]) => revenue(Number(from), Number(to))],
  ['GET', /^\/orders\/page\/(\d+)$/, ([, page]) => orderPage(Number(page))],
  ['POST', /^\/quotes$/, async (_match, _url, request) => quote(await readJson(request))],
  ['POST', /^\/imports$/, async (_match, _url, request) => importItems(await readJson(request))],
];

const log = [];

function logRequest(request, status, bytes, ms) {
  log.push(
    `${new Date().toISOString()} ${request.method} ${request.url} ${status} ${bytes} ${ms.toFixed(1)}ms ${request.headers['user-agent']}`,
  );
  if (log.length >= 500) log.length = 0;
}

async function answer(request) {
  const url = new URL(request.url, 'http://localhost');
  for (const [method, pattern, handler] of routes) {
    const match = request.method === method && pattern.exec(url.pathname);
    if (match) return handler(match, url, request);
  }
  throw new HttpError(404, 'no such page');
}

async function serve(request, response) {
  const started = performance.now();
  let status = 200;
  let result;
  try {
    result = await answer(request);
  } catch (error) {
    status = error.status ?? 500;
    result = { error: error.message };
  }
  const isText = typeof result === 'string';
  const body = isText ? result : JSON.stringify(result);
  response.writeHead(status, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-signature': createHmac('sha256', 'secret').update(body).digest('base64'),
  });
  response.end(body);
  logRequest(request, status, body.length, performance.now() - started);
}

const server = createServer((request, response) => {
  void serve(request, response);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
