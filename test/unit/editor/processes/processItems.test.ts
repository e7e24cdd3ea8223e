import assert from 'node:assert/strict';
import { processRows } from '../../../../src/editor/processes/processItems';
import type { NodeProcess } from '../../../../src/node/processes/nodeProcess';

function process(change: Partial<NodeProcess>): NodeProcess {
  return { pid: 1, ppid: 0, name: 'server.js', commandLine: 'node server.js', own: true, ...change };
}

const options = {
  isInWorkspace: ({ cwd }: NodeProcess) => cwd === '/code',
  attachedPids: new Set([7]),
  shortPath: (path: string) => path.replace('/code/', ''),
};

describe('process picker', () => {
  it('groups by workspace, others, other users, and the editor itself; empty groups have no title', () => {
    const rows = processRows(
      [
        process({ pid: 1, name: 'a', cwd: '/code' }),
        process({ pid: 2, name: 'b' }),
        process({ pid: 3, name: 'c', isEditor: true, cwd: '/code' }),
        process({ pid: 4, name: 'd', own: false, user: 'root' }),
      ],
      options,
    );
    const labels = rows.map((row) => (row.kind === 'title' ? `— ${row.label}` : row.label));
    assert.deepEqual(labels, [
      '— From this workspace',
      'a',
      '— Other processes',
      'b',
      '— Processes of other users',
      'd',
      '— The editor itself',
      'c',
    ]);
    assert.deepEqual(processRows([], options), []);
  });

  it('tells what is one of a family from the others', () => {
    const startedAt = new Date(2026, 0, 2, 14, 3, 22).getTime();
    const [, ...rows] = processRows(
      [
        process({ role: 'worker 2', ports: [3000, 3001, 3002, 3003], isOneOfMany: true, startedAt }),
        process({ startedAt, busyChild: { pid: 9, name: 'app.js' } }),
      ],
      options,
    );
    assert.deepEqual(
      rows.map((row) => row.kind === 'process' && row.description),
      ['pid 1 · worker 2 · serves port 3000, 3001, 3002 · since 14:03:22', 'pid 1 · waits for app.js, pid 9'],
    );
  });

  it('tells pid, CPU, memory, what runs it, and the ways in', () => {
    const [, row] = processRows(
      [
        process({
          pid: 42,
          cpuShare: 0.98,
          residentBytes: 90_000_000,
          runner: 'tsx',
          inspectorPort: 9229,
          agentSocket: '/run/a',
          script: '/code/src/server.ts',
          cwd: '/srv',
        }),
      ],
      options,
    );
    assert.ok(row.kind === 'process');
    assert.equal(row.description, 'pid 42 · 98 % CPU · 90 MB · run by tsx · inspector on port 9229 · Heatlens agent');
    assert.equal(row.detail, 'src/server.ts in /srv');
  });

  it('marks what is attached already and what only starts others', () => {
    const [, attached, launcher] = processRows(
      [process({ pid: 7 }), process({ pid: 8, runner: 'npm', isLauncher: true })],
      options,
    );
    assert.ok(attached.kind === 'process' && launcher.kind === 'process');
    assert.equal(attached.icon, 'flame');
    assert.equal(attached.label, 'server.js');
    assert.match(attached.description, /· attached$/);
    assert.equal(launcher.description, 'pid 8 · starts others');
  });
});
