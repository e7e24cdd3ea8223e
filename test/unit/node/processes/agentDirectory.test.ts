import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listAgentSockets } from '../../../../src/node/processes/agentDirectory';

/** Above every pid that Linux gives out. */
const deadPid = 2 ** 22 + 1;

describe('list of agents', () => {
  let folder: string;
  let directory: string;
  const servers: Server[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-list-'));
    directory = join(folder, 'sockets');
    mkdirSync(directory, { mode: 0o700 });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(name: string): Promise<Server> {
    const server = createServer((socket) => socket.on('error', () => undefined));
    servers.push(server);
    server.listen(join(directory, name));
    await once(server, 'listening');
    return server;
  }

  /** A socket that nobody listens on any more. */
  async function leaveBehind(name: string): Promise<void> {
    const server = await listen('leaving.sock');
    linkSync(join(directory, 'leaving.sock'), join(directory, name));
    server.close();
    await once(server, 'close');
  }

  it('has what listens, main threads before their workers', async () => {
    for (const threadId of [11, 0, 2]) await listen(`${process.pid}-${threadId}.sock`);
    assert.deepEqual(
      await listAgentSockets(directory),
      [0, 2, 11].map((threadId) => ({
        pid: process.pid,
        threadId,
        socket: join(directory, `${process.pid}-${threadId}.sock`),
      })),
    );
  });

  it('removes what dead processes and ended workers have left, and nothing else', async () => {
    const workerLeft = `${process.pid}-3.sock`;
    await leaveBehind(workerLeft);
    await leaveBehind(`${deadPid}-0.sock`);
    await leaveBehind('other.sock');
    writeFileSync(join(directory, `${deadPid}-1`), '');
    assert.deepEqual(await listAgentSockets(directory), []);
    assert.ok(!existsSync(join(directory, workerLeft)));
    assert.ok(!existsSync(join(directory, `${deadPid}-0.sock`)));
    assert.ok(existsSync(join(directory, 'other.sock')));
    assert.ok(existsSync(join(directory, `${deadPid}-1`)));
  });

  it('leaves alone what listens under an unknown process id, as in a container', async () => {
    await listen(`${deadPid}-0.sock`);
    assert.deepEqual(await listAgentSockets(directory), []);
    assert.ok(existsSync(join(directory, `${deadPid}-0.sock`)));
  });

  it('is empty without a directory, and trusts none that others can write to or have linked', async () => {
    assert.deepEqual(await listAgentSockets(join(folder, 'none')), []);
    chmodSync(directory, 0o755);
    await assert.rejects(listAgentSockets(directory), { code: 'agentUnsafe' });
    chmodSync(directory, 0o700);
    symlinkSync(directory, join(folder, 'link'));
    await assert.rejects(listAgentSockets(join(folder, 'link')), { code: 'agentUnsafe' });
  });
});
