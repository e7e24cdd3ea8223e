import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHeatlensError } from '../../../../src/core/errors';
import { parseProfile, profileTooLarge, readProfileFile } from '../../../../src/node/recording/profileFiles';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';
import { profileFixtures, readFixtureText } from '../../../support/recordedProfiles';

describe('profile files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-profiles-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, content: string | object): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  it('are told apart by their content, not by their name', async () => {
    const cpu = cpuProfile([{ stack: 'main@/a.js:0', us: 100 }]);
    const heap = heapProfile({ 'main@/a.js:0': 10 });
    assert.deepEqual(await readProfileFile(write('one.json', cpu)), { kind: 'cpu', accuracy: 'approximate', profile: cpu });
    assert.deepEqual(await readProfileFile(write('two.cpuprofile', heap)), {
      kind: 'heap',
      accuracy: 'approximate',
      measure: 'live',
      windowMs: 0,
      profile: heap,
    });
  });

  it('say what ours measured', () => {
    const heap = { ...heapProfile({}), heatlens: { measure: 'allocated', windowMs: 4_000, accuracy: 'exact' } };
    const file = parseProfile('x', JSON.stringify(heap));
    assert.deepEqual({ ...file, profile: 0 }, { kind: 'heap', accuracy: 'exact', measure: 'allocated', windowMs: 4_000, profile: 0 });
    for (const note of [null, 5, 'x', [], { measure: 7, windowMs: '4', accuracy: {} }, { windowMs: -3 }]) {
      const read = parseProfile('x', JSON.stringify({ ...heapProfile({}), heatlens: note }));
      assert.deepEqual({ ...read, profile: 0 }, { kind: 'heap', accuracy: 'approximate', measure: 'live', windowMs: 0, profile: 0 });
    }
    assert.equal((parseProfile('x', JSON.stringify(heap).replace('4000', '1e999')) as { windowMs: number }).windowMs, 0);
  });

  it('may begin with a byte order mark', () => {
    assert.equal(parseProfile('x', `\ufeff${JSON.stringify(cpuProfile([]))}`).kind, 'cpu');
  });

  for (const version of [20, 22, 24, 26]) {
    it(`of Node ${version} are read`, async () => {
      assert.equal((await readProfileFile(join(profileFixtures, `node${version}.cpuprofile`))).kind, 'cpu');
      assert.equal((await readProfileFile(join(profileFixtures, `node${version}.heapprofile`))).kind, 'heap');
    });
  }

  const bad: [string, () => string, string, RegExp][] = [
    ['is not there', () => join(folder, 'missing.cpuprofile'), 'profileUnreadable', /missing\.cpuprofile cannot be read: there is no such file\./],
    ['is a folder', () => folder, 'profileUnreadable', /it is a folder/],
    ['lies below a file', () => join(write('file', ''), 'x'), 'profileUnreadable', /cannot be read: ENOTDIR: not a directory/],
    ['is empty', () => write('empty.cpuprofile', ''), 'profileTruncated', /the file is empty/],
    ['was cut off', () => write('cut.cpuprofile', readFixtureText('node20.cpuprofile').slice(0, 3_000)), 'profileTruncated', /not a complete profile/],
    ['is no JSON', () => write('text.cpuprofile', 'once upon a time'), 'profileTruncated', /not a complete profile/],
    ['is a gzip', () => write('zip.cpuprofile', '\x1f\x8b\x08\0\0'), 'profileTruncated', /not a complete profile/],
    ['is other JSON', () => write('package.json', { name: 'x', version: '1' }), 'profileForeign', /neither a V8 CPU profile/],
    ['is a number', () => write('number.json', '5'), 'profileForeign', /neither/],
    ['is null', () => write('null.json', 'null'), 'profileForeign', /neither/],
    ['is a list', () => write('list.json', '[]'), 'profileForeign', /neither/],
    ['is a trace of Chrome', () => write('trace.json', { traceEvents: [{ name: 'Profile', ph: 'P' }] }), 'profileForeign', /neither/],
    ['is a heap snapshot', () => write('x.heapsnapshot', { snapshot: { meta: {} }, nodes: [9, 1, 1, 0], edges: [1] }), 'profileForeign', /neither/],
    ['has a head without children', () => write('head.heapprofile', { head: {} }), 'profileForeign', /neither/],
  ];
  for (const [what, path, code, message] of bad) {
    it(`are refused in one line when one ${what}`, async () => {
      await assert.rejects(readProfileFile(path()), (error) => {
        assert.ok(isHeatlensError(error), String(error));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok(error.nextStep.length > 10 && !error.oneLine.includes('\n'));
        return true;
      });
    });
  }

  it('are refused when a string cannot hold them', async () => {
    const { oneLine } = profileTooLarge('/x.cpuprofile', 600e6);
    assert.match(oneLine, /600 MB, more than the 512 MB/);
    const path = join(folder, 'large.cpuprofile');
    writeFileSync(path, '');
    // Sparse: takes no room on the disk.
    truncateSync(path, 600e6);
    await assert.rejects(readProfileFile(path), { code: 'profileTooLarge' });
  });
});
