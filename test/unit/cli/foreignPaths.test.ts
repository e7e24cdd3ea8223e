import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuProfile } from '../../support/profileBuilder';
import { tracedCli } from '../../support/tracedCalls';

/** A host or a file that nothing may be asked about, in every spelling that a profile, a script or a map could have. */
const REFUSED = /other-host|other%2dhost|\/dev\/|\/proc\/self\/(?:mem|environ|fd)|\/proc\/kcore|\/sys\/kernel/i;

describe('paths that a profile names', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-paths-'));
  const at = (name: string): string => join(folder, name);
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(at(name), text);
    return at(name);
  };
  const profileOf = (name: string, urls: readonly string[]): string =>
    write(
      `${name}.cpuprofile`,
      JSON.stringify(cpuProfile(urls.map((url, i) => ({ stack: `f${i}@${url}:0`, us: 1_000 })))),
    );

  before(function () {
    if (process.platform === 'win32') this.skip();
    write('plain.js', 'function f0() {}\n');
    mkdirSync(at('folder.js'));
    for (let i = 0; i < 4; i++) execFileSync('mkfifo', [at(`fifo${i}.js`)]);
    symlinkSync('/dev/zero', at('zero.js'));
    symlinkSync('loop-b.js', at('loop-a.js'));
    symlinkSync('loop-a.js', at('loop-b.js'));
  });

  it('are not looked at when they lead to another machine or to the kernel', async () => {
    const urls = [
      `file://${at('plain.js')}`,
      'file://other-host/share/x.js',
      'file:////other-host/share/x.js',
      'file://///other-host/share/x.js',
      'file:///%2fother-host/share/x.js',
      'file:///%5c%5cother-host%5cshare/x.js',
      'file:///\\other-host\\share\\x.js',
      'file://user@other-host:445/share/x.js',
      'FILE://other-host/share/x.js',
      '\\\\other-host\\share\\x.js',
      '//other-host/share/x.js',
      '\\/other-host/share\\x.js',
      '\\\\?\\UNC\\other-host\\share\\x.js',
      '\\\\.\\pipe\\other-host',
      'smb://other-host/share/x.js',
      'https://other-host/x.js',
      'webpack://other-host/x.js',
      'file:///dev/zero',
      'file:///dev/./tty',
      '/proc/self/mem',
      'file:///proc/self/environ',
      '/proc/self/fd/0',
      'file:///srv/%2e%2e/proc/kcore',
      '/sys/kernel/uevent_seqnum',
    ];
    const { code, calls, errors } = await tracedCli(['heat', profileOf('urls', urls)], folder);
    assert.equal(code, 0, errors.join('\n'));
    assert.ok(
      calls.some((call) => call.endsWith(at('plain.js'))),
      'the trace has what may be read',
    );
    assert.deepEqual(
      calls.filter((call) => REFUSED.test(call) && !call.includes(folder)),
      [],
    );
  });

  it('are not looked at when a script calls them its map, or a map its source', async () => {
    const targets = [
      'file://other-host/share/x.js.map',
      '//other-host/share/x.js.map',
      '\\\\other-host\\share\\x.js.map',
      '%5c%5cother-host%5cshare%5cx.js.map',
      '/dev/zero',
      '../../../../../../../../../../dev/zero',
      '/proc/self/environ',
    ];
    const scripts = targets.map((target, i) =>
      write(`map${i}.js`, `function f${i}() {}\n//# sourceMappingURL=${target}\n`),
    );
    const map = { version: 3, sources: targets, names: [], mappings: 'AAAA,CAAC,CAAC,CAAC,CAAC,CCAA,CAAC,CCAA' };
    write('sources.js.map', JSON.stringify(map));
    write('sources.js', 'function f0() {}\n//# sourceMappingURL=sources.js.map\n');
    write(
      'root.js.map',
      JSON.stringify({ ...map, sourceRoot: '//other-host/share', sources: ['x.ts', '/y.ts', 'z.ts'] }),
    );
    write('root.js', 'function f0() {}\n//# sourceMappingURL=root.js.map\n');
    const urls = [...scripts, at('sources.js'), at('root.js')].map((path) => `file://${path}`);
    const { code, calls, errors } = await tracedCli(['heat', profileOf('maps', urls)], folder);
    assert.equal(code, 0, errors.join('\n'));
    assert.ok(calls.some((call) => call.endsWith(at('root.js.map'))));
    assert.deepEqual(
      calls.filter((call) => REFUSED.test(call.replaceAll(folder, ''))),
      [],
    );
  });

  it('are answered with what they are, not waited for', async () => {
    const kinds: readonly [name: string, answer: string][] = [
      ...[0, 1, 2, 3].map((i): [string, string] => [`fifo${i}.js`, 'is not a file']),
      ['zero.js', 'is not a file'],
      ['folder.js', 'is not a file'],
      ['loop-a.js', 'cannot be read (its links lead in a circle)'],
      ['gone.js', 'does not exist'],
    ];
    // The report has the five most expensive ones.
    for (const part of [kinds.slice(0, 4), kinds.slice(4)]) {
      const profile = profileOf(
        'kinds',
        part.map(([name]) => `file://${at(name)}`),
      );
      const { code, stdout, errors } = await tracedCli(['heat', profile], folder);
      assert.equal(code, 0, errors.join('\n'));
      for (const [name, answer] of part) assert.ok(stdout.includes(`${at(name)} ${answer}`), stdout);
    }
  });

  it('never have what is in a file in what is said', async () => {
    write('secret.txt', 'root:x:0:0:very-secret');
    write('secret.js', 'function f0() {}\n//# sourceMappingURL=secret.txt\n');
    write('version.js', 'function f0() {}\n//# sourceMappingURL=version.json\n');
    write('version.json', '{"version":"very-secret","mappings":"AAAA","sources":[]}');
    const urls = [`file://${at('secret.js')}`, `file://${at('version.js')}`];
    const heat = await tracedCli(['heat', '--json', profileOf('secret', urls)], folder);
    const plan = await tracedCli(['plan', at('secret.txt')], folder);
    const profile = await tracedCli(['heat', at('secret.txt')], folder);
    const speedscope = write('x.speedscope.json', '{"$schema":"https://www.speedscope.app/","profiles":[very-secret');
    const cut = await tracedCli(['heat', speedscope], folder);
    assert.match(heat.stdout, /secret\.txt is not JSON/);
    assert.match(plan.errors.join(), /secret\.txt is not JSON: it holds something else\./);
    for (const { stdout, errors } of [heat, plan, profile, cut]) {
      assert.doesNotMatch(`${stdout}${errors.join()}`, /root:x|very-s/);
    }
  });

  it('of the command line itself may be pipes where those can be read once, and are refused elsewhere', async () => {
    const heat = await tracedCli(['heat', at('fifo0.js')], folder);
    assert.equal(heat.code, 1);
    assert.match(heat.errors[0], /fifo0\.js cannot be read: it is not a file\./);
    const refused: readonly [args: string[], reason: RegExp][] = [
      [['plan', '/dev/zero'], /\/dev\/zero cannot be read: it has more than 190\.7 MB/],
      [['plan', at('fifo0.js')], /fifo0\.js cannot be read: it is a pipe that nobody writes to/],
      [['plan', at('folder.js')], /folder\.js cannot be read: it is a folder/],
      [['statements', at('fifo0.js')], /Cannot read .*fifo0\.js: it is not a file/],
      [['statements', at('zero.js')], /Cannot read .*zero\.js: it is not a file/],
      [['export', at('fifo0.js'), '--to', 'svg', '--out', at('x.svg')], /it is not a file/],
      [['diff', at('fifo0.js'), at('fifo1.js')], /it is not a file/],
    ];
    for (const [args, reason] of refused) {
      const { code, errors } = await tracedCli(args, folder);
      assert.equal(code, 1, args.join(' '));
      assert.match(errors.join('\n'), reason);
    }
    const piped = execFileSync(
      'bash',
      ['-c', '"$0" "$1" plan <(echo "{}") 2>&1 || true', process.execPath, join(__dirname, '../../../src/cli/main.js')],
      { encoding: 'utf8' },
    );
    assert.match(piped, /not the result of an explain/);
  });
});
