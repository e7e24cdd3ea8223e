import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface HeatlensToKill {
  /** Resolves with its first message that matches; rejects with one that says why it cannot attach. */
  said(pattern: RegExp): Promise<string>;
  kill(): Promise<void>;
}

/** Attaches from a process of its own, which can be killed at any moment. */
export function attachFromOutside(pid: number, mode = 'approximate'): HeatlensToKill {
  const execArgv = __filename.endsWith('.ts') ? ['--require', require.resolve('tsx/cjs')] : [];
  const child: ChildProcess = fork(join(__dirname, 'attachAndStay'), [String(pid), mode], { execArgv });
  return {
    said: (pattern) =>
      new Promise((resolve, reject) => {
        child.on('message', (message) => {
          if (pattern.test(String(message))) resolve(String(message));
          else if (/Error/.test(String(message))) reject(new Error(String(message)));
        });
        child.once('exit', () => reject(new Error(`it ended before it said ${pattern}`)));
      }),
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
