import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHeatlensError } from '../../../../src/core/errors';
import {
  exportExtension,
  EXPORT_FORMATS,
  exportProfile,
  exportToFile,
  isPacked,
  writeWhole,
  type ExportFormat,
} from '../../../../src/node/profiles/exportProfile';
import { readColumns } from '../../../../src/node/profiles/readColumns';
import { columnsOf, valuesByStack } from '../../../support/columnsBuilder';

const measures = [
  { kind: 'cpu', label: 'CPU time', unit: 'µs' },
  { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
] as const;

describe('exportProfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-export-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const columns = columnsOf(
    {
      'main@/a.js:0': [100, 0],
      'main@/a.js:0 > hot@/a.js:9': [2_000, 512],
      'main@/a.js:0 > @/a.js:20 > hot@/a.js:9': [30, 8],
    },
    { measures, title: 'app' },
  );

  const readBack: readonly [ExportFormat, number][] = [
    ['speedscope', 0],
    ['pprof', 0],
    ['cpuprofile', 0],
    ['heapprofile', 1],
    ['folded', 0],
  ];
  for (const [format, measure] of readBack) {
    it(`writes ${format} that reads as what it was`, async () => {
      const path = join(folder, `app${exportExtension(format)}`);
      await exportToFile(columns, format, path, { gzip: isPacked(format, path) });
      const [again] = await readColumns(path);
      assert.deepEqual(valuesByStack(again), valuesByStack(columns, measure));
      assert.deepEqual(
        Buffer.from(await exportProfile(columns, format, { gzip: isPacked(format, path) })),
        readFileSync(path),
      );
    });
  }

  it('writes only the measure that it is told to', async () => {
    for (const format of ['speedscope', 'pprof'] as const) {
      const path = join(folder, `one${exportExtension(format)}`);
      await exportToFile(columns, format, path, { measure: 1, gzip: isPacked(format, path) });
      const profiles = await readColumns(path);
      assert.deepEqual(
        profiles.map((profile) => profile.measures.map(({ kind }) => kind)),
        [['allocated']],
      );
      assert.deepEqual(valuesByStack(profiles[0]), valuesByStack(columns, 1));
    }
  });

  it('packs by the name', () => {
    const packed = ['a.pb.gz', 'a.pprof', 'a.pb', 'a.prof', 'a', 'a.PB.GZ'].map((name) => isPacked('pprof', name));
    assert.deepEqual(packed, [true, false, false, false, true, true]);
    assert.deepEqual([isPacked('folded', 'a.txt'), isPacked('folded', 'a.txt.gz')], [false, true]);
    assert.ok(EXPORT_FORMATS.every((format) => exportExtension(format).startsWith('.')));
  });

  it('keeps the file that is there, and leaves nothing behind, when it fails', async () => {
    const path = join(folder, 'kept.cpuprofile');
    writeFileSync(path, 'before');
    const bytes = columnsOf({ a: 5 }, { measures: [measures[1]] });
    await assert.rejects(
      exportToFile(bytes, 'cpuprofile', path),
      (error: unknown) => isHeatlensError(error) && error.code === 'noMeasure',
    );
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(exportToFile(columns, 'cpuprofile', path, { signal: stopped.signal }), { name: 'AbortError' });
    assert.equal(readFileSync(path, 'utf8'), 'before');
    await assert.rejects(
      exportToFile(columns, 'svg', join(folder, 'none/a.svg')),
      (error: unknown) => isHeatlensError(error) && /its folder does not exist/.test(error.message),
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('replaces a link, not what it leads to', async () => {
    const secret = join(folder, 'secret.txt');
    writeFileSync(secret, 'before');
    for (const name of ['linked.folded', 'linked.svg']) symlinkSync(secret, join(folder, name));
    await exportToFile(columns, 'folded', join(folder, 'linked.folded'));
    await writeWhole(['<svg', '/>'], join(folder, 'linked.svg'));
    assert.equal(readFileSync(join(folder, 'linked.svg'), 'utf8'), '<svg/>');
    assert.ok(lstatSync(join(folder, 'linked.folded')).isFile());
    assert.equal(readFileSync(secret, 'utf8'), 'before');
  });
});
