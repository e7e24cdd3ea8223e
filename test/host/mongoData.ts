import type { MongoClient } from 'mongodb';

export interface Product {
  readonly _id: number;
  readonly sku: string;
  readonly category: string;
  readonly active: boolean;
  readonly price: number;
}

/** 3,000 products; 20 of them are active tents. */
export async function seedProducts(client: MongoClient): Promise<readonly Product[]> {
  const categories = ['shoes', 'jackets', 'bags', 'hats', 'stoves', 'ropes'];
  const all = Array.from({ length: 3000 }, (_, at): Product => ({
    _id: at,
    sku: `S-${at}`,
    category: at % 150 === 0 ? 'tents' : categories[at % categories.length],
    active: true,
    price: (at * 37) % 500,
  }));
  const products = client.db('shop').collection<Product>('products');
  await products.insertMany(all);
  return all;
}
