// Child processes in groups of their own, so that ending one ends everything it has started. Whatever way this
// process ends, no group is left behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();
const temporaryFolders = new Set();

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false; // ESRCH: nobody is left
  }
}

/**
 * Starts a command as the leader of a new process group. `output` collects the last 64 kB of stdout and stderr when
 * they are piped. `stop` resolves when no process of the group is left.
 */
export function startGroup(command, args, { cwd, env, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const child = spawn(command, args, { cwd, env, stdio, detached: true });
  const group = {
    child,
    output: '',
    exited: new Promise((resolve) => {
      child.once('error', (error) => {
        group.output += `${error.message}\n`;
        resolve({ code: null, signal: null, error });
      });
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    async stop() {
      if (child.pid === undefined) return;
      if (signalGroup(child.pid, 'SIGTERM')) {
        for (let waited = 0; waited < 8000 && signalGroup(child.pid, 0); waited += 50) await sleep(50);
        signalGroup(child.pid, 'SIGKILL');
        for (let waited = 0; waited < 2000 && signalGroup(child.pid, 0); waited += 50) await sleep(50);
      }
      running.delete(group);
    },
  };
  const collect = (chunk) => {
    group.output = (group.output + chunk).slice(-65536);
  };
  child.stdout?.setEncoding('utf8').on('data', collect);
  child.stderr?.setEncoding('utf8').on('data', collect);
  running.add(group);
  return group;
}

/** The match of `pattern` in what the group prints; undefined when it ends before, or takes longer than `ms`. */
export async function waitForOutput(group, pattern, ms) {
  let ended = false;
  void group.exited.then(() => (ended = true));
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const match = pattern.exec(group.output);
    if (match || ended || Date.now() > end) return match ?? undefined;
  }
}

/** A new folder that is removed when this process ends, if not before. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `heatlens-${name}-`));
  temporaryFolders.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder) {
  temporaryFolders.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export async function stopAllGroups() {
  await Promise.all([...running].map((group) => group.stop()));
}

process.on('exit', () => {
  for (const { child } of running) if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  for (const folder of temporaryFolders) removeTemporaryFolder(folder);
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.once(signal, () => void stopAllGroups().finally(() => process.exit(code)));
}
