import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openFiles } from '../../../../src/node/recording/openedFiles';
import { DEFAULT_OPTIONS } from '../../../../src/node/recording/recordingTypes';
import { assertInvariants } from '../../../support/heatOf';
import { profileFixtures } from '../../../support/recordedProfiles';
import { until } from '../../../support/agentTarget';

describe('opened files', () => {
  it('are a source of heat without a recording', async () => {
    const file = join(profileFixtures, 'node22.cpuprofile');
    const source = await openFiles([file, join(profileFixtures, 'node24.heapprofile')], DEFAULT_OPTIONS);
    assert.deepEqual(
      source.targets.map(({ label, state }) => [label, state]),
      [
        ['node22.cpuprofile', 'ended'],
        ['node24.heapprofile', 'ended'],
      ],
    );
    assert.ok(source.snapshot!.cpu.sampledMs > 0 && source.snapshot!.memory.liveBytes > 0);
    assertInvariants(source.snapshot!);
    const reader = source.openColumns();
    assert.deepEqual(
      reader.read()!.columns.measures.map(({ kind }) => kind),
      ['cpu', 'live'],
    );

    let changes = 0;
    source.onDidChange(() => changes++);
    source.select(new Set([`file:${file}`]));
    await until(() => changes === 1, 'the snapshot of the selection');
    assert.equal(source.snapshot!.memory.liveBytes, 0);
    assert.deepEqual(
      reader.read()!.columns.measures.map(({ kind }) => kind),
      ['cpu'],
    );
  });
});
