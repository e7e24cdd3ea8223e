import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../support/nodeVersions';

interface Scripts {
  readImports(root: string, folders: readonly string[]): unknown;
  folderLines(imports: unknown): string[];
  circlesIn(imports: unknown): string[];
}

const marks = ['<!-- imports: npm run imports -- --write -->', '<!-- /imports -->'];

describe('npm run imports', () => {
  let folder: string;
  let scripts: Scripts;

  before(async () => {
    const modules = ['importGraph', 'importReport'].map(
      (name) => import(pathToFileURL(join(repositoryRoot, `scripts/lint/${name}.mjs`)).href) as Promise<object>,
    );
    scripts = Object.assign({}, ...(await Promise.all(modules))) as Scripts;
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-imports-'));
    write({ 'webview-ui/page/main.ts': '' });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  function run(...options: string[]): { code: number | null; printed: string; problems: string } {
    const script = join(repositoryRoot, 'scripts/imports.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, `--root=${folder}`, ...options], {
      encoding: 'utf8',
    });
    return { code: status, printed: stdout, problems: stderr };
  }

  const imports = () => scripts.readImports(folder, ['src', 'webview-ui']);
  const problems = () => scripts.circlesIn(imports()).join('\n');

  /** Each circle that is reported, as the way round. */
  function circles(): string[] {
    const ways = problems().split('\n');
    return ways.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim());
  }

  it('prints each folder below those that it imports, in the order of the layers', () => {
    write({
      'src/extension.ts': `import { a } from './editor/views/tree'; export const start = () => import('./editor/engine');`,
      'src/editor/views/tree.ts': `import { heat } from '../../core/heat/heat.js'; import * as vscode from 'vscode';`,
      'src/editor/engine.ts': `import { tree } from './views/tree'; import { words } from '../core/words/words';`,
      'src/core/heat/heat.ts': `import type { M } from '../method/method'; import { e } from '../errors'; import '../words/words';`,
      'src/core/method/method.ts': `import { parse } from './parse';`,
      'src/core/method/parse.ts': '',
      'src/core/words/words.ts': '',
      'src/core/errors.ts': '',
      'webview-ui/page/main.ts': `import { heat } from '../../src/core/heat/heat';`,
    });
    assert.deepEqual(scripts.folderLines(imports()), [
      'core',
      'core/method',
      'core/words',
      'core/heat -> core, core/{method, words}',
      'editor/views -> core/heat',
      'editor -> core/words, editor/views',
      'src -> editor, editor/views',
      'webview-ui/page -> core/heat',
    ]);
  });

  it('breaks a long line between two folders', () => {
    const rooms = Array.from({ length: 12 }, (_, i) => `aRoomWithALongName${i + 10}`);
    write(Object.fromEntries(rooms.map((room) => [`src/core/${room}/x.ts`, ''])));
    write({ 'src/cli/main.ts': rooms.map((room) => `import '../core/${room}/x';`).join('\n') });
    const lines = scripts.folderLines(imports()).filter((line) => /^(cli| )/.test(line));
    assert.ok(lines.length > 2 && lines.every((line) => line.length <= 120));
    assert.equal(
      lines.map((line) => line.trim()).join(' '),
      `cli -> core/{${rooms.join(', ')}}`,
      'nothing is lost between lines',
    );
  });

  it('finds a circle of imports of values, however they are written', () => {
    write({
      'src/core/a.ts': `import { b } from './b';`,
      'src/core/b.ts': `export { c } from './c.js';`,
      'src/core/c.ts': `export * from './d';`,
      'src/core/d.ts': `import './e';`,
      'src/core/e.ts': `import f = require('./f');`,
      'src/core/f.ts': `import g, { type G } from './g';`,
      'src/core/g.ts': `import { type T, a } from './a';`,
      'src/core/outside.ts': `import { a } from './a';`,
    });
    const way = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'].map((name) => `src/core/${name}.ts`).join(' -> ');
    assert.deepEqual(circles(), [way]);
    assert.match(problems(), /A circle of 7 files, by imports of values:/);
  });

  it('shows every circle of files that hang together', () => {
    write({
      'src/core/a.ts': `import { b } from './b';`,
      'src/core/b.ts': `import { a } from './a'; import { c } from './c';`,
      'src/core/c.ts': `import { b } from './b';`,
    });
    assert.deepEqual(circles(), [
      'src/core/a.ts -> src/core/b.ts -> src/core/a.ts',
      'src/core/c.ts -> src/core/b.ts -> src/core/c.ts',
    ]);
  });

  it('lets files import types of each other, and load each other when asked to', () => {
    write({
      'src/core/a.ts': `import { b, c, d, e, f } from './all';`,
      'src/core/all.ts': `export * from './b'; export * from './c'; export * from './d'; export * from './e'; export * from './f';`,
      'src/core/b.ts': `import type { A } from './a'; import { type A as Again } from './a';`,
      'src/core/c.ts': `export type { A } from './a'; export { type B } from './a';`,
      'src/core/d.ts': `export const load = async () => (await import('./a')).a;`,
      'src/core/e.ts': `export type A = import('./a').A;`,
      'src/core/f.ts': `export const load = () => require('./a') as unknown; // import { a } from './a'`,
    });
    assert.deepEqual(circles(), []);
  });

  it('finds a circle of folders, of types too, and says what makes its weakest arrow', () => {
    write({
      'src/core/heat/heat.ts': `import { m } from '../method/method'; import { n } from '../method/names';`,
      'src/core/method/method.ts': '',
      'src/core/method/names.ts': `import type { Heat } from '../words/words';`,
      'src/core/words/words.ts': `export type Heat = import('../heat/heat').Heat;`,
    });
    assert.deepEqual(circles(), ['src/core/heat -> src/core/method -> src/core/words -> src/core/heat']);
    assert.match(problems(), /A circle of 3 folders:/);
    assert.match(problems(), /^ {6}src\/core\/method\/names\.ts -> src\/core\/words\/words\.ts$/m);
    assert.doesNotMatch(problems(), /^ {6}src\/core\/heat/m);
  });

  it('takes a folder and its sub-folder as two', () => {
    write({
      'src/core/profile/frame.ts': '',
      'src/core/profile/scan/scan.ts': `import { frame } from '../frame';`,
      'src/core/profile/read.ts': '',
    });
    assert.deepEqual(circles(), []);
    write({ 'src/core/profile/read.ts': `export const read = () => import('./scan/scan');` });
    assert.deepEqual(circles(), ['src/core/profile -> src/core/profile/scan -> src/core/profile']);
  });

  it('writes the list into its document, and says when it is stale', function () {
    this.timeout(60_000);
    write({ 'src/core/a.ts': '', 'ARCHITECTURE.md': `# Imports\n\n${marks.join('\n')}\n\nThe end.\n` });
    assert.match(run('--check').problems, /npm run imports -- --write/);
    assert.equal(run('--write').code, 0);
    const text = `# Imports\n\n${marks[0]}\n\n\`\`\`text\ncore\nwebview-ui/page\n\`\`\`\n\n${marks[1]}\n\nThe end.\n`;
    assert.equal(readFileSync(join(folder, 'ARCHITECTURE.md'), 'utf8'), text);
    assert.deepEqual(run('--check'), { code: 0, printed: '', problems: '' });
  });

  it('fails by a circle and by a document without a place for the list', () => {
    write({ 'src/core/a.ts': `import './b';`, 'src/core/b.ts': `import './a';`, 'ARCHITECTURE.md': '# No place\n' });
    const { code, printed, problems: said } = run('--check');
    assert.deepEqual([code, printed], [1, '']);
    assert.match(said, /A circle of 2 files/);
    assert.match(said, /two marks are missing/);
  });
});
