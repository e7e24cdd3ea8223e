import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRoom } from '../../../../src/node/processes/linuxRoom';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max stack size            8388608              unlimited            bytes
Max processes             100                  100                  processes
Max open files            64                   4096                 files
Max address space         unlimited            unlimited            bytes
`;

describe('the room that a process has left', () => {
  let folder: string;
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  };
  const room = (): ReturnType<typeof readRoom> =>
    readRoom(7, { proc: join(folder, 'proc'), cgroup: join(folder, 'cgroup') });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-room-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('counts descriptors below the limit, and threads of the same user', () => {
    write({
      'proc/7/limits': LIMITS,
      'proc/7/status': 'Name:\tnode\nUid:\t1000\t1000\t1000\t1000\nThreads:\t11\nVmSize:\t  1000 kB\n',
      'proc/8/status': 'Name:\tUid:\t1000\nUid:\t1000\t1000\t1000\t1000\nThreads:\t80\n',
      'proc/9/status': 'Name:\tother\nUid:\t1001\t1001\t1001\t1001\nThreads:\t500\n',
      'proc/7/fd/0': '',
      'proc/7/fd/63': '',
      'proc/7/fd/64': '',
      'proc/meminfo': 'MemTotal:       2000 kB\nMemFree:          10 kB\nMemAvailable:    500 kB\n',
    });
    assert.deepEqual(room(), {
      descriptors: { free: 62, limit: 64 },
      threads: { free: 9, limit: 100 },
      memoryBytes: { free: 512_000, limit: 2_048_000 },
    });
  });

  it('is not limited by the threads of root', () => {
    write({ 'proc/7/limits': LIMITS, 'proc/7/status': 'Uid:\t0\t0\t0\t0\nThreads:\t500\n' });
    assert.equal(room().threads, undefined);
  });

  it('is the least that a control group, or one around it, leaves', () => {
    write({
      'proc/7/cgroup': '0::/service/part\n',
      'cgroup/service/pids.max': '50\n',
      'cgroup/service/pids.current': '47\n',
      'cgroup/service/part/pids.max': 'max\n',
      'cgroup/service/part/pids.current': '12\n',
      'cgroup/service/part/memory.max': '1000000\n',
      'cgroup/service/part/memory.current': '990000\n',
      'cgroup/service/part/memory.stat': 'anon 500000\ninactive_file 20000\n',
    });
    assert.deepEqual(room(), {
      descriptors: undefined,
      threads: { free: 3, limit: 50 },
      memoryBytes: { free: 30_000, limit: 1_000_000 },
    });
  });

  it('is read from the first version of control groups, too', () => {
    write({
      'proc/7/cgroup': '5:cpu,pids:/a\n4:memory:/a\n1:name=systemd:/x\n',
      'cgroup/pids/a/pids.max': '9',
      'cgroup/pids/a/pids.current': '9',
      'cgroup/memory/a/memory.limit_in_bytes': '4096',
      'cgroup/memory/a/memory.usage_in_bytes': '4000',
      'cgroup/memory/a/memory.stat': 'total_inactive_file 40\n',
    });
    assert.deepEqual(room(), {
      descriptors: undefined,
      threads: { free: 0, limit: 9 },
      memoryBytes: { free: 136, limit: 4096 },
    });
  });

  it('is unknown where nothing can be read', () => {
    assert.deepEqual(room(), { descriptors: undefined, threads: undefined, memoryBytes: undefined });
  });

  it('of a running process is what the system says', () => {
    const { descriptors } = readRoom(process.pid);
    assert.ok(descriptors && descriptors.free > 0 && descriptors.free < descriptors.limit);
  });
});
