import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createImportedFiles } from '../../../../../src/node/database/mongo/importedFiles';

describe('imported files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-imports-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of [
    'src/a.ts',
    'src/b.ts',
    'src/lib/index.js',
    'src/both.js',
    'src/both.ts',
    'app/__init__.py',
    'app/db.py',
    'app/api/__init__.py',
    'app/api/orders.py',
  ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `// ${name}`);
  }
  const files = createImportedFiles();
  const check = (from: string, specifier: string, expected: string | undefined): void => {
    const found = files.resolveImport(join(folder, from), specifier);
    assert.equal(
      found && relative(folder, found.fileName).replaceAll('\\', '/'),
      expected,
      `${specifier} from ${from}`,
    );
    if (expected !== undefined) assert.equal(found?.text, `// ${expected}`);
  };

  it('are found as JavaScript and TypeScript write them', () => {
    check('src/a.ts', './b', 'src/b.ts');
    check('src/a.ts', './b.js', 'src/b.ts');
    check('src/a.ts', './lib', 'src/lib/index.js');
    check('src/lib/index.js', '../both', 'src/both.ts');
    check('src/a.ts', 'mongodb', undefined);
    check('src/a.ts', './missing', undefined);
  });

  it('are found as Python writes them', () => {
    check('app/api/orders.py', '..db', 'app/db.py');
    check('app/api/orders.py', 'app.db', 'app/db.py');
    check('app/api/orders.py', '.', 'app/api/__init__.py');
    check('app/api/orders.py', '.missing', undefined);
    check('app/api/orders.py', './db', undefined);
  });

  it('are read again when they changed', () => {
    const path = join(folder, 'src/b.ts');
    files.resolveImport(join(folder, 'src/a.ts'), './b');
    writeFileSync(path, '// other');
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    assert.equal(files.resolveImport(join(folder, 'src/a.ts'), './b')?.text, '// other');
  });

  describe('outside', () => {
    const workspace = join(folder, 'workspace');
    const outside = join(folder, 'outside');
    const put = (path: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `// ${path}`);
    };
    const leadsTo = (from: string, specifier: string, roots: readonly string[] = [workspace]): string | undefined =>
      createImportedFiles(() => roots).resolveImport(from, specifier)?.fileName;
    const main = join(workspace, 'src/main.js');
    const python = join(workspace, 'app/main.py');

    before(function () {
      if (process.platform === 'win32') this.skip();
      for (const path of ['src/main.js', 'src/near.js', 'app/main.py', 'app/near.py', 'shared.js'])
        put(join(workspace, path));
      for (const path of ['secret.js', 'secret.py', 'deep/secret.js', 'secret/__init__.py']) put(join(outside, path));
      put(join(folder, 'workspace-two/near.js'));
      for (const name of ['secret.js', 'deep']) symlinkSync(join(outside, name), join(workspace, 'src', name));
      symlinkSync(join(outside, 'secret.py'), join(workspace, 'app/linked.py'));
      symlinkSync(join(outside, 'secret'), join(workspace, 'app/folder'));
      symlinkSync('../shared.js', join(workspace, 'src/inner.js'));
      symlinkSync('loop.js', join(workspace, 'src/loop.js'));
      symlinkSync(workspace, join(folder, 'link'));
      for (const [name, device] of [
        ['src/zero.js', '/dev/zero'],
        ['src/memory.js', '/proc/self/mem'],
        ['src/command.js', '/proc/self/cmdline'],
        ['app/zero.py', '/dev/zero'],
        ['app/terminal.py', '/dev/tty'],
      ])
        symlinkSync(device, join(workspace, name));
      execFileSync('mkfifo', [join(workspace, 'src/pipe.js'), join(workspace, 'app/pipe.py')]);
    });

    it('nothing is read that is not of the workspace, by its real path', () => {
      assert.equal(leadsTo(main, './near'), join(workspace, 'src/near.js'));
      assert.equal(leadsTo(main, './inner'), join(workspace, 'src/inner.js'), 'a link that stays inside');
      assert.equal(leadsTo(python, '.near'), join(workspace, 'app/near.py'));
      for (const specifier of [
        '../../outside/secret.js',
        '../../outside/deep/secret',
        '../../workspace-two/near',
        `${outside}/secret.js`,
        `//${outside.slice(1)}/secret.js`,
        './secret',
        './secret.js',
        './deep/secret',
        './loop.js',
        './pipe.js',
        './zero.js',
        './memory.js',
        './command.js',
        '/dev/zero',
        `./${'n'.repeat(5_000)}.js`,
        './near.js\0',
      ])
        assert.equal(leadsTo(main, specifier), undefined, specifier);
      for (const specifier of [
        'outside.secret',
        '...outside.secret',
        '.linked',
        '.folder',
        '.pipe',
        '.zero',
        '.terminal',
      ])
        assert.equal(leadsTo(python, specifier), undefined, specifier);
    });

    it('a workspace may itself be a link, and have several folders', () => {
      const linked = join(folder, 'link');
      assert.equal(leadsTo(join(linked, 'src/main.js'), './near', [linked]), join(linked, 'src/near.js'));
      assert.equal(leadsTo(join(linked, 'src/main.js'), './secret', [linked]), undefined);
      const two = join(folder, 'workspace-two');
      assert.equal(leadsTo(main, '../../workspace-two/near', [workspace, two]), join(two, 'near.js'));
    });

    it('a file of no workspace has its own project', () => {
      const project = join(folder, 'project');
      put(join(project, 'package.json'));
      put(join(project, 'models/user.js'));
      const from = join(project, 'src/deep/a.js');
      put(from);
      assert.equal(leadsTo(from, '../../models/user'), join(project, 'models/user.js'));
      assert.equal(leadsTo(from, '../../../outside/secret'), undefined);
      assert.equal(leadsTo(from, '/etc/x.js'), undefined);
    });
  });
});
