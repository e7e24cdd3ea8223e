import { builtin } from '../builtin';
import { guarded } from './guard';

/**
 * Without a guard nothing would take the listener for `exit` away if our side died, so an open window is noted only where
 * there is one.
 */
export function changeCpuWindow(next: string | undefined, previous: string | undefined, endAtExit: boolean): number {
  // V8's own console, which programs do not replace.
  const { console } = builtin('inspector');
  const start = process.hrtime.bigint();
  if (next !== undefined) console.profile(next);
  if (previous !== undefined) console.profileEnd(previous);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (endAtExit) guarded()?.noteWindow(next, previous);
  return ms;
}
