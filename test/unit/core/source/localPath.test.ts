import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { whyNotLocal } from '../../../../src/core/source/localPath';

describe('paths of strangers', () => {
  const onWindows: readonly [path: string, expected: ReturnType<typeof whyNotLocal>][] = [
    ['C:\\app\\src\\x.js', undefined],
    ['c:/app/src/x.js', undefined],
    ['C:\\app\\..\\x.js', undefined],
    ['C:\\app\\con-tent\\nullable.js', undefined],
    ['C:\\app\\com10\\x.js', undefined],
    ['\\\\host\\share\\x.js', 'elsewhere'],
    ['//host/share/x.js', 'elsewhere'],
    ['\\/host/share\\x.js', 'elsewhere'],
    ['/\\host\\share\\x.js', 'elsewhere'],
    ['\\\\\\host\\share\\x.js', 'elsewhere'],
    ['////host/share/x.js', 'elsewhere'],
    ['\\\\127.0.0.1\\c$\\x.js', 'elsewhere'],
    ['\\\\wsl.localhost\\x\\y.js', 'elsewhere'],
    ['\\\\host@8080\\DavWWWRoot\\x.js', 'elsewhere'],
    ['\\\\?\\UNC\\host\\share\\x.js', 'device'],
    ['\\\\?\\C:\\x.js', 'device'],
    ['//?/UNC/host/share/x.js', 'device'],
    ['\\\\.\\pipe\\x', 'device'],
    ['//./pipe/x', 'device'],
    ['\\\\.\\PhysicalDrive0', 'device'],
    ['\\??\\UNC\\host\\share\\x.js', 'device'],
    ['C:x.js', 'elsewhere'],
    ['\\x.js', 'elsewhere'],
    ['/srv/app/x.js', 'elsewhere'],
    ['x.js', 'elsewhere'],
    ['', 'elsewhere'],
    ['C:\\app\\x.js:stream', 'device'],
    ['C:\\app\\x.js::$DATA', 'device'],
    ['C:\\app:s\\x.js', 'device'],
    ['C:\\C:\\x.js', 'device'],
    ['C:\\app\\CON', 'device'],
    ['C:\\app\\nul', 'device'],
    ['C:\\app\\nul.js', 'device'],
    ['C:\\app\\Com1 .js', 'device'],
    ['C:\\app\\LPT²\\x.js', 'device'],
    ['C:\\app\\aux\\x.js', 'device'],
    ['C:\\app\\CONIN$', 'device'],
    ['C:\\app\\x.js.', 'malformed'],
    ['C:\\app\\x.js ', 'malformed'],
    ['C:\\app \\x.js', 'malformed'],
    ['C:\\app\\x?.js', 'malformed'],
    ['C:\\app\\x\u0001.js', 'malformed'],
    ['C:\\app\\x.js\0.txt', 'malformed'],
    ['\\\\nas\\work\\shop\\src\\x.js', undefined],
    ['//NAS/work/Shop/src/x.js', undefined],
    ['\\\\nas\\work\\shop\\..\\shop\\x.js', undefined],
    ['\\\\nas\\work\\shop\\..\\other\\x.js', 'elsewhere'],
    ['\\\\nas\\work\\shopping\\x.js', 'elsewhere'],
    ['\\\\nas\\other\\shop\\x.js', 'elsewhere'],
    ['\\\\nas.evil\\work\\shop\\x.js', 'elsewhere'],
    ['\\\\nas\\work\\shop\\nul', 'device'],
  ];

  for (const [path, expected] of onWindows) {
    it(`on Windows: ${JSON.stringify(path)} is ${expected ?? 'a file'}`, () => {
      assert.equal(whyNotLocal(path, 'win32', ['C:\\other', '\\\\nas\\work\\shop\\']), expected);
    });
  }

  const onPosix: readonly [path: string, expected: ReturnType<typeof whyNotLocal>][] = [
    ['/srv/app/x.js', undefined],
    ['/srv/odd\\name.js', undefined],
    ['/srv/x:y. ', undefined],
    ['/dev/shm/app/x.js', undefined],
    ['/developer/x.js', undefined],
    ['/processes/x.js', undefined],
    ['\\\\host\\share\\x.js', 'elsewhere'],
    ['//host/share/x.js', 'elsewhere'],
    ['/\\host\\share\\x.js', 'elsewhere'],
    ['C:\\app\\x.js', 'elsewhere'],
    ['C:/app/x.js', 'elsewhere'],
    ['x.js', 'elsewhere'],
    ['', 'elsewhere'],
    ['/srv/x.js\0', 'malformed'],
    ['/dev/zero', 'device'],
    ['/dev/stdin', 'device'],
    ['/dev', 'device'],
    ['/dev/fd/3', 'device'],
    ['/dev/shm/../tty', 'device'],
    ['/dev/shmx/y', 'device'],
    ['/proc/self/mem', 'device'],
    ['/srv/../proc/kcore', 'device'],
    ['//proc/kcore', 'device'],
    ['/./sys/kernel/x', 'device'],
    ['//srv/given/x.js', undefined],
    ['//srv/given/../x.js', 'elsewhere'],
  ];

  for (const [path, expected] of onPosix) {
    it(`elsewhere: ${JSON.stringify(path)} is ${expected ?? 'a file'}`, () => {
      assert.equal(whyNotLocal(path, 'posix', ['/srv/given']), expected);
    });
  }

  it('are judged the same when Node has written them its way', () => {
    for (const [path, expected] of onWindows) {
      if (!win32.isAbsolute(path) || path.includes('\0') || path.includes('\u0001')) continue;
      const judged = whyNotLocal(win32.normalize(path), 'win32', ['\\\\nas\\work\\shop']);
      assert.equal(judged === undefined, expected === undefined, `${path} as ${win32.normalize(path)}: ${judged}`);
    }
    for (const [path, expected] of onPosix) {
      if (!posix.isAbsolute(path) || path.startsWith('//') || path.startsWith('/\\')) continue;
      assert.equal(whyNotLocal(posix.normalize(path), 'posix'), expected, path);
    }
  });
});
