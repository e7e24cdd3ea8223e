import { MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import { AuditStore } from '../audit/auditStore';
import * as customers from '../customers/customerDirectory';
import { OrderStore } from '../orders/orderStore';
import { ProductSearch } from '../products/productSearch';

/** The part of the shop that is kept in MongoDB. */
export interface ShopDatabase {
  readonly products: ProductSearch;
  readonly audits: AuditStore;
  readonly orders: OrderStore;
  readonly customers: typeof customers;
  close(): Promise<void>;
}

/** Connects; throws where the server does not answer within 5 s. */
export async function openDatabase(uri: string): Promise<ShopDatabase> {
  const options = { serverSelectionTimeoutMS: 5000, appName: 'shop' };
  const client = new MongoClient(uri, options);
  try {
    await client.connect();
    await mongoose.connect(uri, options);
  } catch (error) {
    await client.close();
    throw error;
  }
  const database = client.db();
  return {
    products: new ProductSearch(database),
    audits: new AuditStore(database),
    orders: new OrderStore(database),
    customers,
    close: async () => {
      await mongoose.disconnect();
      await client.close();
    },
  };
}
