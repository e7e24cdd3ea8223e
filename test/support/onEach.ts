import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../src/core/errors';
import type { Recording } from '../../src/node/recording/recordingTypes';
import type { NodeBinary } from './nodeVersions';
import type { Program } from './program';

/** The same on several Node versions at once; a failure names the version. */
export async function onEach(versions: readonly NodeBinary[], task: (node: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(versions.map(({ path }) => task(path)));
  results.forEach((result, i) => {
    if (result.status === 'rejected')
      throw new Error(`Node ${versions[i].version}: ${String(result.reason)}`, { cause: result.reason });
  });
}

/** Attaches by id. Somebody else on this machine may hold port 9229 for a moment, which is waited for. */
export async function attachTo(recording: Recording, program: Program): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await recording.attach({ kind: 'pid', pid: program.pid });
      return;
    } catch (error) {
      if (!isHeatlensError(error) || error.code !== 'portOccupied' || attempt === 20) throw error;
      await delay(500);
    }
  }
}
