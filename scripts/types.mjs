// Type-checks every part with the tsconfig of its own; the root one also writes out/, where the tests run.
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
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('close', (code) => resolve({ project, ok: code === 0 }));
  });
}

const results = await Promise.all(PROJECTS.filter((project) => existsSync(join(root, project))).map(check));
for (const { project, ok } of results) console.log(`${ok ? 'ok' : 'FAILED'}  ${project}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
