import type { Connection, TargetThread } from '../channel';
import { systemThreadOf } from '../inspector/systemThread';
import { createAskedClock } from './askedClock';
import { createLocalClocks, type LocalClocks } from './localClock';
import type { ThreadClock } from './threadClock';

/** Clocks of the threads of a process that we are connected to. */
export interface ThreadClocks {
  of(thread: TargetThread): Promise<ThreadClock>;
}

export function createThreadClocks(connection: Pick<Connection, 'pid' | 'via'>): ThreadClocks {
  let local: LocalClocks | undefined;
  return {
    async of(thread) {
      const threadId = await systemThreadOf(connection, thread);
      if (threadId === undefined) return createAskedClock(thread.channel);
      return (local ??= createLocalClocks(connection.pid)).clockOf(threadId);
    },
  };
}
