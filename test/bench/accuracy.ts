import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecording } from '../../src/node/recording/recording';
import { largestError } from '../support/knownShares';
import { repositoryRoot } from '../support/nodeVersions';
import type { BenchOptions } from './options';
import type { Row } from './rows';

/** Largest error of a share, in percentage points, of programs whose shares are known: approximate beside exact. */
export async function measureAccuracy({ nodes }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const node of nodes) {
    for (const mode of ['loops', 'inlined'] as const) {
      const workload = join(repositoryRoot, 'test/fixtures/accuracy/workload.js');
      const child = spawn(node.path, [workload, mode], { stdio: 'ignore' });
      const recording = createRecording({ cpuIntervalUs: 1_000, memory: 'off' });
      try {
        await sleep(1_500);
        await recording.attach({ kind: 'pid', pid: child.pid! });
        await sleep(5_000);
        const approximate = largestError((await recording.flush())!, mode);
        await recording.measureExactly(5_000);
        const part = `accuracy, Node ${node.version}, ${mode}`;
        rows.push(
          { part, what: 'approximate, largest error of a share', value: approximate, unit: 'points' },
          {
            part,
            what: 'exact, largest error of a share',
            value: largestError(recording.snapshot!, mode),
            unit: 'points',
            limit: 4,
          },
        );
      } finally {
        await recording.detach();
        recording.dispose();
        child.kill('SIGKILL');
      }
    }
  }
  return rows;
}
