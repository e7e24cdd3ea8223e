import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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
});
