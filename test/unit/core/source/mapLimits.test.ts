import assert from 'node:assert/strict';
import { FlattenMap, decodedMappings } from '@jridgewell/trace-mapping';
import type { SourceMapInput } from '@jridgewell/trace-mapping';
import { parseSourceMap } from '../../../../src/core/source/parseSourceMap';
import { mutateText, mutateValue, randomNumbers } from '../../../support/mutate';

const MAP_URL = 'file:///app/dist/x.js.map';
const MUTANTS = 6_000;

const plain = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' };

function sectioned(maps: readonly object[]): object {
  return { version: 3, sections: maps.map((map, line) => ({ offset: { line, column: 0 }, map })) };
}

function problemOf(map: object): string {
  const result = parseSourceMap(JSON.stringify(map), MAP_URL);
  return 'problem' in result ? result.problem : 'none';
}

/** What another reader makes of it, in the same form. */
function byLibrary(map: object): { sources: string[]; segments: number[][] } {
  const flat = new FlattenMap(JSON.parse(JSON.stringify(map)) as SourceMapInput, MAP_URL);
  const segments = decodedMappings(flat).flatMap((line, n) =>
    line.map(([column, source, sourceLine, sourceColumn]) =>
      source === undefined ? [n, column, -1, -1, -1] : [n, column, source, sourceLine!, sourceColumn!],
    ),
  );
  return { sources: flat.resolvedSources, segments };
}

function byUs(map: object): ReturnType<typeof byLibrary> {
  const result = parseSourceMap(JSON.stringify(map), MAP_URL);
  assert.ok('map' in result, JSON.stringify(result));
  const { lineStarts, columns, sourceIndices, sourceLines, sourceColumns, sources } = result.map;
  const segments: number[][] = [];
  for (let line = 0; line + 1 < lineStarts.length; line++) {
    for (let n = lineStarts[line]; n < lineStarts[line + 1]; n++)
      segments.push([line, columns[n], sourceIndices[n], sourceLines[n], sourceColumns[n]]);
  }
  return { sources: [...sources], segments };
}

describe('source maps that would make too much', () => {
  const rows: [string, () => object, RegExp][] = [
    ['segments', () => ({ ...plain, mappings: 'A,'.repeat(8_000_001) }), /8,000,000 segments/],
    [
      'segments of all sections',
      () => sectioned(Array.from({ length: 9 }, () => ({ ...plain, mappings: 'A,'.repeat(900_000) }))),
      /8,000,000 segments/,
    ],
    ['lines', () => ({ ...plain, mappings: ';'.repeat(5_000_000) }), /5,000,000 lines/],
    [
      'lines of all sections',
      () => sectioned(Array.from({ length: 6 }, () => ({ ...plain, mappings: ';'.repeat(900_000) }))),
      /5,000,000 lines/,
    ],
    [
      'lines by offsets inside of offsets',
      () =>
        [1, 2, 3].reduce<object>(
          (map) => ({ version: 3, sections: [{ offset: { line: 2_000_000, column: 0 }, map }] }),
          plain,
        ),
      /5,000,000 lines/,
    ],
    [
      'sections',
      () => sectioned(Array.from({ length: 200_001 }, () => ({ ...plain, sources: [] }))),
      /200,000 sections/,
    ],
    ['sources', () => ({ ...plain, sources: Array.from({ length: 100_001 }, () => 'a') }), /100,000 sources/],
    ['values', () => ({ ...plain, names: Array.from({ length: 4_000_001 }, () => 0) }), /4,000,000 values/],
    [
      'a root that is repeated in each source',
      () => ({ ...plain, sourceRoot: 'r'.repeat(4_000), sources: Array.from({ length: 10_000 }, (_, n) => `${n}.ts`) }),
      /characters in names of sources/,
    ],
  ];
  for (const [name, map, expected] of rows) it(name, () => assert.match(problemOf(map()), expected));

  it('a name longer than any file has is none', () => {
    const map = { ...plain, sources: ['x'.repeat(5_000), 'b.ts'], sourceRoot: 'r'.repeat(5_000) };
    assert.deepEqual(byUs(map).sources, ['', 'file:///app/dist/b.ts']);
  });

  it('millions of segments out of order are put in order', () => {
    const result = parseSourceMap(
      JSON.stringify({ ...plain, mappings: `oxooBAAA${',DAAA'.repeat(1_000_000)}` }),
      MAP_URL,
    );
    assert.ok('map' in result);
    const { columns } = result.map;
    assert.equal(columns.length, 1_000_001);
    for (let n = 1; n < columns.length; n++) assert.ok(columns[n - 1] <= columns[n]);
  });
});

describe('source maps as another reader has them', () => {
  const random = randomNumbers(12);
  const pick = (below: number): number => Math.floor(random() * below);
  // B is the least number of all, whose sums readers wrap in ways of their own.
  const digits = 'AAACADACEGHIJKLMNOPQRSTUVWXYZabcdef';
  const number = (): string => (random() < 0.05 ? 'g' : '') + digits[pick(random() < 0.1 ? digits.length : 9)];
  const mappings = (): string => {
    const lines = Array.from({ length: 1 + pick(5) }, () =>
      Array.from({ length: pick(6) }, () => Array.from({ length: [1, 4, 5][pick(3)] }, number).join('')).join(','),
    );
    return lines.join(';');
  };
  const leaf = (): object => ({ ...plain, sources: ['a.ts', '../b.ts', 'webpack://x/c.ts'], mappings: mappings() });
  const node = (depth: number): object => {
    if (depth === 0) return leaf();
    let line = 0;
    const sections = Array.from({ length: 1 + pick(3) }, () => {
      const offset = { line, column: pick(3) };
      line += 1 + pick(3);
      return { offset, map: node(pick(depth)) };
    });
    return { version: 3, sections };
  };

  it('plain ones and those in sections', () => {
    let segments = 0;
    let compared = 0;
    for (let n = 0; n < 2_000; n++) {
      const map = node(pick(4));
      const theirs = byLibrary(map);
      const ours = byUs(map);
      assert.deepEqual(ours.sources, theirs.sources);
      const isLater = (i: number): boolean =>
        theirs.segments[i - 1][0] === theirs.segments[i][0] && theirs.segments[i - 1][1] > theirs.segments[i][1];
      // Where two sections meet on one line, only ours are in order.
      if (theirs.segments.some((_, i) => i > 0 && isLater(i))) continue;
      // A section that begins where the one around it has ended cuts that one's columns in theirs.
      if (ours.segments.length !== theirs.segments.length) continue;
      compared++;
      ours.segments.forEach((segment, i) => {
        // What lies outside of its own section's sources is no place for us.
        const expected = segment[2] < 0 ? [...theirs.segments[i].slice(0, 2), -1, -1, -1] : theirs.segments[i];
        assert.deepEqual(segment, expected, JSON.stringify(map));
        if (segment[2] >= 0) segments++;
      });
    }
    assert.ok(compared > 1_000 && segments > 5_000, `${compared} maps, ${segments} segments`);
  });

  it('of mutants each is a map or has a problem', () => {
    const whole = {
      ...plain,
      file: 'x.js',
      sourceRoot: '../src',
      sources: ['a.ts', 'C:\\b.ts', 'webpack://x/./c.ts', null],
      sourcesContent: ['let a = 1;\n', null, 'x'],
      mappings: 'AAAA,SAAS,CAACA;AACA,IAAI;;ECDA,CAAC,GAAG',
    };
    const bases = [whole, sectioned([whole, sectioned([whole, plain]), plain])];
    const outcomes = { maps: 0, problems: 0 };
    for (let n = 0; n < MUTANTS; n++) {
      const base = bases[n % bases.length];
      const text = n % 3 ? JSON.stringify(mutateValue(base, random)) : mutateText(JSON.stringify(base), random);
      const result = parseSourceMap(text, MAP_URL);
      if ('problem' in result) outcomes.problems++;
      else {
        outcomes.maps++;
        const { columns, sourceIndices, sources } = result.map;
        for (let i = 0; i < columns.length; i++)
          assert.ok(sourceIndices[i] >= -1 && sourceIndices[i] < sources.length, text);
      }
    }
    assert.ok(outcomes.maps > 500 && outcomes.problems > 500, JSON.stringify(outcomes));
  });
});
