import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellText } from '../../../../../src/core/database/mongo/shell/shellText';
import {
  createStatementService,
  type FindRequest,
  type ServiceOptions,
  type StatementService,
} from '../../../../../src/node/database/mongo/statementService';
import { findStatements } from '../../../../support/findStatements';
import { hostileSources } from '../../../../support/hostileSources/hostileSources';
import { JS } from '../../../../support/hostileSources/source';

describe('finding statements in a thread of its own', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-statements-'));
  const services: StatementService[] = [];
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => {
    for (const service of services.splice(0)) service.dispose();
  });

  function started(options?: ServiceOptions): StatementService {
    const service = createStatementService(options);
    services.push(service);
    return service;
  }

  const request = (text: string, more: Partial<FindRequest> = {}): FindRequest => ({
    key: 'a',
    fileName: join(folder, 'a.js'),
    text,
    folders: [folder],
    ...more,
  });
  const THREE = `${JS}c.find({ a: 1 });\nc.find({ b: x });\nc.find({ c: 3 });\n`;

  it('gives what finding them here gives, and their texts', async () => {
    const texts: string[] = [];
    const service = started({ onStatement: (_statement, text) => texts.push(text) });
    const found = await service.find(request(THREE));
    const expected = findStatements(THREE, join(folder, 'a.js'));
    assert.equal(expected.length, 3);
    assert.deepEqual(found, { statements: expected, unread: undefined });
    assert.deepEqual(
      texts,
      expected.map((statement) => shellText(statement).text),
    );
  });

  it('gives the same objects for what an edit left alone', async () => {
    const service = started();
    const before = await service.find(request(THREE));
    const after = await service.find(request(THREE.replace('c: 3', 'c: 4')));
    assert.ok(before && after);
    assert.equal(after.statements[0], before.statements[0]);
    assert.equal(after.statements[1], before.statements[1]);
    assert.notEqual(after.statements[2], before.statements[2]);
    const moved = await service.find(request(`\n${THREE}`));
    assert.deepEqual(
      moved?.statements.map(({ span }) => span.start.line),
      [3, 4, 5],
    );
  });

  it('takes what is not saved of an imported file', async () => {
    writeFileSync(join(folder, 'b.js'), "export const NAME = 'saved';\n");
    const service = started();
    const text = `import { NAME } from './b.js';\n${JS}c.find({ a: NAME });\n`;
    const valueOf = async (): Promise<string | undefined> => {
      const [statement] = (await service.find(request(text)))?.statements ?? [];
      return statement && shellText(statement).text;
    };
    assert.match((await valueOf()) ?? '', /saved/);
    service.setUnsaved(join(folder, 'b.js'), "export const NAME = 'typed';\n");
    assert.match((await valueOf()) ?? '', /typed/);
    service.setUnsaved(join(folder, 'b.js'), undefined);
    assert.match((await valueOf()) ?? '', /saved/);
  });

  it('answers the last of several versions, the others not', async () => {
    const service = started();
    const many = Array.from({ length: 5 }, (_, i) => service.find(request(THREE.replace('a: 1', `a: ${i}`))));
    const other = service.find(request(THREE, { key: 'other' }));
    const answers = await Promise.all(many);
    assert.deepEqual(
      answers.map((answer) => answer !== undefined),
      [false, false, false, false, true],
    );
    assert.equal((await other)?.statements.length, 3);
  });

  it('gives up a search that nobody waits for any more', async () => {
    const service = started({ hardLimitMs: 60_000 });
    const long = hostileSources().find(({ name }) => name === 'long-mongoose.js');
    assert.ok(long);
    const first = service.find(request(long.text()));
    // Until it is being read.
    await service.find(request(THREE, { key: 'b' })).then(() => undefined);
    const second = service.find(request(THREE));
    assert.equal((await second)?.statements.length, 3);
    await first;
  });

  it('has no more statements than anybody looks at, and says so', async () => {
    const service = started({ maxStatements: 50 });
    const text = `${JS}${Array.from({ length: 200 }, (_, i) => `c.find({ a: ${i} });`).join('\n')}\n`;
    const found = await service.find(request(text));
    assert.equal(found?.statements.length, 50);
    assert.deepEqual(found.unread, { line: 52, why: 'count' });
  });

  const ends: [string, string, string, string][] = [
    ['never comes back', "require('worker_threads').parentPort.on('message', () => { for (;;); });", 'time', ''],
    [
      'throws',
      "require('worker_threads').parentPort.on('message', () => { throw new Error('broken'); });",
      'failed',
      'broken',
    ],
    ['ends', "require('worker_threads').parentPort.on('message', () => process.exit(3));", 'failed', 'ended with 3'],
    [
      'fills its memory',
      "require('worker_threads').parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); });",
      'memory',
      '',
    ],
    ['is not there', '', 'failed', ''],
  ];
  for (const [what, code, why, message] of ends) {
    it(`says it when the thread ${what}, and goes on with the next`, async () => {
      const script = join(folder, `${what.replaceAll(' ', '-')}.cjs`);
      if (code) writeFileSync(script, code);
      const service = started({
        script,
        hardLimitMs: why === 'time' ? 300 : 60_000,
        limits: { maxOldGenerationSizeMb: 32 },
      });
      for (const key of ['a', 'b']) {
        const found = await service.find(request(THREE, { key }));
        assert.equal(found?.unread?.why, why);
        assert.deepEqual(found.statements, []);
        if (message) assert.match('message' in found.unread ? (found.unread.message ?? '') : '', new RegExp(message));
      }
    });
  }

  it('leaves the caller alone and stays within its memory, whatever it reads', async () => {
    const service = started();
    const sources = hostileSources().filter((_, index) => index % 8 === 0);
    assert.ok(sources.length > 15);
    for (const source of sources) {
      const found = await service.find(
        request(source.text(), { key: source.name, fileName: `/nowhere/${source.name}` }),
      );
      assert.ok(found, source.name);
      // A thread that ran out of memory would say so; one on a busy machine may run out of time.
      assert.ok(
        !['memory', 'failed'].includes(found.unread?.why ?? ''),
        `${source.name}: ${JSON.stringify(found.unread)}`,
      );
      service.forget(source.name);
    }
  });
});
