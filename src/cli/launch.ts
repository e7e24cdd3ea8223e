import { spawn, type ChildProcess } from 'node:child_process';
import { launchFailed } from './cliErrors';

export interface Launched {
  readonly pid: number;
  readonly exited: Promise<void>;
  /** Asks it to end, and ends it 3 s later if it does not. */
  end(): Promise<void>;
}

/** Starts the command of `record -- …`. Its output goes to our standard error: standard output is for the report. */
export async function launch(command: readonly string[]): Promise<Launched> {
  const [file, ...args] = command;
  const child: ChildProcess = spawn(file, args, { stdio: ['inherit', 2, 2] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(launchFailed(file, error.code === 'ENOENT' ? 'there is no such program' : error.message));
    });
  });
  return {
    pid: child.pid!,
    exited,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(kill);
    },
  };
}
