import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DiffReport } from '../../../src/cli/diffCommand';
import { writePprof } from '../../../src/core/profile/formats/writePprof';
import { readColumns } from '../../../src/node/profiles/readColumns';
import { runCli } from '../../support/cli';
import { columnsOf, valuesByStack } from '../../support/columnsBuilder';
import { cpuProfile, heapProfile } from '../../support/profileBuilder';
import { profileFixtures } from '../../support/recordedProfiles';
import { assertWellFormed } from '../../support/wellFormed';

describe('heatlens export and diff', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-export-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const out = (name: string): string => join(folder, name);

  const succeeds = async (args: readonly string[]): Promise<{ stdout: string; errors: readonly string[] }> => {
    const result = await runCli(args);
    assert.equal(result.code, 0, result.errors.join('\n'));
    return result;
  };
  const fails = async (args: readonly string[], line: RegExp, code = 1): Promise<void> => {
    const result = await runCli(args);
    assert.deepEqual([result.code, result.stdout, result.errors.length], [code, '', 1], result.errors.join('\n'));
    assert.match(result.errors[0], line);
    assert.match(result.errors[0], /^heatlens: .+\. .+\.$/, 'a cause and a next step');
  };

  const recorded = join(profileFixtures, 'node22.cpuprofile');

  for (const [format, extension] of [
    ['speedscope', '.json'],
    ['pprof', '.pb.gz'],
    ['cpuprofile', '.cpuprofile'],
    ['folded', '.txt'],
  ]) {
    it(`writes ${format}, which reads as what it was`, async () => {
      const path = out(`copy${extension}`);
      const { stdout, errors } = await succeeds(['export', recorded, '--to', format, '--out', path]);
      assert.deepEqual([stdout, errors], ['', [`heatlens: wrote ${path}`]]);
      const [before] = await readColumns(recorded);
      const [after] = await readColumns(path);
      assert.deepEqual(valuesByStack(after), valuesByStack(before));
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith('.tmp')),
        [],
      );
    });
  }

  it('packs pprof unless the name says otherwise', async () => {
    await succeeds(['export', recorded, '--to', 'pprof', '--out', out('packed.pb.gz')]);
    await succeeds(['export', recorded, '--to', 'pprof', '--out', out('plain.pprof')]);
    assert.deepEqual(gunzipSync(readFileSync(out('packed.pb.gz'))), readFileSync(out('plain.pprof')));
  });

  it('draws an SVG, also to the standard output', async () => {
    await succeeds(['export', recorded, '--to', 'svg', '--out', out('flame.svg')]);
    const svg = readFileSync(out('flame.svg'), 'utf8');
    assertWellFormed(svg);
    assert.match(svg, />fibonacci<|fibonacci: /);
    const { stdout, errors } = await succeeds(['export', recorded, '--to', 'svg', '--out', '-']);
    assert.deepEqual([stdout, errors], [svg, []]);
  });

  it('reads every format, and takes the measure and the profile that it is told to', async () => {
    const both = columnsOf(
      { 'a@/a.js:1': [10, 100], 'a@/a.js:1 > b@/a.js:2': [0, 300] },
      {
        measures: [
          { kind: 'cpu', label: 'CPU time', unit: 'µs' },
          { kind: 'live', label: 'Live bytes', unit: 'bytes' },
        ],
      },
    );
    const pprof = write('both.pprof', writePprof(both));
    const folded = async (file: string, ...options: string[]): Promise<string> =>
      (await succeeds(['export', file, '--to', 'folded', '--out', '-', ...options])).stdout;
    assert.equal(await folded(pprof), 'a (/a.js:2:1) 10\n');
    assert.equal(await folded(pprof, '--measure', 'live'), 'a (/a.js:2:1) 100\na (/a.js:2:1);b (/a.js:3:1) 300\n');
    await fails(
      ['export', pprof, '--to', 'folded', '--out', '-', '--measure', 'allocated'],
      /has no allocated bytes\. Choose one that it has: CPU time, Live bytes\.$/,
    );

    await succeeds(['export', pprof, '--to', 'speedscope', '--out', out('both.json')]);
    const second = await succeeds(['export', out('both.json'), '--to', 'folded', '--out', '-', '--profile', '2']);
    assert.equal(second.stdout, 'a (/a.js:2:1) 100\na (/a.js:2:1);b (/a.js:3:1) 300\n');
    const first = await runCli(['export', out('both.json'), '--to', 'folded', '--out', '-']);
    assert.equal(first.stdout, 'a (/a.js:2:1) 10\n');
    assert.match(
      first.errors.join('\n'),
      /holds 2 profiles; this is the first, ".*CPU time" \(--profile N takes another\)/,
    );
    await fails(
      ['export', out('both.json'), '--to', 'folded', '--out', '-', '--profile', '3'],
      /holds 2 profiles, and --profile asks for number 3\. Choose a number from 1 to 2\.$/,
    );

    // A measure in bytes is found for a heap profile, and none for a CPU profile.
    await succeeds(['export', pprof, '--to', 'heapprofile', '--out', out('both.heapprofile')]);
    assert.deepEqual(valuesByStack((await readColumns(out('both.heapprofile')))[0]), valuesByStack(both, 1));
    const heap = write('small.heapprofile', JSON.stringify(heapProfile({ 'a@/a.js:1': 5 })));
    await fails(
      ['export', heap, '--to', 'cpuprofile', '--out', out('never.cpuprofile')],
      /has no time, which \.cpuprofile needs\./,
    );
    assert.ok(!readdirSync(folder).some((name) => name.startsWith('never')));
    const text = write('stacks.txt', 'main;hot 7\nmain 3\n');
    assert.equal(await folded(text), 'main 3\nmain;hot 7\n');
  });

  it('says in one line what is wrong with its arguments and files', async () => {
    await fails(['export'], /export takes one profile\. See heatlens --help\.$/, 2);
    await fails(
      ['export', recorded],
      /export takes --to svg, html, speedscope, pprof, cpuprofile, heapprofile, folded\. See/,
      2,
    );
    await fails(['export', recorded, '--to', 'gif', '--out', 'x'], /not "gif"/, 2);
    await fails(['export', recorded, '--to', 'svg'], /export takes --out FILE/, 2);
    await fails(
      ['export', recorded, '--to', 'svg', '--out', 'x', '--measure', 'heat'],
      /--measure takes cpu, allocated or live, not "heat"/,
      2,
    );
    await fails(
      ['export', recorded, '--to', 'svg', '--out', 'x', '--profile', '0'],
      /--profile takes a whole number of at least 1/,
      2,
    );
    await fails(
      ['export', out('absent'), '--to', 'svg', '--out', out('x')],
      /absent cannot be read: there is no such file\./,
    );
    await fails(['export', write('bad.json', '{"hello": 1}'), '--to', 'svg', '--out', out('x')], /bad\.json/);
    await fails(
      ['export', recorded, '--to', 'svg', '--out', join(folder, 'no/such/folder.svg')],
      /cannot be written: its folder does not exist\. Choose another file\.$/,
    );
    await fails(['export', recorded, '--to', 'svg', '--out', folder], /cannot be written: /);
    await fails(['diff', recorded], /diff takes two profiles, before and after\. See/, 2);
    await fails(['diff', recorded, out('absent')], /there is no such file/);
    await fails(
      ['diff', recorded, join(profileFixtures, 'node22.heapprofile')],
      /has CPU time and node22\.heapprofile has .*, which cannot be compared\./,
    );
  });

  const before = write(
    'before.cpuprofile',
    JSON.stringify(
      cpuProfile([
        { stack: 'main@file:///app/a.js:0 > hot@file:///app/a.js:10', us: 6_000 },
        { stack: 'main@file:///app/a.js:0 > old@file:///app/a.js:20', us: 2_000 },
        { stack: '(idle)', us: 9_000 },
      ]),
    ),
  );
  const after_ = write(
    'after.cpuprofile',
    JSON.stringify(
      cpuProfile([
        { stack: 'main@file:///app/a.js:0 > hot@file:///app/a.js:12 > hot@file:///app/a.js:12', us: 1_000 },
        { stack: 'main@file:///app/a.js:0 > new\u001b[31m@file:///app/a.js:30', us: 3_000 },
      ]),
    ),
  );

  it('compares two profiles by method, as JSON', async () => {
    const report = JSON.parse((await succeeds(['diff', before, after_, '--json'])).stdout) as DiffReport;
    assert.deepEqual(
      { ...report, methods: [] },
      {
        before: { title: 'before.cpuprofile', total: 8_000 },
        after: { title: 'after.cpuprofile', total: 4_000 },
        measure: 'CPU time',
        unit: 'µs',
        normalised: false,
        scale: 1,
        methods: [],
      },
    );
    assert.deepEqual(report.methods[0], {
      name: 'hot',
      file: '/app/a.js',
      url: 'file:///app/a.js',
      line: 13,
      column: 1,
      status: 'moved',
      selfBefore: 6_000,
      selfAfter: 1_000,
      selfChange: -5_000,
      totalBefore: 6_000,
      totalAfter: 1_000,
      totalChange: -5_000,
    });
    assert.deepEqual(
      report.methods.map(({ name, status, selfChange }) => [name, status, selfChange]),
      [
        ['hot', 'moved', -5_000],
        ['new\u001b[31m', 'new', 3_000],
        ['old', 'vanished', -2_000],
        ['main', 'same', 0],
      ],
    );
    const normalised = JSON.parse(
      (await succeeds(['diff', before, after_, '--json', '--normalised'])).stdout,
    ) as DiffReport;
    assert.deepEqual(
      [normalised.scale, normalised.before.total, normalised.methods.find(({ name }) => name === 'hot')!.selfBefore],
      [0.5, 8_000, 3_000],
    );
  });

  it('compares two profiles by method, as a table that names cannot garble', async () => {
    const { stdout } = await succeeds(['diff', before, after_]);
    const lines = stdout.split('\n');
    assert.equal(lines[0], 'CPU time: before.cpuprofile 8 ms, after.cpuprofile 4 ms, change -4 ms');
    assert.match(lines[3], /^\s*6 ms\s+1 ms\s+-5 ms\s+6 ms\s+1 ms\s+-5 ms\s+moved\s+hot\s+\/app\/a\.js:13$/);
    assert.match(stdout, /\s0 ms\s+3 ms\s+\+3 ms\s.*new\s+new␛\[31m\s/);
    assert.doesNotMatch(stdout, /\u001b/);
  });
});
