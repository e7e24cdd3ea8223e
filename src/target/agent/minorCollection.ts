import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collector = (options: { type: 'minor' }) => void;

let collector: Collector | undefined;

/** Frees what died young: a few ms at most, whatever the size of the heap. Does nothing where V8 does not offer it. */
export function collectYoungGarbage(): void {
  collector ??= findCollector();
  collector?.({ type: 'minor' });
}

function findCollector(): Collector | undefined {
  try {
    // Only a context that is created under the flag has `gc`, so the application's own globals do not change.
    setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('gc');
    return typeof gc === 'function' ? (gc as Collector) : undefined;
  } catch {
    return undefined;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
