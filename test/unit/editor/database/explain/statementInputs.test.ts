import assert from 'node:assert/strict';
import { decidedConditions } from '../../../../../src/core/database/mongo/calls/conditions';
import { markedText } from '../../../../../src/editor/database/explain/markedText';
import { StatementInputs } from '../../../../../src/editor/database/explain/statementInputs';
import { findStatements } from '../../../../support/findStatements';

const source = `
import { MongoClient } from 'mongodb';
export function search(db, category: string, limit: number, onlyActive: boolean) {
  return db.collection('products').find({ name: /shoe/, ...(onlyActive ? { active: true } : {}), category, price: { $lt: limit } }).limit(limit);
}`;
const [statement] = findStatements(source, 'search.ts');

describe('what a statement is asked for', () => {
  it('is each value that its text does not give, once', () => {
    const inputs = new StatementInputs();
    assert.deepEqual(
      inputs.fields(statement).map(({ name, type, value, source: from }) => ({ name, type, value, from })),
      [
        { name: 'category', type: 'string', value: null, from: 'none' },
        { name: 'limit', type: 'number', value: null, from: 'none' },
      ],
    );
    assert.match(inputs.missing(statement) ?? '', /category, limit/);
  });

  it('says what is wrong with a value until it is right', () => {
    const inputs = new StatementInputs();
    inputs.setHole('category', 'shoes');
    inputs.setHole('limit', 'many');
    assert.match(inputs.missing(statement) ?? '', /^limit: /);
    assert.ok(inputs.fields(statement)[1].problem);
    inputs.setHole('limit', '20');
    assert.equal(inputs.missing(statement), null);
    assert.deepEqual(Object.fromEntries(inputs.values(statement).values), {
      category: 'shoes',
      limit: { $numberInt: '20' },
    });
    inputs.setHole('category', null);
    assert.match(inputs.missing(statement) ?? '', /category/);
  });

  it('takes samples only where nothing was given', () => {
    const inputs = new StatementInputs();
    inputs.setHole('category', 'mine');
    inputs.addSamples(
      new Map<string, unknown>([
        ['category', 'theirs'],
        ['limit', { $numberInt: '3' }],
      ]),
      statement.holes,
    );
    assert.deepEqual(
      inputs.fields(statement).map(({ value, source: from }) => [value, from]),
      [
        ['mine', 'typed'],
        ['3', 'sample'],
      ],
    );
  });

  it('is remembered, without what belongs to another statement', () => {
    const inputs = new StatementInputs();
    inputs.setHole('limit', '20');
    inputs.choices.set('onlyActive', false);
    inputs.verbosity = 'executionStats';
    const again = new StatementInputs();
    again.restore(
      { ...inputs.toRemember(), values: { limit: '20', other: '1' }, choices: { onlyActive: false, gone: true } },
      statement,
    );
    assert.deepEqual(again.toRemember(), {
      values: { limit: '20' },
      choices: { onlyActive: false },
      verbosity: 'executionStats',
    });
    assert.equal(again.fields(statement).find(({ name }) => name === 'limit')?.source, 'last');
  });

  it('includes the conditions of the source, with how they are decided', () => {
    assert.deepEqual(decidedConditions(statement, new Map(), new Map()), [{ condition: 'onlyActive', holds: true }]);
    assert.deepEqual(decidedConditions(statement, new Map(), new Map([['onlyActive', false]])), [
      { condition: 'onlyActive', holds: false },
    ]);
  });
});

describe('the text of a statement with its values', () => {
  const marked = (values: Record<string, unknown>, choices: Record<string, boolean> = {}): [string, string[]] => {
    const { text, ranges } = markedText(statement, new Map(Object.entries(values)), new Map(Object.entries(choices)));
    return [text, ranges.map(({ from, to, hole }) => `${hole}=${text.slice(from, to)}`)];
  };

  it('says where each hole stands, filled or not', () => {
    const [text, ranges] = marked({ category: 'shoes' });
    assert.ok(text.includes('active: true'));
    assert.deepEqual(ranges, ['category="shoes"', 'limit=<limit>', 'limit=<limit>']);
    assert.deepEqual(marked({ category: 'shoes', limit: { $numberInt: '5' } })[1], [
      'category="shoes"',
      'limit=5',
      'limit=5',
    ]);
  });

  it('is decided by the choices', () => {
    assert.ok(!marked({}, { onlyActive: false })[0].includes('active: true'));
  });

  it('is the shell text of the filled statement but for line breaks', () => {
    const [text] = marked({ category: 'a "b" <c>', limit: { $numberInt: '5' } });
    assert.equal(
      text.replace(/\s+/g, ' '),
      'db.products.find({ name: /shoe/, active: true, category: "a \\"b\\" <c>", price: { $lt: 5 } }) .limit(5)',
    );
  });
});
