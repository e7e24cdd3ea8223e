import type { Connection, TargetThread } from '../channel';
import { systemThreadOf } from '../inspector/systemThread';
import type { OsThread } from '../instruments/instrument';

/** Which thread of the system an isolate runs on; undefined where no message interrupts it, or that costs too much. */
export async function osThreadOf(connection: Connection, thread: TargetThread): Promise<OsThread | undefined> {
  const { pid, via } = connection;
  if (via === 'agent') return undefined;
  const tid = await systemThreadOf(connection, thread);
  return tid === undefined && thread.kind === 'worker' ? undefined : { pid, tid };
}
