import assert from 'node:assert/strict';
import { Session } from 'node:inspector';
import { samplingThreadsCpuMs } from '../../../../src/node/recording/samplingCpu';

describe('the CPU time of sampling threads', () => {
  it('grows while a profiler runs, and is 0 without one', async () => {
    assert.equal(await samplingThreadsCpuMs(process.pid), 0);
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: 50 });
    session.post('Profiler.start');
    let first: number | undefined;
    let second: number | undefined;
    try {
      for (const until = Date.now() + 100; Date.now() < until;) Math.sqrt(until);
      first = await samplingThreadsCpuMs(process.pid);
      for (const until = Date.now() + 200; Date.now() < until;) Math.sqrt(until);
      second = await samplingThreadsCpuMs(process.pid);
    } finally {
      session.post('Profiler.stop');
      session.disconnect();
    }
    assert.ok(first! > 0 && second! > first!, `${first} ms, ${second} ms`);
  });

  it('is unknown of a process that cannot be looked into', async () => {
    assert.equal(await samplingThreadsCpuMs(2 ** 22 + 1), undefined);
  });
});
