import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { openCdpSocket } from '../../../../src/node/inspector/cdpSocket';

/** A peer that answers every request with what `answer` returns; undefined stays silent. */
async function peer(answer: (request: { id: number; method: string }, socket: WebSocket) => string | undefined) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = answer(JSON.parse(String(data)), socket);
      if (text !== undefined) socket.send(text);
    });
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/x`, close: () => server.close() };
}

describe('CDP over a WebSocket', () => {
  it('matches replies with requests and passes refusals and events on', async () => {
    const { url, close } = await peer(({ id, method }, socket) => {
      socket.send(JSON.stringify({ method: 'Some.event', params: { of: method } }));
      if (method === 'Bad.one')
        return JSON.stringify({ id, error: { code: -32601, message: "'Bad.one' wasn't found" } });
      return JSON.stringify({ id, result: { echo: method } });
    });
    const channel = await openCdpSocket(url, { what: 'process 1' });
    const events: unknown[] = [];
    const listening = channel.on('Some.event', (params) => events.push(params));
    assert.deepEqual(await Promise.all([channel.send('A.a'), channel.send('B.b')]), [{ echo: 'A.a' }, { echo: 'B.b' }]);
    await assert.rejects(channel.send('Bad.one'), {
      code: 'targetRefused',
      message: "process 1 refused Bad.one: 'Bad.one' wasn't found.",
    });
    listening.dispose();
    await channel.send('C.c');
    assert.deepEqual(events, [{ of: 'A.a' }, { of: 'B.b' }, { of: 'Bad.one' }]);
    channel.close();
    assert.deepEqual(await channel.closed, { reason: 'closed-by-us' });
    close();
  });

  it('gives up on an answer after its time, and drops it when it comes', async () => {
    const { url, close } = await peer(({ id, method }, socket) => {
      if (method === 'Late.one') setTimeout(() => socket.send(JSON.stringify({ id, result: {} })), 60);
      else return JSON.stringify({ id, result: { value: 1 } });
      return undefined;
    });
    const channel = await openCdpSocket(url, { what: 'process 1' });
    await assert.rejects(channel.send('Late.one', {}, { timeoutMs: 30 }), {
      code: 'noAnswer',
      message: /did not answer for 0.03 s/,
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual(await channel.send('Next.one'), { value: 1 });
    channel.close();
    close();
  });

  it('rejects what is open when the connection is cut', async () => {
    const { url, close } = await peer((_request, socket) => void socket.terminate());
    const channel = await openCdpSocket(url, { what: 'process 1' });
    await assert.rejects(channel.send('Any.thing'), { code: 'connectionLost' });
    assert.equal((await channel.closed).reason, 'connection-lost');
    await assert.rejects(channel.send('Any.thing'), { code: 'connectionLost' });
    close();
  });

  it('ends on an answer that is no JSON', async () => {
    const { url, close } = await peer(() => 'nonsense');
    const channel = await openCdpSocket(url, { what: 'process 1' });
    await assert.rejects(channel.send('Any.thing'), { code: 'connectionLost' });
    assert.match((await channel.closed).detail ?? '', /JSON/);
    close();
  });

  it('takes a message of more than 100 MB, the default limit of the library', async () => {
    const bytes = 101 * 1024 * 1024;
    const { url, close } = await peer(({ id }) => `{"id":${id},"result":{"text":"${'x'.repeat(bytes)}"}}`);
    const channel = await openCdpSocket(url, { what: 'process 1' });
    const { text } = await channel.send<{ text: string }>('Big.one');
    assert.equal(text.length, bytes);
    channel.close();
    close();
  }).timeout(20_000);

  it('does not wait for ever for a peer that accepts and says nothing', async () => {
    const server = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    await assert.rejects(openCdpSocket(url, { what: 'process 1', openTimeoutMs: 50 }), { code: 'noAnswer' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await assert.rejects(openCdpSocket(url, { what: 'process 1', signal: controller.signal }), /enough/);
    server.close();
  });
});
