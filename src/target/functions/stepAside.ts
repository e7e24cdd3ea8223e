import { attempt } from '../attempt';
import { builtin, nodeProcess } from '../builtin';
import { after } from '../clock';
import { guarded } from './guard';
import { openUnannounced } from './openUnannounced';

/** The move that is about to happen, so that it can be called off; gone once it has begun. */
let cancel: (() => void) | undefined;

const START_DELAY_MS = 10;
const FIRST_TRIAL_MS = 600;
const QUICK_TRIALS = 40;
const QUICK_PAUSE_MS = 250;
const SLOW_PAUSE_MS = 5_000;

/**
 * The holder reopens by its own clock, so it gets its inspector back even if we are killed meanwhile; one that has no clock
 * never gets as far as closing it. It tries the port with a plain server first: an inspector that fails to listen
 * complains on standard error at every attempt.
 */
export function stepAside(pid: number, port: number): boolean {
  if (nodeProcess()!.pid !== pid) return false;
  const inspector = builtin('inspector');
  const net = builtin('net');
  const host = hostOf(inspector.url()!);
  // One that a Heatlens opened does not come back when that has gone meanwhile: nobody would close it any more.
  const wasGuarded = guarded() !== undefined;
  const isWanted = (): boolean => !inspector.url() && (!wasGuarded || guarded() !== undefined);
  let trials = 0;
  const again = (): void => {
    after(trials++ < QUICK_TRIALS ? QUICK_PAUSE_MS : SLOW_PAUSE_MS, reopen);
  };
  const reopen = (): void => {
    if (!isWanted()) return;
    const trial = net.createServer();
    trial.unref();
    trial.once('error', again);
    trial.listen({ port, host, exclusive: true }, () =>
      trial.close(() => {
        if (isWanted()) attempt(() => openUnannounced(port, host));
      }),
    );
  };
  cancel = after(START_DELAY_MS, () => {
    cancel = undefined;
    inspector.close();
    after(FIRST_TRIAL_MS, reopen);
  });
  return true;
}

export function cancelStepAside(): void {
  cancel?.();
  cancel = undefined;
}

/** Of `ws://127.0.0.1:9229/…` or `ws://[::1]:9229/…`, without brackets. */
function hostOf(url: string): string {
  let host = '';
  let isInside = false;
  for (let index = 'ws://'.length; index < url.length; index++) {
    const character = url[index];
    if (character === '[') isInside = true;
    else if (character === ']' || character === '/' || (character === ':' && !isInside)) break;
    else host += character;
  }
  return host;
}
