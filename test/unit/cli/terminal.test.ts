import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliResult } from '../../support/cli';
import { hostileNames, UNSEEN_CHARACTERS } from '../../support/hostileNames';

const names = [...Object.values(hostileNames), 'A'.repeat(10_000_000)];

function cpuProfile(): string {
  const nodes = [
    { functionName: '(root)', url: '' },
    ...names.map((functionName, at) => ({ functionName, url: `http://x/${names[(at + 1) % names.length]}` })),
    ...names.map((functionName) => ({ functionName, url: 'file:///srv/nowhere/x.js' })),
  ].map((frame, at, { length }) => ({
    id: at + 1,
    callFrame: { ...frame, scriptId: String(at), lineNumber: at, columnNumber: 0 },
    hitCount: 0,
    children: at === 0 ? Array.from({ length: length - 1 }, (_, child) => child + 2) : [],
  }));
  const samples = nodes.flatMap(({ id }) => (id > 1 ? [id, id] : []));
  return JSON.stringify({
    nodes,
    startTime: 0,
    endTime: samples.length * 1000,
    samples,
    timeDeltas: samples.map(() => 1000),
  });
}

/** Nothing but text, lines of ours, and no more than a few screens of it. */
function assertHarmless({ stdout, errors }: CliResult, most = 40_000): void {
  for (const text of [stdout, errors.join('\n')]) {
    const at = text.search(UNSEEN_CHARACTERS);
    assert.ok(at < 0, `${JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))} reaches the terminal`);
    assert.ok(text.length < most, `${text.length} characters`);
  }
  for (const line of errors) assert.match(line, /^heatlens: /);
  assert.doesNotMatch(errors.join('\n'), /defect of Heatlens/);
}

describe('what the command line writes of others', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-terminal-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const odd = 'a\u001b]0;TITLE\u0007\n\u202eb.';
  let profile: string;
  before(() => {
    profile = write('hostile.cpuprofile', cpuProfile());
  });

  it('is text in the report of heat', async () => {
    const result = await runCli(['heat', profile]);
    assert.equal(result.code, 0, result.errors.join('\n'));
    assertHarmless(result);
  });

  it('is text in a comparison', async () => {
    const after = write(`${odd}cpuprofile`, cpuProfile().replaceAll('"endTime":', '"endTime":9').replace('"A', '"B'));
    const result = await runCli(['diff', profile, after]);
    assert.equal(result.code, 0, result.errors.join('\n'));
    assertHarmless(result);
  });

  it('is the same in JSON, and is not seen as anything else', async () => {
    const result = await runCli(['heat', profile, '--json']);
    assertHarmless(result, 100_000_000);
    const { unmapped } = JSON.parse(result.stdout) as { unmapped: { name: string }[] };
    assert.ok(unmapped.some(({ name }) => name === hostileNames['an override']));
  });

  const statement = `db.collection('${'a\\u001b[2J\\u202e'}').find({ 'k\\u001b]0;x\\u0007': 'v\\n\\u009b' })`;

  it('is text in statements, and in an answer about their places', async () => {
    const source = write('q.js', `const { db } = require('mongodb');\n${statement};\n`);
    assertHarmless(await runCli(['statements', source]));
    const json = await runCli(['statements', source, '--json']);
    assertHarmless(json);
    const { code, errors } = await runCli(['explain', `${source}:1`, '--uri', 'mongodb://127.0.0.1:1/']);
    assert.equal(code, 1);
    assertHarmless({ code, errors, stdout: '' });
  });

  it('is text in a plan', async () => {
    const failed = { ok: 0, errmsg: names.join(' '), code: 96 };
    for (const answer of [
      { queryPlanner: { namespace: odd, winningPlan: { stage: odd, indexName: names.join('') } } },
      { queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN', filter: { [odd]: { $eq: odd } } } } },
      failed,
    ])
      assertHarmless(await runCli(['plan', write('answer.json', JSON.stringify(answer))]));
  });

  it('is text in errors', async () => {
    const broken = write(`${odd}heapprofile`, '{"nodes":');
    for (const args of [
      ['heat', broken],
      ['heat', join(folder, `${odd}not-there.cpuprofile`)],
      ['plan', broken],
      ['plan', join(folder, `gone${odd}`)],
      ['statements', join(folder, `${odd}js`)],
      ['statements', odd],
      ['export', broken, '--to', 'svg', '--out', '-'],
      ['export', profile, '--to', odd, '--out', '-'],
      ['export', profile, '--to', 'svg', '--out', join(folder, 'none', odd)],
      ['explain', `${odd}js:1`, '--uri', 'mongodb://127.0.0.1:1/'],
      ['record', '--pid', odd, '--duration', '1'],
      ['record', '--duration', '1', '--', `./${odd}`],
      ['record', `--${odd}`],
      [odd],
      ['x'.repeat(100_000)],
    ]) {
      const result = await runCli(args);
      assert.notEqual(result.code, 0, args.join(' '));
      assert.equal(result.errors.length, 1, args.join(' '));
      assertHarmless(result, 3_000);
    }
  });

  it('is text in an error that nobody caught', async () => {
    const throws = write('throws.cjs', `setImmediate(() => { throw new Error(${JSON.stringify(odd)}); });`);
    const { code, stdout, errors } = await runCli(['heat', profile], { env: { NODE_OPTIONS: `--require=${throws}` } });
    assert.deepEqual([code, errors.length], [1, 1], errors.join('\n'));
    assert.match(errors[0], /^heatlens: a␛\]0;TITLE␇ ⟨U\+202E⟩b\. This is a defect of Heatlens/);
    assert.doesNotMatch(stdout + errors[0], UNSEEN_CHARACTERS);
  });

  it('is text where an export is written', async () => {
    const result = await runCli(['export', profile, '--to', 'folded', '--out', join(folder, `${odd}folded`)]);
    assert.equal(result.code, 0, result.errors.join('\n'));
    assertHarmless(result);
  });

  it('is text in the list of processes', async () => {
    const title = `evil\u001b]0;T\u0007\n1  2  3  forged\u202e`;
    const cwd = mkdtempSync(join(folder, 'cwd\u001b[2J\u009b'));
    const code = `process.title = ${JSON.stringify(title)}; setInterval(() => {}, 1000); console.log('up')`;
    const child = spawn(process.execPath, ['-e', code, title.replaceAll('\0', '')], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(child.stdout, 'data');
      const listed = await runCli(['processes']);
      assert.match(listed.stdout, new RegExp(`^ *${child.pid} .*cwd␛`, 'm'));
      assertHarmless(listed);
      assert.ok(!listed.stdout.split('\n').some((line) => line.startsWith('1  2  3')));
      assertHarmless(await runCli(['processes', '--json']), 1_000_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
