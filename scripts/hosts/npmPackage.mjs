// What `npm install heatlens` gives: the tarball installed into an empty folder, and run from there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collector } from './checks.mjs';
import { readJson, root } from './paths.mjs';
import { outputFolder } from './suites.mjs';

const REQUIRED = [
  'LICENSE',
  'SECURITY.md',
  'dist/agent.js',
  'dist/cli.js',
  'dist/licences.txt',
  'dist/mapWorker.js',
  'dist/target.js',
  'dist/webview/flame.css',
  'dist/webview/flame.js',
  'dist/webview/flame.licences.txt',
];
const ALLOWED = [
  /^package\.json$/,
  /^(README|CHANGELOG|SECURITY)\.md$/,
  /^LICENSE$/,
  /^dist\/(?!extension)\w+\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^dist\/webview\/flame\.(js|css|licences\.txt)$/,
  /^dist\/licences\.txt$/,
];

function npm(args, cwd) {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with code ${status}: ${stderr}`);
  return stdout;
}

export function checkNpmPackage() {
  const { result, check } = collector();
  mkdirSync(outputFolder, { recursive: true });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', outputFolder], root));
  const files = packed.files.map(({ path }) => path);
  check(
    `npm package holds nothing but what is listed (${files.length} files)`,
    files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file))).join(', '),
  );
  check('npm package holds all that is needed', REQUIRED.filter((file) => !files.includes(file)).join(', '));

  const folder = mkdtempSync(join(tmpdir(), 'heatlens-npm-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"name":"somebody","private":true}');
    npm(['install', '--offline', '--no-audit', '--no-fund', join(outputFolder, packed.filename)], folder);
    for (const [title, problem] of runs(folder)) check(title, problem());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** Each gives what is wrong, if anything. */
function runs(folder) {
  const installed = join(folder, 'node_modules/heatlens');
  const heatlens = (...args) =>
    spawnSync(process.execPath, [join(folder, 'node_modules/.bin/heatlens'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
  const saying = (pattern, ...args) => {
    const { stdout, stderr, status } = heatlens(...args);
    return status === 0 && pattern.test(stdout) ? '' : `code ${status}: ${stdout.slice(0, 300)}${stderr.slice(0, 300)}`;
  };
  const busy = join(folder, 'busy.js');
  writeFileSync(busy, 'setInterval(function spin() { for (const end = Date.now() + 20; Date.now() < end; ); }, 30);\n');
  const query = join(folder, 'query.js');
  writeFileSync(
    query,
    "const { MongoClient } = require('mongodb');\nnew MongoClient('x').db('shop').collection('orders').find({ a: 1 });\n",
  );
  const { version } = readJson(join(root, 'package.json'));
  return [
    ['the installed command says its version', () => saying(new RegExp(`\\b${version}\\b`), '--version')],
    [
      'it reads a profile',
      () => saying(/"methods"/, 'heat', '--json', join(root, 'test/fixtures/profiles/node22.cpuprofile')),
    ],
    ['it measures a program', () => saying(/\bspin\b/, 'record', '--duration', '1', '--', process.execPath, busy)],
    ['it finds statements', () => saying(/orders\.find\(/, 'statements', query)],
    [
      'its HTML report has script and style sheet',
      () => {
        const report = join(folder, 'report.html');
        const profile = join(root, 'test/fixtures/profiles/node22.cpuprofile');
        const problem = saying(/(?:)/, 'export', profile, '--to', 'html', '--out', report);
        if (problem) return problem;
        const style = readFileSync(join(installed, 'dist/webview/flame.css'), 'utf8').trim().slice(0, 200);
        return readFileSync(report, 'utf8').includes(style) ? '' : 'the style sheet is not in it';
      },
    ],
    [
      'its agent is preloaded by name',
      () => {
        const { status, stderr } = spawnSync(process.execPath, ['--require', 'heatlens/agent', '--eval', '0'], {
          cwd: folder,
          encoding: 'utf8',
          timeout: 60_000,
        });
        return status === 0 ? '' : stderr;
      },
    ],
  ];
}
