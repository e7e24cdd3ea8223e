import assert from 'node:assert/strict';
import { tellApart } from '../../../../src/node/processes/families';
import type { NodeProcess } from '../../../../src/node/processes/nodeProcess';

function process(pid: number, change: Partial<NodeProcess> = {}): NodeProcess {
  return { pid, ppid: 1, name: 'server.js', commandLine: '', own: true, cpuShare: 0.05, ...change };
}

describe('processes of a family', () => {
  it('are marked where nothing tells them apart', () => {
    const processes = [
      process(1),
      process(2),
      process(3, { ports: [3000] }),
      process(4, { role: 'worker 1' }),
      process(5, { cwd: '/elsewhere' }),
      process(6, { name: 'other.js' }),
    ];
    assert.deepEqual(
      tellApart(processes, new Map()).map(({ isOneOfMany }) => isOneOfMany),
      [true, true, undefined, undefined, undefined, undefined],
    );
  });

  it('that only wait name the busiest one below them, also through a shell', () => {
    const processes = [
      process(1, { name: 'npm run dev', cpuShare: 0 }),
      process(2, { name: 'nodemon', cpuShare: 0.01 }),
      process(4, { name: 'app.js', cpuShare: 0.9 }),
      process(5, { name: 'helper.js', cpuShare: 0.3 }),
      process(6, { name: 'idle.js', cpuShare: 0 }),
      process(7, { name: 'unknown.js', cpuShare: undefined }),
    ];
    // 3 is a shell.
    const parents = new Map([
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 1],
      [7, 6],
    ]);
    const app = { pid: 4, name: 'app.js' };
    assert.deepEqual(
      tellApart(processes, parents).map(({ busyChild }) => busyChild),
      [app, app, undefined, undefined, undefined, undefined],
    );
    const circle = new Map([
      [4, 2],
      [2, 4],
    ]);
    assert.deepEqual(tellApart(processes, circle)[1].busyChild, app);
  });
});
