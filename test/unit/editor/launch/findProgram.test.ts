import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../src/core/errors';
import { findPrograms, topPrograms } from '../../../../src/editor/launch/findProgram';
import type { NodeProcess } from '../../../../src/node/processes/nodeProcess';

function process(pid: number, ppid: number, isLauncher = false): NodeProcess {
  return { pid, ppid, name: `p${pid}`, commandLine: '', own: true, isLauncher };
}

const npm = process(10, 1, true);
const nodemon = process(20, 15, true);
const program = process(30, 20);
const worker = process(31, 30);
const pids = (processes: readonly NodeProcess[]): number[] => processes.map(({ pid }) => pid);

describe('program behind an npm script', () => {
  it('is what launches nothing and is not started by another program', () => {
    assert.deepEqual(pids(topPrograms([npm, nodemon, program, worker])), [30]);
    assert.deepEqual(pids(topPrograms([npm, program, process(40, 12)])), [30, 40]);
  });

  /** Looks see one list after the other, then the last for ever. */
  function find(
    looks: readonly NodeProcess[][],
    isRunning = true,
    timeoutMs = 2_000,
    signal = new AbortController().signal,
  ) {
    let look = 0;
    const descendants = () => Promise.resolve(looks[Math.min(look++, looks.length - 1)]);
    return findPrograms({ name: 'npm run dev', descendants, isRunning: () => isRunning, signal, timeoutMs, pollMs: 1 });
  }

  it('is waited for, past short helpers of the launchers', async () => {
    const helper = process(25, 20);
    assert.deepEqual(pids(await find([[], [npm], [npm, helper], [npm, nodemon, program]])), [30]);
  });

  it('that has ended, or never comes, is an error with a next step', async () => {
    const code = (expected: string) => (error: unknown) => isHeatlensError(error) && error.code === expected;
    await assert.rejects(find([[]], false), code('launchedAndGone'));
    await assert.rejects(find([[npm]], true, 20), code('launchedNotFound'));
  });

  it('can be given up waiting for', async () => {
    const abort = new AbortController();
    const found = find([[npm]], true, 5_000, abort.signal);
    setTimeout(() => abort.abort(), 10);
    await assert.rejects(found, { name: 'AbortError' });
  });
});
