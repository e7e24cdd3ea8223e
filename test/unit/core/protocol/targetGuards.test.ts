import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../src/core/errors';
import { Measurement } from '../../../../src/core/measurement/measurement';
import { profiledBytes } from '../../../../src/core/profile/v8/v8Profile';
import {
  isAgentCapabilities,
  isAgentGreeting,
  isAttachedToWorker,
  isCpuProfile,
  isEvaluationReply,
  isHeapProfile,
  targetAnswers,
} from '../../../../src/core/protocol/targetGuards';
import { CdpDispatcher } from '../../../../src/node/inspector/cdpDispatcher';
import { usualCpuProfile, usualHeapProfile, usualValues } from '../../../support/lyingInspector';
import { mutateText, mutateValue, randomNumbers } from '../../../support/mutate';

const MUTANTS = 6_000;

describe('answers of a target', () => {
  it('as they should be pass', () => {
    for (const [name, value] of Object.entries(usualValues))
      assert.ok(targetAnswers[name as keyof typeof targetAnswers](value), name);
    assert.ok(isCpuProfile(usualCpuProfile) && isHeapProfile(usualHeapProfile));
    assert.ok(isEvaluationReply({ result: { value: 1 } }) && isEvaluationReply({ exceptionDetails: { text: 'x' } }));
    // A process that waits before its first line has no id yet.
    assert.ok(targetAnswers.identify({ version: 'v22.0.0', execArgv: [], argv: [], cwd: '' }));
    const hello = { protocol: 1, pid: 1, threadId: 0, nodeVersion: 'v22.0.0', execArgv: [], argv: ['node'], cwd: '/' };
    assert.ok(isAgentGreeting(hello) && isAgentGreeting({ refused: 'busy' }));
    const can = { backend: 'inspector', cpu: true, live: true, allocated: true, cheapHeapReads: false, version: '22' };
    assert.ok(isAgentCapabilities(can) && isAgentCapabilities({ ...can, note: 'x' }));
    assert.ok(isAttachedToWorker({ sessionId: '1', workerInfo: { workerId: '1', title: 'x', url: '' } }));
  });

  it('of another shape do not', () => {
    const wrong: [(value: unknown) => boolean, unknown[]][] = [
      [targetAnswers.identify, [undefined, 7, [], { pid: 12 }, { ...(usualValues['identify'] as object), pid: -1 }]],
      [targetAnswers.usedCpuTime, [null, '1', -1, NaN, Infinity, 1e300]],
      [targetAnswers.threadId, [undefined, -1, 1.5, 'x']],
      [targetAnswers.callSites, [undefined, {}, [], '1', '1,0,1,1,;', '1,=,1,1,;f', '0,0,-1,0,;', '9999999,0,1,1,;']],
      [targetAnswers.turnEventLoop, [false, 1, undefined]],
      [targetAnswers.memoryUse, [null, {}, { heapUsed: 1, external: -1 }, { heapUsed: 1e300, external: 1 }]],
      [targetAnswers.startedAt, [-1, 1e300, 'now', null]],
      [targetAnswers.environment, [null, [], { a: 1 }]],
      [targetAnswers.findSourceMaps, [null, [], { maps: {} }, { maps: [7] }, { maps: [{ json: 1, from: '' }] }]],
      [targetAnswers.changeCpuWindow, [null, -1, 1e12, '1']],
      [targetAnswers.leave, [null, 1, 'true']],
      [isCpuProfile, [null, {}, { ...usualCpuProfile, nodes: {} }, { ...usualCpuProfile, endTime: 1e300 }]],
      [isHeapProfile, [null, {}, { head: null }, { head: {} }, { head: [] }]],
      [isAgentGreeting, [null, {}, { refused: 'x' }, { protocol: 1 }]],
      [isAttachedToWorker, [null, {}, { sessionId: 's' }, { sessionId: 1, workerInfo: {} }]],
    ];
    for (const [guard, values] of wrong)
      for (const value of values) assert.equal(guard(value), false, JSON.stringify(value));
  });

  it('as mutants are refused, or measured', () => {
    const random = randomNumbers(21);
    const outcomes = { refused: 0, measured: 0 };
    for (let n = 0; n < MUTANTS; n++) {
      const measurement = new Measurement();
      const interval = { startMs: 0, endMs: 1_000 };
      const profile = mutateValue(n % 2 ? usualCpuProfile : usualHeapProfile, random);
      if (n % 2 ? !isCpuProfile(profile) : !isHeapProfile(profile)) {
        outcomes.refused++;
        continue;
      }
      if (isCpuProfile(profile)) {
        measurement.addCpu(profile, interval);
        measurement.cpu('cumulative', 0)?.slice.selfUs.forEach((us) => assert.ok(us >= 0 && us < 1e18));
      } else if (isHeapProfile(profile)) {
        assert.ok(profiledBytes(profile) >= 0);
        measurement.addLive(profile, interval);
        measurement.addAllocated(profile, interval);
      }
      outcomes.measured++;
    }
    assert.ok(outcomes.refused > 500 && outcomes.measured > 500, JSON.stringify(outcomes));
  });

  it('as mutants of a message settle the request, or leave it open', async () => {
    const random = randomNumbers(22);
    const outcomes = { answers: 0, errors: 0, open: 0 };
    for (let n = 0; n < MUTANTS; n++) {
      const dispatcher = new CdpDispatcher('process 1', () => undefined);
      dispatcher.on('A.event', () => undefined);
      const sent = dispatcher.send('A.call', {}, { answer: isEvaluationReply }).then(
        () => 'answers' as const,
        (error: unknown) => {
          assert.ok(isHeatlensError(error), String(error));
          return error.code === 'connectionLost' ? ('open' as const) : ('errors' as const);
        },
      );
      const message =
        n % 3 ? { id: 1, result: { result: { value: 1 } } } : { id: 1, error: { code: 1, message: 'x', data: 'y' } };
      const text = n % 2 ? JSON.stringify(mutateValue(message, random)) : mutateText(JSON.stringify(message), random);
      try {
        dispatcher.receive(text);
      } catch (error) {
        assert.ok(error instanceof SyntaxError || isHeatlensError(error), String(error));
      }
      dispatcher.end({ reason: 'closed-by-us' });
      outcomes[await sent]++;
    }
    assert.ok(outcomes.answers > 300 && outcomes.errors > 300 && outcomes.open > 300, JSON.stringify(outcomes));
  });
});
