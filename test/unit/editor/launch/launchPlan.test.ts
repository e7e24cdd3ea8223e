import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isHeatlensError } from '../../../../src/core/errors';
import type { NodeFacts } from '../../../../src/editor/launch/launchPlan';
import {
  findTsxLoader,
  npmScripts,
  packageManagerOf,
  planScript,
  splitArguments,
} from '../../../../src/editor/launch/launchPlan';
import { nodeFacts } from '../../../../src/editor/launch/nodeFacts';
import { nodeBinaries } from '../../../support/nodeVersions';

describe('launch plan', () => {
  let root: string;
  const write = (path: string, text: string): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'heatlens-launch-')))));
  afterEach(() => rmSync(root, { recursive: true }));
  const facts = (version: string, typescript: NodeFacts['typescript'] = false): NodeFacts => ({ version, typescript });

  it('starts JavaScript from the folder of its package', () => {
    write('package.json', '{}');
    const script = write('src/app.js', '');
    assert.deepEqual(planScript('node', script, ['a b'], undefined), {
      command: 'node',
      args: [script, 'a b'],
      cwd: root,
    });
  });

  it('runs TypeScript through the loader of the tsx that the project has', () => {
    write('node_modules/tsx/package.json', '{"exports":{".":"./dist/loader.mjs"}}');
    const script = write('packages/api/src/app.ts', '');
    const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
    assert.equal(findTsxLoader(script), loader);
    const plan = planScript('node', script, [], undefined);
    assert.deepEqual(plan.args, ['--import', pathToFileURL(loader).href, script]);
  });

  it('else leaves it to a Node that strips types, with the flag where that needs one', () => {
    const script = write('app.ts', '');
    assert.deepEqual(planScript('node', script, [], facts('24.1.0', 'strip')).args, [script]);
    assert.deepEqual(planScript('node', script, [], facts('22.7.0')).args, ['--experimental-strip-types', script]);
  });

  it('says what to install where neither works', () => {
    const refused = (path: string, known: NodeFacts): void =>
      assert.throws(
        () => planScript('node', path, [], known),
        (error) => isHeatlensError(error) && /tsx/.test(error.nextStep),
      );
    refused(write('app.ts', ''), facts('20.20.0'));
    refused(write('app.ts', ''), facts('22.5.1'));
    refused(write('view.tsx', ''), facts('24.1.0', 'strip'));
  });

  it('reads the scripts of a package.json, and none of a broken one', () => {
    assert.deepEqual(npmScripts(write('package.json', '{"scripts":{"start":"node .","test":"x"}}')), ['start', 'test']);
    assert.deepEqual(npmScripts(write('broken/package.json', '{"scripts":')), []);
    assert.deepEqual(npmScripts(join(root, 'none/package.json')), []);
  });

  it('tells the package manager by its field, then by the nearest lock file', () => {
    write('yarn.lock', '');
    write('a/pnpm-lock.yaml', '');
    write('b/package.json', '{"packageManager":"pnpm@9.1.0"}');
    assert.equal(packageManagerOf(join(root, 'a'), existsSync), 'pnpm');
    assert.equal(packageManagerOf(join(root, 'b'), existsSync), 'pnpm');
    assert.equal(packageManagerOf(join(root, 'c'), existsSync), 'yarn');
  });

  it('splits arguments as a shell does', () => {
    assert.deepEqual(splitArguments(`--port 80  "a b" 'c d' ""`), ['--port', '80', 'a b', 'c d', '']);
    assert.deepEqual(splitArguments('  '), []);
  });

  it('asks a Node what it is; one that is missing is an error with a next step', async () => {
    const [{ path, version }] = nodeBinaries();
    const found = await nodeFacts(path, root, new AbortController().signal);
    assert.equal(Number(found.version.split('.')[0]), version);
    await assert.rejects(
      nodeFacts(join(root, 'no-node'), root, new AbortController().signal),
      (error) => isHeatlensError(error) && error.code === 'nodeNotFound',
    );
  });
});
