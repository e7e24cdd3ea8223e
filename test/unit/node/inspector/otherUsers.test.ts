import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToHost, connectToPid } from '../../../../src/node/inspector/connect';
import { whileOpeningAlone } from '../../../../src/node/inspector/openingLock';
import { findAgents } from '../../../../src/node/processes/agentDirectory';
import { birthOf } from '../../../../src/node/processes/birth';
import { ownFolder } from '../../../../src/node/processes/ownFolder';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

/** Two users that need not be in the system's list. */
const ann = 12_345;
const bob = 12_346;

/** An "inspector" that says so when anybody speaks to it. */
const trap = `
const server = require('net').createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', () => console.log('spoken to'));
});
server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log('port', server.address().port));`;

describe('other users of the machine', function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  let folder: string;
  const former = { ...process.env };

  before(function () {
    // Others are had by becoming them.
    if (process.platform === 'win32' || process.getuid?.() !== 0) this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-users-'));
    chmodSync(folder, 0o755);
    process.env['XDG_RUNTIME_DIR'] = folder;
    delete process.env['HEATLENS_AGENT_DIR'];
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await stopServices();
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['XDG_RUNTIME_DIR', 'HEATLENS_AGENT_DIR']) {
      if (former[name] === undefined) delete process.env[name];
      else process.env[name] = former[name];
    }
  });

  interface Other {
    readonly child: ChildProcess;
    output(): string;
  }

  async function startAs(uid: number, code: string, args: readonly string[], until: RegExp): Promise<Other> {
    const options = { uid, gid: uid, cwd: '/', env: { PATH: process.env['PATH'] } };
    const child = spawn(process.execPath, ['-e', code, ...args], options);
    children.push(child);
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    while (!until.test(output)) {
      assert.equal(child.exitCode, null, output);
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')]);
    }
    return { child, output: () => output };
  }

  it('get nothing at a port that they hold, and are named', async () => {
    const bobs = await startAs(bob, trap, ['0'], /port \d+/);
    const port = Number(/port (\d+)/.exec(bobs.output())?.[1]);
    for (const host of ['127.0.0.1', 'localhost'])
      await assert.rejects(connectToHost(host, port), {
        code: 'otherUsersPort',
        message: new RegExp(`127.0.0.1:${port} .*process ${bobs.child.pid} of ${bob}`),
      });
    assert.doesNotMatch(bobs.output(), /spoken to/);
  });

  it('get nothing at the port that a process of somebody else would need', async () => {
    const usual = createServer().listen(9229, '127.0.0.1');
    const isFree = await once(usual, 'listening').then(
      () => true,
      () => false,
    );
    usual.close();
    if (!isFree) return; // somebody on this machine is attaching at this moment
    const bobs = await startAs(bob, trap, ['9229'], /port \d+/);
    const anns = await startAs(ann, 'setInterval(() => undefined, 1000); console.log("up")', [], /up/);
    await assert.rejects(connectToPid(anns.child.pid!), {
      code: 'portOccupied',
      message: new RegExp(`process ${bobs.child.pid} .*of user ${bob}`),
    });
    assert.doesNotMatch(bobs.output(), /spoken to/);
  });

  it('do not keep root from attaching to the process of one of them', async () => {
    const anns = await startAs(ann, 'setInterval(() => undefined, 1000); console.log("up")', [], /up/);
    const connection = await connectToPid(anns.child.pid!);
    assert.equal(connection.pid, anns.child.pid);
    assert.equal(await connection.close(), undefined);
  });

  it('have no agents for us: in a folder of theirs, an open one, a linked one or a file', async () => {
    const agents = join(folder, 'heatlens');
    const cases: [string, () => void][] = [
      ['another user', () => (mkdirSync(agents, 0o700), chownSync(agents, bob, bob))],
      ['other users can open', () => (mkdirSync(agents), chmodSync(agents, 0o777))],
      ['not a directory', () => symlinkSync('/root', agents)],
      ['not a directory', () => writeFileSync(agents, '')],
    ];
    for (const [reason, prepare] of cases) {
      prepare();
      const { notes } = await findAgents();
      assert.match(notes[0], new RegExp(`${agents}: it .*${reason.replace('not a', 'is not a')}|${reason}`));
      assert.notEqual(ownFolder(), agents, reason);
      rmSync(agents, { recursive: true, force: true });
    }
    assert.equal(ownFolder(), agents);
    assert.deepEqual((await findAgents()).notes, []);
  });

  it('announce no agent in our folder', async () => {
    const agents = ownFolder()!;
    assert.equal(agents, join(folder, 'heatlens'));
    const server = createServer().listen(join(agents, `${process.pid}-0.sock`));
    await once(server, 'listening');
    assert.equal((await findAgents()).sockets.length, 1);
    chownSync(join(agents, `${process.pid}-0.sock`), bob, bob);
    assert.deepEqual((await findAgents()).sockets, []);
    server.close();
  });

  it('cannot hold the lock of our openings, and what a killed process held is free', async () => {
    // Where it was, names are anybody's.
    const names = [`\\0heatlens-opening-0`, join(tmpdir(), 'heatlens-opening-0.sock')];
    const code = `for (const name of ${JSON.stringify(names)}) require('net').createServer().listen(name.replace('\\\\0', '\\0')).on('error', () => undefined); console.log('held'); setInterval(() => undefined, 1000)`;
    await startAs(bob, code, [], /held/);
    const killed = `require('net').createServer().listen(process.argv[1], () => console.log('held'))`;
    const child = spawn(process.execPath, ['-e', killed, join(ownFolder()!, 'opening.sock')]);
    children.push(child);
    await once(child.stdout, 'data');
    let isWaiting = true;
    const opening = whileOpeningAlone(() => Promise.resolve()).then(() => (isWaiting = false));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(isWaiting, 'one of ours that lives is waited for');
    child.kill('SIGKILL');
    const startedAt = performance.now();
    await opening;
    assert.ok(performance.now() - startedAt < 8_000, 'and one that is dead is not');
  });

  it('or anybody get no signal for a number that was another process when it was picked', async () => {
    const target = await startService(nodeBinaries()[1].path);
    const birth = await birthOf(target.pid);
    assert.match(String(birth), /^\d+$/);
    await assert.rejects(connectToPid(target.pid, { birth: '1' }), { code: 'processReplaced' });
    assert.deepEqual(await target.inspectorPorts(), []);
    const connection = await connectToPid(target.pid, { birth });
    await connection.close();
  });
});
