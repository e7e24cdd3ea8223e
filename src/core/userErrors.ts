import { HeatlensError } from './errors';

/** One factory per user-facing error; add yours here. Messages end with a full stop, next steps are imperative. */

export function processGone(pid: number): HeatlensError {
  return new HeatlensError('processGone', `Process ${pid} has ended.`, 'Start it again, then attach to the new process.');
}

export function noAnswer(what: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'noAnswer',
    `${what} did not answer for ${seconds} s: its event loop is blocked, or it is paused at a breakpoint.`,
    'Continue it in the debugger or wait until it responds, then attach again.',
  );
}

export function connectionLost(what: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'connectionLost',
    `The connection to ${what} was cut.`,
    'What was measured so far is kept; attach again to go on.',
    { cause },
  );
}
