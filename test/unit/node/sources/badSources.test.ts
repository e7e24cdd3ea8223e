import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UnmappedReason } from '../../../../src/core/heat/methodResolver';
import type { Frame } from '../../../../src/core/profile/frame';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import type { MethodResolverOptions } from '../../../../src/node/sources/createMethodResolver';
import { frameAt, memoryFiles } from './memoryFiles';
import type { MemoryFile } from './memoryFiles';
import { methodOf, placeName } from './profiledProgram';

const script = '/app/dist/x.js';
const url = `file://${script}`;
const code = 'function hot() {\n  return 1;\n}\nmodule.exports = hot;\n';
const hot = frameAt(url, code, '(', 'hot');
/** Line by line onto `src/x.ts`, which has one line more at the top. */
const goodMap = { version: 3, sources: ['../src/x.ts'], names: [], mappings: 'AACA,SAAS;AACA' };
const source = `// compiled from this\n${code}`;

type Files = Record<string, string | MemoryFile>;

async function resolve(frame: Frame, files: Files, options: Partial<MethodResolverOptions> = {}) {
  const resolver = createMethodResolver({
    pathMappings: [],
    roots: [],
    readFile: memoryFiles(files).readFile,
    ...options,
  });
  await resolver.prepare([frame]);
  return { resolver, resolution: resolver.resolveFrame(frame), method: methodOf(resolver, frame) };
}

async function checkReason(frame: Frame, files: Files, reason: UnmappedReason, detail: RegExp): Promise<void> {
  const { resolution } = await resolve(frame, files);
  assert.ok('reason' in resolution, JSON.stringify(resolution));
  assert.equal(resolution.reason, reason, resolution.detail);
  assert.match(resolution.detail ?? '', detail);
}

/** `place`: where the method is shown instead, `name:line` of the file, 0-based. */
async function checkGenerated(
  files: Files,
  reason: UnmappedReason,
  detail: RegExp,
  { frame = hot, place = 'hot:0', file = script } = {},
): Promise<void> {
  const { method } = await resolve(frame, files);
  assert.ok(method?.generated, JSON.stringify(method));
  assert.equal(method.generated.reason, reason, method.generated.detail);
  assert.match(method.generated.detail ?? '', detail);
  assert.deepEqual([method.file, placeName(method)], [file, place]);
}

function withMap(map: object | string, more: Files = {}): Files {
  const json = typeof map === 'string' ? map : JSON.stringify(map);
  return { [script]: `${code}//# sourceMappingURL=x.js.map\n`, [`${script}.map`]: json, ...more };
}

describe('scripts without usable sources', () => {
  it('a map that leads to a source works (and these tests can fail)', async () => {
    const { method } = await resolve(hot, withMap(goodMap, { '/app/src/x.ts': source }));
    assert.equal(method?.file, '/app/src/x.ts');
    assert.equal(placeName(method), 'hot:1');
  });

  it('a missing map', () =>
    checkGenerated(
      { [script]: `${code}//# sourceMappingURL=x.js.map` },
      'no-source-map',
      /^x\.js names the source map x\.js\.map, which does not exist$/,
    ));

  it('a map that has to be fetched', () =>
    checkGenerated(
      { [script]: `${code}//# sourceMappingURL=https://cdn.example/x.js.map` },
      'no-source-map',
      /is not fetched/,
    ));

  it('broken maps', async () => {
    await checkGenerated(withMap('{"version":3,'), 'broken-source-map', /x\.js\.map is not JSON/);
    await checkGenerated(withMap('<html>'), 'broken-source-map', /is not JSON/);
    await checkGenerated(withMap({ version: 3, sources: ['a'] }), 'broken-source-map', /has no mappings/);
    await checkGenerated(withMap({ ...goodMap, mappings: '' }), 'broken-source-map', /maps nothing/);
    const inline = `${code}//# sourceMappingURL=data:application/json;base64,*`;
    await checkGenerated({ [script]: inline }, 'broken-source-map', /inside x\.js is not a valid data URI/);
  });

  it('circular maps', async () => {
    await checkGenerated(
      withMap({ ...goodMap, sources: ['x.js'] }),
      'broken-source-map',
      /names x\.js itself as the source/,
    );
    await checkGenerated(
      withMap({ ...goodMap, sources: ['x.js.map'] }),
      'broken-source-map',
      /names x\.js\.map itself/,
    );
    await checkGenerated({ [script]: `${code}//# sourceMappingURL=x.js\n` }, 'broken-source-map', /x\.js is not JSON/);
  });

  it('a huge map, which is not even opened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-huge-'));
    try {
      writeFileSync(join(folder, 'x.js'), `${code}//# sourceMappingURL=x.js.map\n`);
      writeFileSync(join(folder, 'x.js.map'), '');
      truncateSync(join(folder, 'x.js.map'), 4 * 1024 ** 3);
      const frame = { ...hot, url: `file://${folder}/x.js` };
      const resolver = createMethodResolver({ pathMappings: [], roots: [] });
      await resolver.prepare([frame]);
      const { generated } = methodOf(resolver, frame)!;
      assert.equal(generated!.reason, 'broken-source-map');
      assert.match(generated!.detail!, /x\.js\.map has 4096\.0 MB: source maps over 64\.0 MB are not read/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a map whose source is nowhere', () =>
    checkGenerated(
      withMap(goodMap),
      'source-missing',
      /^\/app\/src\/x\.ts does not exist, and the source map has no copy of it$/,
    ));

  it('a place that the map does not have', () => {
    const helper = `${code}function helper() {}\n`;
    const files = {
      ...withMap(goodMap, { '/app/src/x.ts': source }),
      [script]: `${helper}//# sourceMappingURL=x.js.map\n`,
    };
    const frame = frameAt(url, helper, '() {}', 'helper');
    return checkGenerated(files, 'not-mapped', /code that the compiler added/, { frame, place: 'helper:4' });
  });

  it('a source in another language, which has the name that V8 knows at the place of the map', () =>
    checkGenerated(
      withMap({ ...goodMap, sources: ['../src/x.coffee'] }, { '/app/src/x.coffee': '# comment\nhot = -> 1\n' }),
      'unsupported-language',
      /^\.coffee files are not read/,
      { place: 'hot:1', file: '/app/src/x.coffee' },
    ));

  it('a file that is gone', () => checkReason(hot, {}, 'no-file', /x\.js does not exist; if it is of another machine/));

  it('code without a file', async () => {
    for (const name of ['evalmachine.<anonymous>', '[eval]', '[stdin]', 'REPL12', 'x.vm', 'vms/x.js']) {
      const frame = { ...hot, url: name };
      await checkGenerated({}, 'evaluated', /code evaluated at run time as /, { frame, file: name });
    }
    for (const name of ['', 'data:text/javascript,hot()'])
      await checkReason({ ...hot, url: name }, {}, 'evaluated', /code evaluated at run time as /);
    await checkReason({ ...hot, url: 'https://example.com/x.js' }, {}, 'no-file', /is not on this machine/);
  });

  it('minified code over 5 MB without a map', () => {
    const files = { [script]: `${code}//${'x'.repeat(5 * 1024 * 1024)}` };
    return checkGenerated(
      files,
      'no-source-map',
      /has 5\.0 MB of code and no source map; methods are read from files up to 5\.0 MB/,
    );
  });

  it('a file with syntax errors keeps the methods around them', async () => {
    const text = 'function broken( {\n const = ;\n}}}\n\nfunction fine() {}\n';
    const { method } = await resolve(frameAt(url, text, '() {}', 'fine'), { [script]: text });
    assert.equal(placeName(method!), 'fine:4');
  });

  it('a text with line ends that only JavaScript knows keeps its methods, with and without a map', async () => {
    const text = `const text = 'a\u2028b\u2029c';\n\n${code}`;
    const lines = text.split(/[\n\u2028\u2029]/);
    const line = lines.findIndex((each) => each.startsWith('function hot'));
    const { method } = await resolve({ ...hot, line, column: 12 }, { [script]: text });
    assert.equal(placeName(method!), 'hot:2');
    // Line by line onto the source, whose function stands on line 4 as the map counts them.
    const map = { version: 3, sources: ['../src/x.ts'], names: [], mappings: 'AAIA,SAAS;AACA' };
    const mapped = await resolve(hot, withMap(map, { '/app/src/x.ts': text }));
    assert.equal(placeName(mapped.method!), 'hot:2');
    const { file, line: sourceLine } = mapped.resolver.resolveLine(hot, 1);
    assert.deepEqual([file, sourceLine], ['/app/src/x.ts', 3]);
  });

  it('random bytes as a script', async () => {
    let state = 7;
    const text = Array.from({ length: 20_000 }, () =>
      String.fromCharCode((state = (state * 48271) % 2147483647) % 300),
    ).join('');
    const { resolution } = await resolve({ ...hot, line: 3, column: 5 }, { [script]: text });
    assert.ok('reason' in resolution);
  });

  it('a library whose map leads nowhere is shown as it ships', async () => {
    const library = '/app/node_modules/@scope/lib/dist/x.js';
    const frame = { ...hot, url: `file://${library}` };
    const named = `${code}//# sourceMappingURL=x.js.map\n`;
    const maps = [undefined, '{', JSON.stringify(goodMap), JSON.stringify({ ...goodMap, sources: ['x.js'] })];
    for (const map of maps) {
      const { method } = await resolve(frame, {
        [library]: named,
        ...(map !== undefined && { [`${library}.map`]: map }),
      });
      assert.equal(method?.file, library);
      assert.equal(method.packageName, '@scope/lib');
      assert.equal(placeName(method), 'hot:0');
    }
  });
});

describe('sources that changed', () => {
  const startedAt = 1000;
  const later = 2000;
  const options = { processStartedAt: startedAt };

  it('the copy in the map wins over the file, which is marked', async () => {
    const copy = JSON.stringify({ ...goodMap, sourcesContent: [source] });
    const { method } = await resolve(hot, withMap(copy, { '/app/src/x.ts': `\n\n\n${source}` }));
    assert.equal(placeName(method!), 'hot:1');
    assert.equal(method!.sourceChanged, true);
    assert.equal(method!.nameOnDisk?.line, 4, 'and it is said where it stands there now');
    const gone = await resolve(hot, withMap(copy, { '/app/src/x.ts': 'export const none = 1;\n' }));
    assert.deepEqual([gone.method!.sourceChanged, gone.method!.nameOnDisk], [true, undefined]);
    const same = await resolve(
      hot,
      withMap(copy, { '/app/src/x.ts': { text: source.replaceAll('\n', '\r\n'), modifiedAt: later } }),
      options,
    );
    assert.equal(same.method!.sourceChanged, undefined);
  });

  it('a copy that a compiler made of the file: the places are those of the file', async () => {
    const written = 'interface Price {}\ntype A = 1;\n\nexport function hot(this: Price): A {\n  return 1;\n}\n';
    const compiled = `${code}exports.hot = hot;\n`;
    const { method } = await resolve(
      hot,
      withMap({ ...goodMap, sourcesContent: [compiled], mappings: 'AAAA' }, { '/app/src/x.ts': written }),
    );
    assert.deepEqual([method!.method.name, method!.nameOnDisk?.line], ['hot', 3]);
  });

  it('the copy in the map does for a file that is not there', async () => {
    const { method } = await resolve(hot, withMap({ ...goodMap, sourcesContent: [source] }));
    assert.equal(method!.file, '/app/src/x.ts');
    assert.equal(placeName(method!), 'hot:1');
  });

  it('an edited file without a map: by name, and marked', async () => {
    const edited = { text: `// new\n\nfunction fresh() {}\n${code}`, modifiedAt: later };
    const { resolution, method } = await resolve(hot, { [script]: edited }, options);
    assert.equal(placeName(method!), 'hot:3');
    assert.deepEqual([method!.sourceChanged, 'byName' in resolution && resolution.byName], [true, true]);
    await checkReason({ ...hot, functionName: 'gone' }, { [script]: edited }, 'no-method', /x\.js/);
  });

  it('an edited TypeScript file behind an old map: by name, and marked', async () => {
    const edited = { text: `type A = 1;\nfunction fresh() {\n  return 2;\n}\n${code}`, modifiedAt: later };
    const { resolution, method } = await resolve(hot, withMap(goodMap, { '/app/src/x.ts': edited }), options);
    assert.equal(placeName(method!), 'hot:4');
    assert.deepEqual([method!.sourceChanged, 'byName' in resolution && resolution.byName], [true, true]);
  });

  it('a script that was built again: by name, if there is one source', async () => {
    const rebuilt = { text: `${code}//# sourceMappingURL=x.js.map\n`, modifiedAt: later };
    const one = { ...withMap(goodMap, { '/app/src/x.ts': source }), [script]: rebuilt };
    const moved = { ...hot, line: 2, column: 1 };
    const { resolution, method } = await resolve(moved, one, options);
    assert.equal(placeName(method!), 'hot:1');
    assert.ok('byName' in resolution && resolution.byName);
    const gone = await resolve({ ...moved, functionName: 'gone' }, one, options);
    assert.ok('reason' in gone.resolution && gone.resolution.reason === 'no-method');
    assert.match(gone.resolution.detail!, /built again after the process started/);

    const two = {
      ...withMap({ ...goodMap, sources: ['../src/x.ts', '../src/y.ts'] }, { '/app/src/x.ts': source }),
      [script]: rebuilt,
    };
    const doubtful = await resolve(moved, two, options);
    assert.ok('reason' in doubtful.resolution && doubtful.resolution.reason === 'no-method');
  });

  it('in a script that was built again, what stands where it stood is found by position', async () => {
    const text = `${code}function added() {}\nfunction moved() {}\n`;
    const mappings = 'AACA,SAAS;AACA;;;AAGA,SAAS;AACA,SAAS';
    const files = {
      ...withMap({ ...goodMap, mappings }, { '/app/src/x.ts': `// compiled from this\n${text}` }),
      [script]: { text: `${text}//# sourceMappingURL=x.js.map\n`, modifiedAt: later },
    };
    const resolver = createMethodResolver({
      pathMappings: [],
      roots: [],
      readFile: memoryFiles(files).readFile,
      ...options,
    });
    // In what runs, `moved` stood where `added` is now.
    const frames = [hot, frameAt(url, text, '() {}', 'moved')];
    await resolver.prepare(frames);
    assert.deepEqual(
      frames.map((frame) => placeName(methodOf(resolver, frame)!)),
      ['hot:1', 'moved:6'],
    );
    assert.deepEqual(
      frames.map((frame) => 'byName' in resolver.resolveFrame(frame)),
      [false, true],
    );
  });
});
