import type { Collection, Db } from 'mongodb';

export interface StoredProduct {
  readonly _id: number;
  readonly sku: string;
  /** Unique. */
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly priceCents: number;
  readonly stock: number;
}

export interface ProductQuery {
  /** Part of the name, in any case. */
  readonly text?: string;
  readonly category?: string;
  /** From 1. */
  readonly page: number;
}

export interface ProductPage {
  readonly total: number;
  readonly products: readonly ListedProduct[];
}

export type ListedProduct = Pick<StoredProduct, 'sku' | 'name' | 'category' | 'priceCents'>;

const PAGE_SIZE = 20;

/** The product list of the shop's front page and of its search box. */
export class ProductSearch {
  private readonly products: Collection<StoredProduct>;

  constructor(database: Db) {
    this.products = database.collection<StoredProduct>('products');
  }

  /** One page by name, and how many products there are in all. */
  async search({ text, category, page }: ProductQuery): Promise<ProductPage> {
    const pipeline = [
      {
        $match: {
          ...(category ? { category } : {}),
          ...(text ? { name: { $regex: escapeRegExp(text), $options: 'i' } } : {}),
        },
      },
      { $sort: { name: 1 } },
      {
        $facet: {
          total: [{ $count: 'count' }],
          products: [
            { $skip: (page - 1) * PAGE_SIZE },
            { $limit: PAGE_SIZE },
            { $project: { _id: 0, sku: 1, name: 1, category: 1, priceCents: 1 } },
          ],
        },
      },
    ];
    const [found] = await this.products
      .aggregate<{ total: { count: number }[]; products: ListedProduct[] }>(pipeline)
      .toArray();
    return { total: found.total[0]?.count ?? 0, products: found.products };
  }

  /** The page behind the product of this name, without a count: how `search` could do it, given an index on category and name. */
  async searchAfter(category: string, text: string, lastName: string): Promise<ListedProduct[]> {
    return this.products
      .find({ category, name: { $gt: lastName, $regex: escapeRegExp(text), $options: 'i' } })
      .project<ListedProduct>({ _id: 0, sku: 1, name: 1, category: 1, priceCents: 1 })
      .sort({ name: 1 })
      .limit(PAGE_SIZE)
      .toArray();
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
