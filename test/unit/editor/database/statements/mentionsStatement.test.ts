import assert from 'node:assert/strict';
import { mentionsStatement } from '../../../../../src/editor/database/statements/mentionsStatement';

describe('the look that decides whether the code for queries is loaded', () => {
  it('sees the calls of every driver', () => {
    const calls = [
      'db.collection("a").find({})',
      'orders\n  .aggregate([])',
      'Product.findById(id)',
      'products.find_one({"a": 1})',
      'collection.count_documents({})',
      'collection.estimatedDocumentCount()',
      'Model.findOneAndUpdate({}, {})',
      'col.find<Product>({ a: 1 })',
      'User.exists({ a })',
      'c.bulkWrite([])',
      'c.insertMany([])',
      'Post.where("a")',
      'c.update_many({}, {})',
    ];
    assert.deepEqual(
      calls.filter((call) => !mentionsStatement(call)),
      [],
    );
  });

  it('leaves ordinary code alone', () => {
    const others = [
      'const found = list.filter((x) => x.count > 1);',
      'import { find } from "lodash";',
      'update(x)',
      'a.replace(/x/, "y")',
      'Object.create(null)',
      'hash.update(text)',
    ];
    assert.deepEqual(others.filter(mentionsStatement), []);
  });

  it('takes no time on large texts', () => {
    const text = '.find <'.repeat(200_000);
    const started = performance.now();
    mentionsStatement(text);
    assert.ok(performance.now() - started < 500);
  });
});
