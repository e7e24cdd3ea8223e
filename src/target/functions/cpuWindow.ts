import { attempt } from '../attempt';
import { nodeProcess, v8Console } from '../builtin';
import { guarded } from './guard';

/**
 * Without a guard nothing would take the listener for `exit` away if our side died, so an open window is noted only where
 * there is one.
 */
export function changeCpuWindow(next: string | undefined, previous: string | undefined, endAtExit: boolean): number {
  const console = v8Console();
  const start = now();
  if (next !== undefined) console.profile(next);
  if (previous !== undefined) console.profileEnd(previous);
  const ms = now() - start;
  if (endAtExit) attempt(() => guarded()?.noteWindow(next, previous));
  return ms;
}

/** ms; 0 where the program has replaced its clock by one that does not go. */
function now(): number {
  return (
    attempt(() => {
      const time = nodeProcess()!.hrtime();
      return time[0] * 1e3 + time[1] / 1e6;
    }) ?? 0
  );
}
