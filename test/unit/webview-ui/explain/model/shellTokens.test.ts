import assert from 'node:assert/strict';
import { shellTokens, statementPieces } from '../../../../../webview-ui/explain/model/shellTokens';

function told(text: string): string[] {
  const tokens = shellTokens(text);
  assert.equal(tokens.map(({ from, to }) => text.slice(from, to)).join(''), text, 'nothing is lost');
  return tokens.filter(({ kind }) => kind !== 'plain').map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`);
}

describe('the colours of a statement', () => {
  it('tells names, operators, values and calls apart', () => {
    assert.deepEqual(told('db.products.find({ category: "a", "b.c": -1.5, $or: [{ x: /a[/]b/i }], y: true })'), [
      'call find',
      'key category',
      'string "a"',
      'key "b.c"',
      'number 1.5',
      'operator $or',
      'key x',
      'regex /a[/]b/i',
      'key y',
      'number true',
    ]);
    assert.deepEqual(told('{ "$match": { at: ISODate("2024-01-01") } } // all'), [
      'operator "$match"',
      'key at',
      'call ISODate',
      'string "2024-01-01"',
      'comment // all',
    ]);
  });

  it('takes a slash after a value as a division', () => {
    assert.deepEqual(
      told('{ a: 4 / 2, b: (x) / 2 / y }').filter((each) => each.startsWith('regex')),
      [],
    );
  });

  it('loses nothing of text that is half written', () => {
    for (const text of ['db.c.find({ a: "open', "'\\", '/* never closed', '/[', '`a ${', '\u{1f600} $', '$', '"\\'])
      told(text);
  });

  it('is quick on long values', () => {
    const text = `db.c.find({ a: { $in: [${Array.from({ length: 20_000 }, (_, at) => `"value ${at}"`).join(', ')}] } })`;
    const started = performance.now();
    assert.ok(shellTokens(text).length > 40_000);
    assert.ok(performance.now() - started < 500);
  });

  it('cuts holes out as a whole, filled or not', () => {
    const text = 'db.c.find({ a: <name>, b: "x y", c: 1 })';
    const ranges = [
      { from: text.indexOf('<'), to: text.indexOf('>') + 1, hole: 'name' },
      { from: text.indexOf('"'), to: text.lastIndexOf('"') + 1, hole: 'b' },
    ];
    const pieces = statementPieces(text, ranges);
    assert.equal(pieces.map((piece) => piece.text).join(''), text);
    assert.deepEqual(
      pieces.flatMap((piece) => (piece.kind === 'hole' ? [[piece.hole, piece.text]] : [])),
      [
        ['name', '<name>'],
        ['b', '"x y"'],
      ],
    );
    assert.ok(pieces.some((piece) => piece.kind === 'key' && piece.text === 'c'));
  });

  it('does not take ranges that lie outside', () => {
    assert.deepEqual(
      statementPieces('abc', [
        { from: 2, to: 9, hole: 'x' },
        { from: 1, to: 1, hole: 'y' },
      ]).map(({ text }) => text),
      ['abc'],
    );
  });
});
