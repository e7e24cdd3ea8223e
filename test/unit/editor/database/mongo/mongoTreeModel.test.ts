import assert from 'node:assert/strict';
import {
  collectionRow,
  collectionRows,
  connectionRow,
  databaseRow,
} from '../../../../../src/editor/database/mongo/tree/mongoTreeModel';
import { serverText } from '../../../../../src/editor/database/mongo/connections/serverText';
import type { CollectionDetails } from '../../../../../src/node/database/mongo/collectionList';
import { fakeConnection } from '../fakeConnection';

const connection = connectionRow(
  { id: 'c', name: 'h', state: 'connected', connection: fakeConnection(), closed: 0 },
  true,
  's',
);
const products = {
  name: 'products',
  type: 'collection',
  validation: { validator: { $jsonSchema: { required: ['name'] } }, level: 'strict', action: 'warn' },
} as const;
const collection = collectionRow(databaseRow(connection, 'shop', true), products);
const usage = (operations: number) => ({ operations, since: '2024-06-01T00:00:00.000Z' });
const details: CollectionDetails = {
  facts: {
    rows: 48_211,
    averageBytes: 512,
    indexes: [
      { name: '_id_', columns: { _id: 1 }, options: {}, usage: usage(7) },
      { name: 'a_1', columns: { a: 1 }, options: {}, usage: usage(3) },
      { name: 'a_1_b_1', columns: { a: 1, b: 1 }, options: { unique: true }, usage: usage(9) },
      { name: 'c_1', columns: { c: 1 }, options: {}, usage: usage(0) },
    ],
  },
  indexBytes: { _id_: 2048 },
  unused: ['c_1'],
  redundant: [{ name: 'a_1', by: 'a_1_b_1' }],
};

describe('rows of the MongoDB view', () => {
  it('say of a connection which server it is, or why it failed', () => {
    assert.equal(connection.description, 'MongoDB 7.0.0 · used by this folder');
    const failed = connectionRow(
      { id: 'c', name: 'h', state: 'failed', failure: 'No server listens at h.', closed: 0 },
      false,
      's',
    );
    assert.deepEqual(
      [failed.description, failed.tooltip, failed.context],
      ['failed', 'No server listens at h.', 'mongoClosed'],
    );
    assert.equal(
      serverText({ product: 'cosmos', version: '4.2.0', topology: 'sharded' }),
      'Azure Cosmos DB 4.2.0, sharded',
    );
    assert.equal(serverText({ product: 'new', version: '', topology: 'single' }), 'unknown server');
  });

  it('have identities of their own', () => {
    const rows = collectionRows(collection, products, details);
    const ids = [connection, collection, ...rows].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(
      rows.every(
        ({ connection: id, database, collection: name }) => id === 'c' && database === 'shop' && name === 'products',
      ),
    );
  });

  it('tell documents, size, validation, indexes and their use, and what is wrong with them', () => {
    const rows = collectionRows(collection, products, details);
    const text = (label: string): string => rows.find((row) => row.label === label)?.description ?? '';
    assert.match(text('Documents'), /48.211/);
    assert.match(text('Schema validation'), /jsonSchema.*strict, warn/);
    assert.match(text('_id_'), /_id: 1.*kB.*7 uses since 2024-06-01/);
    assert.match(text('a_1'), /redundant$/);
    assert.match(text('a_1_b_1'), /unique/);
    assert.doesNotMatch(text('a_1_b_1'), /redundant|unused/);
    assert.match(text('c_1'), /not used since 2024-06-01.*unused$/);
    assert.match(rows.find(({ label }) => label === 'a_1')?.tooltip ?? '', /a_1_b_1 starts with all of its fields/);
  });

  it('say nothing of what could not be read', () => {
    const view = { name: 'open', type: 'view', viewOn: 'orders' } as const;
    assert.deepEqual(
      collectionRows(collection, view, undefined).map(({ label, description }) => [label, description]),
      [['Kind', 'view of orders']],
    );
    assert.deepEqual(
      collectionRows(collection, { name: 'x', type: 'collection' }, undefined).map(({ label }) => label),
      ['Kind', 'Schema validation'],
    );
  });
});
