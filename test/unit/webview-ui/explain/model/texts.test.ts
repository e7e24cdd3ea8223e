import assert from 'node:assert/strict';
import { prettyValue } from '../../../../../webview-ui/explain/model/prettyValue';
import { occurrences, textLines } from '../../../../../webview-ui/explain/model/textLines';

describe('long texts of the plan view', () => {
  it('writes filters as the shell does, on one line where they fit', () => {
    assert.equal(prettyValue({ category: { $eq: 'a' } }), '{ category: { $eq: "a" } }');
    assert.equal(
      prettyValue({ at: { $gt: { $date: '2024-01-01T00:00:00Z' } } }),
      '{ at: { $gt: ISODate("2024-01-01T00:00:00.000Z") } }',
    );
    assert.equal(
      prettyValue({
        $and: [{ category: { $eq: 'a long name of a category' } }, { name: { $regex: 'some pattern', $options: 'i' } }],
      }),
      '{\n  $and: [\n    { category: { $eq: "a long name of a category" } },\n    { name: { $regex: "some pattern", $options: "i" } }\n  ]\n}',
    );
    assert.equal(prettyValue(undefined), 'undefined');
  });

  it('cuts what is nested deeper than any server nests', () => {
    let deep: object = { a: 1 };
    for (let level = 0; level < 5000; level++) deep = { $not: deep };
    assert.match(prettyValue(deep), /…/);
  });

  it('finds lines of a text without copying it', () => {
    const lines = textLines('a\n\nlast');
    assert.deepEqual([lines.count, lines.line(0), lines.line(1), lines.line(2)], [3, 'a', '', 'last']);
    assert.deepEqual(
      [0, 1, 2, 3, 6].map((offset) => lines.lineAt(offset)),
      [0, 0, 1, 2, 2],
    );
    assert.equal(textLines('').count, 1);
    assert.equal(textLines(`{"a":"${'x'.repeat(5000)}"}`).line(0).length, 2001);
  });

  it('takes 16 MB in little time', () => {
    const text = '  "field": "a value of some length",\n'.repeat(450_000);
    const started = performance.now();
    const lines = textLines(text);
    const found = occurrences(text, 'VALUE', 10_000);
    const millis = performance.now() - started;
    assert.equal(lines.count, 450_001);
    assert.equal(found.length, 10_000);
    assert.equal(lines.lineAt(found[9999]), 9999);
    assert.ok(millis < 1500, `${millis} ms`);
  });

  it('searches for text, not for a pattern', () => {
    assert.deepEqual(occurrences('a.b axb A.B', 'a.b', 10), [0, 8]);
    assert.deepEqual(occurrences('abc', '', 10), []);
  });
});
