import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function processGone(pid: number): HeatlensError {
  return new HeatlensError(
    'processGone',
    t('Process {0} has ended.', pid),
    t('Start it again, then attach to the new process.'),
  );
}

export function noSuchProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'noSuchProcess',
    t('There is no process {0}.', pid),
    t('List the running processes and pick one of them.'),
  );
}

/** Its number was given to another process since it was picked. */
export function processReplaced(pid: number): HeatlensError {
  return new HeatlensError(
    'processReplaced',
    t('Process {0} has ended; another one runs under its number.', pid),
    t('List the running processes and pick one of them.'),
  );
}

export function notOurProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'notOurProcess',
    t('Process {0} belongs to another user, so it cannot be asked to open an inspector.', pid),
    t('Run Heatlens as that user, or start the process with --inspect and attach to its host and port.'),
  );
}

export function notNode(pid: number, executable: string): HeatlensError {
  return new HeatlensError(
    'notNode',
    t('Process {0} is not a Node process: it runs {1}.', pid, executable),
    t('Pick the Node process itself; runners such as npm or a shell start it as their child.'),
  );
}

/** `what` is the process: `process 42`, `127.0.0.1:9229`. */
export function otherRuntime(what: string, runtime: string): HeatlensError {
  return new HeatlensError(
    'otherRuntime',
    t('What runs as {0} is {1}, not Node: it has profilers of its own.', what, runtime),
    t('Start the program with Node 20 or later to measure it, or use the profiler of {0}.', runtime),
  );
}

export function oldNode(what: string, version: string): HeatlensError {
  return new HeatlensError(
    'oldNode',
    t('What runs as {0} is Node {1}; Node 20 is the oldest that can be measured.', what, version),
    t('Start the program with Node 20 or later, then attach again.'),
  );
}

export function otherNamespace(pid: number): HeatlensError {
  return new HeatlensError(
    'otherNamespace',
    t(
      'Process {0} runs in a container with a network of its own, where its inspector cannot be reached by process id.',
      pid,
    ),
    t(
      'Run Heatlens inside the container, or start the process with --inspect, forward the port, and attach to host and port.',
    ),
  );
}

/** `child` is the program that it started, if it runs now. */
export function watchesOnly(pid: number, child: number | undefined): HeatlensError {
  return child === undefined
    ? new HeatlensError(
        'watchesOnly',
        t('Process {0} only watches files, and the program that it starts does not run now.', pid),
        t('Attach to the program when it runs again.'),
      )
    : new HeatlensError(
        'watchesOnly',
        t('Process {0} only watches files and starts its program again; the program is process {1}.', pid, child),
        t('Attach to process {0}.', child),
      );
}

export function processStopped(pid: number): HeatlensError {
  return new HeatlensError(
    'processStopped',
    t('Process {0} is suspended (stopped by a signal), so it cannot answer.', pid),
    t('Continue it (kill -CONT {0}), then attach again.', pid),
  );
}
