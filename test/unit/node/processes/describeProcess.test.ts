import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { belongsTo, describeProcess, roleOf } from '../../../../src/node/processes/describeProcess';

interface Expected {
  name: string;
  script?: string;
  runner?: string;
  isLauncher?: boolean;
  isEditor?: boolean;
}

describe('what a process is called', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-describe-'));
  mkdirSync(join(folder, 'lib'));
  for (const file of ['app.js', 'src.ts', 'lib/index.js', 'node.js']) writeFileSync(join(folder, file), '');
  after(() => rmSync(folder, { recursive: true }));

  function check(argv: string[], expected: Expected, environment: Record<string, string> = {}): void {
    it(argv.join(' '), () => {
      const raw = { pid: 1, ppid: 0, argv, environment, cwd: folder, own: true };
      const full = { script: undefined, runner: undefined, isLauncher: false, isEditor: false, ...expected };
      assert.deepEqual({ script: undefined, runner: undefined, ...describeProcess(raw) }, full);
    });
  }
  const app = join(folder, 'app.js');
  const source = join(folder, 'src.ts');

  check(['node', 'app.js'], { name: 'app.js', script: app });
  check(['/usr/bin/node', '--max-old-space-size=4096', './app', '--x'], { name: 'app.js', script: app });
  check(['node', '.'], { name: basename(folder), script: folder });
  check(['node', 'lib'], { name: 'index.js', script: join(folder, 'lib/index.js') });
  check(['node', 'gone.js'], { name: 'gone.js', script: join(folder, 'gone.js') });
  check(['node', `file://${app}`], { name: 'app.js', script: app });
  check(['node', '-e', 'while(1);'], { name: 'node -e' });
  check(['node'], { name: 'node' });
  check(['node', '--test'], { name: 'node --test', runner: 'node --test', isLauncher: true });
  check(['node', '--run', 'dev'], { name: 'node --run dev', runner: 'node --run', isLauncher: true });
  check(['node', '--watch', 'app.js'], { name: 'app.js', script: app, runner: 'node --watch', isLauncher: true });
  check(
    ['node', 'app.js'],
    { name: 'app.js', script: app, runner: 'node --watch' },
    { WATCH_REPORT_DEPENDENCIES: '1' },
  );

  const tsx = [
    '--require',
    '/x/node_modules/tsx/dist/preflight.cjs',
    '--import',
    'file:///x/node_modules/tsx/dist/loader.mjs',
  ];
  check(['node', ...tsx, 'src.ts'], { name: 'src.ts', script: source, runner: 'tsx' });
  check(['node', '--import', 'tsx', 'src.ts'], { name: 'src.ts', script: source, runner: 'tsx' });
  check(['node', 'src.ts'], { name: 'src.ts', script: source, runner: 'tsx' }, { NODE_OPTIONS: '--import tsx/esm' });
  check(['node', '-r', 'ts-node/register', 'src.ts'], { name: 'src.ts', script: source, runner: 'ts-node' });
  check(['node', '-r', '@swc-node/register', 'src.ts'], { name: 'src.ts', script: source, runner: 'swc-node' });
  check(['node', '/x/node_modules/.bin/ts-node', 'src.ts'], { name: 'src.ts', script: source, runner: 'ts-node' });
  check(['node', '/x/node_modules/ts-node/dist/bin.js', '-P', 'src.ts'], {
    name: 'src.ts',
    script: source,
    runner: 'ts-node',
  });
  check(['node', '/x/node_modules/.bin/tsx', 'watch', 'src.ts'], {
    name: 'tsx watch src.ts',
    script: '/x/node_modules/.bin/tsx',
    runner: 'tsx',
    isLauncher: true,
  });
  check(['node', '/x/node_modules/nodemon/bin/nodemon.js', 'app.js'], {
    name: 'nodemon app.js',
    script: '/x/node_modules/nodemon/bin/nodemon.js',
    runner: 'nodemon',
    isLauncher: true,
  });
  check(['node', '/usr/bin/npm', 'run', 'dev'], {
    name: 'npm run dev',
    script: '/usr/bin/npm',
    runner: 'npm',
    isLauncher: true,
  });
  check(['npm run dev'], { name: 'npm run dev', runner: 'npm', isLauncher: true });
  check(['node', '/x/node_modules/mocha/bin/mocha.js', 'test/a.js'], {
    name: 'mocha test/a.js',
    script: '/x/node_modules/mocha/bin/mocha.js',
    runner: 'mocha',
  });
  check(['node', '/x/node_modules/jest-worker/build/workers/processChild.js'], {
    name: 'jest',
    script: '/x/node_modules/jest-worker/build/workers/processChild.js',
    runner: 'jest',
  });
  check(['node (vitest 1)'], { name: 'node (vitest 1)', runner: 'vitest' });
  check(['next-server (v15.1.0)'], { name: 'next-server (v15.1.0)', runner: 'next' });
  check([`node ${app}`], { name: 'app.js', script: app });
  check([`node ${app}`], { name: 'app.js', script: app, runner: 'pm2' }, { pm_exec_path: app, pm_id: '0' });
  check(['PM2 v5.4.2: God Daemon (/root/.pm2)'], { name: 'pm2 daemon', runner: 'pm2', isLauncher: true });
  check(['node', '/x/node_modules/typescript/bin/tsc', '-p', '.'], {
    name: 'tsc .',
    script: '/x/node_modules/typescript/bin/tsc',
    runner: 'tsc',
  });
  check(['node', '/x/node_modules/typescript/lib/tsserver.js', '--useInferredProjectPerProjectRoot'], {
    name: 'tsserver',
    script: '/x/node_modules/typescript/lib/tsserver.js',
    isEditor: true,
  });
  check(['node', '/x/node_modules/prettier/bin/prettier.cjs', '--check', '.'], {
    name: 'prettier .',
    script: '/x/node_modules/prettier/bin/prettier.cjs',
  });
  check(['node', '/x/node_modules/@acme/orders/bin.js'], {
    name: '@acme/orders',
    script: '/x/node_modules/@acme/orders/bin.js',
  });
  check(['orders'], { name: 'orders' });
  check(['node', '/home/u/.vscode-server/bin/abc/out/server-main.js'], {
    name: 'server-main.js',
    script: '/home/u/.vscode-server/bin/abc/out/server-main.js',
    isEditor: true,
  });
  check(['node', '/opt/code/out/bootstrap-fork', '--type=extensionHost'], {
    name: 'bootstrap-fork',
    script: '/opt/code/out/bootstrap-fork',
    isEditor: true,
  });
});

describe('the role of a process', () => {
  const role = (environment: Record<string, string>): string | undefined => roleOf({ environment });

  it('is its number in a family, else the script of its package', () => {
    assert.equal(role({ NODE_UNIQUE_ID: '2', npm_lifecycle_event: 'start' }), 'worker 2');
    assert.equal(role({ JEST_WORKER_ID: '3' }), 'worker 3');
    assert.equal(role({ npm_lifecycle_event: 'dev' }), 'npm run dev');
    assert.equal(role({ npm_lifecycle_event: 'npx' }), undefined);
    assert.equal(role({ NODE_UNIQUE_ID: 'a\u001b' }), undefined);
    assert.equal(role({}), undefined);
  });
});

describe('belonging to a folder', () => {
  it('is told by the script or the working folder, and not by a common beginning', () => {
    assert.ok(belongsTo(['/a/b'], { script: '/a/b/c/app.js', cwd: '/' }));
    assert.ok(belongsTo(['/a/b'], { cwd: '/a/b' }));
    assert.ok(!belongsTo(['/a/b'], { script: '/a/bc/app.js', cwd: '/a' }));
    assert.ok(!belongsTo([], { script: '/a/b', cwd: '/a' }));
  });
});
