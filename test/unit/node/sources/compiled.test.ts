import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync } from 'node:fs';
import ts from 'typescript';
import type { Frame } from '../../../../src/core/profile/frame';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import type { MethodResolverOptions } from '../../../../src/node/sources/createMethodResolver';
import { nodeBinaries } from '../../../support/nodeVersions';
import { bundleWithEsbuild, bundleWithWebpack, compileWithTypeScript, createProject } from './compilers';
import type { Project } from './compilers';
import { assertAllFound, describeAll, methodOf, placeName, withProgram } from './profiledProgram';

const bundled = ['src/service.ts', 'src/lib/spin.ts', 'src/lib/legacy.cjs'];

describe('methods of compiled files', function () {
  this.timeout(120_000);
  let project: Project;

  beforeEach(() => (project = createProject()));
  afterEach(() => project.dispose());

  async function profile(script: string): Promise<Frame[]> {
    const node = nodeBinaries().find(({ version }) => version === 22)!.path;
    return withProgram(node, [project.path(script)], project.root, (program) => program.profile());
  }

  async function check(
    script: string,
    sources: readonly string[],
    { local = project, ...options }: Partial<MethodResolverOptions> & { local?: Project } = {},
  ): Promise<void> {
    const frames = await profile(script);
    const resolver = createMethodResolver({ pathMappings: [], roots: [local.root], ...options });
    await resolver.prepare(frames);
    if (process.env['HEATLENS_TEST_PRINT']) console.log(describeAll(resolver, frames));
    for (const source of sources) assertAllFound(resolver, frames, local.path(source));
    for (const frame of frames) {
      const resolution = resolver.resolveFrame(frame);
      assert.ok(!('byName' in resolution) || !resolution.byName, 'names had to settle it');
    }
  }

  describe('TypeScript compiler', () => {
    const cases: { title: string; options: ts.CompilerOptions }[] = [
      { title: 'external map', options: { sourceMap: true } },
      { title: 'inline map', options: { inlineSourceMap: true } },
      { title: 'inline map with the sources inside', options: { inlineSourceMap: true, inlineSources: true } },
      { title: 'async functions compiled away', options: { sourceMap: true, target: ts.ScriptTarget.ES2015 } },
      { title: 'comments removed', options: { sourceMap: true, removeComments: true } },
    ];
    for (const { title, options } of cases) {
      it(title, async () => {
        compileWithTypeScript(project, options);
        await check('dist/service.js', ['src/service.ts']);
      });
    }

    it('sourceRoot of this machine', async () => {
      compileWithTypeScript(project, { sourceMap: true, sourceRoot: project.path('src') });
      await check('dist/service.js', ['src/service.ts']);
    });

    it('sourceRoot of the machine that built it', async () => {
      compileWithTypeScript(project, { sourceMap: true, sourceRoot: '/home/ci/build/42/src' });
      await check('dist/service.js', ['src/service.ts']);
    });

    it('a map beside the file that the file does not name', async () => {
      compileWithTypeScript(project, { sourceMap: true });
      project.write(project.read('dist/service.js').replace(/\/\/# sourceMappingURL=.*/, ''), 'dist/service.js');
      await check('dist/service.js', ['src/service.ts']);
    });
  });

  describe('esbuild', () => {
    it('bundle', async () => {
      await bundleWithEsbuild(project, {});
      await check('dist/main.js', bundled);
    });

    it('minified bundle, one line, names gone', async () => {
      await bundleWithEsbuild(project, { minify: true, sourcemap: 'inline', sourcesContent: false });
      assert.ok(project.read('dist/main.js').split('\n').length < 12);
      await check('dist/main.js', bundled);
    });

    it('ESM bundle', async () => {
      await bundleWithEsbuild(project, { format: 'esm', outfile: project.path('dist/main.mjs'), minify: true });
      await check('dist/main.mjs', bundled);
    });
  });

  describe('webpack', () => {
    it('development bundle with webpack:// sources', async () => {
      await bundleWithWebpack(project, { mode: 'development', devtool: 'source-map' });
      assert.match(project.read('dist/main.js.map'), /"webpack:\/\//);
      await check('dist/main.js', bundled);
    });

    it('production bundle, inline map', async () => {
      await bundleWithWebpack(project, { mode: 'production', devtool: 'inline-source-map' });
      await check('dist/main.js', bundled);
    });

    it('map without copies of the sources, found through the roots', async () => {
      await bundleWithWebpack(project, { mode: 'development', devtool: 'nosources-source-map', name: 'shop' });
      await check('dist/main.js', bundled);
    });

    it("scripts of the 'eval' devtool, by name", async () => {
      await bundleWithWebpack(project, { mode: 'development', devtool: 'eval' });
      const frames = await profile('dist/main.js');
      const resolver = createMethodResolver({ pathMappings: [], roots: [project.root] });
      await resolver.prepare(frames);
      assertAllFound(resolver, frames, project.path('src/service.ts'));
    });
  });

  it('indexed map of two files that were put together', async () => {
    compileWithTypeScript(project, { sourceMap: true });
    const service = project.read('dist/service.js').replace(/\/\/# sourceMappingURL=.*/, '');
    const banner = '/* put together */ ';
    const legacy = project.read('src/lib/legacy.cjs');
    const joined = `${banner}${service}\n;${legacy}\nsetInterval(() => module.exports.oldStyle(), 1);\n`;
    const lines = legacy.split('\n').map((text, i) => (i === 0 ? '' : 'A') && text && 'AACA');
    const legacyMap = {
      version: 3,
      sources: ['../src/lib/legacy.cjs'],
      names: [],
      mappings: ['AAAA', ...lines.slice(1).map(() => 'AACA')].join(';'),
    };
    const sections = [
      { offset: { line: 0, column: banner.length }, map: JSON.parse(project.read('dist/service.js.map')) as object },
      { offset: { line: service.split('\n').length, column: 1 }, map: legacyMap },
    ];
    project.write(JSON.stringify({ version: 3, file: 'joined.js', sections }), 'dist/joined.js.map');
    project.write(`${joined}//# sourceMappingURL=joined.js.map\n`, 'dist/joined.js');
    await check('dist/joined.js', ['src/service.ts', 'src/lib/legacy.cjs']);
  });

  it('a container: its paths lead to local ones', async () => {
    compileWithTypeScript(project, { sourceMap: true });
    const local = createProject();
    try {
      cpSync(project.path('dist'), local.path('dist'), { recursive: true });
      const mappings = [{ remote: project.root, local: local.root }];
      const frames = await profile('dist/service.js');
      // The container's files are out of reach.
      renameSync(project.path('src'), project.path('elsewhere'));
      rmSync(project.path('dist'), { recursive: true });
      const resolver = createMethodResolver({ pathMappings: mappings, roots: [] });
      await resolver.prepare(frames);
      assertAllFound(resolver, frames, local.path('src/service.ts'));

      const unmapped = createMethodResolver({ pathMappings: [], roots: [] });
      await unmapped.prepare(frames);
      const frame = frames.find(({ functionName }) => functionName === 'burn')!;
      const resolution = unmapped.resolveFrame(frame);
      assert.ok('reason' in resolution && resolution.reason === 'no-file');
      assert.match(resolution.detail!, /map its folder to a local one/);
    } finally {
      local.dispose();
    }
  });

  it('plain JavaScript: first line, CommonJS and ESM', async () => {
    const body = (exported: string): string =>
      `function burn(n) { let s = 0; for (let i = 0; i < n * 2e5; i++) s += Math.sqrt(i); return s; } // method burn\n${exported} go = async () => { burn(1); };\nsetInterval(() => { burn(2); void go(); }, 1);\n`;
    project.write(body('const'), 'plain/script.cjs');
    project.write(body('export const'), 'plain/module.mjs');
    for (const script of ['plain/script.cjs', 'plain/module.mjs']) {
      const frames = await profile(script);
      const resolver = createMethodResolver({ pathMappings: [], roots: [] });
      await resolver.prepare(frames);
      const places = frames.map((frame) => {
        const method = methodOf(resolver, frame);
        return method?.file === project.path(script) ? placeName(method) : undefined;
      });
      assert.ok(places.includes('burn:0'), describeAll(resolver, frames));
      assert.equal(
        placeName(
          methodOf(
            resolver,
            frames.find(({ functionName }) => functionName === 'burn')!,
          )!,
        ),
        'burn:0',
      );
      assert.ok(places.includes('setInterval callback:2'), describeAll(resolver, frames));
    }
  });
});
