import assert from 'node:assert/strict';
import { relativeCandidates } from '../../../../src/core/source/relativeSpecifier';

describe('relative specifiers', () => {
  const first = (importer: string, specifier: string, count: number): string[] =>
    relativeCandidates(importer, specifier).slice(0, count);

  it('tries the extension of the importing file first', () => {
    assert.deepEqual(first('/a/x.js', './y', 2), ['/a/y.js', '/a/y.ts']);
    assert.deepEqual(first('/a/x.ts', './y', 1), ['/a/y.ts']);
    assert.deepEqual(first('file:///a/b/x.mjs', '../y.mjs', 1), ['file:///a/y.mjs']);
    assert.deepEqual(first('C:\\a\\b\\x.ts', '../c/y', 1), ['C:\\a\\c\\y.ts']);
  });

  it('takes the name of what a compiler writes for its source', () => {
    assert.deepEqual(first('/a/x.ts', './y.js', 3), ['/a/y.ts', '/a/y.tsx', '/a/y.js']);
    assert.deepEqual(first('/a/x.js', './y.js', 2), ['/a/y.js', '/a/y.ts']);
    assert.deepEqual(first('webpack://app/./src/x.ts', './y.mjs', 1), ['webpack://app/./src/y.mjs']);
  });

  it('finds the index of a folder', () => {
    assert.ok(relativeCandidates('/a/x.js', './y').includes('/a/y/index.js'));
    assert.deepEqual(first('/a/b/x.ts', '..', 1), ['/a/index.ts']);
    assert.deepEqual(first('/a/b/x.ts', './', 1), ['/a/b/index.ts']);
  });

  it('keeps to relative names of code', () => {
    for (const specifier of ['y', '@scope/y', '/y', '#y', 'node:fs', './y?raw', './y.json', '.y', '../../../y', ''])
      assert.deepEqual(relativeCandidates('/a/b/x.js', specifier), [], specifier);
  });
});
