import assert from 'node:assert/strict';
import {
  fileUrlToPath,
  joinPath,
  normalizePath,
  packageNameOf,
  pathToFileUrl,
} from '../../../../src/core/source/paths';
import { mapToLocal } from '../../../../src/core/source/pathMapping';

describe('paths', () => {
  it('turns file URLs into paths and back', () => {
    const check = (url: string, path: string): void => {
      assert.equal(fileUrlToPath(url), path);
      assert.equal(fileUrlToPath(pathToFileUrl(path)), path);
    };
    check('file:///srv/app/x.js', '/srv/app/x.js');
    check('file:///srv/my%20app/100%25/x%23y.js', '/srv/my app/100%/x#y.js');
    check('file:///srv/%C3%BCber.js', '/srv/über.js');
    check('file:///C:/app/x.js', 'C:\\app\\x.js');
    check('file:///c:/app/../lib/x.js', 'c:\\lib\\x.js');
    check('file://server/share/x.js', '\\\\server\\share\\x.js');
    for (const url of [
      'file:////server/share/x.js',
      'file://///server/share/x.js',
      'file:///%2fserver/share/x.js',
      'file:///%5C%5Cserver%5Cshare/x.js',
      'file:///\\server\\share\\x.js',
    ])
      assert.equal(fileUrlToPath(url), '\\\\server\\share\\x.js', url);
    assert.equal(fileUrlToPath('file:///srv/x.mjs?update=1'), '/srv/x.mjs');
    assert.equal(fileUrlToPath('file:///srv/100%/x.js'), '/srv/100%/x.js');
    assert.equal(fileUrlToPath('file:/srv/x.js'), '/srv/x.js');
    assert.equal(fileUrlToPath('https://example.com/x.js'), undefined);
    assert.equal(fileUrlToPath('evalmachine.<anonymous>'), undefined);
  });

  it('normalises and joins', () => {
    assert.equal(normalizePath('/a/./b//c/../d'), '/a/b/d');
    assert.equal(normalizePath('/../a'), '/a');
    assert.equal(normalizePath('C:/a/..\\b'), 'C:\\b');
    assert.equal(normalizePath('/odd\\name'), '/odd\\name');
    assert.equal(joinPath('/a/b', '../c.ts'), '/a/c.ts');
    assert.equal(joinPath('C:\\a\\b', '../c.ts'), 'C:\\a\\c.ts');
    assert.equal(joinPath('/a', '/b'), '/b');
  });

  it('names the package of a file', () => {
    const check = (path: string, expected: string | undefined): void => assert.equal(packageNameOf(path), expected);
    check('/app/node_modules/express/lib/router.js', 'express');
    check('/app/node_modules/@nestjs/core/index.js', '@nestjs/core');
    check('/app/node_modules/a/node_modules/b/i.js', 'b');
    check('/app/node_modules/.pnpm/x@1.0.0/node_modules/x/i.js', 'x');
    check('C:\\app\\node_modules\\x\\i.js', 'x');
    check('/app/src/x.js', undefined);
    check('/app/node_modules/x.js', undefined);
    check('/app/node_modules/@scope/x.js', undefined);
  });
});

describe('path mapping', () => {
  const check = (path: string, expected: string | undefined, ...mappings: [remote: string, local: string][]): void =>
    assert.equal(
      mapToLocal(
        path,
        mappings.map(([remote, local]) => ({ remote, local })),
      ),
      expected,
    );

  it('lets the longest remote folder win, in whatever order', () => {
    check('/app/packages/a/x.js', '/home/me/a/x.js', ['/app', '/home/me/all'], ['/app/packages/a/', '/home/me/a']);
    check(
      '/app/packages/b/x.js',
      '/home/me/all/packages/b/x.js',
      ['/app/packages/a', '/home/me/a'],
      ['/app', '/home/me/all'],
    );
  });

  it('maps whole folder names only', () => {
    check('/application/x.js', undefined, ['/app', '/home/me']);
    check('/app', '/home/me', ['/app', '/home/me/']);
    check('/x.js', '/home/me/x.js', ['/', '/home/me']);
  });

  it('takes Windows paths on either side', () => {
    check('/app/src/x.js', 'C:\\work\\src\\x.js', ['/app', 'C:\\work']);
    check('C:\\app\\src\\x.js', '/code/src/x.js', ['c:/App/', '/code']);
    check('/app/x.js', undefined);
  });
});
