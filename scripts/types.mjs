// Type-checks every part with the tsconfig of its own; the root one also writes out/, where the tests run. What runs inside
// targets is a bundle there, too.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PROJECTS = [
  'tsconfig.json',
  'tsconfig.core.json',
  'tsconfig.target.json',
  'webview-ui/tsconfig.json',
  'demo/service/tsconfig.json',
  'demo/embedded-mongo/tsconfig.json',
];

function check(project) {
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', project];
  if (project !== 'tsconfig.json') args.push('--noEmit');
  return run(project, args);
}

function run(project, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('close', (code) => resolve({ project, ok: code === 0 }));
  });
}

/** The text that is sent to targets, the same as in a production build. */
function bundleTargetFunctions() {
  const args = ['--mode', 'production', '--config-name', 'target functions', '--output-path', join(root, 'out')];
  return run('out/target.js', [join(root, 'node_modules/webpack/bin/webpack.js'), ...args]);
}

const checks = PROJECTS.filter((project) => existsSync(join(root, project))).map(check);
const results = await Promise.all([...checks, bundleTargetFunctions()]);
for (const { project, ok } of results) console.log(`${ok ? 'ok' : 'FAILED'}  ${project}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
