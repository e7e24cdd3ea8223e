import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isHeatlensError } from '../../../../src/core/errors';
import { openProfile } from '../../../../src/node/profiles/openProfile';
import { readColumns } from '../../../../src/node/profiles/readColumns';
import { repositoryRoot } from '../../../support/nodeVersions';
import { targetFixtures } from '../../../support/program';
import { profileFixtures } from '../../../support/recordedProfiles';
import { syntheticProfile, writeSyntheticProfile } from '../../../support/syntheticProfile';

describe('opening a profile in a thread of its own', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-open-'));
  const worker = join(folder, 'profileWorker.js');
  const failing = join(targetFixtures, 'failing-profile-worker.cjs');
  before(() =>
    build({
      entryPoints: [join(repositoryRoot, 'src/node/profiles/profileWorker.ts')],
      outfile: worker,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    }),
  );
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives what reading it here gives, and how far it is', async () => {
    for (const name of ['node22.cpuprofile', 'node26.heapprofile']) {
      const path = join(profileFixtures, name);
      const fractions: number[] = [];
      assert.deepEqual(
        await openProfile(path, { worker, onProgress: (fraction) => fractions.push(fraction) }),
        await readColumns(path),
      );
      assert.equal(fractions.at(-1), 1);
    }
  });

  it('hands on what is wrong with the file', async () => {
    const path = join(folder, 'empty.cpuprofile');
    writeFileSync(path, '');
    await assert.rejects(
      openProfile(path, { worker }),
      (error) =>
        isHeatlensError(error) && error.code === 'profileTruncated' && error.nextStep.startsWith('Record it again'),
    );
  });

  it('ends at once when it is left, whatever the thread does', async () => {
    const path = join(folder, 'long.cpuprofile');
    await writeSyntheticProfile(path, syntheticProfile(100_000));
    for (const script of [worker, failing]) {
      const abort = new AbortController();
      const opening = openProfile(path, { worker: script, signal: abort.signal });
      setTimeout(() => abort.abort(new Error('left')), 60);
      await assert.rejects(opening, /^Error: left$/);
    }
    await assert.rejects(
      openProfile(path, { worker, signal: AbortSignal.abort(new Error('before')) }),
      /^Error: before$/,
    );
  });

  const ends: [string, string, RegExp][] = [
    ['out-of-memory', 'profileOutOfMemory', /needs more memory than there is/],
    ['throws', 'profileUnreadable', /the reader failed \(broken reader\)/],
    ['exits', 'profileUnreadable', /the reader ended with 7/],
  ];
  for (const [name, code, message] of ends) {
    it(`says it in one line when the thread ${name.replaceAll('-', ' ')}`, async () => {
      const limits = { maxOldGenerationSizeMb: 32 };
      await assert.rejects(openProfile(`/x/${name}`, { worker: failing, limits }), (error) => {
        assert.ok(isHeatlensError(error), String(error));
        assert.match(error.oneLine, message);
        return error.code === code;
      });
    });
  }
});
