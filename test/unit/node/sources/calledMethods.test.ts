import assert from 'node:assert/strict';
import { transformSync } from 'esbuild';
import { createMethodResolver, type SourceMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import type { Frame } from '../../../../src/core/profile/frame';
import { frameAt, memoryFiles, type MemoryFile } from './memoryFiles';

interface Program {
  readonly resolver: SourceMethodResolver;
  readonly reads: readonly string[];
  /** The method that a frame of the script at the marker stands for. */
  methodOf(path: string, marker: string, name: string): Promise<number>;
}

function program(files: Record<string, string | MemoryFile>): Program {
  const { readFile, reads } = memoryFiles(files);
  const resolver = createMethodResolver({ pathMappings: [], roots: [], readFile });
  return {
    resolver,
    reads,
    async methodOf(path, marker, name) {
      const file = files[path];
      const frame = frameAt(`file://${path}`, typeof file === 'string' ? file : file.text, marker, name);
      await resolver.prepare([frame]);
      const found = resolver.resolveFrame(frame);
      assert.ok('method' in found, JSON.stringify(found));
      return found.method;
    },
  };
}

/** What the method calls, once all files that this leads to are loaded. */
async function calleesOf({ resolver }: Program, method: number): Promise<string[]> {
  for (let version = -1; version !== resolver.version;) {
    version = resolver.version;
    resolver.calleesOf(method);
    await resolver.prepare([]);
  }
  return resolver
    .calleesOf(method)
    .map((callee) => `${resolver.methods[callee].file} ${resolver.methods[callee].method.qualifiedName}`)
    .sort();
}

/** As a compiler writes it: the text and its source map. */
function compiled(source: string, sourceName: string, mapName: string): { text: string; map: string } {
  const { code, map } = transformSync(source, { loader: 'ts', format: 'cjs', sourcemap: true, sourcefile: sourceName });
  return { text: `${code}//# sourceMappingURL=${mapName}\n`, map };
}

describe('called methods', () => {
  it('follows requires to files that no frame led to', async () => {
    const files = {
      '/app/a.js':
        "const { b } = require('./lib/b');\nconst c = require('./c');\nfunction hot() { b(); c.d(); new c.K().m(); }\n",
      '/app/lib/b.js': 'exports.b = b;\nfunction b() {}\n',
      '/app/c/index.js': 'class K { m() {} }\nmodule.exports = { K, d() {} };\n',
    };
    const app = program(files);
    const hot = await app.methodOf('/app/a.js', '() { b', 'hot');
    assert.deepEqual(app.resolver.calleesOf(hot), []);
    assert.deepEqual(await calleesOf(app, hot), [
      '/app/c/index.js K',
      '/app/c/index.js K.m',
      '/app/c/index.js module.exports.d',
      '/app/lib/b.js b',
    ]);
    const scripts = app.resolver.scriptsOf('/app/lib/b.js');
    assert.deepEqual([...scripts.keys()], ['file:///app/lib/b.js']);
    const [frame] = scripts.values();
    const { methods } = app.resolver.resolveLine(frame, 1);
    assert.deepEqual(
      methods.map((method) => app.resolver.methods[method].method.name),
      ['b', '(module)'].slice(0, methods.length),
    );
    assert.ok(app.resolver.calleesOf(hot).includes(methods[0]));
  });

  it('follows imports through modules that export again', async () => {
    const app = program({
      '/app/a.mjs': "import { b, other } from './index.mjs';\nexport function hot() { b(); other(); }\n",
      '/app/index.mjs':
        "export * from './none.mjs';\nexport * from './b.mjs';\nexport { c as other } from './b.mjs';\n",
      '/app/b.mjs': 'export const b = () => 1;\nexport function c() {}\n',
      '/app/none.mjs': "export * from './index.mjs';\n",
    });
    const hot = await app.methodOf('/app/a.mjs', '() { b', 'hot');
    assert.deepEqual(await calleesOf(app, hot), ['/app/b.mjs b', '/app/b.mjs c']);
  });

  it('finds the source of a script beside the script', async () => {
    const a = compiled("import { b } from './b';\nexport function hot() { return b(1); }\n", '../src/a.ts', 'a.js.map');
    const b = compiled('export function b(x: number): number { return x; }\n', '../src/b.ts', 'b.js.map');
    const app = program({
      '/app/dist/a.js': a.text,
      '/app/dist/a.js.map': a.map,
      '/app/dist/b.js': b.text,
      '/app/dist/b.js.map': b.map,
    });
    const hot = await app.methodOf('/app/dist/a.js', '() {\n  return (0, import_b', 'hot');
    assert.deepEqual(await calleesOf(app, hot), ['/app/src/b.ts b']);
    assert.deepEqual([...app.resolver.scriptsOf('/app/src/b.ts').keys()], ['file:///app/dist/b.js']);
  });

  it('finds another source of the same bundle', async () => {
    // Each line of the bundle is of one source.
    const text = 'function b() { return 1; }\nfunction hot() { return b(); }\n//# sourceMappingURL=bundle.js.map\n';
    const map = JSON.stringify({
      version: 3,
      sources: ['../src/b.ts', '../src/a.ts'],
      sourcesContent: [
        'export function b() { return 1; }\n',
        "import { b } from './b.js';\nexport function hot() { return b(); }\n",
      ],
      mappings: 'AAAO,SAASA,IAAI;ACCN,SAASC,MAAM',
      names: ['b', 'hot'],
    });
    const app = program({ '/app/dist/bundle.js': text, '/app/dist/bundle.js.map': map });
    const hot = await app.methodOf('/app/dist/bundle.js', '() { return b', 'hot');
    assert.deepEqual(await calleesOf(app, hot), ['/app/src/b.ts b']);
    const [frame] = app.resolver.scriptsOf('/app/src/b.ts').values();
    const [onLine] = app.resolver.resolveLine(frame, 0).methods;
    assert.equal(app.resolver.methods[onLine].method.name, 'b');
  });

  it('looks for no packages, and for nothing twice', async () => {
    const app = program({
      '/app/a.js': "const p = require('package');\nconst n = require('./none');\nfunction hot() { p.x(); n.y(); }\n",
    });
    const hot = await app.methodOf('/app/a.js', '() { p', 'hot');
    assert.deepEqual(await calleesOf(app, hot), []);
    assert.ok(!app.reads.some((path) => path.includes('package')));
    const reads = app.reads.length;
    assert.deepEqual(await calleesOf(app, hot), []);
    assert.equal(app.reads.length, reads);
  });

  it('judges a script again when frames of it come that do not fit', async () => {
    const app = program({
      '/app/a.js': "const { b } = require('./b');\nfunction hot() { b(); }\n",
      '/app/b.js': 'exports.b = b;\nfunction b() {}\n',
    });
    const hot = await app.methodOf('/app/a.js', '() { b', 'hot');
    assert.equal((await calleesOf(app, hot)).length, 1);
    const odd: Frame[] = [7, 8].map((line) => ({
      functionName: 'x',
      url: 'file:///app/b.js',
      line,
      column: 3,
      scriptId: '2',
    }));
    await app.resolver.prepare(odd);
    assert.ok('reason' in app.resolver.resolveFrame(odd[0]));
  });

  it('bounds what others can make it load', async () => {
    const count = 300;
    const names = Array.from({ length: count }, (_, n) => `m${n}`);
    const text = `${names.map((name) => `const ${name} = require('./${name}');`).join('\n')}\nfunction hot() { ${names.map((name) => `${name}.f();`).join(' ')} }\n`;
    const modules = Object.fromEntries(names.map((name) => [`/app/${name}.js`, 'exports.f = () => 1;\n']));
    const app = program({ '/app/a.js': text, ...modules });
    const hot = await app.methodOf('/app/a.js', '() { m0', 'hot');
    assert.equal((await calleesOf(app, hot)).length, 200);
  });
});
