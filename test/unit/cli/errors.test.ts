import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCli, startCli, type CliOptions } from '../../support/cli';
import { nodeBinaries } from '../../support/nodeVersions';
import { readFixtureText } from '../../support/recordedProfiles';
import { startProgram, stopPrograms, targetFixtures } from '../../support/program';
import { sideBySide } from '../../support/sideBySide';

/** Fails with exactly one line, which names the cause and the next step, and prints no report. */
async function assertFails(args: readonly string[], line: RegExp, code = 1, options: CliOptions = {}): Promise<void> {
  const result = await runCli(args, options);
  assert.equal(result.errors.length, 1, result.errors.join('\n'));
  assert.match(result.errors[0], line);
  assert.match(result.errors[0], /^heatlens: .+\. .+\.$/, 'a cause and a next step');
  assert.doesNotMatch(result.errors[0], /defect of Heatlens/);
  assert.deepEqual([result.code, result.stdout], [code, '']);
}

const nobody = 65_534;
/** Of `record -- …`, which has the code of its command otherwise. */
const OWN_FAILURE = 125;

describe('errors of the command line', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-errors-'));
  // The fixtures of another user's command line lie here too.
  chmodSync(folder, 0o777);
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(stopPrograms);

  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  describe('in its arguments', () => {
    const usage: [readonly string[], RegExp][] = [
      [['measure'], /There is no command "measure"\. See heatlens --help\.$/],
      [['__proto__'], /There is no command "__proto__"/],
      [['record'], /exactly one of --pid, --inspect and -- COMMAND/],
      [['record', '--pid', '1', '--inspect', '9229', '--duration', '1'], /exactly one of/],
      [['record', '--pid', '1'], /record takes --duration SECONDS/],
      [['record', '--pid', 'x', '--duration', '1'], /--pid takes a whole number of at least 1, not "x"/],
      [['record', '--pid', '0', '--duration', '1'], /--pid takes a whole number/],
      [['record', '--pid', '1', '--duration', '0'], /--duration takes seconds above 0/],
      [
        ['record', '--pid', '1', '--duration', 'soon'],
        /--duration takes seconds above 0 and at most a day, not "soon"/,
      ],
      [['record', '--pid', '1', '--duration', '100000'], /at most a day/],
      [['record', '--pid', '1', '--duration', '1', '--memory', 'some'], /--memory takes both, live, allocated or off/],
      [['record', '--pid', '1', '--duration', '1', '--calibrate', '--exact'], /--exact or --calibrate, not both/],
      [['record', '--pid', '1', '--duration', '1', '--calibrate', '--memory', 'off'], /--calibrate divides bytes/],
      [
        ['record', '--pid', '1', '--duration', '1', '--cpu-interval', '1'],
        /--cpu-interval takes a whole number of at least 50, not "1"/,
      ],
      [
        ['record', '--pid', '1', '--duration', '1', '--heap-interval', '1.5'],
        /--heap-interval takes a whole number of at least 1024/,
      ],
      ...['-1', '11', 'much', ''].map((value): [string[], RegExp] => [
        ['record', '--pid', '1', '--duration', '1', `--interrupt-budget=${value}`],
        new RegExp(`--interrupt-budget takes a percentage from 0 to 10, not "${value}"`),
      ]),
      [['record', '--inspect', 'not an address', '--duration', '1'], /--inspect takes HOST:PORT, not "not an address"/],
      [['heat', 'x.cpuprofile', '--map', '/app'], /--map takes REMOTE=LOCAL, two folders, not "\/app"/],
      [['heat'], /heat takes one or more \.cpuprofile or \.heapprofile files/],
    ];
    for (const [args, line] of usage) it(args.join(' '), () => assertFails(args, line, 2));

    it('record --pid 1 --duration 1 --fast: an option that it does not know', async () => {
      await assertFails(
        ['record', '--pid', '1', '--duration', '1', '--fast'],
        /Unknown option '--fast'.*See heatlens --help\.$/,
        2,
      );
    });

    it('record --pid: an option without its value', async () => {
      await assertFails(
        ['record', '--duration', '1', '--pid'],
        /'--pid <value>' argument missing.*See heatlens --help\.$/,
        2,
      );
    });

    it('record --inspect 10.1.2.3:9229: an address that is not this machine, without leave', async () => {
      await assertFails(
        ['record', '--inspect', '10.1.2.3:9229', '--duration', '1'],
        /10\.1\.2\.3 is not a loopback address.*--allow-remote\.$/,
      );
    });
  });

  describe('about processes', () => {
    it('there is none of that id', async () => {
      const child = spawn('true');
      await once(child, 'exit');
      await assertFails(
        ['record', '--pid', String(child.pid), '--duration', '1'],
        new RegExp(`There is no process ${child.pid}\\.`),
      );
    });

    it('it is not Node', async () => {
      const child = spawn('sleep', ['60']);
      try {
        await once(child, 'spawn');
        await assertFails(
          ['record', '--pid', String(child.pid), '--duration', '1'],
          /is not a Node process: it runs .*(sleep|coreutils|busybox)/,
        );
      } finally {
        child.kill('SIGKILL');
      }
    });

    it('it belongs to another user', async function () {
      // Root may signal anybody, so somebody else has to try; others try a process of root.
      const isRoot = process.getuid?.() === 0;
      const program = isRoot
        ? await startProgram(nodeBinaries()[0].path, [join(targetFixtures, 'pool.cjs')])
        : undefined;
      const options: CliOptions = isRoot ? { uid: nobody, env: { HOME: folder, TMPDIR: folder }, cwd: folder } : {};
      await assertFails(
        ['record', '--pid', String(program?.pid ?? 1), '--duration', '1'],
        /belongs to another user/,
        1,
        options,
      );
      if (program) assert.deepEqual(await program.inspectorPorts(), []);
    });

    it('nothing listens at the address', async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      // This machine's name is its name in any case.
      for (const host of ['127.0.0.1', 'LOCALHOST', 'localhost.'])
        await assertFails(
          ['record', '--inspect', `${host}:${port}`, '--duration', '1'],
          new RegExp(`Nothing accepts connections at 127\\.0\\.0\\.1:${port}`),
        );
    });

    it('something else listens at the address', async () => {
      const server = createServer((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await assertFails(['record', '--inspect', `127.0.0.1:${port}`, '--duration', '1'], /is not a Node inspector/);
      server.close();
    });

    it('it ends before anything was measured', async () => {
      const { path: node } = nodeBinaries()[1];
      const program = await startProgram(node, [join(targetFixtures, 'inlined.cjs')]);
      const cli = startCli(['record', '--pid', String(program.pid), '--duration', '30']);
      await program.waitFor(/Debugger attached[^]*Debugger attached/);
      program.child.kill('SIGKILL');
      const { code, stdout, errors } = await cli.result;
      assert.deepEqual([code, stdout, errors.length], [1, '', 1], errors.join('\n'));
      assert.match(errors[0], /Process \d+ has ended/);
    });

    it('the command cannot be started', async () => {
      await assertFails(
        ['record', '--duration', '1', '--', 'no-such-program-here', 'x'],
        /no-such-program-here could not be started: there is no such program\. Check the command that follows --\./,
        OWN_FAILURE,
      );
    });

    it('the command ends at once', async () => {
      const run = ['record', '--duration', '5', '--', process.execPath];
      const tooSoon = (code: number): RegExp =>
        new RegExp(`The program ended with code ${code} after [\\d.]+ m?s, before it could be measured\\.`);
      await assertFails([...run, '-e', '0'], tooSoon(0), OWN_FAILURE);
      await assertFails([...run, '-e', 'process.exit(7)'], tooSoon(7), OWN_FAILURE);
      const missing = await runCli([...run, join(folder, 'missing.js')]);
      assert.match(missing.errors.at(-1)!, tooSoon(1));
      assert.match(missing.errors.join('\n'), /Cannot find module/, 'what it printed says why');
      assert.deepEqual([missing.code, missing.stdout], [OWN_FAILURE, '']);
    });
  });

  describe('about files', () => {
    it('there is none', () =>
      assertFails(
        ['heat', join(folder, 'missing.cpuprofile')],
        /missing\.cpuprofile cannot be read: there is no such file\./,
      ));

    it('it was cut off', () =>
      assertFails(
        ['heat', write('cut.cpuprofile', readFixtureText('node22.cpuprofile').slice(0, 2_000))],
        /cut\.cpuprofile is not a complete profile/,
      ));

    it('it is something else', () =>
      assertFails(
        ['heat', write('foreign.cpuprofile', '{"name":"x"}')],
        /foreign\.cpuprofile is neither a V8 CPU profile/,
      ));

    it('it is empty', () => assertFails(['heat', write('empty.cpuprofile', '')], /the file is empty/));

    it('it holds nothing', () =>
      assertFails(
        ['heat', write('nothing.cpuprofile', '{"nodes":[],"startTime":0,"endTime":0}')],
        /nothing\.cpuprofile: .*no nodes/,
      ));

    it('it cannot be written', async () => {
      const program = await startProgram(nodeBinaries()[3].path, [join(targetFixtures, 'inlined.cjs')]);
      const out = join(folder, 'no/such/folder/x');
      const { code, stdout, errors } = await runCli([
        'record',
        '--pid',
        String(program.pid),
        '--duration',
        '0.5',
        '--memory',
        'off',
        '--out',
        out,
      ]);
      assert.deepEqual([code, errors.length], [1, 1], errors.join('\n'));
      assert.match(errors[0], /x\.cpuprofile cannot be written: .*Choose another place with --out\.$/);
      // What was measured is not lost with it.
      assert.match(stdout, /METHOD/);
    });
  });
});

describe('heatlens', function () {
  this.timeout(60_000);
  after(stopPrograms);

  it('tells its version and its usage', async () => {
    for (const flag of ['--version', '-v']) assert.match((await runCli([flag])).stdout, /^\d+\.\d+\.\d+\n$/);
    for (const args of [[], ['--help'], ['-h'], ['help'], ['record', '--help']]) {
      const { code, stdout, errors } = await runCli(args);
      assert.deepEqual([code, errors], [0, []]);
      assert.match(stdout, /heatlens record \(--pid N \| --inspect HOST:PORT \| -- node app\.js/);
    }
  });

  it('lists processes, in a table and as JSON', async () => {
    const { path: node } = nodeBinaries()[2];
    const program = await startProgram(node, [join(targetFixtures, 'pool.cjs')], { cwd: targetFixtures });
    const { code, stdout } = await runCli(['processes', '--json']);
    assert.equal(code, 0);
    const found = (JSON.parse(stdout) as { pid: number; name: string; script: string; cwd: string }[]).find(
      ({ pid }) => pid === program.pid,
    );
    assert.deepEqual([found?.name, found?.cwd], ['pool.cjs', targetFixtures]);
    const table = (await runCli(['processes'])).stdout;
    assert.match(table, /^ *PID +CPU +MEMORY +INSPECTOR +NAME +FOLDER\n/);
    assert.match(table, new RegExp(`^ *${program.pid} .*pool\\.cjs( \\(.*\\))? +${targetFixtures}$`, 'm'));
  });

  sideBySide({
    'measures a command that it starts, and ends it': async () => {
      const { path: node } = nodeBinaries()[3];
      const { code, stdout, errors } = await runCli([
        'record',
        '--duration',
        '2',
        '--json',
        '--',
        node,
        join(targetFixtures, 'inlined.cjs'),
      ]);
      assert.equal(code, 0, errors.join('\n'));
      const { target } = JSON.parse(stdout) as { target: { pid: number } };
      assert.throws(() => process.kill(target.pid, 0), { code: 'ESRCH' });
      assert.match(errors.join('\n'), /ready 0 of/, 'its output goes to standard error');
    },
    'has the exit code of the command that it started, where that ends by itself': async () => {
      const busy =
        'setInterval(() => { for (let i = 0; i < 1e6; i++) Math.sqrt(i); }, 2); setTimeout(() => process.exit(3), 6_000)';
      const { code, stdout, errors } = await runCli([
        'record',
        '--duration',
        '20',
        '--json',
        '--',
        process.execPath,
        '-e',
        busy,
      ]);
      assert.equal(code, 3, errors.at(-1));
      assert.match(errors.at(-1)!, /the program ended with code 3 after [\d.]+ s\./);
      assert.ok((JSON.parse(stdout) as { cpu: { samples: number } }).cpu.samples > 10);
    },
    'reports what it has when it is interrupted': async () => {
      const { path: node } = nodeBinaries()[1];
      const program = await startProgram(node, [join(targetFixtures, 'inlined.cjs')]);
      const { child, result } = startCli([
        'record',
        '--pid',
        String(program.pid),
        '--duration',
        '60',
        '--json',
        '--memory',
        'off',
      ]);
      await program.waitFor(/Debugger attached[^]*Debugger attached/);
      await delay(3_500);
      child.kill('SIGINT');
      const { code, stdout, errors } = await result;
      assert.equal(code, 0, errors.join('\n'));
      assert.deepEqual(errors, ['heatlens: stopped early; what was measured so far follows.']);
      const { cpu, intervalMs } = JSON.parse(stdout) as { cpu: { sampledMs: number }; intervalMs: number };
      assert.ok(cpu.sampledMs > 0 && intervalMs < 60_000);
      assert.deepEqual(await program.inspectorPorts(), []);
    },
    'reports what it has when the process is killed, and says so': async () => {
      const { path: node } = nodeBinaries()[0];
      const program = await startProgram(node, [join(targetFixtures, 'inlined.cjs')]);
      const { result } = startCli([
        'record',
        '--pid',
        String(program.pid),
        '--duration',
        '60',
        '--json',
        '--memory',
        'off',
      ]);
      await program.waitFor(/Debugger attached[^]*Debugger attached/);
      await delay(4_000);
      program.child.kill('SIGKILL');
      const { code, stdout, errors } = await result;
      assert.equal(code, 0, errors.join('\n'));
      assert.equal(errors.length, 1);
      assert.match(errors[0], new RegExp(`^heatlens: Process ${program.pid} has ended\\.`));
      const report = JSON.parse(stdout) as {
        cpu: { sampledMs: number };
        target: { threads: { state: string }[] };
        methods: unknown[];
      };
      assert.ok(report.cpu.sampledMs > 0 && report.methods.length > 0);
      assert.deepEqual(
        report.target.threads.map(({ state }) => state),
        ['ended'],
      );
    },
  });
});
