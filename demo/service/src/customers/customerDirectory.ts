import { CustomerModel } from './customerModel';
import type { Customer } from './customerModel';

const LATEST = 20;

/** Whoever has this address, however it is written. */
export async function findByEmail(email: string): Promise<Customer | null> {
  return CustomerModel.findOne({
    email: { $regex: `^${email.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, $options: 'i' },
  }).lean();
}

/** Addresses are kept in lower case, so comparing them is enough: how `findByEmail` could do it, given an index on email. */
export async function findByStoredEmail(email: string): Promise<Customer | null> {
  return CustomerModel.findOne({ email: email.toLowerCase() }).lean();
}

export async function latestOfCity(city: string): Promise<Customer[]> {
  return CustomerModel.find({ city }).select('number name joinedAt').sort('-joinedAt').limit(LATEST).lean();
}
