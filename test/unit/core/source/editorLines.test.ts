import assert from 'node:assert/strict';
import { editorLines } from '../../../../src/core/source/editorLines';

describe('lines of editors', () => {
  it('are those of JavaScript where no text has ends that only JavaScript knows', () => {
    assert.equal(editorLines('a\nb\r\nc\rd'), undefined);
  });

  it('go on at U+2028 and U+2029, where those of JavaScript end', () => {
    const toEditor = editorLines("a = '\u2028b\u2029c';\r\nsecond\u2028;\rthird\nfourth")!;
    const places = [
      [0, 2],
      [1, 0],
      [2, 1],
      [3, 4],
      [4, 0],
      [5, 2],
      [6, 3],
    ].map(([line, column]) => toEditor({ line, column }));
    assert.deepEqual(
      places.map(({ line, column }) => [line, column]),
      [
        [0, 2],
        [0, 6],
        [0, 9],
        [1, 4],
        [1, 7],
        [2, 2],
        [3, 3],
      ],
    );
    assert.deepEqual(toEditor({ line: 8, column: 1 }), { line: 5, column: 1 }, 'past the end');
  });
});
