import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSavedColumns } from '../../../../src/editor/flame/savedColumns';

describe('columns that are kept for the next window', () => {
  let root: string;
  let problems: string[];
  const create = (folder: string | undefined = join(root, 'flame')) =>
    createSavedColumns(folder, (text) => problems.push(text));
  const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'heatlens-saved-'));
    problems = [];
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('come back as they were, the last ones', async () => {
    const saved = create();
    assert.equal(await saved.load(), undefined);
    await saved.save(bytes(1, 2, 3));
    await saved.save(bytes(4, 5));
    assert.deepEqual(new Uint8Array((await create().load())!), Uint8Array.from([4, 5]));
    assert.deepEqual(readdirSync(join(root, 'flame')), ['live.flame'], 'nothing unfinished stays');
    assert.deepEqual(problems, []);
  });

  it('are written one after the other, and the last call wins', async () => {
    const saved = create();
    await Promise.all([saved.save(bytes(1)), saved.save(bytes(2)), saved.save(bytes(3))]);
    assert.deepEqual(new Uint8Array((await saved.load())!), Uint8Array.from([3]));
  });

  it('are gone when the panel is closed', async () => {
    const saved = create();
    void saved.save(bytes(1));
    await saved.clear();
    assert.equal(await saved.load(), undefined);
  });

  it('are not kept without a workspace, nor beyond the bound', async () => {
    const nowhere = createSavedColumns(undefined, (text) => problems.push(text));
    await nowhere.save(bytes(1));
    assert.equal(await nowhere.load(), undefined);
    await nowhere.clear();
    const saved = create();
    await saved.save(new ArrayBuffer(64 * 1024 * 1024 + 8));
    assert.equal(await saved.load(), undefined);
    assert.deepEqual(problems, []);
  });

  it('never fail: what cannot be written is reported', async () => {
    writeFileSync(join(root, 'file'), '');
    const saved = create(join(root, 'file', 'flame'));
    await saved.save(bytes(1));
    assert.equal(problems.length, 1);
    assert.equal(await saved.load(), undefined);
  });
});
