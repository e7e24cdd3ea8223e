import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function noAnswer(what: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'noAnswer',
    t('{0} did not answer for {1} s: its event loop is blocked, or it is paused at a breakpoint.', what, seconds),
    t('Continue it in the debugger or wait until it responds, then attach again.'),
  );
}

export function connectionLost(what: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'connectionLost',
    t('The connection to {0} was cut.', what),
    t('What was measured so far is kept; attach again to go on.'),
    { cause },
  );
}

/** A target's own words, of which nobody reads more. */
const LONGEST_WORDS = 1_000;

function shortWords(text: string): string {
  return text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)}…` : text;
}

/** The target answered a request with an error of its own, `text`. */
export function targetRefused(what: string, request: string, text: string): HeatlensError {
  return new HeatlensError(
    'targetRefused',
    t('{0} refused {1}: {2}', what, request, shortWords(text).replace(/\.?$/, '.')),
    t('Attach again; if it stays so, what answers there may be no Node process, or one of an unknown version.'),
  );
}

/** What came has not the shape of an answer to `request`. */
export function wrongAnswer(what: string, request: string): HeatlensError {
  return new HeatlensError(
    'wrongAnswer',
    t('{0} sent something else than an answer to {1}.', what, request),
    t('Check that a Node process, and no other program, answers there.'),
  );
}

/** `why` completes the sentence. */
export function tooMuchSent(what: string, why: string): HeatlensError {
  return new HeatlensError(
    'tooMuchSent',
    t('The connection to {0} was ended: {1}.', what, why),
    t('Measure a shorter time; a Node process sends no such thing, so check what answers there.'),
  );
}

export function sigusr1Disabled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1Disabled',
    t('Process {0} cannot be asked to open an inspector: it was started with --disable-sigusr1 or --permission.', pid),
    t('Start it without that flag, with --inspect=127.0.0.1:0, or with the agent: node -r heatlens/agent.'),
  );
}

export function sigusr1NotHandled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1NotHandled',
    t(
      'Process {0} does not listen for SIGUSR1, and the signal that opens an inspector would end it; it was not sent.',
      pid,
    ),
    t('Start it with --inspect=127.0.0.1:0 or with the agent (node -r heatlens/agent), then attach again.'),
  );
}

export function sigusr1Handled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1Handled',
    t('Process {0} opened no inspector on SIGUSR1: its program handles that signal itself.', pid),
    t('Start it with --inspect=127.0.0.1:0 or with the agent (node -r heatlens/agent), then attach again.'),
  );
}

/** `owner` says who listens there, as far as it is known: `process 12 of user ann`. */
export function otherUsersPort(where: string, owner: string): HeatlensError {
  return new HeatlensError(
    'otherUsersPort',
    t('{0} belongs to another user, {1}, so nothing is sent there.', where, owner),
    t('Run Heatlens as that user; as root, attach by process id instead.'),
  );
}

/** Of one that Heatlens opened, and that was to be closed again. */
export function inspectorLeftOpen(pid: number, port: number, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'inspectorLeftOpen',
    t(
      'Process {0} still has its inspector open on port {1}, through which any program of this machine can run code in it.',
      pid,
      port,
    ),
    t(
      'It closes within ten seconds of the moment when its event loop turns again. If it stays open, run heatlens processes, which closes what was left open, or restart the process.',
    ),
    { cause },
  );
}

/** The primary of a cluster passes the signal on to its workers. */
export function workerWouldEnd(worker: number, primary: number): HeatlensError {
  return new HeatlensError(
    'sigusr1NotHandled',
    t(
      'Process {0} passes SIGUSR1 on to its cluster workers, and worker {1} does not listen for it: the signal would end that worker, so it was not sent.',
      primary,
      worker,
    ),
    t('Attach to the workers themselves, or start the primary with the agent (node -r heatlens/agent).'),
  );
}

/** It got the signal that the primary passes on, and is blocked. */
export function workerMayOpen(worker: number, primary: number): HeatlensError {
  return new HeatlensError(
    'inspectorLeftOpen',
    t(
      'Cluster worker {0} of process {1} is blocked, and opens an inspector when it goes on: Node has passed our request on to it.',
      worker,
      primary,
    ),
    t(
      'Heatlens closes it as soon as it opens, for a minute from the attach on; after that, or if Heatlens ends before, run heatlens processes, which closes what was left open.',
    ),
  );
}

/** The same, where a blocked event loop has not come to it yet. */
export function inspectorClosesLater(pid: number, port: number): HeatlensError {
  return new HeatlensError(
    'inspectorLeftOpen',
    t(
      'The event loop of process {0} is blocked, so it still has its inspector open on port {1}, through which any program of this machine can run code in it.',
      pid,
      port,
    ),
    t(
      'The port closes as soon as the event loop turns. If it stays open, run heatlens processes, which closes what was left open, or restart the process.',
    ),
  );
}

/** `holder` says who has the port, as far as it is known: `process 12 (vite)`. */
export function portOccupied(pid: number, port: number, holder: string): HeatlensError {
  return new HeatlensError(
    'portOccupied',
    t('Process {0} would open its inspector on port {1}, but {2} holds that port.', pid, port, holder),
    t('Free the port, or start process {0} with --inspect-port=0, then attach again.', pid),
  );
}

/** `what` starts the sentence: `Process 12`. */
export function heldByDebugger(what: string): HeatlensError {
  return new HeatlensError(
    'heldByDebugger',
    t('{0} is paused: at a breakpoint of another debugger, or waiting for one (--inspect-brk).', what),
    t('Continue it in that debugger, then attach again.'),
  );
}

export function wrongProcess(expected: number, found: number): HeatlensError {
  return new HeatlensError(
    'wrongProcess',
    t('The inspector that should belong to process {0} answers for process {1}.', expected, found),
    t('Attach again; if it stays so, start the process with --inspect-port=0.'),
  );
}

export function connectionRefused(where: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'connectionRefused',
    t('Nothing accepts connections at {0}.', where),
    t('Check host and port, and that the process was started with --inspect or that the port is forwarded.'),
    { cause },
  );
}

export function hostUnreachable(where: string, reason: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'hostUnreachable',
    t('{0} cannot be reached: {1}.', where, reason),
    t('Check the name, the network and any firewall between here and there.'),
    { cause },
  );
}

export function notAnInspector(where: string, found: string): HeatlensError {
  return new HeatlensError(
    'notAnInspector',
    t('{0} is not a Node inspector: {1}.', where, found),
    t('Use the port that the process prints after "Debugger listening on".'),
  );
}

export function hostHeaderRefused(where: string): HeatlensError {
  return new HeatlensError(
    'hostHeaderRefused',
    t(
      '{0} answers HTTP 400: an inspector or proxy there accepts only requests addressed to an IP address or localhost.',
      where,
    ),
    t('Attach to the IP address, or forward the port to localhost.'),
  );
}
