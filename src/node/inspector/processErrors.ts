import { HeatlensError } from '../../core/errors';

export function processGone(pid: number): HeatlensError {
  return new HeatlensError(
    'processGone',
    `Process ${pid} has ended.`,
    'Start it again, then attach to the new process.',
  );
}

export function noSuchProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'noSuchProcess',
    `There is no process ${pid}.`,
    'List the running processes and pick one of them.',
  );
}

export function notOurProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'notOurProcess',
    `Process ${pid} belongs to another user, so it cannot be asked to open an inspector.`,
    'Run Heatlens as that user, or start the process with --inspect and attach to its host and port.',
  );
}

export function notNode(pid: number, executable: string): HeatlensError {
  return new HeatlensError(
    'notNode',
    `Process ${pid} is not a Node process: it runs ${executable}.`,
    'Pick the Node process itself; runners such as npm or a shell start it as their child.',
  );
}

export function otherNamespace(pid: number): HeatlensError {
  return new HeatlensError(
    'otherNamespace',
    `Process ${pid} runs in a container with a network of its own, where its inspector cannot be reached by process id.`,
    'Run Heatlens inside the container, or start the process with --inspect, forward the port, and attach to host and port.',
  );
}

export function processStopped(pid: number): HeatlensError {
  return new HeatlensError(
    'processStopped',
    `Process ${pid} is suspended (stopped by a signal), so it cannot answer.`,
    `Continue it (kill -CONT ${pid}), then attach again.`,
  );
}
