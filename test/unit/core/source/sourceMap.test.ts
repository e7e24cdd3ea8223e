import assert from 'node:assert/strict';
import { parseSourceMap } from '../../../../src/core/source/parseSourceMap';
import { contentOf } from '../../../../src/core/source/sourceContents';
import { findSegment, nextSegment, segmentAt } from '../../../../src/core/source/sourceMap';
import type { SourceMap } from '../../../../src/core/source/sourceMap';
import { decodeDataUri, findSourceMapUrl } from '../../../../src/core/source/sourceMapUrl';

function parse(map: object, url = 'file:///app/dist/x.js.map'): SourceMap {
  const result = parseSourceMap(JSON.stringify(map), url);
  assert.ok('map' in result, JSON.stringify(result));
  return result.map;
}

const base = { version: 3, names: [], mappings: 'AAAA' };

describe('source map comment', () => {
  const check = (text: string, expected: string | undefined): void => assert.equal(findSourceMapUrl(text), expected);

  it('is the last one, in any of its spellings', () => {
    check('x;\n//# sourceMappingURL=a.js.map', 'a.js.map');
    check('x;\n//@ sourceMappingURL=a.js.map\n', 'a.js.map');
    check('x; //# sourceMappingURL=a.js.map\r\n', 'a.js.map');
    check('x;\n/*# sourceMappingURL=a.js.map */\n', 'a.js.map');
    check('//# sourceMappingURL=old.map\n//# sourceMappingURL=new.map\n', 'new.map');
    check('x;\n//# sourceMappingURL=a.map\n// the end\n/* really */\n//# debugId=1', 'a.map');
  });

  it('is none when code follows, or when it stands in a string', () => {
    check('//# sourceMappingURL=a.map\nrun();', undefined);
    check('const s = "//# sourceMappingURL=" + url;', undefined);
    check('const s = `\n//# sourceMappingURL=${url}`;\n', undefined);
    check('x;', undefined);
    check('//# sourceMappingURL=\n', undefined);
  });

  it('may hold the map, in base64 or percent-encoded', () => {
    const text = '{"sources":["ü.ts"]}';
    const base64 = Buffer.from(text).toString('base64');
    assert.equal(decodeDataUri(`data:application/json;charset=utf-8;base64,${base64}`), text);
    assert.equal(decodeDataUri(`data:application/json,${encodeURIComponent(text)}`), text);
    assert.equal(decodeDataUri('data:application/json;base64,***'), undefined);
    assert.equal(decodeDataUri('data:nothing'), undefined);
  });
});

describe('source map', () => {
  it('resolves sources against the map and its sourceRoot', () => {
    const check = (source: string, expected: string, sourceRoot?: string): void =>
      assert.deepEqual(parse({ ...base, sources: [source], sourceRoot }).sources, [expected]);
    check('../src/x.ts', 'file:///app/src/x.ts');
    check('x.ts', 'file:///app/dist/lib/x.ts', 'lib');
    check('x.ts', 'file:///build/src/x.ts', '/build/src');
    check('x.ts', 'file:///build/src/x.ts', 'file:///build/src/');
    check('webpack://shop/./src/x.ts', 'webpack://shop/src/x.ts');
    check('C:\\build\\x.ts', 'file:///C:/build/x.ts');
    check('..\\src\\x.ts', 'file:///app/src/x.ts');
  });

  it('tolerates what real tools write', () => {
    assert.deepEqual(parse({ version: '3', sources: ['a.ts', null], mappings: 'AAAA' }).sources, [
      'file:///app/dist/a.ts',
      '',
    ]);
    assert.ok('map' in parseSourceMap(`)]}'\n${JSON.stringify({ ...base, sources: ['a.ts'] })}`, 'file:///x'));
    const { contents } = parse({ ...base, sources: ['a.ts', 'b.ts', 'c.ts'], sourcesContent: ['tëxt', 7, '\uFEFF'] });
    assert.deepEqual(
      [0, 1, 2].map((source) => contentOf(contents, source)),
      ['tëxt', null, '\uFEFF'],
    );
  });

  it('joins the sections of an indexed map', () => {
    const map = parse({
      version: 3,
      sections: [
        { offset: { line: 0, column: 10 }, map: { ...base, sources: ['a.ts'], mappings: 'AAAA,IAAI' } },
        {
          offset: { line: 2, column: 0 },
          map: { version: 3, sections: [{ offset: { line: 1, column: 0 }, map: { ...base, sources: ['b.ts'] } }] },
        },
      ],
    });
    assert.deepEqual(map.sources, ['file:///app/dist/a.ts', 'file:///app/dist/b.ts']);
    assert.deepEqual(segmentAt(map, findSegment(map, 0, 14)), {
      column: 14,
      source: 0,
      sourceLine: 0,
      sourceColumn: 4,
    });
    assert.deepEqual(segmentAt(map, findSegment(map, 3, 7)), { column: 0, source: 1, sourceLine: 0, sourceColumn: 0 });
  });

  it('finds the segment at or before a column and the one after it', () => {
    const map = parse({ ...base, sources: ['a.ts'], mappings: 'IAAA,IAAI;;EACA' });
    assert.equal(findSegment(map, 0, 3), -1);
    assert.equal(findSegment(map, 0, 4), 0);
    assert.equal(findSegment(map, 0, 100), 1);
    assert.equal(findSegment(map, 1, 0), -1);
    assert.equal(findSegment(map, 99, 0), -1);
    assert.equal(findSegment(map, -1, 0), -1);
    assert.equal(nextSegment(map, 0, 0), 0);
    assert.equal(nextSegment(map, 0, 100), 2);
    assert.equal(nextSegment(map, 2, 2), -1);
    assert.equal(nextSegment(map, 99, 0), -1);
  });

  it('drops segments that point outside of the map', () => {
    const map = parse({ ...base, sources: ['a.ts'], mappings: 'AAAA,ECAA,EDAA,EADA' });
    assert.deepEqual([...map.sourceIndices], [0, -1, 0, -1]);
  });

  it('says what is wrong with a broken one', () => {
    const check = (json: string, problem: RegExp): void => {
      const result = parseSourceMap(json, 'file:///x.js.map');
      assert.ok('problem' in result);
      assert.match(result.problem, problem);
    };
    check('', /is not JSON/);
    check('{"version":3,', /is not JSON/);
    check('<!doctype html>', /is not JSON/);
    check('[]', /is not an object/);
    check('null', /is not an object/);
    check('{"version":2,"sources":[],"mappings":""}', /has version 2/);
    check('{"version":3,"sources":[]}', /has no mappings/);
    check('{"version":3,"mappings":""}', /has no list of sources/);
    check('{"version":3,"sections":[{"map":{}}]}', /without an offset/);
    check('{"version":3,"sections":[{"offset":{"line":1e12,"column":0},"map":{}}]}', /without an offset/);
    check('{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"x"}]}', /kept elsewhere/);
    check(JSON.stringify({ ...base, sources: [], mappings: ';'.repeat(5_000_001) }), /more than 5,000,000 lines/);
    let nested: object = { ...base, sources: [] };
    for (let i = 0; i < 20; i++) nested = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: nested }] };
    check(JSON.stringify(nested), /too deeply/);
  });

  it('survives random bytes', () => {
    for (let seed = 1; seed < 300; seed++) {
      let state = seed;
      const next = (): number => (state = (state * 48271) % 2147483647);
      const mappings = Array.from({ length: 40 }, () => 'ACDGgQw/+9,;; é!'[next() % 16]).join('');
      const result = parseSourceMap(JSON.stringify({ ...base, sources: ['a'], mappings }), 'file:///x');
      if (!('map' in result)) continue;
      for (const source of result.map.sourceIndices) assert.ok(source === -1 || source === 0);
      findSegment(result.map, next() % 5, next() % 50);
    }
  });
});
