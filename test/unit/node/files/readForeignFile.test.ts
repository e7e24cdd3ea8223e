import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadBudget } from '../../../../src/node/files/readBudget';
import {
  lookAtForeignFile,
  readForeignFile,
  readForeignText,
  readForeignTextSync,
} from '../../../../src/node/files/readForeignFile';

const MAX_BYTES = 100_000;

describe('files that strangers name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-files-'));
  const at = (name: string): string => join(folder, name);
  let server: Server;

  before((done) => {
    writeFileSync(at('plain.js'), 'const a = "ü";\n');
    writeFileSync(at('empty.js'), '');
    writeFileSync(at('full.js'), 'x'.repeat(MAX_BYTES));
    writeFileSync(at('large.js'), 'x'.repeat(MAX_BYTES + 1));
    writeFileSync(at('binary.js'), 'MZ\0\0');
    writeFileSync(at('secret.js'), 'x');
    chmodSync(at('secret.js'), 0);
    mkdirSync(at('folder.js'));
    symlinkSync('plain.js', at('link.js'));
    symlinkSync('circle-b.js', at('circle-a.js'));
    symlinkSync('circle-a.js', at('circle-b.js'));
    symlinkSync('nowhere.js', at('dangling.js'));
    symlinkSync('/dev/zero', at('to-zero.js'));
    symlinkSync('/proc/self/mem', at('to-memory.js'));
    symlinkSync('/proc/self/cmdline', at('to-proc.js'));
    symlinkSync('/proc/self/fd/0', at('to-input.js'));
    if (process.platform !== 'win32') {
      for (let i = 0; i < 4; i++) execFileSync('mkfifo', [at(`fifo${i}.js`)]);
      symlinkSync('fifo0.js', at('to-fifo.js'));
    }
    server = createServer().listen(at('socket.js'), done);
  });
  after((done) => {
    rmSync(folder, { recursive: true, force: true });
    server.close(done);
  });

  const inFolder: readonly [name: string, problem: string, detail: RegExp][] = [
    ['fifo0.js', 'not-a-file', /fifo0\.js is not a file$/],
    ['to-fifo.js', 'not-a-file', /to-fifo\.js is not a file$/],
    ['socket.js', 'not-a-file', /is not a file$/],
    ['folder.js', 'not-a-file', /is not a file$/],
    ['to-zero.js', 'not-a-file', /is not a file$/],
    ['to-memory.js', 'not-a-file', /is not a file$/],
    ['to-proc.js', 'not-a-file', /is not a file$/],
    ['circle-a.js', 'unreadable', /its links lead in a circle/],
    ['dangling.js', 'missing', /does not exist$/],
    ['missing.js', 'missing', /missing\.js does not exist$/],
    ['plain.js/x.js', 'missing', /does not exist$/],
    ['large.js', 'too-large', /large\.js has 0\.1 MB$/],
    ['binary.js', 'unreadable', /is not text$/],
    [`${'n'.repeat(5_000)}.js`, 'unreadable', /n…? cannot be read \(its name is too long\)$/],
  ];
  const anywhere: readonly [path: string, problem: string][] = [
    ['/dev/zero', 'not-a-file'],
    ['/dev/tty', 'not-a-file'],
    ['/dev/stdin', 'not-a-file'],
    ['/proc/self/mem', 'not-a-file'],
    ['/proc/kcore', 'not-a-file'],
    ['/proc/self/environ', 'not-a-file'],
    ['/sys/kernel/uevent_seqnum', 'not-a-file'],
    ['//other-host/share/x.js', 'not-here'],
    ['\\\\other-host\\share\\x.js', 'not-here'],
    ['x.js', 'not-here'],
    ['/x\0.js', 'not-a-file'],
  ];
  const all = [
    ...inFolder.map(([name, problem, detail]) => ({ path: `${folder}/${name}`, problem, detail })),
    ...anywhere.map(([path, problem]) => ({ path, problem, detail: /./ })),
  ];

  for (const { path, problem, detail } of all) {
    it(`are refused: ${JSON.stringify(path.replace(folder, '').slice(0, 40))}`, async function () {
      if (process.platform === 'win32') this.skip();
      const results = [
        await readForeignText(path, { maxBytes: MAX_BYTES }),
        readForeignTextSync(path, { maxBytes: MAX_BYTES }),
      ];
      for (const result of results) {
        assert.ok('problem' in result, 'it was read');
        assert.equal(result.problem, problem);
        assert.match(result.detail, detail);
        assert.ok(result.detail.length < 400);
      }
      const looked = await lookAtForeignFile(path);
      assert.equal(looked?.problem, /large|binary/.test(path) ? undefined : problem);
    });
  }

  it('are read up to the limit, whoever asks', async () => {
    for (const [name, text] of [
      ['plain.js', 'const a = "ü";\n'],
      ['link.js', 'const a = "ü";\n'],
      ['empty.js', ''],
      ['full.js', 'x'.repeat(MAX_BYTES)],
    ]) {
      const read = await readForeignText(at(name), { maxBytes: MAX_BYTES });
      assert.deepEqual(read, readForeignTextSync(at(name), { maxBytes: MAX_BYTES }));
      assert.ok('text' in read && read.text === text, name);
      assert.ok(read.modifiedAt > 0);
      assert.equal(await lookAtForeignFile(at(name)), undefined);
    }
    const bytes = await readForeignFile(at('binary.js'), { maxBytes: MAX_BYTES });
    assert.ok('bytes' in bytes && bytes.bytes.equals(Buffer.from('MZ\0\0')));
  });

  it('without permission say so', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    const read = await readForeignText(at('secret.js'), { maxBytes: MAX_BYTES });
    assert.ok('problem' in read && read.detail.endsWith('cannot be read (there is no permission)'));
  });

  it('that grow while they are read end at the limit', async () => {
    writeFileSync(at('growing.js'), 'x'.repeat(MAX_BYTES - 10));
    let over = false;
    const reading = readForeignText(at('growing.js'), { maxBytes: MAX_BYTES }).finally(() => (over = true));
    for (let times = 0; !over && times < 200; times++) {
      appendFileSync(at('growing.js'), 'x'.repeat(10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const read = await reading;
    assert.ok('problem' in read && read.problem === 'too-large');
  });

  it('that wait for somebody leave the threads to others', async function () {
    if (process.platform === 'win32') this.skip();
    const reads = [0, 1, 2, 3].map((i) => readForeignText(at(`fifo${i}.js`), { maxBytes: MAX_BYTES }));
    assert.equal(await readFile(at('plain.js'), 'utf8'), 'const a = "ü";\n');
    for (const read of await Promise.all(reads)) assert.ok('problem' in read && read.problem === 'not-a-file');
  });

  it('are no more than the budget allows, in number and in bytes', async () => {
    const few = createReadBudget({ files: 2, bytes: MAX_BYTES });
    const kinds = [];
    for (const name of ['plain.js', 'missing.js', 'link.js', 'plain.js']) {
      const read = await readForeignText(at(name), { maxBytes: MAX_BYTES, budget: few });
      kinds.push('problem' in read ? read.problem : 'read');
    }
    assert.deepEqual(kinds, ['read', 'missing', 'read', 'too-many']);
    const small = createReadBudget({ files: 10, bytes: MAX_BYTES + 5 });
    const first = await readForeignText(at('full.js'), { maxBytes: MAX_BYTES, budget: small });
    const second = await readForeignText(at('plain.js'), { maxBytes: MAX_BYTES, budget: small });
    assert.ok('text' in first);
    assert.ok('problem' in second && second.problem === 'too-many', JSON.stringify(second));
    assert.match(second.detail, /no more than 10 files of 0\.1 MB in all/);
  });

  it('are not waited for after an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(readForeignText(at('plain.js'), { maxBytes: MAX_BYTES, signal }), /enough/);
    const controller = new AbortController();
    const reading = readForeignText(at('full.js'), { maxBytes: MAX_BYTES, signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
  });
});
