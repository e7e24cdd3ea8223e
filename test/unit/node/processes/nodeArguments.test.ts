import assert from 'node:assert/strict';
import { inspectorFlags, parseNodeArguments, splitNodeOptions } from '../../../../src/node/processes/nodeArguments';

function check(line: string, flags: string[], script: string | undefined, rest: string[] = []): void {
  it(line || '(nothing)', () => {
    const expected = { flags, script, scriptArguments: rest };
    assert.deepEqual({ script: undefined, ...parseNodeArguments(line.split(' ').filter(Boolean)) }, expected);
  });
}

describe('a Node command line', () => {
  check('', [], undefined);
  check('app.js --port 80', [], 'app.js', ['--port', '80']);
  check('--max-old-space-size=4096 app.js', ['--max-old-space-size=4096'], 'app.js');
  check(
    '-r ./hook.js --import tsx --enable-source-maps src/app.ts x',
    ['-r=./hook.js', '--import=tsx', '--enable-source-maps'],
    'src/app.ts',
    ['x'],
  );
  check('--require=a --conditions dev app.js', ['--require=a', '--conditions=dev'], 'app.js');
  check('--inspect-port 0 app.js', ['--inspect-port=0'], 'app.js');
  check('--env-file .env --watch app.js', ['--env-file=.env', '--watch'], 'app.js');
  check('-e setInterval(f) x y', ['-e=setInterval(f)'], undefined, ['x', 'y']);
  check('-p 1+1', ['-p=1+1'], undefined);
  check('-- --odd.js', [], '--odd.js');
  check('- x', [], undefined, ['x']);
  check('--test', ['--test'], undefined);
});

describe('NODE_OPTIONS', () => {
  it('are split at spaces outside quotes', () => {
    assert.deepEqual(splitNodeOptions('--inspect=0  --require "./my hooks/a\\"b.js" '), [
      '--inspect=0',
      '--require',
      './my hooks/a"b.js',
    ]);
    assert.deepEqual(splitNodeOptions(''), []);
  });

  it('count, and the command line wins', () => {
    const none = { opensAtStart: false, port: 9229, sigusr1Disabled: false };
    assert.deepEqual(inspectorFlags([]), none);
    assert.deepEqual(inspectorFlags(['--inspect']), { ...none, opensAtStart: true });
    assert.deepEqual(inspectorFlags(['--inspect-brk=0.0.0.0:0']), { ...none, opensAtStart: true, port: 0 });
    assert.deepEqual(inspectorFlags(['--inspect=[::1]:9300']), { ...none, opensAtStart: true, port: 9300 });
    assert.deepEqual(inspectorFlags(['--inspect=example.org']), { ...none, opensAtStart: true });
    assert.deepEqual(inspectorFlags(['--inspect-port=1234'], '--inspect-port=0'), { ...none, port: 1234 });
    assert.deepEqual(inspectorFlags([], '--inspect-port 0 --disable-sigusr1'), {
      ...none,
      port: 0,
      sigusr1Disabled: true,
    });
    assert.equal(inspectorFlags(['--permission']).sigusr1Disabled, true);
    assert.equal(inspectorFlags(['--allow-inspector', '--permission']).sigusr1Disabled, false);
    assert.equal(inspectorFlags(['--permission', '--allow-inspector', '--disable-sigusr1']).sigusr1Disabled, true);
    assert.deepEqual(inspectorFlags(['--inspect-publish-uid=http']), none);
  });
});
