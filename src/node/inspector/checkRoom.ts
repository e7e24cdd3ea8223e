import { readRoom } from '../processes/linuxRoom';
import { shortOfDescriptors, shortOfMemory, shortOfThreads } from './roomErrors';

/**
 * Node's inspector opens six (Node 20) or seven files when it starts, and two connections of ours come while an earlier one
 * closes; what is left is the program's. With fewer than five free, Node 20 to 26 abort; with up to seven, the inspector
 * opens none or one that nobody can speak to.
 */
const DESCRIPTORS = 10;
/** One for the inspector and one for each isolate that is measured; Node aborts when it cannot start one. */
const THREADS = 8;
/** A stack of 8 MB at most, the inspector, and V8's profiles until they are sent. */
const MEMORY_BYTES = 32 * 1024 * 1024;

/**
 * Throws `targetShort` when a process has too little left for an inspector: Node ends a process whose inspector cannot
 * start. What cannot be read is enough. `name` starts the sentence.
 */
export function checkRoom(pid: number, name?: string): void {
  if (process.platform !== 'linux') return;
  const { descriptors, threads, memoryBytes } = readRoom(pid);
  if (descriptors && descriptors.free < DESCRIPTORS) throw shortOfDescriptors(pid, descriptors, DESCRIPTORS, name);
  if (threads && threads.free < THREADS) throw shortOfThreads(pid, threads, THREADS, name);
  if (memoryBytes && memoryBytes.free < MEMORY_BYTES) throw shortOfMemory(pid, memoryBytes, MEMORY_BYTES, name);
}

/** Whether it is so short of descriptors that even an inspector that is open accepts no connection. */
export function acceptsNobody(pid: number): boolean {
  const { descriptors } = process.platform === 'linux' ? readRoom(pid) : {};
  return descriptors !== undefined && descriptors.free < 1;
}
