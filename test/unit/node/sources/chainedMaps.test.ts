import assert from 'node:assert/strict';
import { transformSync } from 'esbuild';
import { composeMaps } from '../../../../src/core/source/composeMaps';
import { parseSourceMap } from '../../../../src/core/source/parseSourceMap';
import { contentOf } from '../../../../src/core/source/sourceContents';
import { segmentAt } from '../../../../src/core/source/sourceMap';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import { frameAt, memoryFiles } from './memoryFiles';
import { methodOf, placeName } from './profiledProgram';

const source = `type Price = number;

export function rankOffers(price: Price): Price {
  return price * 2;
}

export function joinLabels(labels: string[]): string {
  return labels.join();
}
`;

interface Step {
  readonly path: string;
  readonly text: string;
  readonly map: string;
}

/** What compilers make of the source one after the other; each leaves its text and its map. The last is what runs. */
function build(paths: readonly string[], contents: boolean): Step[] {
  const steps: Step[] = [];
  let from = { path: '/app/src/offers.ts', text: source };
  for (const path of paths) {
    const { code, map } = transformSync(from.text, {
      loader: from.path.endsWith('.ts') ? 'ts' : 'js',
      sourcefile: from.path,
      sourcemap: 'external',
      sourcesContent: contents,
      target: 'es2015',
      // Moves the lines.
      banner: steps.length % 2 ? '// one\n// two' : '',
    });
    const name = path.slice(path.lastIndexOf('/') + 1);
    steps.push({ path, text: `${code}//# sourceMappingURL=${name}.map\n`, map });
    from = steps.at(-1)!;
  }
  return steps;
}

async function placesOf(steps: readonly Step[], files: Record<string, string>): Promise<(string | undefined)[]> {
  const { path, text } = steps.at(-1)!;
  const resolver = createMethodResolver({ pathMappings: [], roots: ['/app'], readFile: memoryFiles(files).readFile });
  const frames = [
    frameAt(`file://${path}`, text, '(price', 'rankOffers'),
    frameAt(`file://${path}`, text, '(labels', 'joinLabels'),
  ];
  await resolver.prepare(frames);
  return frames.map((frame) => {
    const method = methodOf(resolver, frame);
    return method && `${method.file} ${placeName(method)}`;
  });
}

describe('maps of what was generated from what was generated', () => {
  const paths = ['/app/one/offers.js', '/app/two/offers.js', '/app/three/offers.js', '/app/out/offers.js'];
  const right = ['/app/src/offers.ts rankOffers:2', '/app/src/offers.ts joinLabels:6'];
  const filesOf = (steps: readonly Step[]): Record<string, string> =>
    Object.fromEntries(
      steps.flatMap(({ path, text, map }) => [
        [path, text],
        [`${path}.map`, map],
      ]),
    );

  for (const count of [1, 2, 3, 4]) {
    it(`are followed to what people wrote: ${count} builds`, async () => {
      for (const contents of [true, false]) {
        const steps = build(paths.slice(-count), contents);
        assert.deepEqual(await placesOf(steps, { ...filesOf(steps), '/app/src/offers.ts': source }), right);
      }
    });
  }

  it('are followed where each is inside the text, and none of the texts is on disk', async () => {
    const [first] = build(paths.slice(0, 1), true);
    const inline = `data:application/json;base64,${Buffer.from(first.map).toString('base64')}`;
    const middle = first.text.replace('offers.js.map', inline);
    const { code, map } = transformSync(middle, { sourcefile: '/gone/offers.js', sourcemap: 'external' });
    const last = { path: '/app/out/offers.js', text: `${code}//# sourceMappingURL=offers.js.map\n`, map };
    assert.deepEqual(await placesOf([last], filesOf([last])), right);
  });

  it('end at the last text that can be had', async () => {
    const steps = build(paths.slice(-2), false);
    const files = filesOf(steps);
    const found = await placesOf(steps, files);
    assert.match(found[0]!, /^\/app\/three\/offers\.js rankOffers:/, 'its map leads nowhere');
    const [middle, last] = build(paths.slice(-2), true);
    const edited = { ...filesOf([middle, last]), [middle.path]: `// edited\n${middle.text}` };
    assert.match((await placesOf([middle, last], edited))[0]!, /^\/app\/three\/offers\.js rankOffers:/);
  });

  it('that lead in a circle have an end', async () => {
    const [one, two] = build(['/app/a.js', '/app/b.js'], false);
    const files = { ...filesOf([one, two]), '/app/a.js.map': two.map.replaceAll('a.js', 'b.js') };
    await placesOf([one, two], files);
  });

  it('are put together: indices stay, sources and texts follow, what leads nowhere is no place', () => {
    const read = (map: object, url: string) => {
      const result = parseSourceMap(JSON.stringify({ version: 3, names: [], ...map }), url);
      assert.ok('map' in result);
      return result.map;
    };
    // Columns 0, 4 and 8 of the last text: lines 0 and 1 of the middle one, and line 0 of another.
    const outer = read(
      { sources: ['m.js', 'k.js'], sourcesContent: ['middle', 'other'], mappings: 'AAAA,IACA,ICDA' },
      'file:///o.js.map',
    );
    const inner = read({ sources: ['s.ts'], sourcesContent: ['written'], mappings: ';AAKA' }, 'file:///m.js.map');
    const composed = composeMaps(outer, new Map([[0, inner]]));
    assert.deepEqual(composed.sources, ['', 'file:///k.js', 'file:///s.ts']);
    assert.deepEqual(
      [0, 1, 2].map((n) => contentOf(composed.contents, n)),
      ['middle', 'other', 'written'],
    );
    assert.deepEqual(
      [0, 1, 2].map((n) => segmentAt(composed, n)).map(({ source: from, sourceLine }) => [from, sourceLine]),
      [
        [-1, -1],
        [2, 5],
        [1, 0],
      ],
    );
  });
});
