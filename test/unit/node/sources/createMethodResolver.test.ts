import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame } from '../../../../src/core/profile/frame';
import type { Channel } from '../../../../src/node/channel';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { frameAt, memoryFiles } from './memoryFiles';
import { assertAllFound, methodOf, placeName, withProgram } from './profiledProgram';

/** Forwards to `channel` and notes what was sent. */
function recorded(channel: Channel): { channel: Channel; sent: { method: string; params?: object }[] } {
  const sent: { method: string; params?: object }[] = [];
  return {
    sent,
    channel: {
      ...channel,
      send: (method, params, options) => {
        sent.push({ method, params });
        return channel.send(method, params, options);
      },
    },
  };
}

/** A target whose functions answer so, by their arguments. */
function answering(answer: (args: readonly unknown[]) => unknown): Channel {
  return {
    send: async <T>(method: string, params?: object) => {
      if (method === 'Runtime.evaluate') return { result: { objectId: 'functions' } } as T;
      const [, ...args] = (params as { arguments: { value?: unknown }[] }).arguments.map(({ value }) => value);
      return { result: { value: answer(args) } } as T;
    },
    on: () => ({ dispose: () => undefined }),
    closed: new Promise(() => undefined),
    close: () => undefined,
  };
}

describe('method resolver', function () {
  this.timeout(120_000);
  const node22 = nodeBinaries().find(({ version }) => version === 22)!.path;
  const fixture = join(repositoryRoot, 'test/fixtures/sources/commonjs');

  it('asks a target once for what was compiled in memory, only by evaluating, and changes nothing there', async () => {
    const tsx = pathToFileURL(require.resolve('tsx')).href;
    await withProgram(node22, ['--import', tsx, 'service.ts'], fixture, async (program) => {
      const stateOf = async (): Promise<unknown> => {
        const expression =
          'JSON.stringify([Object.getOwnPropertyNames(globalThis), process.sourceMapsEnabled, Object.keys(process)])';
        return (await program.channel.send<{ result: { value: string } }>('Runtime.evaluate', { expression })).result
          .value;
      };
      const frames = (await program.profile()).filter(({ url }) => url.endsWith('service.ts'));
      const before = await stateOf();
      const { channel, sent } = recorded(program.channel);
      const resolver = createMethodResolver({ channel, pathMappings: [], roots: [] });
      await Promise.all([resolver.prepare(frames), resolver.prepare(frames)]);
      await resolver.prepare(frames);
      assertAllFound(resolver, frames, join(fixture, 'service.ts'));
      assert.deepEqual(
        sent.map(({ method }) => method),
        ['Runtime.evaluate', 'Runtime.callFunctionOn'],
      );
      assert.equal(await stateOf(), before);

      const [first] = frames;
      assert.equal(resolver.resolveFrame({ ...first }), resolver.resolveFrame(first));
    });
  });

  it('does not ask for plain JavaScript', async () => {
    const text = 'function hot() {}\n';
    const { channel, sent } = recorded(answering(() => ({ maps: [] })));
    const resolver = createMethodResolver({
      channel,
      pathMappings: [],
      roots: [],
      readFile: memoryFiles({ '/a/x.js': text }).readFile,
    });
    await resolver.prepare([
      frameAt('file:///a/x.js', text, '() {}', 'hot'),
      { functionName: '', url: 'file:///a/x.js', line: 0, column: 0, scriptId: '' },
    ]);
    assert.deepEqual(sent, []);
  });

  describe('with a target that', () => {
    const source = 'type A = 1;\nfunction hot(): void {}\n';
    const files = { '/a/x.ts': source };
    const frame: Frame = { functionName: 'hot', url: 'file:///a/x.ts', line: 7, column: 12, scriptId: '' };
    const map = { version: 3, sources: ['x.ts'], names: [], mappings: ';;;;;;;AACA,SAAS,GAAG' };
    const place = async (...channels: Channel[]): Promise<{ place?: string; byName: boolean }> => {
      const resolver = createMethodResolver({
        channel: channels[0],
        pathMappings: [],
        roots: [],
        readFile: memoryFiles(files).readFile,
      });
      for (const channel of channels.slice(1)) resolver.addChannel(channel);
      await resolver.prepare([frame]);
      const method = methodOf(resolver, frame);
      return { place: method && placeName(method), byName: 'byName' in resolver.resolveFrame(frame) };
    };
    const knowing = answering(() => ({ maps: [{ json: JSON.stringify(map), from: 'node' }] }));

    it('knows the map', async () => assert.deepEqual(await place(knowing), { place: 'hot:1', byName: false }));

    it('knows it in another thread', async () =>
      assert.deepEqual(
        await place(
          answering(() => ({ maps: [null] })),
          knowing,
        ),
        { place: 'hot:1', byName: false },
      ));

    it('has gone, or answers nonsense: names have to do', async () => {
      const gone: Channel = { ...knowing, send: () => Promise.reject(new Error('gone')) };
      assert.deepEqual(await place(gone), { place: 'hot:1', byName: true });
      assert.deepEqual(await place(answering(() => undefined)), { place: 'hot:1', byName: true });
      assert.deepEqual(await place(answering(() => ({ maps: [null] }))), { place: 'hot:1', byName: true });
    });

    it('has a broken or huge map', async () => {
      for (const answer of [{ json: '{', from: 'node' }, { tooLarge: 1e9 }]) {
        const resolver = createMethodResolver({
          channel: answering(() => ({ maps: [answer] })),
          pathMappings: [],
          roots: [],
          readFile: memoryFiles(files).readFile,
        });
        await resolver.prepare([frame]);
        const resolution = resolver.resolveFrame(frame);
        assert.ok('reason' in resolution && resolution.reason === 'broken-source-map', JSON.stringify(resolution));
        assert.match(resolution.detail!, /the source map that the target has of x\.ts/);
      }
    });
  });

  it('asks again for what one question had no time for', async () => {
    const source = 'type A = 1;\nfunction hot(): void {}\n';
    const names = ['a', 'b', 'c'];
    const asked: string[][] = [];
    const channel = answering(([first]) => {
      const scripts = first as { path: string }[];
      asked.push(scripts.map(({ path }) => path));
      return {
        maps: [{ json: JSON.stringify({ version: 3, sources: [scripts[0].path], mappings: 'AACA' }), from: 'node' }],
      };
    });
    const files = Object.fromEntries(names.map((name) => [`/${name}.ts`, source]));
    const resolver = createMethodResolver({
      channel,
      pathMappings: [],
      roots: [],
      readFile: memoryFiles(files).readFile,
    });
    const frames = names.map((name): Frame => ({
      functionName: 'hot',
      url: `file:///${name}.ts`,
      line: 0,
      column: 8,
      scriptId: '',
    }));
    await resolver.prepare(frames);
    assert.deepEqual(asked, [['/a.ts', '/b.ts', '/c.ts'], ['/b.ts', '/c.ts'], ['/c.ts']]);
    assert.deepEqual(
      frames.map((frame) => methodOf(resolver, frame)?.file),
      ['/a.ts', '/b.ts', '/c.ts'],
    );
  });

  it('decides about a script when more than its top-level code was seen', async () => {
    const source = 'interface A {}\n\nfunction hot(): void {}\n';
    const map = { version: 3, sources: ['x.ts'], names: [], mappings: 'AAEA,SAAS,GAAG' };
    let known = false;
    const channel = answering(() => ({ maps: [known ? { json: JSON.stringify(map), from: 'node' } : null] }));
    const resolver = createMethodResolver({
      channel,
      pathMappings: [],
      roots: [],
      readFile: memoryFiles({ '/x.ts': source }).readFile,
    });
    const top: Frame = { functionName: '', url: 'file:///x.ts', line: 0, column: 0, scriptId: '' };
    await resolver.prepare([top]);
    assert.equal(placeName(methodOf(resolver, top)!), '(module):0');
    known = true;
    const hot = { ...top, functionName: 'hot', column: 12 };
    await resolver.prepare([top, hot]);
    assert.equal(placeName(methodOf(resolver, hot)!), 'hot:2');
    assert.equal(placeName(methodOf(resolver, top)!), '(module):0');
  });

  describe('lines', () => {
    const text = 'function outer() {\n  return [1].map((n) => n + 1);\n}\nouter();\n\n';
    const url = 'file:///a/x.js';
    const frame = frameAt(url, text, '() {', 'outer');

    it('of plain JavaScript', async () => {
      const resolver = createMethodResolver({
        pathMappings: [],
        roots: [],
        readFile: memoryFiles({ '/a/x.js': text }).readFile,
      });
      await resolver.prepare([frame]);
      const check = (line: number, expected: string[]): void => {
        const places = resolver.resolveLine(frame, line);
        assert.deepEqual(
          places.methods.map((method) => resolver.methods[method].method.name),
          expected,
        );
        assert.deepEqual([places.file, places.line], ['/a/x.js', line]);
      };
      check(1, ['map callback', 'outer']);
      check(3, ['(module)']);
      check(4, []);
      assert.deepEqual(resolver.resolveLine(frame, 99), { methods: [] });
      assert.deepEqual(resolver.resolveLine({ ...frame, url: 'file:///other.js' }, 0), { methods: [] });
    });

    it('of compiled code, in sources that no frame led to from the next time on', async () => {
      // Lines 0 to 2 are a.ts:1 and a.ts:2, then a.ts:2 and b.ts:0, then b.ts:1 alone.
      const map = {
        version: 3,
        sources: ['a.ts', 'b.ts'],
        names: [],
        mappings: 'AACA,SAAS,KAAK,GACV;AAAA,IAAI,ICFR;AACA',
      };
      const script = 'function alpha(){ return\n1; function beta(){\n} }\n//# sourceMappingURL=x.js.map\n';
      const files = {
        '/a/x.js': script,
        '/a/x.js.map': JSON.stringify(map),
        '/a/a.ts': '// a\nfunction alpha() {\n  return 1;\n}\n',
        '/a/b.ts': 'function beta() {\n  return 2;\n}\n',
      };
      const resolver = createMethodResolver({ pathMappings: [], roots: [], readFile: memoryFiles(files).readFile });
      const alpha = frameAt(url, script, '(){ return', 'alpha');
      await resolver.prepare([alpha]);
      const places = (line: number): unknown => {
        const { methods, file, line: original } = resolver.resolveLine(alpha, line);
        return [methods.map((method) => resolver.methods[method].method.name), file, original];
      };
      assert.deepEqual(places(0), [['alpha'], undefined, undefined]);
      assert.deepEqual(places(2), [[], undefined, undefined]);
      await resolver.prepare([alpha]);
      assert.deepEqual(places(1), [['alpha', 'beta'], undefined, undefined]);
      assert.deepEqual(places(2), [['beta'], '/a/b.ts', 1]);
      assert.equal(resolver.measuredSource('/a/b.ts')?.index.methods.length, 2);
      assert.equal(resolver.measuredSource('/a/c.ts'), undefined);
    });
  });

  it('takes 100,000 functions, reading each file once and letting others work meanwhile', async () => {
    const perFile = 2_000;
    const files: Record<string, string> = {};
    const frames: Frame[] = [];
    for (let file = 0; file < 25; file++) {
      const lines = Array.from({ length: perFile }, (_, i) => `function f${i}(a) { return a + ${i}; }`);
      files[`/many/${file}.js`] = lines.join('\n');
      lines.forEach((line, i) =>
        frames.push({
          functionName: `f${i}`,
          url: `file:///many/${file}.js`,
          line: i,
          column: line.indexOf('('),
          scriptId: '',
        }),
      );
    }
    // And as many in one bundle of one line.
    let bundle = '';
    for (let i = 0; i < 50_000; i++) {
      frames.push({
        functionName: `f${i}`,
        url: 'file:///many/bundle.js',
        line: 0,
        column: bundle.length + `function f${i}`.length,
        scriptId: '',
      });
      bundle += `function f${i}(a){return a+${i}}`;
    }
    files['/many/bundle.js'] = bundle;
    const { readFile, reads } = memoryFiles(files);
    const resolver = createMethodResolver({ pathMappings: [], roots: [], readFile });
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const before = process.cpuUsage();
    await resolver.prepare(frames);
    isDone = true;
    const { user, system } = process.cpuUsage(before);
    assert.ok(turns > 50, `only ${turns} turns of the event loop`);
    assert.ok((user + system) / 1e6 < 20, `${(user + system) / 1e6} s of CPU`);
    assert.equal(reads.filter((path) => !path.endsWith('.map')).length, 26);
    assert.equal(frames.length, 100_000);
    for (const frame of frames) {
      const method = methodOf(resolver, frame);
      if (method?.method.name !== frame.functionName)
        assert.fail(`${frame.functionName} of ${frame.url}: ${JSON.stringify(resolver.resolveFrame(frame))}`);
    }
    assert.equal(resolver.methods.length, 100_000);

    const again = process.cpuUsage();
    await resolver.prepare(frames);
    const refresh = process.cpuUsage(again);
    assert.ok(
      (refresh.user + refresh.system) / 1e3 < 500,
      `a refresh takes ${(refresh.user + refresh.system) / 1e3} ms of CPU`,
    );
  });
});
