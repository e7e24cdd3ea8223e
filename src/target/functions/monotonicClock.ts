import { attempt } from '../attempt';
import { nodeProcess } from '../builtin';

/** µs of the clock that V8's samples have, too; 0 where the program has replaced it by one that does not go. */
export function clock(): number {
  return (
    attempt(() => {
      const time = nodeProcess()!.hrtime();
      return time[0] * 1e6 + time[1] / 1e3;
    }) ?? 0
  );
}
