import assert from 'node:assert/strict';
import { contentOf } from '../../../../src/core/source/sourceContents';
import { segmentAt } from '../../../../src/core/source/sourceMap';
import { createMapReader } from '../../../../src/node/sources/readMap';

const url = 'file:///app/x.js.map';
const map = { version: 3, sources: ['a.ts'], sourcesContent: ['let ä;'], names: [], mappings: 'AAAA;AACA' };
const json = JSON.stringify(map);
/** Every text is large for these. */
const inThread = { large: 0 };

describe('reading source maps in a thread', () => {
  it('gives what reading them here gives', async () => {
    for (const text of [
      { kind: 'json', text: json } as const,
      { kind: 'data', text: `data:application/json;base64,${Buffer.from(json).toString('base64')}` } as const,
    ]) {
      const results = await Promise.all([createMapReader(inThread)(text, url), createMapReader()(text, url)]);
      for (const result of results) {
        assert.ok('map' in result, JSON.stringify(result));
        assert.deepEqual(result.map.sources, ['file:///app/a.ts']);
        assert.equal(contentOf(result.map.contents, 0), 'let ä;');
        assert.deepEqual(segmentAt(result.map, 1), { column: 0, source: 0, sourceLine: 1, sourceColumn: 0 });
      }
    }
  });

  it('says the same of broken ones', async () => {
    for (const [text, problem] of [
      [{ kind: 'json', text: '{' }, /^is not JSON/],
      [{ kind: 'json', text: '[]' }, /^is not an object/],
      [{ kind: 'data', text: 'data:application/json;base64,*' }, /^is not a valid data URI/],
    ] as const) {
      for (const read of [createMapReader(inThread), createMapReader()]) {
        const result = await read(text, url);
        assert.ok('problem' in result);
        assert.match(result.problem, problem);
      }
    }
  });

  it('a text of several pieces comes whole', async () => {
    const long = 'x'.repeat(9_000_000);
    const text = JSON.stringify({ ...map, sourcesContent: [long] });
    const result = await createMapReader()({ kind: 'json', text }, url);
    assert.ok('map' in result);
    assert.equal(contentOf(result.map.contents, 0), long);
  });

  it('maps are held up to a limit in all', async () => {
    const read = createMapReader({ mostBytes: 100 });
    assert.ok('map' in (await read({ kind: 'json', text: json }, url)));
    const second = await read({ kind: 'json', text: json }, url);
    assert.ok('problem' in second);
    assert.match(second.problem, /^is not read/);
  });
});
