import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import type { TargetThread } from '../../../../src/node/channel';
import { createLocalClocks } from '../../../../src/node/instruments/localClock';
import { createThreadClocks } from '../../../../src/node/instruments/threadClocks';
import { findThread } from '../../../../src/node/processes/threadTimes';

const nowUs = (): number => Number(process.hrtime.bigint()) / 1e3;

function openAccounts(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)].filter((path) => path.endsWith('/schedstat'));
    } catch {
      return [];
    }
  });
}

describe('clocks of threads', () => {
  it('tell a thread that runs from one that waits, and hold nothing afterwards', async () => {
    const clock = createLocalClocks(process.pid).clockOf(process.pid);
    await clock.start();
    assert.equal(openAccounts().length, 1);
    const ran = nowUs();
    while (nowUs() < ran + 100_000) Math.sqrt(ran);
    await clock.mark();
    const waited = nowUs();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await clock.mark();
    const end = nowUs();
    const readings = clock.readings(ran, end)!;
    clock.stop();
    assert.deepEqual(openAccounts(), []);
    const used = (from: number, to: number): number => {
      const at = (time: number): number => readings.usedUs[readings.atUs.findLastIndex((each) => each <= time)];
      return (at(to) - at(from)) / (to - from);
    };
    assert.ok(used(ran, waited) > 0.8, `ran ${used(ran, waited)}`);
    assert.ok(used(waited, end) < 0.5, `waited ${1 - used(waited, end)}`);
  });

  it('have no readings of a thread that is gone', async () => {
    const clock = createLocalClocks(process.pid).clockOf(2 ** 22 + 1);
    await clock.start();
    await clock.mark();
    assert.equal(clock.readings(0, nowUs()), undefined);
    clock.stop();
  });

  it('ask a target that is behind a forwarded port, and have no readings of one that does not answer', async () => {
    let asked = 0;
    const channel = {
      send: async () => {
        asked++;
        throw new Error('no answer');
      },
    } as unknown as TargetThread['channel'];
    const thread = { id: 'main', kind: 'main', title: '', channel } as const;
    const clock = await createThreadClocks({ pid: process.pid, via: 'host-port' }).of(thread);
    await clock.start();
    await clock.mark();
    assert.ok(asked > 0);
    assert.equal(clock.readings(0, 1), undefined);
    clock.stop();
  });

  it('find threads by the number that they have for themselves', () => {
    assert.equal(findThread(process.pid, process.pid), process.pid);
    assert.equal(findThread(process.pid, 2 ** 22 + 1), undefined);
    assert.equal(findThread(2 ** 22 + 1, 1), undefined);
  });
});
