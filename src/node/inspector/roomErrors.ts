import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';
import { inMegabytes } from '../../core/words/bytes';
import type { Left } from '../processes/linuxRoom';

// `name` starts each sentence. Nothing was sent to the process.

export function shortOfDescriptors(pid: number, left: Left, needed: number, name = nameOf(pid)): HeatlensError {
  return new HeatlensError(
    'targetShort',
    t(
      '{0} has {1} of {2} file descriptors free, and an inspector needs {3}: Node ends a process whose inspector cannot start, so it was not asked for one.',
      name,
      Math.max(0, left.free),
      left.limit,
      needed,
    ),
    t(
      'Attach when it has closed some files or connections, or start it with a higher limit (ulimit -n, LimitNOFILE). A process that keeps opening them may leak them.',
    ),
  );
}

export function shortOfThreads(pid: number, left: Left, needed: number, name = nameOf(pid)): HeatlensError {
  return new HeatlensError(
    'targetShort',
    t(
      '{0} may start {1} more threads of the {2} that its user or control group may have, and an inspector needs {3}: Node ends a process whose inspector cannot start, so it was not asked for one.',
      name,
      Math.max(0, left.free),
      left.limit,
      needed,
    ),
    t('End other processes, or raise the limit (ulimit -u, TasksMax, pids.max), then attach again.'),
  );
}

export function shortOfMemory(pid: number, left: Left, needed: number, name = nameOf(pid)): HeatlensError {
  return new HeatlensError(
    'targetShort',
    t(
      '{0} has {1} of memory left of {2}, and an inspector with its profiles needs {3}: running out would end the process, so it was not asked for one.',
      name,
      inMegabytes(Math.max(0, left.free)),
      inMegabytes(left.limit),
      inMegabytes(needed),
    ),
    t('Give it, its container or this machine more memory, then attach again.'),
  );
}

function nameOf(pid: number): string {
  return t('Process {0}', pid);
}
