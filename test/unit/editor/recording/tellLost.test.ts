import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { tellLost as TellLost } from '../../../../src/editor/recording/tellLost';
import type { LostTarget } from '../../../../src/node/recording/recordingTypes';
import { processGone } from '../../../../src/node/inspector/processErrors';
import { createFakeEditor } from '../../../support/fakeEditor';

const { tellLost } = createFakeEditor().load<{ tellLost: typeof TellLost }>(
  join(__dirname, '../../../../src/editor/recording/tellLost'),
);

async function told(putBack: Promise<boolean> | undefined): Promise<string[]> {
  const texts: string[] = [];
  const error = processGone(12);
  const lost: LostTarget = { target: { label: 'app.js (12)' } as LostTarget['target'], message: 'm', error, putBack };
  await tellLost(lost, {
    error: (shown) => texts.push(`error ${String(shown)}`),
    warn: (text) => texts.push(`warn ${text}`),
    inform: (text) => texts.push(`inform ${text}`),
  });
  return texts;
}

describe('a target that is lost', () => {
  it('is said', async () => {
    assert.deepEqual(await told(undefined), ['warn m']);
  });

  it('is told of again when it has been put back as it was found', async () => {
    assert.deepEqual(await told(Promise.resolve(true)), ['warn m', 'inform The inspector of {0} is closed now.']);
  });

  it('is told of again when it has not', async () => {
    assert.deepEqual(await told(Promise.resolve(false)), ['warn m', 'warn m']);
  });
});
