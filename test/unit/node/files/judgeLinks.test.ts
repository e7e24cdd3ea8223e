import assert from 'node:assert/strict';
import { createLinkJudge } from '../../../../src/node/files/judgeLinks';

describe('links in paths of strangers', () => {
  /** A disk of links and folders, and what was looked at. */
  const disk = (entries: Record<string, string | null>) => {
    const looked: string[] = [];
    return {
      looked,
      readLink: (path: string): string | null | undefined => {
        looked.push(path);
        return entries[path];
      },
    };
  };

  it('are followed on Windows, and end before another machine', () => {
    const { looked, readLink } = disk({
      'C:\\app': null,
      'C:\\app\\plain.js': null,
      'C:\\app\\inner.js': 'plain.js',
      'C:\\app\\share.js': '\\\\other-host\\share\\x.js',
      'C:\\app\\slashed.js': '//other-host/share/x.js',
      'C:\\app\\pipe.js': '\\\\.\\pipe\\x',
      'C:\\app\\folder': '\\\\other-host\\share',
      'C:\\app\\twice.js': 'C:\\app\\share.js',
      'C:\\app\\nas': '\\\\nas\\work\\lib',
      '\\\\nas\\work\\lib': null,
      '\\\\nas\\work\\lib\\x.js': '\\\\other-host\\share\\x.js',
      'C:\\app\\a.js': 'b.js',
      'C:\\app\\b.js': 'a.js',
    });
    const judge = createLinkJudge('win32', readLink);
    const cases: readonly [path: string, expected: string | undefined][] = [
      ['C:\\app\\plain.js', undefined],
      ['C:/app/inner.js', undefined],
      ['C:\\app\\gone.js', undefined],
      ['C:\\app\\a.js', undefined],
      ['C:\\app\\share.js', 'elsewhere'],
      ['C:\\app\\slashed.js', 'elsewhere'],
      ['C:\\app\\pipe.js', 'device'],
      ['C:\\app\\folder\\deep\\x.js', 'elsewhere'],
      ['C:\\app\\twice.js', 'elsewhere'],
      ['C:\\app\\nas\\x.js', 'elsewhere'],
      ['C:\\app\\nas\\y.js', undefined],
    ];
    for (const [path, expected] of cases) assert.equal(judge(path, ['\\\\nas\\work']), expected, path);
    assert.deepEqual(
      looked.filter((path) => path.includes('other-host')),
      [],
    );
    assert.equal(looked.filter((path) => path === 'C:\\app').length, 1, 'folders are looked at once');
    assert.equal(createLinkJudge('win32', readLink)('C:\\app\\nas\\y.js', []), 'elsewhere');
  });

  it('are the same elsewhere', () => {
    const { readLink } = disk({ '/a': null, '/a/x': '../proc/self/mem', '/a/y': '../b/z', '/b': null, '/b/z': null });
    const judge = createLinkJudge('posix', readLink);
    assert.equal(judge('/a/x', []), 'device');
    assert.equal(judge('/a/y', []), undefined);
  });
});
