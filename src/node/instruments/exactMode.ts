import type { Channel } from '../channel';
import { evaluate } from '../inspector/evaluate';
import { PATIENT_MS } from './samplingBackend';
import { exactUnderCoverage } from './instrumentErrors';

/** After optimised code was dropped, unoptimised code runs (and boxes doubles) for about this long: discard it. */
export const EXACT_SETTLE_MS = 1_000;

const FLAGS = ['turbo-inlining', 'maglev-inlining'];
/** If we die, the target takes its flags back by itself this long after the window should have ended. */
const DEAD_MAN_GRACE_MS = 15_000;

/**
 * Turns inlining off in a process and drops the code that was optimised with it, so that every function has a frame of
 * its own again. Flags are those of the whole process; dropping code is done in each of its isolates.
 */
export async function enterExactMode(main: Channel, isolates: readonly Channel[], durationMs: number): Promise<void> {
  if (await evaluate<boolean>(main, '!!process.env.NODE_V8_COVERAGE')) throw exactUnderCoverage();
  await evaluate(
    main,
    `(() => {
      const builtin = (name) => process.getBuiltinModule ? process.getBuiltinModule(name) : require(name);
      const v8 = builtin('v8');
      const given = [...process.execArgv, ...(process.env.NODE_OPTIONS || '').split(/\\s+/)].map((flag) => flag.replaceAll('_', '-'));
      // What the user switched off himself stays off afterwards.
      const flags = ${JSON.stringify(FLAGS)}.filter((flag) => !given.includes('--no-' + flag));
      const key = Symbol.for('heatlens.exact');
      if (globalThis[key]) clearTimeout(globalThis[key].timer);
      const restore = () => {
        for (const flag of flags) v8.setFlagsFromString('--' + flag);
        delete globalThis[key];
      };
      for (const flag of flags) v8.setFlagsFromString('--no-' + flag);
      const timer = setTimeout(restore, ${Math.round(durationMs + EXACT_SETTLE_MS + DEAD_MAN_GRACE_MS)});
      timer.unref();
      Object.defineProperty(globalThis, key, { value: { timer, restore }, configurable: true, enumerable: false });
    })()`,
    { timeoutMs: PATIENT_MS },
  );
  await dropOptimizedCode(isolates);
}

/** Gives the process its inlining back. Isolates that have ended meanwhile are passed over. */
export async function leaveExactMode(main: Channel, isolates: readonly Channel[]): Promise<void> {
  await evaluate(
    main,
    `(() => {
      const mode = globalThis[Symbol.for('heatlens.exact')];
      if (mode) { clearTimeout(mode.timer); mode.restore(); }
    })()`,
  );
  await dropOptimizedCode(isolates);
}

/** Starting precise coverage makes V8 throw away all optimised code of an isolate; stopping it again leaves no trace. */
async function dropOptimizedCode(isolates: readonly Channel[]): Promise<void> {
  await Promise.allSettled(
    isolates.map(async (isolate) => {
      await isolate.send(
        'Profiler.startPreciseCoverage',
        { callCount: true, detailed: false },
        { timeoutMs: PATIENT_MS },
      );
      await isolate.send('Profiler.stopPreciseCoverage', {}, { timeoutMs: PATIENT_MS });
    }),
  );
}
