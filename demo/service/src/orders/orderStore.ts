import type { Collection, Db } from 'mongodb';

export type OrderStatus = 'open' | 'paid' | 'shipped' | 'returned';

export interface StoredOrder {
  readonly number: number;
  readonly customer: string;
  readonly status: OrderStatus;
  readonly placedAt: Date;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly cents: number }[];
  readonly totalCents: number;
}

export interface OrderWithProducts extends StoredOrder {
  readonly products: readonly { readonly sku: string; readonly name: string }[];
}

const RECENT = 20;

/** The orders of the shop, and of each customer. */
export class OrderStore {
  private readonly orders: Collection<StoredOrder>;

  constructor(database: Db) {
    this.orders = database.collection<StoredOrder>('orders');
  }

  /** Latest first. */
  async ofCustomer(customer: string, status: OrderStatus): Promise<StoredOrder[]> {
    return this.orders.find({ customer, status }).sort({ placedAt: -1 }).limit(RECENT).toArray();
  }

  /** The latest few with the names of what was ordered. */
  async withProducts(customer: string, count: number): Promise<OrderWithProducts[]> {
    return this.orders
      .aggregate<OrderWithProducts>([
        { $match: { customer } },
        { $sort: { placedAt: -1 } },
        { $limit: count },
        { $lookup: { from: 'products', localField: 'lines.sku', foreignField: 'sku', as: 'products' } },
        {
          $project: { _id: 0, number: 1, status: 1, placedAt: 1, totalCents: 1, 'products.sku': 1, 'products.name': 1 },
        },
      ])
      .toArray();
  }

  /** How many orders there ever were, for the dashboard. */
  async countAll(): Promise<number> {
    return this.orders.countDocuments({});
  }

  /** The same from the collection's metadata: how `countAll` could do it. */
  async countRoughly(): Promise<number> {
    return this.orders.estimatedDocumentCount();
  }

  async place(order: StoredOrder): Promise<void> {
    await this.orders.insertOne(order);
  }

  async markShipped(number: number): Promise<boolean> {
    const { matchedCount } = await this.orders.updateOne({ number, status: 'paid' }, { $set: { status: 'shipped' } });
    return matchedCount === 1;
  }
}
