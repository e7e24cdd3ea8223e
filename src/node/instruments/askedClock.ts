import type { Channel } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { createReadingLog } from './readingLog';
import { PATIENT_MS } from './samplingBackend';
import type { ThreadClock } from './threadClock';

/** Asks the target between its windows: where the kernel's account of its threads cannot be read from here. */
export function createAskedClock(channel: Channel): ThreadClock {
  const log = createReadingLog();
  let isOn = false;
  const mark = async (): Promise<void> => {
    try {
      if (!isOn) return;
      const { atUs, usedUs } = await callTarget(channel, 'usedThreadTime', [], { timeoutMs: PATIENT_MS });
      log.push({ atUs, usedUs, ranUs: usedUs });
    } catch {
      // It has ended, or its process object is somebody else's.
      isOn = false;
    }
  };
  return {
    async start() {
      log.clear();
      isOn = true;
      await mark();
    },
    mark,
    readings: (startUs, endUs) => log.take(startUs, endUs, true),
    stop() {
      isOn = false;
    },
  };
}
