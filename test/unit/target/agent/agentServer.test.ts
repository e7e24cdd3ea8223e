import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { AgentBench, agentFixtures, until } from '../../../support/agentTarget';
import type { AgentTarget } from '../../../support/agentTarget';
import { nodeBinaries } from '../../../support/nodeVersions';

describe("the agent's directory and socket", function () {
  this.timeout(60_000);
  const node = process.execPath;
  let bench: AgentBench;
  before(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench.killAll());
  after(() => bench.dispose());

  async function startApp(
    flags: readonly string[] = ['-r', bench.bundle],
    env: NodeJS.ProcessEnv = {},
  ): Promise<AgentTarget> {
    const target = bench.start(node, [...flags, join(agentFixtures, 'app.cjs')], { env });
    await target.ready();
    return target;
  }

  async function end(target: AgentTarget): Promise<void> {
    target.say('end');
    assert.equal(await target.ended(), 0);
  }

  it('can be opened by this user only, and goes with the process', async () => {
    const target = await startApp();
    const path = join(bench.socketDirectory, `${target.pid}-0.sock`);
    assert.equal(statSync(bench.socketDirectory).mode & 0o777, 0o700);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(statSync(path).isSocket());
    await end(target);
    assert.ok(!existsSync(path));
    assert.equal(target.errors(), '');
  });

  const refusals: [string, RegExp, (path: string) => string][] = [
    [
      'open to others',
      /is open to other users\. Run chmod 700/,
      (path) => (mkdirSync(path), chmodSync(path, 0o755), path),
    ],
    [
      'a link',
      /is not a directory/,
      (path) => (mkdirSync(`${path}-real`, { mode: 0o700 }), symlinkSync(`${path}-real`, path), path),
    ],
    ['a file', /is not a directory/, (path) => (writeFileSync(path, ''), path)],
    ['without a parent', /cannot be created \(ENOENT/, (path) => join(path, 'deep')],
    ['too long for a socket', /is too long for a socket/, (path) => `${path}-${'x'.repeat(120)}`],
    ['of another user', /belongs to another user\. Set HEATLENS_AGENT_DIR/, foreignDirectory],
  ];
  for (const [what, message, make] of refusals) {
    it(`refuses a directory that is ${what}, in one line, and runs the application`, async () => {
      const directory = make(join(bench.folder, what.replaceAll(' ', '-')));
      const target = await startApp(undefined, { HEATLENS_AGENT_DIR: directory });
      await end(target);
      assert.match(target.errors(), /^Heatlens agent is off: [^\n]+\.\n$/);
      assert.match(target.errors(), message);
    });
  }

  it('is one socket however often it is preloaded', async () => {
    const target = await startApp(['-r', bench.bundle, '--import', bench.bundle, '-r', bench.bundle]);
    assert.deepEqual(bench.filesOf(target), [`${target.pid}-0.sock`]);
    await end(target);
    assert.equal(target.errors(), '');
  });

  it('is not served by the thread of module loaders', async () => {
    const loader = 'data:text/javascript,export async function load(u,c,n){return n(u,c)}';
    const register = `data:text/javascript,import{register}from"node:module";register(${JSON.stringify(loader)})`;
    for (const { path } of nodeBinaries()) {
      const target = bench.start(path, ['-r', bench.bundle, '--import', register, join(agentFixtures, 'app.mjs')]);
      await target.ready();
      assert.deepEqual(bench.filesOf(target), [`${target.pid}-0.sock`]);
      await end(target);
    }
  });

  it('is the own one of each worker of a cluster', async () => {
    const target = bench.start(node, ['-r', bench.bundle, join(agentFixtures, 'clustered.cjs')]);
    let output = '';
    target.process.stdout.on('data', (data) => (output += String(data)));
    await until(() => /worker \d+/.test(output), 'the worker tells its id');
    const workerPid = Number(/worker (\d+)/.exec(output)?.[1]);
    const greeting = await greet(join(bench.socketDirectory, `${workerPid}-0.sock`));
    assert.equal((greeting.result as { pid: number }).pid, workerPid);
    target.say('end');
    assert.equal(await target.ended(), 0);
  });

  it('answers nonsense with one error, and serves the next client', async () => {
    const target = await startApp();
    const path = join(bench.socketDirectory, `${target.pid}-0.sock`);
    for (const [line, answer] of [
      ['no json', { error: { code: -32600, message: 'The line is not JSON.' } }],
      ['7', { error: { code: -32600, message: 'The line is not a request.' } }],
      [
        '{"id":1,"method":"Runtime.evaluate"}',
        { id: 1, error: { code: -32600, message: 'The first request must be Heatlens.hello.' } },
      ],
      ['{"id":2,"method":"Heatlens.hello","params":{"protocol":99}}', { id: 2, result: { refused: 'protocol' } }],
    ] as const) {
      const socket = connect(path);
      socket.write(`${line}\n`);
      assert.deepEqual(JSON.parse(await textUntilEnd(socket)), answer);
    }
    assert.equal(((await greet(path)).result as { pid: number }).pid, target.pid);
    await end(target);
  });

  it('does not hold up the exit for a client that does not read', async () => {
    const target = await startApp();
    const socket = connect(join(bench.socketDirectory, `${target.pid}-0.sock`));
    socket.on('error', () => undefined);
    const evaluate = { expression: '"x".repeat(20e6)', returnByValue: true };
    socket.write('{"id":1,"method":"Heatlens.hello","params":{"protocol":1}}\n');
    await once(socket, 'data');
    socket.pause();
    socket.write(`${JSON.stringify({ id: 2, method: 'Runtime.evaluate', params: evaluate })}\n`);
    target.say('end');
    await until(() => target.process.exitCode !== null, 'the process ends', 20_000);
    assert.equal(target.process.exitCode, 0);
    socket.destroy();
  });
});

function foreignDirectory(path: string): string {
  if (process.geteuid?.() !== 0) return '/usr'; // root's
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 65_534, 65_534);
  return path;
}

/** The reply to a hello; the socket is closed again. */
async function greet(path: string): Promise<{ result?: unknown }> {
  const socket = connect(path);
  socket.write('{"id":1,"method":"Heatlens.hello","params":{"protocol":1}}\n');
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return JSON.parse(reply.toString()) as { result?: unknown };
}

async function textUntilEnd(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
