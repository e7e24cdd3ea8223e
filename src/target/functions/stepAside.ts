import { builtin } from '../builtin';

/** The move that is about to happen, so that it can be called off; gone once it has begun. */
type Home = Record<symbol, { cancel(): void } | undefined>;
const place = Symbol.for('heatlens.stepAside');

const START_DELAY_MS = 10;
const FIRST_TRIAL_MS = 600;
const QUICK_TRIALS = 40;
const QUICK_PAUSE_MS = 250;
const SLOW_PAUSE_MS = 5_000;

/**
 * The holder reopens by its own timer, so it gets its inspector back even if we are killed meanwhile. It tries the port
 * with a plain server first: an inspector that fails to listen complains on standard error at every attempt.
 */
export function stepAside(pid: number, port: number): boolean {
  if (process.pid !== pid) return false;
  const inspector = builtin('inspector');
  const timers = builtin('timers');
  const net = builtin('net');
  const home = inspector as unknown as Home;
  const host = new (builtin('url').URL)(inspector.url()!).hostname.replace(/^\[|\]$/g, '');
  let trials = 0;
  const reopen = (): void => {
    if (inspector.url()) return;
    const again = (): void => {
      timers.setTimeout(reopen, trials++ < QUICK_TRIALS ? QUICK_PAUSE_MS : SLOW_PAUSE_MS).unref();
    };
    const trial = net.createServer();
    trial.unref();
    trial.once('error', again);
    trial.listen({ port, host, exclusive: true }, () =>
      trial.close(() => {
        if (!inspector.url()) inspector.open(port, host);
      }),
    );
  };
  const start = timers.setTimeout(() => {
    delete home[place];
    inspector.close();
    timers.setTimeout(reopen, FIRST_TRIAL_MS).unref();
  }, START_DELAY_MS);
  home[place] = {
    cancel: () => {
      delete home[place];
      timers.clearTimeout(start);
    },
  };
  return true;
}

export function cancelStepAside(): void {
  (builtin('inspector') as unknown as Home)[place]?.cancel();
}
