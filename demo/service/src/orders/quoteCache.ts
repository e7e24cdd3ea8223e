import type { Order } from './order';

interface Quote {
  readonly order: Order;
  readonly printed: string[];
}

/** Keeps the printed quote of an order, in case that the customer asks for it again. */
export class QuoteCache {
  private readonly quotes = new Map<number, Quote>();

  remember(order: Order): void {
    this.quotes.set(order.id, { order, printed: this.print(order) });
  }

  get(orderId: number): readonly string[] | undefined {
    return this.quotes.get(orderId)?.printed;
  }

  private print(order: Order): string[] {
    const printed = [`Quote ${order.id} for ${order.customer}`];
    for (const line of order.lines) {
      for (let copy = 1; copy <= 12; copy += 1) {
        printed.push([order.id, copy, line.sku, line.name.padEnd(60, '.'), line.cents].join(' '));
      }
    }
    return printed;
  }
}
