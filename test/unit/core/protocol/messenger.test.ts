import assert from 'node:assert/strict';
import { isBuffer, isNumber, shapeOf, textOf } from '../../../../src/core/protocol/guards';
import {
  createMessenger,
  type Answers,
  type Messenger,
  type SideGuards,
} from '../../../../src/core/protocol/messenger';

interface Left {
  readonly event: { readonly type: 'told'; readonly text: string };
  readonly requests: { readonly double: { readonly params: { readonly of: number }; readonly result: number } };
}

interface Right {
  readonly event: { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string };
  readonly requests: {
    readonly draw: { readonly params: { readonly format: string }; readonly result: ArrayBuffer };
  };
}

const left: SideGuards<Left> = {
  events: { told: shapeOf({ text: textOf(10) }) },
  requests: { double: { params: shapeOf({ of: isNumber }), result: isNumber } },
};
const right: SideGuards<Right> = {
  events: { ready: shapeOf({}), failed: shapeOf({ message: textOf(100) }) },
  requests: { draw: { params: shapeOf({ format: textOf(10) }), result: isBuffer } },
};

interface Pair {
  readonly left: Messenger<Right>;
  readonly right: Messenger<Left>;
  readonly received: unknown[];
  readonly dropped: string[];
  /** Everything that crossed, in order. */
  readonly wire: Record<string, unknown>[];
}

/** Two ends that hear each other at once. */
function connect(
  draw: Answers<Right>['draw'] = () => Promise.resolve(new ArrayBuffer(8)),
  double: Answers<Left>['double'] = ({ of }) => Promise.resolve(2 * of),
): Pair {
  const received: unknown[] = [];
  const dropped: string[] = [];
  const wire: Record<string, unknown>[] = [];
  const common = { receive: (event: unknown) => received.push(event), dropped: (why: string) => dropped.push(why) };
  const ends: Omit<Pair, 'received' | 'dropped' | 'wire'> = {
    left: createMessenger<Left, Right>({
      ...common,
      own: left,
      other: right,
      answers: { double },
      post: (message) => {
        wire.push({ ...message });
        ends.right.take(message);
      },
    }),
    right: createMessenger<Right, Left>({
      ...common,
      own: right,
      other: left,
      answers: { draw },
      post: (message) => {
        wire.push({ ...message });
        ends.left.take(message);
      },
    }),
  };
  return { ...ends, received, dropped, wire };
}

describe('messages between an editor and a page', () => {
  it('are told, and asked and answered in both directions', async () => {
    const pair = connect();
    pair.left.send({ type: 'ready' });
    pair.right.send({ type: 'told', text: 'hello' });
    assert.deepEqual(pair.received, [{ type: 'ready' }, { type: 'told', text: 'hello' }]);
    assert.equal((await pair.left.ask('draw', { format: 'svg' })).byteLength, 8);
    assert.equal(await pair.right.ask('double', { of: 21 }), 42);
    assert.deepEqual(pair.dropped, []);
  });

  it('answer each request by its id, in whatever order, and a failure elsewhere ends none of them', async () => {
    const drawn: ((bytes: ArrayBuffer) => void)[] = [];
    const pair = connect(() => new Promise((resolve) => drawn.push(resolve)));
    const first = pair.left.ask('draw', { format: 'svg' });
    const second = pair.left.ask('draw', { format: 'png' });
    pair.left.take({ type: 'failed', message: 'of another part of the page' });
    drawn[1](new ArrayBuffer(2));
    drawn[0](new ArrayBuffer(1));
    assert.equal((await first).byteLength, 1);
    assert.equal((await second).byteLength, 2);
  });

  it('reject with what the other side says', async () => {
    const pair = connect(() => Promise.reject(new Error('there is no picture')));
    await assert.rejects(pair.left.ask('draw', { format: 'svg' }), /^Error: there is no picture$/);
  });

  it('can be given up: the one who answers is told, and what it still says is not taken', async () => {
    let answering: AbortSignal | undefined;
    let answer: (bytes: ArrayBuffer) => void = () => undefined;
    const pair = connect((_, signal) => {
      answering = signal;
      return new Promise((resolve) => (answer = resolve));
    });
    const abort = new AbortController();
    const asked = pair.left.ask('draw', { format: 'svg' }, abort.signal);
    abort.abort(new Error('cancelled'));
    await assert.rejects(asked, /cancelled/);
    assert.equal(answering?.aborted, true);
    answer(new ArrayBuffer(1));
    await new Promise(setImmediate);
    assert.deepEqual(
      pair.wire.map(({ type }) => type),
      ['request', 'abort'],
    );
    await assert.rejects(pair.left.ask('draw', { format: 'svg' }, abort.signal), /cancelled/);
    assert.equal(pair.wire.length, 2, 'what was given up before is not asked');
  });

  it('end with the page: its requests are rejected, and a new page gets no answer to the old one', async () => {
    let answer: (value: number) => void = () => undefined;
    const pair = connect(
      () => new Promise(() => undefined),
      () => new Promise((resolve) => (answer = resolve)),
    );
    const asked = pair.left.ask('draw', { format: 'svg' });
    void pair.right.ask('double', { of: 1 }).catch(() => undefined);
    pair.left.reset(new Error('the page was closed'));
    await assert.rejects(asked, /closed/);
    answer(2);
    await new Promise(setImmediate);
    assert.ok(!pair.wire.some(({ type }) => type === 'reply'));
  });

  it('are dropped when they are unknown, malformed or too large, and nothing else happens', async () => {
    const pair = connect();
    for (const message of [
      undefined,
      null,
      7,
      'ready',
      [],
      {},
      { type: 7 },
      { type: 'nothing' },
      { type: 'constructor' },
      { type: '__proto__' },
      { type: 'told' },
      { type: 'told', text: 'x'.repeat(11) },
      { type: 'request' },
      { type: 'request', id: 'a', name: 'double', params: { of: 1 } },
    ])
      pair.left.take(message);
    assert.deepEqual(pair.received, []);
    assert.equal(pair.dropped.length, 14);
    assert.match(
      pair.dropped.join('\n'),
      /what is no message[^]*an unknown message "constructor"[^]*malformed message "told"/,
    );
    pair.left.take({ type: 'reply', id: 99, result: 1 });
    pair.left.take({ type: 'abort', id: 99 });
    pair.left.take({ type: 'abort' });
    assert.equal(pair.dropped.length, 14, 'what was given up meanwhile is no fault');
    await new Promise(setImmediate);
  });

  it('say no to requests that are unknown or malformed, and take no malformed reply', async () => {
    const pair = connect(() => Promise.resolve('no bytes' as unknown as ArrayBuffer));
    await assert.rejects(pair.left.ask('draw', { format: 'svg' }), /malformed/);
    await assert.rejects(pair.left.ask('draw', { format: 7 } as never), /cannot be answered/);
    await assert.rejects(pair.left.ask('valueOf' as never, {} as never), /cannot be answered/);
    assert.deepEqual(pair.dropped, [
      'a malformed reply to "draw"',
      'a malformed request "draw"',
      'an unknown request "valueOf"',
    ]);
  });
});
