import assert from 'node:assert/strict';
import { until } from './agentTarget';
import type { Program } from './program';

/** What `test/fixtures/targets/victim.cjs` tells about itself. */
export interface VictimState {
  readonly pid: number;
  readonly names: readonly string[];
  readonly symbols: readonly string[];
  /** V8 flags that were set, with the last value. */
  readonly flags: Readonly<Record<string, boolean>>;
  readonly isHeapSampled: boolean;
  readonly profilerThreads: number;
  readonly debugPort: number;
  readonly events: readonly string[];
  readonly timers: number;
}

/** Off unless somebody asks for it; all other flags that we touch are on. */
const OFF_BY_DEFAULT = new Set(['expose-gc']);

/**
 * Rejects unless the process is as it was: serving, its globals the same, inlining on, no profiler, no timer and no
 * listener more, and its inspector as it was.
 */
export async function assertUntouched(
  program: Program,
  before: VictimState,
  ports: readonly number[] = [],
): Promise<void> {
  let after = before;
  // An inspector closes shortly after its last client has left.
  await until(async () => (await program.inspectorPorts()).join() === ports.join(), 'ports as they were');
  await until(async () => {
    after = await program.get<VictimState>('/state');
    return after.profilerThreads === 0 && after.timers <= before.timers;
  }, 'profilers and timers are gone').catch(() => undefined);
  const { flags, ...rest } = after;
  const { flags: _flags, ...expected } = before;
  assert.deepEqual({ ...rest, timers: Math.min(rest.timers, expected.timers) }, expected);
  assert.ok(rest.timers <= expected.timers, `${rest.timers} timers, before ${expected.timers}`);
  for (const [flag, isOn] of Object.entries(flags))
    assert.equal(isOn, !OFF_BY_DEFAULT.has(flag), `--${flag} was left changed`);
}
