import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectToHost } from '../../../../../src/node/inspector/connect';
import {
  candidatesIn,
  candidatesOfFolder,
  environmentOf,
} from '../../../../../src/node/database/mongo/connectionCandidates';

describe('candidates for a connection', () => {
  const uris = (environment: Record<string, string>) =>
    candidatesIn(environment, '.env').map(({ variable, uri }) => [variable, uri]);

  it('are connection strings, shown without their secrets', () => {
    assert.deepEqual(
      candidatesIn(
        { MONGODB_URI: 'mongodb://ada:pw@h/shop', OTHER: 'postgres://h', COPY: ' mongodb://ada:pw@h/shop ' },
        '.env',
      ),
      [{ variable: 'MONGODB_URI', origin: '.env', uri: 'mongodb://ada:pw@h/shop', label: 'mongodb://***@h/shop' }],
    );
  });

  it('are used without options that read files, ask other hosts or log in as somebody else', () => {
    const found = (query: string) => {
      const [{ uri, label, dropped }] = candidatesIn({ MONGODB_URI: `mongodb://ada:pw@h/shop?${query}` }, '.env');
      return { uri, label, dropped };
    };
    const kept = 'replicaSet=rs0&authSource=admin&tls=true&readPreference=secondary&retryWrites=true';
    assert.deepEqual(found(kept), {
      uri: `mongodb://ada:pw@h/shop?${kept}`,
      label: `mongodb://***@h/shop?${kept}`,
      dropped: undefined,
    });
    for (const option of [
      'tlsCAFile=/etc/passwd',
      'tlsCertificateKeyFile=//host/share/x',
      'TLSCERTIFICATEKEYFILE=/x',
      'tls%43AFile=/x',
      'proxyHost=evil',
      'authMechanismProperties=ENVIRONMENT:azure',
      'tlsAllowInvalidCertificates=true',
      'tlsInsecure=true',
      'compressors=zlib',
      'srvServiceName=x',
      'whatever=1',
    ]) {
      const { uri, dropped } = found(`authSource=admin&${option}&w=1`);
      assert.equal(uri, 'mongodb://ada:pw@h/shop?authSource=admin&w=1', option);
      assert.deepEqual(dropped, [decodeURIComponent(option.split('=')[0])]);
    }
  });

  it('are no templates', () => {
    assert.deepEqual(
      uris({ A: 'mongodb+srv://user:<password>@c.mongodb.net/', B: 'mongodb://', C: 'mongodb://${HOST}/x' }),
      [],
    );
  });

  const sets: [environment: Record<string, string>, uri: string | undefined][] = [
    [{ MONGO_HOST: 'h' }, 'mongodb://h/'],
    [
      {
        MONGO_HOST: 'h',
        MONGO_PORT: '27018',
        MONGO_USER: 'a',
        MONGO_PASSWORD: 'p@/',
        MONGO_DB: 'shop',
        MONGO_AUTH_SOURCE: 'admin',
      },
      'mongodb://a:p%40%2F@h:27018/shop?authSource=admin',
    ],
    [
      { APP_MONGODB_HOSTS: 'a,b:2', APP_MONGODB_PORT: '1', APP_MONGODB_REPLICA_SET: 'rs0' },
      'mongodb://a:1,b:2/?replicaSet=rs0',
    ],
    [
      { MONGO_HOST: 'c.x.mongodb.net', MONGO_PORT: '27017', MONGO_USERNAME: 'a', MONGO_PASS: 'b' },
      'mongodb+srv://a:b@c.x.mongodb.net/',
    ],
    [{ DB_HOST: 'h', DB_PORT: '27017', DB_NAME: 'x' }, 'mongodb://h:27017/x'],
    [{ DB_HOST: 'h', DB_PORT: '5432' }, undefined],
    [{ REDIS_HOST: 'h', REDIS_PORT: '27017' }, undefined],
    [{ MONGO_HOST: '' }, undefined],
  ];
  for (const [environment, uri] of sets) {
    it(`are put together from ${JSON.stringify(environment)}`, () =>
      assert.deepEqual(
        uris(environment).map(([, one]) => one),
        uri === undefined ? [] : [uri],
      ));
  }

  describe('of a folder', () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), 'heatlens-env-'))));
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('come from all .env files but templates', async () => {
      writeFileSync(join(folder, '.env'), 'HOST=h1\nexport MONGO_URL="mongodb://ada:${PW}@${HOST}/shop"\nPW=geheim\n');
      writeFileSync(join(folder, '.env.local'), "MONGODB_URI='mongodb://localhost:27017/dev'\n");
      writeFileSync(join(folder, '.env.example'), 'MONGODB_URI=mongodb://example/\n');
      writeFileSync(join(folder, 'env'), 'MONGODB_URI=mongodb://other/\n');
      writeFileSync(join(folder, '.env.large'), `MONGODB_URI=mongodb://large/\n${'#'.repeat(300_000)}`);
      mkdirSync(join(folder, '.env.d'));
      assert.deepEqual(
        (await candidatesOfFolder(folder)).map(({ variable, origin, uri, label }) => [variable, origin, uri, label]),
        [
          ['MONGO_URL', '.env', 'mongodb://ada:geheim@h1/shop', 'mongodb://***@h1/shop'],
          ['MONGODB_URI', '.env.local', 'mongodb://localhost:27017/dev', 'mongodb://localhost:27017/dev'],
        ],
      );
      assert.deepEqual(await candidatesOfFolder(join(folder, 'nowhere')), []);
    });

    it('are not waited for where an .env is a pipe or a device', async function () {
      if (process.platform === 'win32') this.skip();
      for (const name of ['.env.a', '.env.b', '.env.c', '.env.e']) execFileSync('mkfifo', [join(folder, name)]);
      symlinkSync('/dev/zero', join(folder, '.env.zero'));
      symlinkSync('/proc/self/environ', join(folder, '.env.proc'));
      const origins = (await candidatesOfFolder(folder)).map(({ origin }) => origin);
      assert.deepEqual(origins, ['.env', '.env.local']);
    });
  });

  it('of a process: only connection strings leave it', async function () {
    this.timeout(20_000);
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', 'setInterval(() => {}, 1000)'], {
      env: {
        PATH: process.env.PATH,
        MONGODB_URI: 'mongodb://ada:pw@h/shop',
        API_KEY: 'secret',
        NOTE: 'see mongodb://x',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const port = await new Promise<number>((resolve) => {
        createInterface(child.stderr).on('line', (line) => {
          const found = /127\.0\.0\.1:(\d+)\//.exec(line);
          if (found) resolve(Number(found[1]));
        });
      });
      const connection = await connectToHost('127.0.0.1', port);
      try {
        assert.deepEqual(await environmentOf(connection.main.channel), { MONGODB_URI: 'mongodb://ada:pw@h/shop' });
      } finally {
        await connection.close();
      }
    } finally {
      child.kill('SIGKILL');
    }
  });
});
