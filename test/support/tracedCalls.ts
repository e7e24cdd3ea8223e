import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type CliResult } from './cli';

/** Loaded before the command line: writes the name and first argument of every call of `fs`, `net` and `dns`. */
const HOOK = `
const fs = require('node:fs');
const write = fs.appendFileSync;
const seen = new Set();
const wrap = (owner, prefix) => {
  for (const name of Object.keys(owner)) {
    const original = owner[name];
    if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
    const traced = function (...args) {
      const first = args[0] && typeof args[0] === 'object' && !(args[0] instanceof Uint8Array) ? JSON.stringify(args[0]) : String(args[0]);
      seen.add(prefix + name + ' ' + first);
      return Reflect.apply(original, this, args);
    };
    owner[name] = Object.assign(traced, original);
  }
};
wrap(fs, 'fs.');
wrap(fs.promises, 'promises.');
wrap(require('node:net'), 'net.');
wrap(require('node:dns'), 'dns.');
process.on('exit', () => write(process.env.TRACED_CALLS, [...seen].map((call) => JSON.stringify(call) + '\\n').join('')));
`;

/** Runs the command line and gives what it asked of the file system and the network, such as `promises.stat /a/b`. */
export async function tracedCli(
  args: readonly string[],
  folder: string,
): Promise<CliResult & { readonly calls: readonly string[] }> {
  const hook = join(folder, 'hook.cjs');
  const trace = join(folder, 'calls.txt');
  writeFileSync(hook, HOOK);
  writeFileSync(trace, '');
  const result = await runCli(args, {
    cwd: folder,
    env: { NODE_OPTIONS: `--require=${hook}`, TRACED_CALLS: trace },
  });
  const lines = readFileSync(trace, 'utf8').split('\n').filter(Boolean);
  return { ...result, calls: lines.map((line) => JSON.parse(line) as string) };
}
