import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgram, targetFixtures, type Program } from './program';

/** `test/fixtures/targets/watched.cjs`, which tells what has become of it. */
export interface WatchedTarget {
  readonly program: Program;
  readonly pid: number;
  /** Resolves to how it differs from how it was, `''` when it does not; waits for that as long. */
  difference(patienceMs: number): Promise<string>;
  /** Blocks its event loop for 2.5 s, from when this resolves. */
  block(): Promise<void>;
  /** Lets its time go by twenty times as fast while the task runs. */
  whileFast<T>(task: () => Promise<T>): Promise<T>;
}

/** Node loads some of its own parts when they are first asked for. */
const STATES_UNTIL_SETTLED = 3;
/** Characters of what it printed that an error shows. */
const LAST_WORDS = 1_000;

export async function startWatched(
  node: string,
  flags: readonly string[],
  kinds: readonly string[],
): Promise<WatchedTarget> {
  const program = await startProgram(node, [...flags, join(targetFixtures, 'watched.cjs'), ...kinds]);
  let asked = 0;
  let blocked = 0;
  const state = async (): Promise<string> => {
    program.child.kill('SIGUSR2');
    const ended = program.exit.then(({ code, signal }) => {
      throw new Error(`it has ended by ${code ?? signal}: ${program.output().slice(-LAST_WORDS)}`);
    });
    const told = program.waitFor(new RegExp(`^state ${++asked} (.*)$`, 'm')).catch(() => {
      throw new Error(`it does not answer: ${program.output().slice(-LAST_WORDS)}`);
    });
    const [, text] = await Promise.race([told, ended]);
    told.catch(() => undefined);
    return text;
  };
  let before = '';
  for (let look = 0; look < STATES_UNTIL_SETTLED; look++) before = await state();
  const ports = await program.inspectorPorts();
  const look = async (): Promise<string> => {
    const { exitCode, signalCode } = program.child;
    if (exitCode !== null || signalCode !== null) return `it has ended: ${exitCode} ${signalCode}`;
    const found: string[] = [];
    const now = await program.inspectorPorts();
    if (now.join() !== ports.join()) found.push(`ports ${now.join()}, before ${ports.join()}`);
    const after = await state();
    if (after !== before) found.push(`${after}, before ${before}`);
    for (const [flag, isOn] of flagsOf(program)) if (!isOn) found.push(`--no-${flag}`);
    return found.join('; ');
  };
  return {
    program,
    pid: program.pid,
    async difference(patienceMs) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        const found = await look();
        if (found === '' || performance.now() > deadline) return found;
        await delay(50);
      }
    },
    async block() {
      program.child.kill('SIGHUP');
      await program.waitFor(new RegExp(`^blocked ${++blocked}$`, 'm'));
    },
    async whileFast(task) {
      program.child.kill('SIGWINCH');
      try {
        return await task();
      } finally {
        program.child.kill('SIGWINCH');
      }
    },
  };
}

/** The last setting of each V8 flag that was set in it. */
export function flagsOf(program: Program): Map<string, boolean> {
  const set = program.output().matchAll(/^flag --(no-)?(\S+)$/gm);
  return new Map([...set].map(([, no, name]): [string, boolean] => [name, no === undefined]));
}
