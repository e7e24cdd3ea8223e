import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { launchFailed } from './cliErrors';

/** How a program ended by itself. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** ms that it lived for. */
  readonly afterMs: number;
}

export interface Launched {
  readonly pid: number;
  readonly exited: Promise<Ending>;
  /** Undefined while it runs, and where it was ended by us. */
  readonly ending: Ending | undefined;
  /** Asks it to end, and ends it 3 s later if it does not. */
  end(): Promise<void>;
}

/** Starts the command of `record -- …`. Its output goes to our standard error: standard output is for the report. */
export async function launch(command: readonly string[]): Promise<Launched> {
  const [file, ...args] = command;
  const start = performance.now();
  const child: ChildProcess = spawn(file, args, { stdio: ['inherit', 2, 2] });
  let ending: Ending | undefined;
  let isAsked = false;
  const exited = new Promise<Ending>((resolve) =>
    child.once('exit', (code, signal) => {
      const ended = { code, signal, afterMs: performance.now() - start };
      if (!isAsked) ending = ended;
      resolve(ended);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(launchFailed(file, error.code === 'ENOENT' ? 'there is no such program' : error.message));
    });
  });
  return {
    pid: child.pid!,
    exited,
    get ending() {
      return ending;
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      isAsked = true;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(kill);
    },
  };
}

/** What a shell would have it end with: 128 and the number of the signal where one ended it. */
export function exitCodeOf({ code, signal }: Ending): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
