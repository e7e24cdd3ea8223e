import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../../demo/embedded-mongo/src/server';
import { databaseHosts } from '../../support/database';
import { repositoryRoot } from '../../support/nodeVersions';

const hosts = pathToFileURL(join(repositoryRoot, 'scripts/hosts/mongo.mjs')).href;
/** Starts a database, asks it what it is, ends it, and says what was said and whether it still answers. */
const program = `
  import { startDatabase } from ${JSON.stringify(hosts)};
  import { createRequire } from 'node:module';
  const { MongoClient } = createRequire(${JSON.stringify(join(repositoryRoot, 'package.json'))})('mongodb');
  const said = [];
  const answers = async (uri) => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1000 });
    try { return (await client.db().command({ buildInfo: 1 })).modules; } catch { return null; } finally { await client.close(); }
  };
  try {
    const { uri, kind, stop } = await startDatabase((text) => said.push(text));
    const modules = await answers(uri);
    await stop();
    console.log(JSON.stringify({ kind, said, modules, afterwards: await answers(uri) }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
  process.exit(0);
`;

interface Outcome {
  readonly kind?: string;
  readonly said?: readonly string[];
  readonly modules?: readonly string[] | null;
  readonly afterwards?: readonly string[] | null;
  readonly error?: string;
}

async function chosenWith(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { HEATLENS_MONGODB_URI: _, NODE_PATH: _path, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: repositoryRoot,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(output) as Outcome;
}

describe('the database of the demo and the tests', function () {
  this.timeout(60_000);
  let folder: string;
  /** The PATH of this machine without its own mongod. */
  const noMongod = (): string => join(folder, 'empty');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-choice-'));
    mkdirSync(join(folder, 'empty'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function commandNamed(name: string, script: string): string {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
    return [bin, process.env.PATH].join(delimiter);
  }

  it('is the one of HEATLENS_MONGODB_URI, which stays when we go', async () => {
    const server = await startEmbeddedMongo();
    try {
      const chosen = await chosenWith({ HEATLENS_MONGODB_URI: server.uri });
      assert.equal(chosen.kind, 'given');
      assert.deepEqual(chosen.afterwards, ['heatlens-embedded']);
      assert.match(chosen.said?.join('\n') ?? '', /HEATLENS_MONGODB_URI \(127\.0\.0\.1:\d+\)/);
    } finally {
      await server.close();
    }
  });

  it('fails clearly, without the password, when that one does not answer', async () => {
    const server = await startEmbeddedMongo();
    await server.close();
    const { error } = await chosenWith({
      HEATLENS_MONGODB_URI: `mongodb://eve:hush@127.0.0.1:${server.port}/shop?serverSelectionTimeoutMS=500`,
    });
    assert.match(
      error ?? '',
      /HEATLENS_MONGODB_URI \(127\.0\.0\.1:\d+\) does not answer: .+ Start it, or unset the variable\./,
    );
    assert.doesNotMatch(error ?? '', /hush|eve/);
  });

  it('is a mongod on the PATH, started for the run and ended with it', async function () {
    if (process.platform === 'win32') this.skip();
    const main = join(repositoryRoot, 'demo/embedded-mongo/src/main.ts');
    // Takes the arguments that mongod takes; its child shows that the whole group is ended.
    const PATH = commandNamed(
      'mongod',
      `#!/bin/sh
[ "$1 $2 $3" = "--bind_ip 127.0.0.1 --port" ] && [ "$5" = "--dbpath" ] && [ -d "$6" ] || exit 64
cd '${repositoryRoot}' && '${process.execPath}' --require tsx/cjs '${main}' --port "$4"
`,
    );
    const chosen = await chosenWith({ PATH });
    assert.equal(chosen.kind, 'mongod');
    assert.deepEqual([chosen.modules, chosen.afterwards], [['heatlens-embedded'], null]);
    assert.match(chosen.said?.join('\n') ?? '', /mongod at mongodb:\/\/127\.0\.0\.1:\d+\/, started for this run/);
  });

  /** A folder of packages with a mongodb-memory-server that does this. */
  function memoryServer(create: string): string {
    const modules = mkdtempSync(join(folder, 'modules-'));
    mkdirSync(join(modules, 'mongodb-memory-server'));
    writeFileSync(
      join(modules, 'mongodb-memory-server/index.js'),
      `exports.MongoMemoryServer = { create: async () => { ${create} } };`,
    );
    return modules;
  }

  it('is that of mongodb-memory-server where the package is there', async () => {
    const server = await startEmbeddedMongo();
    const NODE_PATH = memoryServer(
      `setInterval(() => undefined, 1000); return { getUri: () => ${JSON.stringify(server.uri)}, stop: async () => undefined };`,
    );
    try {
      const chosen = await chosenWith({ PATH: noMongod(), NODE_PATH });
      assert.equal(chosen.kind, 'memory-server');
      assert.deepEqual(chosen.modules, ['heatlens-embedded']);
    } finally {
      await server.close();
    }
  });

  it('is not that of mongodb-memory-server when its download fails', async () => {
    const chosen = await chosenWith({
      PATH: noMongod(),
      NODE_PATH: memoryServer("throw new Error('Download failed:\\n no network');"),
    });
    assert.equal(chosen.kind, 'embedded');
    assert.match(chosen.said?.join('\n') ?? '', /mongodb-memory-server has none \(Download failed: no network\)/);
  });

  it('is the embedded one else, and the reasons are said', async () => {
    const PATH =
      process.platform === 'win32' ? noMongod() : commandNamed('mongod', '#!/bin/sh\necho "no AVX"; exit 1\n');
    const chosen = await chosenWith({ PATH });
    assert.equal(chosen.kind, 'embedded');
    assert.deepEqual([chosen.modules, chosen.afterwards], [['heatlens-embedded'], null]);
    const said = chosen.said?.join('\n') ?? '';
    assert.match(
      said,
      /embedded demo server at mongodb:.* \(not MongoDB\): .*mongod.*, and mongodb-memory-server is not installed/,
    );
    if (process.platform !== 'win32') assert.match(said, /mongod did not start \(no AVX\)/);
  });
});

describe('the name of a database in a connection string', () => {
  const cases: [string, string, boolean][] = [
    ['mongodb://127.0.0.1:27017', 'mongodb://127.0.0.1:27017/shop', false],
    ['mongodb://127.0.0.1:27017/?tls=true', 'mongodb://127.0.0.1:27017/shop?tls=true', false],
    ['mongodb://a:1,b:2/mine?replicaSet=r', 'mongodb://a:1,b:2/mine?replicaSet=r', false],
    ['mongodb://a:1,b:2/mine?replicaSet=r', 'mongodb://a:1,b:2/shop?replicaSet=r', true],
    ['mongodb+srv://eve:p%40w@cluster.example', 'mongodb+srv://eve:p%40w@cluster.example/shop?authSource=admin', false],
    ['mongodb://eve:pw@host/mine?tls=true', 'mongodb://eve:pw@host/shop?tls=true&authSource=mine', true],
    ['mongodb://eve:pw@host/?authSource=users', 'mongodb://eve:pw@host/shop?authSource=users', false],
  ];
  for (const [uri, expected, instead] of cases) {
    it(`of ${uri}${instead ? ' is replaced' : ''}`, async () => {
      const { withDatabase } = await databaseHosts();
      assert.equal(withDatabase(uri, 'shop', { instead }), expected);
      // The driver takes it, and finds the same login.
      const before = uri.startsWith('mongodb+srv') ? undefined : new MongoClient(uri);
      if (before)
        assert.equal(new MongoClient(expected).options.credentials?.source, before.options.credentials?.source);
    });
  }

  it('is left out where the hosts are named', async () => {
    const { hostsOf } = await databaseHosts();
    assert.equal(hostsOf('mongodb://eve:pw@a:1,b:2/mine?tls=true'), 'a:1,b:2');
    assert.equal(hostsOf('mongodb+srv://cluster.example'), 'cluster.example');
  });
});
