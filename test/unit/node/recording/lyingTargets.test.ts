import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../../src/core/errorCode';
import { isHeatlensError } from '../../../../src/core/errors';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import { until } from '../../../support/agentTarget';
import { startLyingInspector, type Lie } from '../../../support/lyingInspector';
import { mutateText, mutateValue, randomNumbers } from '../../../support/mutate';

const MB = 1024 * 1024;
const HOSTILE = '\u001b]0;TITLE\u0007\u001b[2J[link](command:x)';

/** Answers that call with this value. */
const value =
  (call: string, wrong: unknown): Lie =>
  (request) =>
    request.call === call ? JSON.stringify({ id: request.id, result: { result: { value: wrong } } }) : undefined;

const result =
  (method: string, wrong: unknown): Lie =>
  (request) =>
    request.method === method ? JSON.stringify({ id: request.id, result: wrong }) : undefined;

/** Sends a frame that announces a terabyte, and then as much as is read. */
const endlessFrame: Lie = (request, _usual, socket) => {
  if (request.method !== 'HeapProfiler.startSampling') return undefined;
  const { _socket: raw } = socket as unknown as { _socket: import('node:net').Socket };
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(2n ** 40n, 2);
  raw.write(head);
  flood(raw, Buffer.alloc(MB, 32));
  return 'silent';
};

/** One message of fragments without end. */
const endlessFragments =
  (size: number): Lie =>
  (request, _usual, socket) => {
    if (request.method !== 'HeapProfiler.startSampling') return undefined;
    const { _socket: raw } = socket as unknown as { _socket: import('node:net').Socket };
    const head = Buffer.alloc(10);
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(size), 2);
    const fragment = Buffer.concat([head, Buffer.alloc(size, 32)]);
    const first = Buffer.from(fragment);
    first[0] = 0x01;
    // Answers to other requests would stand in the middle of it, which is another lie.
    socket.send = () => undefined;
    raw.write(first);
    flood(raw, Buffer.concat(Array.from({ length: Math.ceil(MB / fragment.length) }, () => fragment)));
    return 'silent';
  };

function flood(raw: import('node:net').Socket, data: Buffer): void {
  const more = (): void => {
    if (raw.destroyed) return;
    while (raw.write(data));
    raw.once('drain', more);
  };
  more();
}

describe('targets that lie', function () {
  this.timeout(30_000);
  const over: (() => void)[] = [];
  afterEach(() => {
    for (const end of over.splice(0)) end();
  });

  const record = async (lie: Lie): Promise<{ recording: EngineRecording; attach: () => Promise<unknown> }> => {
    const inspector = await startLyingInspector(lie);
    const recording = createRecording({ refreshMs: 50, cpuIntervalUs: 1_000, memory: 'both' });
    over.push(() => {
      recording.dispose();
      inspector.close();
    });
    return { recording, attach: () => recording.attach({ kind: 'host', host: '127.0.0.1', port: inspector.port }) };
  };

  it('are told from one that does not, which is measured', async () => {
    const { recording, attach } = await record(() => undefined);
    await attach();
    await until(() => (recording.snapshot?.cpu.sampledMs ?? 0) > 0, 'heat');
    await recording.detach();
  });

  const refused: [string, Lie, ErrorCode, RegExp][] = [
    ['no result', ({ id }) => JSON.stringify({ id }), 'wrongAnswer', /something else than an answer to Runtime/],
    ['null', ({ id }) => JSON.stringify({ id, result: null }), 'wrongAnswer', /something else than an answer/],
    ['a text', ({ id }) => JSON.stringify({ id, result: 'x' }), 'wrongAnswer', /something else than an answer/],
    ['no objectId', result('Runtime.evaluate', { result: {} }), 'wrongAnswer', /something else than an answer/],
    [
      'what was thrown, of no shape',
      result('Runtime.evaluate', { exceptionDetails: 7 }),
      'wrongAnswer',
      /something else than an answer/,
    ],
    [
      'an error of 5 MB',
      ({ id }) => JSON.stringify({ id, error: { message: HOSTILE, data: 'A'.repeat(5 * MB) } }),
      'targetRefused',
      /refused Runtime/,
    ],
    ['an error that is none', ({ id }) => JSON.stringify({ id, error: [] }), 'targetRefused', /refused Runtime/],
    [
      'an exception of 5 MB',
      result('Runtime.callFunctionOn', { result: {}, exceptionDetails: { text: 'A'.repeat(5 * MB) } }),
      'targetRefused',
      /refused identify/,
    ],
    ['no argv', value('identify', { pid: 12 }), 'wrongAnswer', /answer to identify/],
    [
      'a pid that is none',
      value('identify', { pid: '12', version: '', cwd: '', argv: [], execArgv: [] }),
      'wrongAnswer',
      /answer to identify/,
    ],
    [
      'argv of objects',
      value('identify', { pid: 12, version: '', cwd: '', argv: [{}], execArgv: [] }),
      'wrongAnswer',
      /answer to identify/,
    ],
    ['no Node', value('identify', null), 'notAnInspector', /no Node process/],
    [
      'another runtime',
      value('identify', { pid: 12, version: 'v22.0.0', otherRuntime: 'Deno', cwd: '', argv: [], execArgv: [] }),
      'otherRuntime',
      /is Deno, not Node/,
    ],
    [
      'an old Node',
      value('identify', { pid: 12, version: 'v18.20.4', cwd: '', argv: [], execArgv: [] }),
      'oldNode',
      /is Node v18\.20\.4; Node 20 is the oldest/,
    ],
    ['an absurd heap', value('memoryUse', { heapUsed: 1e300, external: 0 }), 'wrongAnswer', /answer to memoryUse/],
    ['a start that is no time', value('startedAt', 'now'), 'wrongAnswer', /answer to startedAt/],
    ['a duration that is none', value('changeCpuWindow', -1), 'wrongAnswer', /answer to changeCpuWindow/],
    ['no boolean', value('joinGuard', 'no'), 'wrongAnswer', /answer to joinGuard/],
    ['a frame of a terabyte', endlessFrame, 'tooMuchSent', /more than 128 MB/],
    ['fragments without end', endlessFragments(MB), 'tooMuchSent', /more than 128 MB/],
    ['small fragments without end', endlessFragments(1), 'tooMuchSent', /too many parts/],
    [
      'millions of values',
      ({ id }) => `{"id":${id},"result":[${'{},'.repeat(6_000_000)}{}]}`,
      'tooMuchSent',
      /more than 5,000,000 values/,
    ],
  ];
  for (const [name, lie, code, message] of refused) {
    it(`${name}: said in one line`, async () => {
      const { attach } = await record(lie);
      const error: unknown = await attach().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(isHeatlensError(error), String(error));
      assert.equal(error.code, code, error.oneLine);
      assert.match(error.message, message);
      assert.ok(error.oneLine.length < 1_500, `${error.oneLine.length} characters`);
    });
  }

  it('about a window: the others are measured', async () => {
    const lies: Lie[] = [
      result('HeapProfiler.stopSampling', { profile: null }),
      result('HeapProfiler.stopSampling', null),
      result('HeapProfiler.getSamplingProfile', { profile: { head: {} } }),
    ];
    for (const lie of lies) {
      const { recording, attach } = await record(lie);
      await attach();
      await until(() => (recording.snapshot?.cpu.sampledMs ?? 0) > 0, 'heat');
      await recording.detach();
      assert.ok((recording.snapshot?.cpu.sampledMs ?? 0) > 0);
    }
  });

  it('with events of any shape, and workers without end', async () => {
    const odd: unknown[] = [null, 1, 'x', [], {}, { title: 7 }, { profile: null }, { sessionId: {} }];
    const { recording, attach } = await record((request, _usual, socket) => {
      if (request.method !== 'NodeWorker.enable') return undefined;
      for (const method of [
        'Profiler.consoleProfileFinished',
        'NodeWorker.attachedToWorker',
        'NodeWorker.receivedMessageFromWorker',
        'NodeWorker.detachedFromWorker',
        'Debugger.scriptParsed',
      ])
        for (const params of odd) socket.send(JSON.stringify({ method, params }));
      for (const text of ['null', '7', '[]', '"x"', '{}', '{"id":"1"}', '{"id":-1}', '{"method":7}']) socket.send(text);
      for (let n = 0; n < 2_000; n++) {
        const workerInfo = { workerId: String(n), title: `[worker ${n}] ${'t'.repeat(2_000)}`, url: '' };
        socket.send(
          JSON.stringify({ method: 'NodeWorker.attachedToWorker', params: { sessionId: `s${n}`, workerInfo } }),
        );
      }
      socket.send(
        JSON.stringify({
          method: 'NodeWorker.receivedMessageFromWorker',
          params: { sessionId: 's1', message: 'no JSON' },
        }),
      );
      return undefined;
    });
    await attach();
    await until(() => (recording.snapshot?.cpu.sampledMs ?? 0) > 0, 'heat');
    // The one that sent no JSON made room for another, and there is the main thread.
    assert.ok(recording.targets.length <= 258, `${recording.targets.length} threads`);
  });

  it('in ways that chance finds: each ends in a recording or an error of ours', async () => {
    const random = randomNumbers(7);
    let lies = 0;
    const outcomes = { recordings: 0, errors: 0 };
    for (let run = 0; run < 120; run++) {
      const at = Math.floor(random() * 14);
      let seen = 0;
      const { recording, attach } = await record((request, usual) => {
        if (seen++ < at || random() < 0.5) return undefined;
        lies++;
        const answer = { id: request.id, result: usual };
        const text = random() < 0.7 ? mutateValue(answer, random) : answer;
        const sent = random() < 0.2 ? mutateText(JSON.stringify(text), random) : JSON.stringify(text);
        // Without its id nothing would come, which is waited for.
        return sent.includes(`"id":${request.id}`) ? sent : JSON.stringify({ id: request.id, result: null });
      });
      const attached = attach().then(
        async () => {
          await recording.detach();
          outcomes.recordings++;
        },
        (error: unknown) => {
          assert.ok(isHeatlensError(error), error instanceof Error ? error.stack : String(error));
          outcomes.errors++;
        },
      );
      await Promise.race([attached, new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
      for (const end of over.splice(0)) end();
    }
    assert.ok(lies > 200 && outcomes.errors > 20 && outcomes.recordings > 5, `${lies} ${JSON.stringify(outcomes)}`);
  }).timeout(120_000);
});
