import { Schema, model } from 'mongoose';

export interface Customer {
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly joinedAt: Date;
}

const customerSchema = new Schema<Customer>(
  {
    number: { type: String, required: true },
    name: { type: String, required: true },
    email: { type: String, required: true },
    city: { type: String, required: true },
    joinedAt: { type: Date, required: true },
  },
  // Indexes are the operator's business, not the application's.
  { autoIndex: false, autoCreate: false, versionKey: false },
);

export const CustomerModel = model<Customer>('Customer', customerSchema);
