import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connectToAgent } from '../../../../src/node/agent/connectAgent';
import type { Connection } from '../../../../src/node/channel';
import { AgentBench, agentFixtures, until } from '../../../support/agentTarget';
import type { AgentTarget } from '../../../support/agentTarget';

describe('connection to an agent', function () {
  this.timeout(60_000);
  let bench: AgentBench;
  before(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench.killAll());
  after(() => bench.dispose());

  async function connected(): Promise<[AgentTarget, Connection]> {
    const target = bench.start(process.execPath, ['-r', bench.bundle, join(agentFixtures, 'app.cjs')]);
    await target.ready();
    return [target, await connectToAgent(join(bench.socketDirectory, `${target.pid}-0.sock`))];
  }

  it('says that nobody listens', async () => {
    await assert.rejects(connectToAgent(join(bench.socketDirectory, '4194305-0.sock')), { code: 'agentGone' });
    await assert.rejects(connectToAgent('/tmp/no-agent'), { code: 'agentGone' });
  });

  it('says that the agent is of another version', async () => {
    const path = join(bench.folder, '12-0.sock');
    const server = createServer((socket) => socket.end('{"id":1,"result":{"refused":"protocol"}}\n')).listen(path);
    await assert.rejects(connectToAgent(path), { code: 'agentRefused' });
    server.close();
  });

  it('tells a killed process from a lost connection', async () => {
    const [killed, first] = await connected();
    await first.main.channel.send('Heatlens.startCpuWindow', { title: 'w' });
    const pending = assert.rejects(
      first.main.channel.send('Runtime.evaluate', { expression: 'new Promise(() => {})', awaitPromise: true }),
      {
        code: 'connectionLost',
      },
    );
    killed.process.kill('SIGKILL');
    assert.equal((await first.closed).reason, 'target-ended');
    await pending;
    await first.close();

    const [, second] = await connected();
    const oversized = second.main.channel.send('Runtime.evaluate', { expression: 'x'.repeat(17 << 20) });
    await assert.rejects(oversized, { code: 'connectionLost' });
    assert.equal((await second.closed).reason, 'connection-lost');
  });

  it('can be closed twice, and then measures again as if nothing had been', async () => {
    const [target, first] = await connected();
    await first.close();
    await first.close();
    assert.deepEqual(await first.closed, { reason: 'closed-by-us' });
    await assert.rejects(first.main.channel.send('Heatlens.capabilities'), { code: 'connectionLost' });
    let second: Connection | undefined;
    await until(async () => {
      second = await connectToAgent(join(bench.socketDirectory, `${target.pid}-0.sock`)).catch(() => undefined);
      return second !== undefined;
    }, 'the agent is free again');
    await second?.close();
  });
});
