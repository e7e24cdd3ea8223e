import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connectToHost } from '../../../../src/node/inspector/connect';
import { evaluate } from '../../../support/evaluate';
import { inspectorUrl } from '../../../../src/node/inspector/inspectorHttp';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

const servers: Server[] = [];

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const http = (listener: RequestListener): Promise<number> => listen(createServer(listener));
const tcp = (listener: (socket: Socket) => void): Promise<number> => listen(createTcpServer(listener));

describe('connecting to a host and port', function () {
  this.timeout(10_000);
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await stopServices();
  });

  for (const { version, path } of nodeBinaries()) {
    it(`measures Node ${version} behind a forwarded port, and leaves its inspector open`, async () => {
      const target = await startService(path, { flags: ['--inspect=0'] });
      const [inspectorPort] = await target.inspectorPorts();
      assert.ok(inspectorPort);
      const { connect } = await import('node:net');
      const port = await tcp((socket) => {
        const onward = connect(inspectorPort, '127.0.0.1');
        socket.pipe(onward).pipe(socket);
        for (const end of [socket, onward]) end.on('error', () => undefined);
      });
      const connection = await connectToHost('localhost', port);
      assert.equal(connection.via, 'host-port');
      assert.equal(connection.pid, target.pid);
      assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
      await connection.close();
      assert.deepEqual(await target.inspectorPorts(), [inspectorPort]);
    });
  }

  it('says that nothing listens there', async () => {
    const port = await tcp(() => undefined);
    servers.pop()?.close();
    await assert.rejects(connectToHost('127.0.0.1', port), {
      code: 'connectionRefused',
      message: new RegExp(`127.0.0.1:${port}`),
    });
  });

  it('says that the name is not known', async () => {
    await assert.rejects(connectToHost('no-such-host.invalid', 9229), { code: 'hostUnreachable' });
  });

  it('says that a web server is no inspector', async () => {
    const port = await http((_request, response) => response.writeHead(404).end('<html>'));
    await assert.rejects(connectToHost('127.0.0.1', port), { code: 'notAnInspector', message: /HTTP 404/ });
    const json = await http((_request, response) => response.end('[]'));
    await assert.rejects(connectToHost('127.0.0.1', json), { code: 'notAnInspector' });
    const broken = await http((_request, response) => response.end('[{"webSocketDebuggerUrl":"::"}]'));
    await assert.rejects(connectToHost('127.0.0.1', broken), { code: 'notAnInspector' });
  });

  it('says that a refused Host header is the cause', async () => {
    const port = await http((_request, response) => response.writeHead(400).end());
    await assert.rejects(connectToHost('127.0.0.1', port), { code: 'hostHeaderRefused' });
  });

  it('says that something else than HTTP listens there', async () => {
    const database = await tcp((socket) => socket.end('J\x00\x00\x008.0.36\x00'));
    await assert.rejects(connectToHost('127.0.0.1', database), { code: 'notAnInspector', message: /HTTP/ });
    const endless = await http((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1 << 18)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await assert.rejects(connectToHost('127.0.0.1', endless), { code: 'notAnInspector', message: /endless/ });
  });

  it('does not wait for ever', async () => {
    const silent = await tcp(() => undefined);
    await assert.rejects(inspectorUrl('127.0.0.1', silent, { timeoutMs: 50 }), { code: 'noAnswer' });
    const signal = AbortSignal.timeout(50);
    await assert.rejects(connectToHost('127.0.0.1', silent, { signal }), { name: 'TimeoutError' });
  });
});
