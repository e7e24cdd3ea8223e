import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isHeatlensError } from '../../../../src/core/errors';
import { writePprof } from '../../../../src/core/profile/formats/writePprof';
import { cpuColumnsOf, heapColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import type { V8CpuProfile, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { readV8Cpu, readV8Heap } from '../../../../src/core/profile/v8/readV8';
import { profileBytes } from '../../../../src/node/profiles/profileBytes';
import { readColumns } from '../../../../src/node/profiles/readColumns';
import { readProfile } from '../../../../src/node/profiles/readProfile';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';
import { profileFixtures, readFixture, readFixtureText } from '../../../support/recordedProfiles';

const speedscope = {
  $schema: 'https://www.speedscope.app/file-format-schema.json',
  shared: { frames: [{ name: 'main' }, { name: 'hot' }] },
  profiles: [
    {
      type: 'sampled',
      name: 'one',
      unit: 'microseconds',
      startValue: 0,
      endValue: 30,
      samples: [[0], [0, 1]],
      weights: [10, 20],
    },
  ],
};

describe('profile files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-profiles-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, content: string | Uint8Array | object): string => {
    const path = join(folder, name);
    writeFileSync(
      path,
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
    );
    return path;
  };
  const pipe = (): string => {
    const path = join(folder, 'pipe.cpuprofile');
    execFileSync('mkfifo', [path]);
    return path;
  };
  const pprof = (): Uint8Array => {
    const columns = readV8Cpu(cpuColumnsOf(cpuProfile([{ stack: 'main@/a.js:0', us: 100 }])), 'x');
    return writePprof(columns);
  };

  it('are told apart by their content, not by their name, packed or not', async () => {
    const formats: [string, string | Uint8Array | object][] = [
      ['cpuprofile', cpuProfile([{ stack: 'main@/a.js:0', us: 100 }])],
      ['heapprofile', heapProfile({ 'main@/a.js:0': 10 })],
      ['speedscope', speedscope],
      ['speedscope', { profiles: speedscope.profiles, shared: speedscope.shared }],
      ['pprof', pprof()],
      ['folded', 'main;hot 3\nmain 1\n'],
      ['folded', 'größe;名前 3\nmain 1\n'],
      ['folded', '[unknown];{lambda} 3\nmain 1\n'],
    ];
    for (const [format, content] of formats) {
      const path = write('some.file', content);
      assert.equal((await readProfile(path)).format, format);
      const columns = await readColumns(path);
      assert.ok(columns.length === 1 && columns[0].title === 'some.file' && columns[0].frames.length > 1, format);
      const bytes = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
      assert.deepEqual(await readColumns(write('some.file', gzipSync(bytes))), columns, `${format}, packed`);
      if (typeof bytes !== 'string') continue;
      const little = Buffer.from(`\uFEFF${bytes}`, 'utf16le');
      const encodings = [Buffer.from(`\uFEFF${bytes}`), little, Buffer.from(little).swap16(), gzipSync(little)];
      for (const encoded of encodings)
        assert.deepEqual(await readColumns(write('some.file', encoded)), columns, format);
    }
  });

  for (const version of [20, 22, 24, 26]) {
    it(`of Node ${version} are the same as the objects that V8 sent`, async () => {
      const [cpu] = await readColumns(join(profileFixtures, `node${version}.cpuprofile`));
      assert.deepEqual(
        cpu,
        readV8Cpu(cpuColumnsOf(readFixture(`node${version}.cpuprofile`) as V8CpuProfile), `node${version}.cpuprofile`),
      );
      assert.ok(cpu.timeline!.nodes.length > 10 && cpu.measures[0].self.some((us) => us > 0));
      const [heap] = await readColumns(join(profileFixtures, `node${version}.heapprofile`));
      const raw = heapColumnsOf(readFixture(`node${version}.heapprofile`) as V8HeapProfile)!;
      assert.deepEqual(heap, readV8Heap(raw, `node${version}.heapprofile`, 'live'));
    });
  }

  it('of before 2017 hold their nodes as a tree', async () => {
    const frame = (
      functionName: string,
      lineNumber: number,
      hitCount: number,
      id: number,
      children: object[] = [],
    ) => ({
      functionName,
      url: functionName.startsWith('(') ? '' : '/srv/basket.js',
      lineNumber,
      columnNumber: 20,
      scriptId: functionName.startsWith('(') ? 0 : 31,
      hitCount,
      id,
      lineTicks: hitCount ? [{ line: lineNumber + 1, hitCount }] : [],
      children,
    });
    const head = frame('(root)', 0, 0, 1, [
      frame('total', 4, 1, 2, [frame('price', 9, 3, 3)]),
      frame('(idle)', 0, 1, 4),
    ]);
    const timed = {
      head,
      startTime: 500,
      endTime: 500.05,
      samples: [3, 3, 2, 3, 4],
      timestamps: [0, 10, 20, 30, 40].map((ms) => 500_000_000 + ms * 1_000),
    };
    for (const profile of [
      timed,
      { ...timed, samples: undefined, timestamps: undefined },
      { ...timed, samples: [1] },
    ]) {
      const content = await readProfile(write('old', profile));
      assert.equal(content.format, 'cpuprofile');
      const [{ frames, parents, nodeFrames, measures, problems }] = await readColumns(write('old', profile));
      const nameOf = (node: number): string | undefined => frames[nodeFrames[node]]?.functionName;
      const rows = [...parents.keys()].map((node) => {
        const { line, column } = frames[nodeFrames[node]];
        return [nameOf(node), nameOf(parents[node]), line, column, Math.round(measures[0].self[node])];
      });
      assert.deepEqual(rows.sort(), [
        ['(idle)', '(root)', 0, 19, 10_000],
        ['(root)', undefined, -1, -1, 0],
        ['price', 'total', 8, 19, 30_000],
        ['total', '(root)', 3, 19, 10_000],
      ]);
      assert.deepEqual(problems, []);
    }
    // A head that holds bytes is that of a heap profile, and a tree cannot be cut off.
    assert.equal((await readProfile(write('heap', heapProfile({ 'main@/a.js:0': 10 })))).format, 'heapprofile');
    await assert.rejects(readProfile(write('cut', JSON.stringify(timed).slice(0, -1))), isHeatlensError);
    const odd = { head: { children: [null, 7, { children: 'x', hitCount: 'y' }], hitCount: 0 } };
    assert.equal((await readProfile(write('odd', odd))).format, 'cpuprofile');
    await readColumns(write('odd', odd));
  });

  it('say what ours measured', async () => {
    const note = async (
      heatlens: unknown,
      json = JSON.stringify({ ...heapProfile({}), heatlens }),
    ): Promise<unknown> => {
      const content = await readProfile(write('note', json));
      assert.equal(content.format, 'heapprofile');
      return 'note' in content && content.note;
    };
    const own = { measure: 'allocated', windowMs: 4_000, accuracy: 'exact' };
    assert.deepEqual(await note(own), own);
    const foreign = { accuracy: 'approximate', measure: 'live', windowMs: 0 };
    for (const odd of [undefined, null, 5, 'x', [], { measure: 7, windowMs: '4', accuracy: {} }, { windowMs: -3 }]) {
      assert.deepEqual(await note(odd), foreign);
    }
    assert.deepEqual(await note(own, JSON.stringify({ ...heapProfile({}), heatlens: own }).replace('4000', '1e999')), {
      ...own,
      windowMs: 0,
    });
    const [allocated] = await readColumns(
      write('allocated', { ...heapProfile({ 'main@/a.js:0': 10 }), heatlens: own }),
    );
    assert.deepEqual([allocated.measures[0].kind, allocated.measures[0].label], ['allocated', 'Allocated bytes']);
  });

  it('may begin with a byte order mark, and be written by hand', async () => {
    const text = `\ufeff\n${JSON.stringify(cpuProfile([{ stack: 'main@/a.js:0', us: 100 }]), undefined, 2)}\n`;
    assert.equal((await readProfile(write('bom', text))).format, 'cpuprofile');
    assert.deepEqual(await readColumns(write('bom', text)), await readColumns(write('bom', text.trim())));
  });

  it('tell how far reading is, and can be left', async () => {
    const path = write('long.cpuprofile', `${' '.repeat(9_000_000)}${readFixtureText('node20.cpuprofile')}`);
    const fractions: number[] = [];
    await readColumns(path, { onProgress: (fraction) => fractions.push(fraction) });
    assert.ok(fractions.length > 3 && fractions.at(-1) === 1, fractions.join());
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    const abort = new AbortController();
    let seen = 0;
    const reading = readColumns(path, {
      signal: abort.signal,
      onProgress: () => ++seen === 2 && abort.abort(new Error('left')),
    });
    await assert.rejects(reading, /^Error: left$/);
    assert.equal(seen, 2);
    await assert.rejects(readColumns(path, { signal: AbortSignal.abort(new Error('before')) }), /^Error: before$/);
  });

  it('end where they ended when they were opened, however they grow', async () => {
    const text = 'main;hot 5\n';
    const path = write('growing.folded', text.repeat(400_000));
    let bytes = 0;
    for await (const chunk of profileBytes(path)) {
      bytes += chunk.length;
      // As fast as it is read.
      appendFileSync(path, text.repeat(400_000));
      assert.ok(bytes <= text.length * 400_000);
    }
    assert.equal(bytes, text.length * 400_000);
  });

  const bad: [string, () => string, string, RegExp][] = [
    [
      'is not there',
      () => join(folder, 'missing.cpuprofile'),
      'profileUnreadable',
      /missing\.cpuprofile cannot be read: there is no such file\./,
    ],
    ['is a pipe', pipe, 'profileUnreadable', /it is not a file/],
    ['is a device', () => '/dev/zero', 'profileUnreadable', /\/dev\/zero cannot be read: it is not a file/],
    ['is a folder', () => folder, 'profileUnreadable', /it is a folder/],
    [
      'lies below a file',
      () => join(write('file', ''), 'x'),
      'profileUnreadable',
      /cannot be read: ENOTDIR: not a directory/,
    ],
    ['is empty', () => write('empty.cpuprofile', ''), 'profileTruncated', /the file is empty/],
    ['is nothing, packed', () => write('empty.gz', gzipSync('')), 'profileTruncated', /there is nothing in it/],
    [
      'was cut off',
      () => write('cut.cpuprofile', readFixtureText('node20.cpuprofile').slice(0, 3_000)),
      'profileTruncated',
      /not a complete profile/,
    ],
    [
      'was cut off, packed',
      () => write('cut.gz', gzipSync(readFixtureText('node20.cpuprofile')).subarray(0, 900)),
      'profileTruncated',
      /its gzip data breaks off/,
    ],
    [
      'is a broken gzip',
      () => write('zip.cpuprofile', Uint8Array.from([0x1f, 0x8b, 8, 0, 0])),
      'profileTruncated',
      /not a complete profile/,
    ],
    [
      'is a speedscope file that breaks off',
      () => write('cut.json', JSON.stringify(speedscope).slice(0, -5)),
      'profileTruncated',
      /its JSON breaks off/,
    ],
    [
      'is a speedscope file of nothing',
      () => write('none.json', { ...speedscope, profiles: [] }),
      'profileUnusable',
      /none\.json holds nothing/,
    ],
    ['is prose', () => write('text.cpuprofile', 'once upon a time'), 'profileForeign', /neither a V8 CPU profile/],
    [
      'is a picture',
      () => write('x.pprof', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])),
      'profileForeign',
      /neither/,
    ],
    [
      'is other JSON',
      () => write('package.json', { name: 'x', version: '1' }),
      'profileForeign',
      /neither a V8 CPU profile/,
    ],
    ['is a number', () => write('number.json', '5'), 'profileForeign', /neither/],
    ['is null', () => write('null.json', 'null'), 'profileForeign', /neither/],
    ['is a list', () => write('list.json', '[]'), 'profileForeign', /neither/],
    [
      'is a trace of Chrome',
      () => write('trace.json', { traceEvents: [{ name: 'Profile', ph: 'P' }] }),
      'profileForeign',
      /neither/,
    ],
    [
      'is a heap snapshot',
      () => write('x.heapsnapshot', { snapshot: { meta: {} }, nodes: [9, 1, 1, 0], edges: [1] }),
      'profileForeign',
      /neither/,
    ],
    ['has a head without children', () => write('head.heapprofile', { head: {} }), 'profileForeign', /neither/],
  ];
  for (const [what, path, code, message] of bad) {
    it(`are refused in one line when one ${what}`, async () => {
      await assert.rejects(readColumns(path()), (error) => {
        assert.ok(isHeatlensError(error), String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        assert.ok(error.nextStep.length > 10 && !error.oneLine.includes('\n'));
        return true;
      });
    });
  }

  it('are refused when a string cannot hold what is read from one', async () => {
    const path = write('large.json', JSON.stringify(speedscope).slice(0, -1) + ' '.repeat(5_000_000));
    // Sparse: takes no room on the disk.
    truncateSync(path, 600e6);
    await assert.rejects(readProfile(path), (error) => {
      assert.ok(isHeatlensError(error));
      assert.match(
        error.oneLine,
        /large\.json has 600 MB, more than the 512 MB of a speedscope file .* \.cpuprofile, which may be of any size\./,
      );
      return error.code === 'profileTooLarge';
    });
  });
});
