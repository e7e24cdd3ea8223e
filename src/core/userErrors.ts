import { HeatlensError } from './errors';

/** One factory per user-facing error; add yours here. Messages end with a full stop, next steps are imperative. */

export function processGone(pid: number): HeatlensError {
  return new HeatlensError(
    'processGone',
    `Process ${pid} has ended.`,
    'Start it again, then attach to the new process.',
  );
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

export function noSuchProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'noSuchProcess',
    `There is no process ${pid}.`,
    'List the running processes and pick one of them.',
  );
}

export function notOurProcess(pid: number): HeatlensError {
  return new HeatlensError(
    'notOurProcess',
    `Process ${pid} belongs to another user, so it cannot be asked to open an inspector.`,
    'Run Heatlens as that user, or start the process with --inspect and attach to its host and port.',
  );
}

export function notNode(pid: number, executable: string): HeatlensError {
  return new HeatlensError(
    'notNode',
    `Process ${pid} is not a Node process: it runs ${executable}.`,
    'Pick the Node process itself; runners such as npm or a shell start it as their child.',
  );
}

export function otherNamespace(pid: number): HeatlensError {
  return new HeatlensError(
    'otherNamespace',
    `Process ${pid} runs in a container with a network of its own, where its inspector cannot be reached by process id.`,
    'Run Heatlens inside the container, or start the process with --inspect, forward the port, and attach to host and port.',
  );
}

export function processStopped(pid: number): HeatlensError {
  return new HeatlensError(
    'processStopped',
    `Process ${pid} is suspended (stopped by a signal), so it cannot answer.`,
    `Continue it (kill -CONT ${pid}), then attach again.`,
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

export function agentGone(what: string): HeatlensError {
  return new HeatlensError(
    'agentGone',
    `No Heatlens agent answers at ${what}: its process or worker has ended.`,
    'List the processes again, and start the program with node -r heatlens/agent.',
  );
}

export function agentBusy(what: string): HeatlensError {
  return new HeatlensError(
    'agentBusy',
    `${what} is measured by another Heatlens already, and its agent serves one client at a time.`,
    'Detach the other editor or command line, then attach again.',
  );
}

export function agentRefused(what: string, reason: 'token' | 'protocol'): HeatlensError {
  return reason === 'token'
    ? new HeatlensError(
        'agentRefused',
        `The agent in ${what} does not accept the token of its file.`,
        'Restart the program as the user that runs Heatlens.',
      )
    : new HeatlensError(
        'agentRefused',
        `The agent in ${what} belongs to another version of Heatlens.`,
        'Restart the program with the heatlens/agent of this version.',
      );
}

export function agentUnsafe(path: string, reason: string): HeatlensError {
  return new HeatlensError(
    'agentUnsafe',
    `Agents below ${path} are not trusted: ${reason}.`,
    `Remove ${path}, or set HEATLENS_AGENT_DIR to a folder of your own for the program and for Heatlens.`,
  );
}

export function nothingAttached(): HeatlensError {
  return new HeatlensError(
    'nothingAttached',
    'No process is attached.',
    'Run "Heatlens: Attach to Node Process…" first.',
  );
}

export function noHeat(): HeatlensError {
  return new HeatlensError(
    'noHeat',
    'There is no heat to show yet.',
    'Attach to a Node process that is doing work, or open a .cpuprofile or .heapprofile file.',
  );
}

export function workspaceNotTrusted(): HeatlensError {
  return new HeatlensError(
    'workspaceNotTrusted',
    'Attaching and launching are off in a workspace that is not trusted.',
    'Trust the workspace (Workspaces: Manage Workspace Trust), or open a saved profile, which needs no trust.',
  );
}

export function badAddress(text: string): HeatlensError {
  return new HeatlensError(
    'badAddress',
    `"${text}" is not a host and a port.`,
    'Write it as 127.0.0.1:9229, [::1]:9229, or as the address that "Debugger listening on" shows.',
  );
}

export function scriptNotFound(path: string): HeatlensError {
  return new HeatlensError('scriptNotFound', `${path} does not exist.`, 'Save the file, or choose another script.');
}

export function nodeNotFound(command: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'nodeNotFound',
    `${command} cannot be run.`,
    'Install Node 20 or later, or name its binary in the setting heatlens.nodePath.',
    { cause },
  );
}

export function cannotRunTypeScript(version: string): HeatlensError {
  return new HeatlensError(
    'cannotRunTypeScript',
    `Node ${version} does not run TypeScript files by itself, and tsx is not installed in this workspace.`,
    'Install it (npm install --save-dev tsx), or use Node 22.6 or later.',
  );
}

export function launchedAndGone(name: string): HeatlensError {
  return new HeatlensError(
    'launchedAndGone',
    `${name} ended before it could be measured.`,
    'See its terminal for the reason; a program that is done in a second is better measured with heatlens record.',
  );
}

export function launchedNotFound(name: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'launchedNotFound',
    `${name} started no Node program within ${seconds} s.`,
    'If it is running by now, use "Heatlens: Attach to Node Process…".',
  );
}

export function processListFailed(command: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'processListFailed',
    `The running processes cannot be listed: ${command} failed.`,
    `Check that ${command} can be run, or attach to a host and port instead.`,
    { cause },
  );
}

export function launchNeedsFolder(): HeatlensError {
  return new HeatlensError(
    'launchNeedsFolder',
    'A script can only be launched from a window that has a folder open.',
    'Open the folder of the script and launch it again, or start it yourself and attach to it.',
  );
}
