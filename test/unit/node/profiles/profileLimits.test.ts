import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isHeatlensError, type HeatlensError } from '../../../../src/core/errors';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { readColumns } from '../../../../src/node/profiles/readColumns';
import { cpuProfile } from '../../../support/profileBuilder';

const MB = 1024 * 1024;

/** A gzip of `head`, so many megabytes of `unit`, and `tail`: members are joined, as gunzip joins them. */
function bomb(head: string, unit: string, megabytes: number, tail: string): Buffer {
  const member = gzipSync(unit.repeat(MB / unit.length), { level: 9 });
  return Buffer.concat([gzipSync(head), ...Array.from({ length: megabytes }, () => member), gzipSync(tail)]);
}

function cpuFile(nodes: string, more = ''): string {
  return `{"nodes":[${nodes}],"startTime":0,"endTime":1000${more}}`;
}

describe('profiles that would make too much', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-limits-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = async (content: string | Uint8Array): Promise<HeatlensError> => {
    const path = join(folder, 'x.cpuprofile');
    writeFileSync(path, content);
    const error: unknown = await readColumns(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(isHeatlensError(error), String(error));
    assert.ok(error.message.startsWith(path) && error.oneLine.length < 600, error.oneLine);
    return error;
  };

  const rows: [string, () => string | Uint8Array, RegExp][] = [
    ['a gzip that is mostly nothing', () => gzipSync(Buffer.alloc(64 * MB, 32)), /more than 100 times its size/],
    ['the same in many members', () => bomb('{"a":[', '1,', 200, '1]}'), /more than 100 times its size/],
    ['a packed list of stacks', () => gzipSync(`a 1\n${'a;'.repeat(32 * MB)}a 1\n`), /more than 100 times its size/],
    ['samples', () => cpuFile('', `,"samples":[${'1,'.repeat(34_000_000)}1]`), /more than 33,554,432 entries/],
    ['nodes', () => cpuFile(`${'{},'.repeat(8_400_000)}{}`), /more than 8,388,608 nodes/],
    [
      'values of a speedscope file',
      () =>
        `{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":[${'{},'.repeat(24_000_000)}{}]}`,
      /more than 24,000,000 values/,
    ],
  ];
  for (const [name, make, expected] of rows) {
    it(name, async () => {
      const error = await refusal(make());
      assert.equal(error.code, 'profileTooLarge');
      assert.match(error.message, expected);
    }).timeout(60_000);
  }

  it('functions, and characters in their names', () => {
    const fill = (count: number, name: (n: number) => string): void => {
      const table = new FrameTable();
      for (let n = 0; n < count; n++) table.intern({ functionName: name(n) });
    };
    assert.throws(() => fill(2 ** 20 + 1, String), { message: 'it has more than 1,048,576 functions' });
    const long = 'x'.repeat(4_000);
    assert.throws(() => fill(40_000, (n) => `${n}${long}`), /characters in names of functions/);
  });

  it('a gzip that breaks off', async () => {
    const whole = gzipSync(JSON.stringify(cpuProfile([{ stack: 'main@/a.js:0', us: 100 }])));
    for (let end = 3; end < whole.length; end++) {
      const error = await refusal(whole.subarray(0, end));
      assert.equal(error.code, 'profileTruncated', `${end}: ${error.message}`);
    }
  });

  it('of a profile that somebody recorded nothing is refused', async () => {
    const path = join(folder, 'whole.cpuprofile.gz');
    const stacks = Array.from({ length: 5_000 }, (_, n) => ({
      stack: `main@/a.js:0 > f${n}@/a.js:${n}`,
      us: 1_000 + n,
    }));
    const packed = gzipSync(JSON.stringify(cpuProfile(stacks)), { level: 9 });
    assert.ok(gunzipSync(packed).length / packed.length < 100);
    writeFileSync(path, packed);
    const [columns] = await readColumns(path);
    assert.equal(columns.timeline!.nodes.length, stacks.length);
  });

  it('long names are cut, and nothing of the rest is kept', async () => {
    const long = 'ä'.repeat(2_000_000);
    const spelt = ['functionName', 'url'].map((key) => `"${key}":${JSON.stringify(long)}`).join();
    const escaped = spelt.replaceAll('ä', '\\u00e4');
    for (const text of [spelt, escaped]) {
      const path = join(folder, 'long.cpuprofile');
      writeFileSync(path, cpuFile(`{"id":1,"callFrame":{${text},"lineNumber":1}}`, ',"samples":[1],"timeDeltas":[0]'));
      const [{ frames }] = await readColumns(path);
      const expected = `${long.slice(0, 4_095)}…`;
      assert.deepEqual([frames[1].functionName, frames[1].url], [expected, expected]);
    }
  });
});

describe('profiles with impossible numbers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-numbers-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const node = '{"id":1,"callFrame":{"functionName":"f","url":"/a.js","lineNumber":1,"columnNumber":1},"hitCount":1}';
  const speedscope = (profile: object): string =>
    JSON.stringify({
      $schema: 'https://www.speedscope.app/file-format-schema.json',
      shared: { frames: [{ name: 'f' }] },
      profiles: [{ name: 'x', unit: 'microseconds', startValue: 0, endValue: 10, ...profile }],
    });
  const rows: [string, string, RegExp][] = [
    ['a delta', cpuFile(node, ',"samples":[1,1],"timeDeltas":[0,1e16]'), /no time, or an impossible one/],
    ['a negative delta', cpuFile(node, ',"samples":[1,1],"timeDeltas":[0,-1e16]'), /no time, or an impossible one/],
    ['no number', cpuFile(node, ',"samples":[1,1],"timeDeltas":[0,1e999]'), /no time, or an impossible one/],
    [
      'an end',
      cpuFile(node, ',"samples":[1],"timeDeltas":[0]').replace('"endTime":1000', '"endTime":1e17'),
      /ends more than a year after/,
    ],
    ['a count', cpuFile(node.replace('"hitCount":1', '"hitCount":4503599627370496')), /more samples than there can be/],
    [
      'bytes',
      '{"head":{"callFrame":{"functionName":"(root)"},"selfSize":1e300,"id":1,"children":[]},"samples":[]}',
      /no valid size/,
    ],
    ['a weight', speedscope({ type: 'sampled', samples: [[0]], weights: [1e17] }), /missing, negative, impossible/],
    [
      'an event',
      speedscope({
        type: 'evented',
        events: [
          { type: 'O', frame: 0, at: 0 },
          { type: 'C', frame: 0, at: 9e17 },
        ],
      }),
      /no time, or an impossible one/,
    ],
    ['lines of stacks', 'f 1\nf 1e17\n', /negative or too large/],
  ];
  for (const [name, text, expected] of rows) {
    it(name, async () => {
      const path = join(folder, 'x');
      writeFileSync(path, text);
      const [{ measures, problems }] = await readColumns(path);
      assert.match(problems.join(), expected);
      assert.ok(measures[0].self.every((value) => value >= 0 && value <= 1e15));
    });
  }
});
