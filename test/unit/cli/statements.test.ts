import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';
import { hostileSources } from '../../support/hostileSources/hostileSources';
import { repositoryRoot } from '../../support/nodeVersions';

const folder = join(repositoryRoot, 'test/fixtures/mongo/statements');

describe('heatlens statements', function () {
  this.timeout(60_000);

  it('prints what the documentation names as JSON', async () => {
    const file = join(folder, 'productSearch.py');
    const result = await runCli(['statements', file, join(folder, 'repository.py'), '--json']);
    assert.equal(result.code, 0, result.errors.join('\n'));
    const all = JSON.parse(result.stdout) as Record<string, unknown>[];
    assert.equal(all.filter((one) => one.file === file).length, 4);
    const [search] = all;
    assert.deepEqual(Object.keys(search), [
      'file',
      'line',
      'column',
      'endLine',
      'endColumn',
      'language',
      'api',
      'collection',
      'command',
      'text',
      'holes',
    ]);
    assert.deepEqual(
      [search.line, search.column, search.endLine, search.language, search.api, search.collection, search.command],
      [47, 20, 47, 'python', 'motor', 'products', 'aggregate'],
    );
    assert.deepEqual((search.holes as unknown[])[1], {
      name: 're.escape(search)',
      type: 'string',
      path: 'pipeline[0].$match.name.$regex',
    });
    assert.equal(all.find((one) => String(one.text).includes('COLLECTION_NAMES'))?.collection, null);
  });

  it('says what cannot be read, and goes on with the rest', async () => {
    const mixed = await runCli(['statements', join(folder, 'catalog.js'), join(folder, 'missing.js'), 'README.md']);
    assert.equal(mixed.code, 0);
    assert.match(mixed.stdout, /mongoose find products/);
    assert.match(mixed.errors.join('\n'), /missing\.js: there is no such file\. Check the path\./);
    assert.match(mixed.errors.join('\n'), /README\.md is neither JavaScript, TypeScript nor Python/);
    const none = await runCli(['statements', 'missing.ts']);
    assert.equal(none.code, 1);
    assert.equal((await runCli(['statements'])).code, 2);
  });

  it('writes what is too large as a hole, says what was left out, and leaves other files unharmed', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'heatlens-statements-'));
    try {
      const names = ['doubling-added-strings.js', 'long-statements.js', 'deep-lists.py', 'circles-recursion.js'];
      const sources = hostileSources().filter(({ name }) => names.includes(name));
      assert.equal(sources.length, names.length);
      for (const { name, text } of sources) writeFileSync(join(outside, name), text());
      const result = await runCli([
        'statements',
        ...names.map((name) => join(outside, name)),
        join(folder, 'catalog.js'),
      ]);
      assert.equal(result.code, 0);
      const said = result.errors.join('\n');
      assert.match(result.stdout, /find\(\{ a: <s40> \}\)/);
      assert.match(said, /doubling-added-strings\.js:44: a value is too large to be written out and was left open/);
      assert.match(
        said,
        /long-statements\.js was read only in part, from line \d+ on: (?:there are more statements|reading all of it takes too long)/,
      );
      assert.match(said, /deep-lists\.py was read only in part, from line \d+ on: it is nested too deeply/);
      assert.match(result.stdout, /mongoose find products/);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });
});
