import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFilePaths, isInside } from '../../../../src/editor/workspace/filePaths';

describe('paths of files', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'heatlens-paths-')));
    mkdirSync(join(root, 'real/src'), { recursive: true });
    writeFileSync(join(root, 'real/src/a.ts'), '');
    symlinkSync(join(root, 'real'), join(root, 'link'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('lead from a workspace opened through a link to what is measured, and back', () => {
    const paths = createFilePaths(() => [{ name: 'link', path: join(root, 'link') }]);
    assert.equal(paths.measured(join(root, 'link/src/a.ts')), join(root, 'real/src/a.ts'));
    assert.equal(paths.shown(join(root, 'real/src/a.ts')), join(root, 'link/src/a.ts'));
    assert.equal(paths.short(join(root, 'real/src/a.ts')), join('src', 'a.ts'));
    assert.equal(paths.measured(join(root, 'link/src/gone.ts')), join(root, 'link/src/gone.ts'));
  });

  it('are short inside the workspace, with the folder where there are several, and whole outside', () => {
    const folder = { name: 'api', path: join(root, 'real') };
    assert.equal(createFilePaths(() => [folder]).short(join(root, 'real/src/a.ts')), join('src', 'a.ts'));
    const two = createFilePaths(() => [folder, { name: 'web', path: '/elsewhere' }]);
    assert.equal(two.short(join(root, 'real/src/a.ts')), join('api', 'src', 'a.ts'));
    assert.equal(two.short('/opt/x.js'), '/opt/x.js');
  });

  it('are inside a folder by whole names', () => {
    assert.ok(isInside('/a/b', '/a/b/c'));
    assert.ok(!isInside('/a/b', '/a/bc'));
    assert.ok(isInside('/', '/a'));
  });
});
