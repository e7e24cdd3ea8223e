import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createRecording } from '../../../../src/node/recording/recording';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startProgram, stopPrograms, targetFixtures } from '../../../support/program';

describe('functions that no stack is interrupted in', function () {
  this.timeout(60_000);
  this.retries(2);

  afterEach(stopPrograms);

  for (const { version, path } of nodeBinaries().filter((binary) => binary.version === 20 || binary.version === 22)) {
    it(`Node ${version}: have their part of the function that they are inlined into, also those of another file`, async () => {
      const program = await startProgram(path, [join(targetFixtures, 'straight.cjs')]);
      const recording = createRecording({ cpuIntervalUs: 1_000, memory: 'off' });
      const shares = (): number[] =>
        ['first', 'second', 'third'].map(
          (name) => recording.snapshot?.methods.find(({ source }) => source.method.name === name)?.cpu.selfShare ?? 0,
        );
      try {
        await recording.attach({ kind: 'pid', pid: program.pid });
        const until = Date.now() + 30_000;
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          await recording.flush();
          if (shares().every((share) => share > 0.1)) break;
          if (Date.now() > until) assert.fail(`shares after 30 s: ${shares().join(', ')}`);
        }
      } finally {
        await recording.detach();
        recording.dispose();
      }
    });
  }
});
