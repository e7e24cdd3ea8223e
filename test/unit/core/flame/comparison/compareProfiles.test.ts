import assert from 'node:assert/strict';
import { join } from 'node:path';
import { compareProfiles } from '../../../../../src/core/flame/comparison/compareProfiles';
import { readColumns } from '../../../../../src/node/profiles/readColumns';
import { profileFixtures } from '../../../../support/recordedProfiles';

describe('two profiles over one tree', () => {
  it('keep the frames of what is now where they were, because sources are known by their number', async () => {
    const [before] = await readColumns(join(profileFixtures, 'node20.cpuprofile'));
    const [after] = await readColumns(join(profileFixtures, 'node24.cpuprofile'));
    const compared = compareProfiles(before, after);
    const place = ({ functionName, url, line, column }: (typeof after.frames)[number]): string =>
      `${functionName} ${url}:${line}:${column}`;
    assert.ok(compared.after.frames.length > after.frames.length, 'frames that are gone');
    assert.deepEqual(compared.after.frames.slice(0, after.frames.length).map(place), after.frames.map(place));
    assert.equal(compared.before.frames, compared.after.frames);
  });
});
