import assert from 'node:assert/strict';
import timers from 'node:timers';
import { after, startClock, ticksBetween } from '../../../src/target/clock';
import { until } from '../../support/agentTarget';

describe('the clock in a target', () => {
  it('believes two sources where both work, and one where the other does not', () => {
    const cases: [socket: number, wait: number, ticks: number][] = [
      [10, 10, 10],
      [10, 9, 9],
      [7, 10, 7],
      [10, 0, 10],
      [0, 10, 10],
      [0, 0, 0],
    ];
    for (const [socket, wait, ticks] of cases)
      assert.equal(ticksBetween({ socket: 0, wait: 0 }, { socket, wait }), ticks, `${socket} and ${wait}`);
    // One that has stopped counts as late, one that runs away is not believed for long.
    assert.equal(ticksBetween({ socket: 5, wait: 5 }, { socket: 35, wait: 5 }), 10);
    assert.ok(ticksBetween({ socket: 0, wait: 0 }, { socket: 13, wait: 1 }) < 10);
  });

  it('ticks while timers are faked, and stops', async () => {
    const { setTimeout: real, setInterval } = timers;
    let ticks = 0;
    let called = 0;
    Object.assign(timers, { setTimeout: () => 1, setInterval: () => 1 });
    const clock = startClock(() => ticks++);
    try {
      after(1, () => called++);
      after(1, () => called++)();
      await new Promise((resolve) => real(resolve, 150));
      assert.deepEqual([ticks, called], [2, 1]);
      assert.deepEqual(clock.now(), { socket: 1, wait: 1 });
    } finally {
      Object.assign(timers, { setTimeout: real, setInterval });
      clock.stop();
    }
    const resources = (): number => process.getActiveResourcesInfo().filter((each) => /Socket|TCP/.test(each)).length;
    await until(() => resources() === 0, 'nothing of it is left').catch(() => undefined);
    await new Promise((resolve) => real(resolve, 1_100));
    assert.equal(ticks, 2, 'nothing ticks after the stop');
  });
});
