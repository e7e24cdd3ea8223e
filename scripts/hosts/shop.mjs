// The sample service as anybody would run it: compiled, with a database that has its data, and under load.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDatabase, withDatabase } from './mongo.mjs';
import { root } from './paths.mjs';
import { startGroup, waitForOutput } from './processGroups.mjs';

export const shopFolder = join(root, 'demo/service');
const DATABASE_NAME = 'heatlens_demo';
const environmentFile = join(shopFolder, '.env');
const OURS = '# Written by `npm run demo` for as long as it runs.';

/**
 * Builds the service, fills a database and starts both, and the load. Resolves to { url, pid, uri, load }, where `uri` is that
 * of the database. Processes are ended by `stopAllGroups`.
 */
export async function startShop(say) {
  const built = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'demo/service'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('The sample service did not compile, see above.');

  const database = await startDatabase(say);
  const uri = withDatabase(database.uri, DATABASE_NAME);
  const env = { ...process.env, MONGODB_URI: uri, PORT: '0' };
  const seed = startGroup(process.execPath, ['dist/data/seed.js'], { cwd: shopFolder, env });
  const { code } = await seed.exited;
  await seed.stop();
  if (code !== 0) throw new Error(`The database could not be filled: ${seed.output.trim()}`);
  say(`the database ${seed.output.trim()}`);
  // A database that was named may need a password, which is not to lie about in a file.
  if (database.kind !== 'given') writeEnvironmentFile(uri);

  // No flags, and no port of its own: it is profiled as any service would be.
  const service = startGroup(process.execPath, ['dist/server.js'], { cwd: shopFolder, env });
  const url = (await waitForOutput(service, /listens on (\S+)/, 15_000))?.[1];
  if (!url) throw new Error(`The sample service did not start:\n${service.output}`);
  await waitForDatabase(url);
  const load = startGroup(process.execPath, ['demo/load/load.mjs', `--url=${url}`], { cwd: root });
  return { url, pid: service.child.pid, uri, load };
}

async function waitForDatabase(url) {
  let state;
  for (let waited = 0; waited < 15_000; waited += 100) {
    state = (await fetch(`${url}/health`).then((reply) => reply.json())).database;
    if (state === 'connected') return;
    if (state.startsWith('no database')) break;
    await sleep(100);
  }
  throw new Error(`The sample service has ${state}.`);
}

/** Lets the editor offer the connection, as it would for any service that keeps its settings there. */
function writeEnvironmentFile(uri) {
  if (existsSync(environmentFile) && !readFileSync(environmentFile, 'utf8').startsWith(OURS)) return;
  writeFileSync(environmentFile, `${OURS}\nMONGODB_URI=${uri}\n`);
  process.once('exit', () => rmSync(environmentFile, { force: true }));
}
