import { HeatlensError } from '../../core/errors';

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

export function sigusr1Disabled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1Disabled',
    `Process ${pid} cannot be asked to open an inspector: it was started with --disable-sigusr1 or --permission.`,
    'Start it without that flag, with --inspect=127.0.0.1:0, or with the agent: node -r heatlens/agent.',
  );
}

export function sigusr1NotHandled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1NotHandled',
    `Process ${pid} does not listen for SIGUSR1, and the signal that opens an inspector would end it; it was not sent.`,
    'Start it with --inspect=127.0.0.1:0 or with the agent (node -r heatlens/agent), then attach again.',
  );
}

export function sigusr1Handled(pid: number): HeatlensError {
  return new HeatlensError(
    'sigusr1Handled',
    `Process ${pid} opened no inspector on SIGUSR1: its program handles that signal itself.`,
    'Start it with --inspect=127.0.0.1:0 or with the agent (node -r heatlens/agent), then attach again.',
  );
}

/** `holder` says who has the port, as far as it is known: `process 12 (vite)`. */
export function portOccupied(pid: number, port: number, holder: string): HeatlensError {
  return new HeatlensError(
    'portOccupied',
    `Process ${pid} would open its inspector on port ${port}, but ${holder} holds that port.`,
    `Free the port, or start process ${pid} with --inspect-port=0, then attach again.`,
  );
}

/** `what` starts the sentence: `Process 12`. */
export function heldByDebugger(what: string): HeatlensError {
  return new HeatlensError(
    'heldByDebugger',
    `${what} is paused: at a breakpoint of another debugger, or waiting for one (--inspect-brk).`,
    'Continue it in that debugger, then attach again.',
  );
}

export function wrongProcess(expected: number, found: number): HeatlensError {
  return new HeatlensError(
    'wrongProcess',
    `The inspector that should belong to process ${expected} answers for process ${found}.`,
    'Attach again; if it stays so, start the process with --inspect-port=0.',
  );
}

export function connectionRefused(where: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'connectionRefused',
    `Nothing accepts connections at ${where}.`,
    'Check host and port, and that the process was started with --inspect or that the port is forwarded.',
    { cause },
  );
}

export function hostUnreachable(where: string, reason: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'hostUnreachable',
    `${where} cannot be reached: ${reason}.`,
    'Check the name, the network and any firewall between here and there.',
    { cause },
  );
}

export function notAnInspector(where: string, found: string): HeatlensError {
  return new HeatlensError(
    'notAnInspector',
    `${where} is not a Node inspector: ${found}.`,
    'Use the port that the process prints after "Debugger listening on".',
  );
}

export function hostHeaderRefused(where: string): HeatlensError {
  return new HeatlensError(
    'hostHeaderRefused',
    `${where} answers HTTP 400: an inspector or proxy there accepts only requests addressed to an IP address or localhost.`,
    'Attach to the IP address, or forward the port to localhost.',
  );
}
