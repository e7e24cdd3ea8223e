import assert from 'node:assert/strict';
import { nearNames } from '../../../../../src/core/database/nearNames';
import { fieldTypesOf, valuesFor } from '../../../../../src/core/database/mongo/sampledFields';
import type { Hole } from '../../../../../src/core/database/statement';

const place = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };
const hole = (path: string, type: Hole['type'] = 'unknown', name = path): Hole => ({ name, type, path, span: place });
const int = (value: number) => ({ $numberInt: String(value) });
const oid = { $oid: '64b7f0c2a1b2c3d4e5f60718' };

describe('fieldTypesOf', () => {
  it('tells the types of every field, lists as such and as what they hold', () => {
    const documents = [
      {
        _id: oid,
        n: int(1),
        tags: ['a', 'b'],
        address: { city: 'X', geo: [{ $numberDouble: '1.5' }] },
        lines: [{ sku: 's' }, { sku: int(1) }],
      },
      { _id: oid, n: { $numberLong: '5' }, at: { $date: { $numberLong: '5' } }, gone: null, ok: true },
    ];
    assert.deepEqual(fieldTypesOf(documents), {
      _id: ['objectId'],
      n: ['number'],
      tags: ['array', 'string'],
      address: ['object'],
      'address.city': ['string'],
      'address.geo': ['array', 'number'],
      lines: ['array', 'object'],
      'lines.sku': ['number', 'string'],
      at: ['date'],
      gone: ['null'],
      ok: ['bool'],
    });
  });

  it('does not read deep or wide documents to their end', () => {
    let deep: Record<string, unknown> = {};
    for (let at = 0; at < 10_000; at++) deep = { a: deep };
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, 1]));
    assert.ok(Object.keys(fieldTypesOf([deep, wide])).length < 3_000);
  });
});

describe('valuesFor', () => {
  const documents = [
    { _id: oid, category: null },
    {
      _id: oid,
      category: 'Books & more',
      price: int(5),
      tags: ['new', 'old'],
      address: { city: 'Bonn' },
      lines: [{ sku: 's1' }],
      active: true,
      'b c': int(7),
    },
  ];
  const cases: [path: string, type: Hole['type'], expected: unknown][] = [
    ['filter.category', 'string', 'Books & more'],
    ['filter.category', 'unknown', 'Books & more'],
    ['filter.category.$regex', 'string', 'Books'],
    ['filter.category', 'regex', { $regularExpression: { pattern: 'Books', options: '' } }],
    ['filter.category', 'number', undefined],
    ['filter.category.$in', 'array', ['Books & more']],
    ['filter.tags', 'unknown', 'new'],
    ['filter.tags.$all', 'array', ['new', 'old']],
    ['filter.price.$gte', 'number', int(5)],
    ['filter._id', 'objectId', oid],
    ['filter._id', 'string', undefined],
    ['filter.address.city', 'string', 'Bonn'],
    ['filter.address', 'document', { city: 'Bonn' }],
    ['filter.lines.$elemMatch.sku', 'string', 's1'],
    ['filter.$or[1].active', 'boolean', true],
    ['filter["b c"]', 'number', int(7)],
    ['pipeline[0].$match.category', 'string', 'Books & more'],
    ['pipeline[3].$facet.rows[0].$match.price', 'number', int(5)],
    ['pipeline[1].$skip', 'number', int(0)],
    ['pipeline[2].$limit', 'number', int(20)],
    ['skip', 'number', int(0)],
    ['limit', 'unknown', int(20)],
    ['pipeline[0].$project.category', 'string', undefined],
    ['filter.nothing', 'unknown', undefined],
    ['sort.price', 'number', undefined],
    ['update.$set.price', 'number', int(5)],
  ];
  for (const [path, type, expected] of cases) {
    it(`gives ${JSON.stringify(expected) ?? 'nothing'} for ${path} (${type})`, () => {
      assert.deepEqual(valuesFor([hole(path, type)], documents).get(path), expected);
    });
  }

  it('takes them from one document where it has them, so that the statement finds it', () => {
    const mixed = [{ a: int(1) }, { a: int(2), b: int(2) }, { b: int(3), c: int(3) }];
    const values = valuesFor(
      [hole('filter.a', 'number', 'a'), hole('filter.b', 'number', 'b'), hole('filter.c', 'number', 'c')],
      mixed,
    );
    assert.deepEqual(
      [...values],
      [
        ['a', int(2)],
        ['b', int(2)],
        ['c', int(3)],
      ],
    );
  });
});

describe('valuesFor a range', () => {
  it('leaves something between its ends', () => {
    const at = (millis: number) => ({ $date: { $numberLong: String(millis) } });
    const documents = [
      { at: at(20), n: int(9) },
      { at: at(100), n: int(10) },
      { at: at(3), n: int(1) },
    ];
    const values = valuesFor(
      [
        hole('filter.at.$gte', 'date', 'from'),
        hole('filter.at.$lt', 'date', 'to'),
        hole('filter.n.$lte', 'number', 'most'),
        hole('filter.n.$gt', 'number', 'least'),
      ],
      documents,
    );
    assert.deepEqual(Object.fromEntries(values), { from: at(3), to: at(100), most: int(10), least: int(1) });
    assert.deepEqual(valuesFor([hole('filter.n.$gt', 'number', 'least')], documents).get('least'), int(9));
  });
});

describe('nearNames', () => {
  it('finds what is meant', () => {
    const names = ['orders', 'products', 'audits', 'customers', 'openOrders', 'nodes', 'edges'];
    assert.deepEqual(nearNames('order', names), ['orders', 'openOrders']);
    assert.deepEqual(nearNames('Prodcuts', names), ['products']);
    assert.equal(nearNames('zzzzzzzzzz', names).length, 5);
    assert.deepEqual(nearNames('x', []), []);
  });
});
