import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame } from '../../../../src/core/profile/frame';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { assertAllFound, describeAll, withProgram } from './profiledProgram';

const fixtures = join(repositoryRoot, 'test/fixtures/sources');
const node22 = () => nodeBinaries().find(({ version }) => version === 22)!.path;
const url = (module: string): string => pathToFileURL(require.resolve(module)).href;

interface Runner {
  readonly title: string;
  readonly folder: 'commonjs' | 'esm' | 'erasable';
  readonly args: () => string[];
}

/** Runs the fixture and compares every method with its marks; returns the resolved frames. */
async function check(
  node: string,
  { folder, args }: Runner,
): Promise<{ readonly frame: Frame; readonly byName: boolean }[]> {
  const cwd = join(fixtures, folder);
  return withProgram(node, [...args(), 'service.ts'], cwd, async (program) => {
    const frames = (await program.profile()).filter((frame) => frame.url.endsWith('service.ts'));
    const resolver = createMethodResolver({
      channel: program.channel,
      processStartedAt: program.startedAt,
      pathMappings: [],
      roots: [cwd],
    });
    await resolver.prepare(frames);
    assertAllFound(resolver, frames, join(cwd, 'service.ts'));
    if (process.env['HEATLENS_TEST_PRINT']) console.log(describeAll(resolver, frames));
    return frames.map((frame) => {
      const resolution = resolver.resolveFrame(frame);
      return { frame, byName: 'byName' in resolution && resolution.byName === true };
    });
  });
}

const withMaps: Runner[] = [
  { title: 'tsx, CommonJS', folder: 'commonjs', args: () => ['--import', url('tsx')] },
  { title: 'tsx, ESM', folder: 'esm', args: () => ['--import', url('tsx')] },
  { title: 'tsx/cjs preloaded', folder: 'commonjs', args: () => ['-r', require.resolve('tsx/cjs')] },
  { title: 'ts-node, CommonJS', folder: 'commonjs', args: () => ['-r', require.resolve('ts-node/register')] },
  {
    title: 'ts-node without type check',
    folder: 'commonjs',
    args: () => ['-r', require.resolve('ts-node/register/transpile-only')],
  },
  {
    title: '@swc-node/register, CommonJS',
    folder: 'commonjs',
    args: () => ['-r', require.resolve('@swc-node/register')],
  },
  { title: 'esbuild-register', folder: 'commonjs', args: () => ['-r', require.resolve('esbuild-register')] },
  {
    title: 'ts-node as an ESM loader with source maps enabled',
    folder: 'esm',
    args: () => ['--enable-source-maps', '--no-warnings', '--loader', url('ts-node/esm/transpile-only')],
  },
];

const withoutMaps: Runner[] = [
  {
    title: 'ts-node as an ESM loader',
    folder: 'esm',
    args: () => ['--no-warnings', '--loader', url('ts-node/esm/transpile-only')],
  },
  {
    title: '@swc-node/register as an ESM loader',
    folder: 'esm',
    args: () => [
      '--import',
      pathToFileURL(join(repositoryRoot, 'node_modules/@swc-node/register/esm/esm-register.mjs')).href,
    ],
  },
];

describe('methods of code compiled in memory', function () {
  this.timeout(120_000);

  for (const runner of withMaps) {
    it(`${runner.title}: by the source map that the target knows`, async () => {
      assert.ok(!(await check(node22(), runner)).some((each) => each.byName), 'names had to settle it');
    });
  }

  for (const runner of withoutMaps) {
    it(`${runner.title}: by name, because its source maps are in another thread`, async () => {
      assert.ok((await check(node22(), runner)).some((each) => each.byName));
    });
  }

  for (const { version, path } of nodeBinaries()) {
    it(`tsx on Node ${version}`, async () => {
      await check(path, { title: '', folder: 'commonjs', args: () => ['--import', url('tsx')] });
      await check(path, { title: '', folder: 'esm', args: () => ['--import', url('tsx')] });
    });
    if (version === 20) continue;
    it(`Node ${version}'s own type stripping, which moves nothing`, async () => {
      const byName = await check(path, { title: '', folder: 'erasable', args: () => ['--no-warnings'] });
      // Node 26 names the initializer of a class's fields after the class, at a place where no method stands.
      assert.deepEqual(
        byName.filter((each) => each.byName && each.frame.functionName !== 'Cart'),
        [],
      );
    });
  }
});
