import type { Product } from '../catalog/catalog';
import type { Order, OrderLine, OrderRequest } from './order';
import { discountFor } from './pricing';
import { QuoteCache } from './quoteCache';

export class OrderDesk {
  private readonly bySku: ReadonlyMap<string, Product>;
  private readonly quotes = new QuoteCache();
  private readonly totals: number[] = [];
  private nextId = 1;

  constructor(catalog: readonly Product[]) {
    this.bySku = new Map(catalog.map((product) => [product.sku, product]));
  }

  get orderCount(): number {
    return this.nextId - 1;
  }

  place(request: OrderRequest): Order {
    if (!request.customer || !Array.isArray(request.lines)) throw new Error('an order needs a customer and lines');
    const id = this.nextId++;
    const lines = request.lines.map((line) => this.priceLine(line.sku, line.quantity));
    const sum = lines.reduce((cents, line) => cents + line.cents, 0);
    const totalCents = Math.round(sum * (1 - discountFor(request.customer, sum)));
    const order: Order = { id, customer: request.customer, lines, totalCents, placedAt: new Date().toISOString() };
    this.quotes.remember(order);
    this.totals.push(totalCents);
    if (this.totals.length > 5000) this.totals.shift();
    return order;
  }

  latestTotals(count: number): number[] {
    return this.totals.slice(-count);
  }

  private priceLine(sku: string, quantity: number): OrderLine {
    const product = this.bySku.get(sku);
    if (!product) throw new Error(`unknown product ${sku}`);
    return { sku, name: product.name, quantity, cents: product.priceCents * quantity };
  }
}
