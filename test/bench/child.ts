import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../support/nodeVersions';

/** A program under test/bench/programs that answers messages. */
export interface Program {
  readonly pid: number;
  /** Sends a message and resolves to the next one that comes back. */
  ask<T>(message: string): Promise<T>;
  /** The first message, which says that it is ready. */
  readonly hello: unknown;
  stop(): Promise<void>;
}

export async function startProgram(
  node: string,
  name: string,
  args: readonly string[] = [],
  waitMs = 60_000,
): Promise<Program> {
  const child = fork(join(repositoryRoot, 'test/bench/programs', name), args, {
    execPath: node,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let errors = '';
  // "Debugger listening on" comes here too.
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const ended = once(child, 'exit');
  const next = async <T>(): Promise<T> => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`${name} did not answer within ${waitMs / 1000} s`)), waitMs);
    try {
      return await Promise.race([
        once(child, 'message', { signal: abort.signal }).then(([message]) => message as T),
        ended.then(([code, signal]) => Promise.reject(new Error(`${name} ended with ${code ?? signal}: ${errors}`))),
      ]);
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  ended.catch(() => undefined);
  process.once('exit', () => child.kill('SIGKILL'));
  const greets = name !== 'load.cjs';
  const hello = greets ? await next() : undefined;
  return {
    pid: child.pid!,
    hello,
    ask(message) {
      const reply = next();
      child.send(message);
      return reply as Promise<never>;
    },
    stop,
  };
}
