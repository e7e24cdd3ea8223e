import type { StoredAudit } from '../audit/auditStore';
import { createCatalog } from '../catalog/catalog';
import type { Customer } from '../customers/customerModel';
import type { OrderStatus, StoredOrder } from '../orders/orderStore';
import type { StoredProduct } from '../products/productSearch';

/** How many documents each collection gets. */
export const SIZES = { products: 24_000, audits: 60_000, orders: 20_000, customers: 5_000 } as const;

const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY = 24 * 3600 * 1000;
const DAYS = 180;

const categories: Readonly<Record<string, string>> = {
  table: 'furniture',
  chair: 'furniture',
  shelf: 'furniture',
  bench: 'furniture',
  lamp: 'furniture',
  mirror: 'furniture',
  kettle: 'kitchen',
  teapot: 'kitchen',
  basket: 'kitchen',
  blanket: 'textiles',
  carpet: 'textiles',
  clock: 'gifts',
};
const actions = ['login', 'login', 'login', 'view', 'view', 'price.change', 'order.refund', 'export'];
const statuses: readonly OrderStatus[] = [
  'open',
  'paid',
  'paid',
  'shipped',
  'shipped',
  'shipped',
  'shipped',
  'returned',
];
const cities = ['Bergen', 'Ghent', 'Graz', 'Leeds', 'Lyon', 'Porto', 'Turku', 'Utrecht'];
const firstNames = ['Ada', 'Bo', 'Cleo', 'Dag', 'Eva', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jon'];
const lastNames = ['Berg', 'Costa', 'Dahl', 'Egger', 'Faure', 'Gruber', 'Hansen', 'Ivers'];

/** The same numbers on every run, so that plans can be compared: 0 up to, not including, `below`. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** The catalog that the shop searches in memory, in many series. */
export function* products(): Generator<StoredProduct> {
  const seen = new Map<string, number>();
  for (const [index, product] of createCatalog(SIZES.products).entries()) {
    const series = (seen.get(product.name) ?? 0) + 1;
    seen.set(product.name, series);
    const { sku, name, description, priceCents, stock } = product;
    const thing = name.slice(name.lastIndexOf(' ') + 1);
    yield {
      _id: index + 1,
      sku,
      name: `${name} No. ${series}`,
      category: categories[thing],
      description,
      priceCents,
      stock,
    };
  }
}

export function* audits(): Generator<StoredAudit> {
  const dice = createDice(11);
  for (let index = 0; index < SIZES.audits; index += 1) {
    yield {
      at: new Date(FIRST_DAY + Math.floor((index / SIZES.audits) * DAYS * DAY) + dice(1000)),
      actor: `clerk-${dice(40)}`,
      action: actions[dice(actions.length)],
      target: `SKU-${String(dice(SIZES.products)).padStart(5, '0')}`,
      address: `10.0.${dice(4)}.${dice(250)}`,
    };
  }
}

export function* orders(): Generator<StoredOrder> {
  const dice = createDice(23);
  for (let index = 0; index < SIZES.orders; index += 1) {
    const lines = Array.from({ length: 1 + dice(3) }, () => {
      const quantity = 1 + dice(4);
      return {
        sku: `SKU-${String(dice(SIZES.products)).padStart(5, '0')}`,
        quantity,
        cents: quantity * (990 + dice(40_000)),
      };
    });
    yield {
      number: index + 1,
      customer: `customer-${dice(500)}`,
      status: statuses[dice(statuses.length)],
      placedAt: new Date(FIRST_DAY + Math.floor((index / SIZES.orders) * DAYS * DAY) + dice(1000)),
      lines,
      totalCents: lines.reduce((sum, { cents }) => sum + cents, 0),
    };
  }
}

export function* customers(): Generator<Customer> {
  const dice = createDice(37);
  for (let index = 0; index < SIZES.customers; index += 1) {
    const first = firstNames[dice(firstNames.length)];
    const last = lastNames[dice(lastNames.length)];
    yield {
      number: `customer-${index}`,
      name: `${first} ${last}`,
      email: `${first}.${last}.${index}@example.com`.toLowerCase(),
      city: cities[dice(cities.length)],
      joinedAt: new Date(FIRST_DAY - dice(1000) * DAY),
    };
  }
}
