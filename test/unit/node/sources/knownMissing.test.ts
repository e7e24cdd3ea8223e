import assert from 'node:assert/strict';
import { createKnownMissing } from '../../../../src/node/sources/knownMissing';
import type { ReadFile } from '../../../../src/node/sources/sourceFiles';

/** Only `/here` is a folder, with `/here/a.js` in it. */
function disk(): { readFile: ReadFile; reads: string[] } {
  const reads: string[] = [];
  const readFile: ReadFile = async (path) => {
    reads.push(path);
    if (path === '/here/a.js') return { text: 'a', modifiedAt: 0 };
    if (path === '/here' || path === '/') return { problem: 'unreadable', detail: `${path} is a folder` };
    return { problem: 'missing', detail: `${path} does not exist` };
  };
  return { readFile, reads };
}

describe('files that are missing', () => {
  const look = async (files: { readFile: ReadFile }, paths: readonly string[]): Promise<string[]> =>
    Promise.all(
      paths.map(async (path) => {
        const answer = await files.readFile(path, 10);
        return 'text' in answer ? answer.text : answer.problem;
      }),
    );
  const many = (folder: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${folder}/${n}.js`);

  it('are looked for once, until they may have appeared', async () => {
    const { readFile, reads } = disk();
    const files = createKnownMissing(readFile, { hasFolders: true });
    await look(files, ['/here/b.js']);
    assert.deepEqual(await look(files, ['/here/b.js', '/here/a.js']), ['missing', 'a']);
    assert.deepEqual(reads, ['/here/b.js', '/here/a.js']);
    files.forget();
    await look(files, ['/here/b.js']);
    assert.equal(reads.length, 3);
  });

  it('are not looked for in folders that are missing', async () => {
    const { readFile, reads } = disk();
    const files = createKnownMissing(readFile, { hasFolders: true });
    await look(files, many('/gone/x/y', 8));
    const before = reads.length;
    const answers = await look(files, [...many('/gone/x/y', 1_000), ...many('/gone/x/y/z/0', 1_000)]);
    assert.ok(answers.every((answer) => answer === 'missing'));
    // Eight of the folder below, until it is seen that it is one of them.
    assert.ok(reads.length - before < 1_050, `${reads.length}`);
    assert.deepEqual(await look(files, many('/here', 20)), Array(20).fill('missing'));
    assert.deepEqual(await look(files, ['/here/a.js']), ['a']);
  });

  it('are no longer looked for when there were too many', async () => {
    const { readFile, reads } = disk();
    const files = createKnownMissing(readFile, { hasFolders: false, mostMisses: 100 });
    for (const path of many('/here', 1_000)) await look(files, [path]);
    assert.equal(reads.length, 100);
    const answer = await files.readFile('/here/1000.js', 10);
    assert.ok('problem' in answer && answer.detail.includes('was not looked for'));
  });
});
