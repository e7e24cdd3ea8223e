import assert from 'node:assert/strict';
import { isOwnFile } from '../../../../src/editor/workspace/ownFile';

describe('URIs that commands are given', () => {
  const cases: readonly [scheme: string, fsPath: string, flavour: 'posix' | 'win32', expected: boolean][] = [
    ['file', '/home/me/a.cpuprofile', 'posix', true],
    ['file', '//other-host/share/a.cpuprofile', 'posix', false],
    ['file', '/dev/zero', 'posix', false],
    ['file', '/proc/self/environ', 'posix', false],
    ['file', 'c:\\me\\a.cpuprofile', 'win32', true],
    ['file', '\\\\other-host\\share\\a.cpuprofile', 'win32', false],
    ['file', '\\\\nas\\work\\a.cpuprofile', 'win32', true],
    ['file', 'c:\\me\\nul', 'win32', false],
    ['http', '/a.cpuprofile', 'posix', false],
    ['https', '/a.cpuprofile', 'posix', false],
    ['ftp', '/a.cpuprofile', 'posix', false],
    ['command', '/heatlens.clear', 'posix', false],
    ['vscode', '/x', 'posix', false],
    ['vscode-remote', '/home/me/a.cpuprofile', 'posix', false],
    ['vscode-userdata', '/x', 'posix', false],
    ['git', '/home/me/a.cpuprofile', 'posix', false],
    ['untitled', 'Untitled-1', 'posix', false],
    ['data', '/text', 'posix', false],
    ['', '/home/me/a.cpuprofile', 'posix', false],
  ];
  for (const [scheme, fsPath, flavour, expected] of cases) {
    it(`${scheme}: ${fsPath} is ${expected ? 'opened' : 'refused'}`, () => {
      assert.equal(isOwnFile({ scheme, fsPath }, ['\\\\nas\\work'], flavour), expected);
    });
  }
});
