import { isMainThread } from 'node:worker_threads';
import type { FindLimits } from '../../../core/evaluate/findDrafts';

/** Of one source file: ten thousand lines of ordinary code take a third. What is not read by then is left out, and said. */
export const TIME_LIMIT_MS = 1_500;

/** By the time that this thread works, as far as Node tells it: others may be busy too. */
export const findLimits: FindLimits = { timeLimitMs: TIME_LIMIT_MS, now: workedMs };

function workedMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: typeof process.cpuUsage };
  if (!threadCpuUsage && !isMainThread) return performance.now();
  const { user, system } = threadCpuUsage ? threadCpuUsage.call(process) : process.cpuUsage();
  return (user + system) / 1000;
}
