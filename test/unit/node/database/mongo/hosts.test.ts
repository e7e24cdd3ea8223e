import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHeatlensError } from '../../../../../src/core/errors';
import { connectMongo, type ConnectOptions } from '../../../../../src/node/database/mongo/connectMongo';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import { type FakeServer, startFakeServer } from './fakeServer';

const quick = { timeouts: { selectMs: 1_500, patienceMs: 1_500 } };
const LOGIN = 'ada:hunter2';

const answer = (command: Record<string, unknown>): Record<string, unknown> => ({
  ok: 1,
  ...('buildInfo' in command ? { version: '7.0.0', storageEngines: [] } : {}),
});

const hostOf = ({ uri }: FakeServer): string => uri.replace('mongodb://', '');

describe('hosts of a connection', function () {
  this.timeout(30_000);
  let other: FakeServer;
  let named: FakeServer;
  let second: FakeServer;
  let hello: Record<string, unknown>;

  beforeEach(async () => {
    other = await startFakeServer(answer, () => ({ ...hello, secondary: false, isWritablePrimary: true }), '127.0.0.2');
    named = await startFakeServer(answer, () => hello);
    second = await startFakeServer(answer, () => hello, '127.0.0.3');
    hello = {
      setName: 'rs0',
      setVersion: 1,
      isWritablePrimary: false,
      ismaster: false,
      secondary: true,
      hosts: [hostOf(other)],
      primary: hostOf(other),
      me: hostOf(other),
    };
  });
  afterEach(() => Promise.all([other.close(), named.close(), second.close()]));

  async function visit(uri: string, options: ConnectOptions = {}): Promise<MongoConnection> {
    const connection = await connectMongo(uri, { ...quick, ...options });
    try {
      await connection.run('shop', { ping: 1 });
      await connection.run('shop', { count: 'orders' });
    } finally {
      await connection.close();
    }
    return connection;
  }

  const logins = ({ seen }: FakeServer): unknown[] => seen.filter((one) => 'saslStart' in one);

  const strings: readonly [string, (own: string, two: string) => string][] = [
    ['one host', (own) => `mongodb://${LOGIN}@${own}/shop?authMechanism=PLAIN`],
    ['one host of a set', (own) => `mongodb://${LOGIN}@${own}/shop?authMechanism=PLAIN&replicaSet=rs0`],
    ['one host, not directly', (own) => `mongodb://${LOGIN}@${own}/?authMechanism=PLAIN&directConnection=false`],
    ['two hosts', (own, two) => `mongodb://${LOGIN}@${own},${two}/shop?authMechanism=PLAIN`],
    ['two hosts of a set', (own, two) => `mongodb://${LOGIN}@${own},${two}/shop?authMechanism=PLAIN&replicaSet=rs0`],
  ];
  for (const [kind, uri] of strings) {
    it(`are those that are named: ${kind}`, async () => {
      for (const me of [hostOf(other), hostOf(named), 'elsewhere.example:1', undefined]) {
        hello.me = me;
        const connection = await visit(uri(hostOf(named), hostOf(second)));
        assert.ok(connection.withheld.includes(hostOf(other)), String(connection.withheld));
      }
      hello = { ...hello, isWritablePrimary: true, ismaster: true, secondary: false };
      await visit(uri(hostOf(named), hostOf(second)));
      assert.equal(other.visits(), 0, 'nobody talked to it');
      assert.ok(logins(named).length > 0 || logins(second).length > 0);
    });
  }

  it('are not joined by what a server says later', async () => {
    const members = hello.hosts;
    hello = {};
    const uri = `mongodb://${LOGIN}@${hostOf(named)},${hostOf(second)}/?authMechanism=PLAIN&heartbeatFrequencyMS=500`;
    const connection = await connectMongo(uri.replace(`,${hostOf(second)}`, '') + '&directConnection=false', quick);
    try {
      hello = { setName: 'rs0', secondary: true, isWritablePrimary: false, hosts: members, primary: hostOf(other) };
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.equal(other.visits(), 0);
    } finally {
      await connection.close();
    }
  });

  it('are more where the user has allowed them', async () => {
    hello.me = hostOf(named);
    hello.hosts = [hostOf(named), hostOf(other)];
    const uri = `mongodb://${LOGIN}@${hostOf(named)}/?authMechanism=PLAIN&replicaSet=rs0`;
    assert.deepEqual((await visit(uri, { allowHosts: [hostOf(other).toUpperCase()] })).withheld, []);
    assert.ok(other.visits() > 0);
  });

  it('are named where none of those in the string can do it', async () => {
    const uri = `mongodb://${hostOf(named)}/?replicaSet=rs0`;
    const connection = await connectMongo(uri, { timeouts: { selectMs: 300 } });
    try {
      await assert.rejects(
        connection.run('shop', { ping: 1 }, { readPreference: 'primary' }),
        (error) => isHeatlensError(error, 'mongoHostNotNamed') && error.message.includes(hostOf(other)),
      );
    } finally {
      await connection.close();
    }
  });

  it('get no login without TLS unless they are this machine, or it was allowed', async () => {
    const refused: readonly string[] = [
      'mongodb://u:p@192.0.2.1/',
      'mongodb://u:p@localhost,192.0.2.1/',
      'mongodb://u:p@[2001:db8::1]:27017/?authMechanism=SCRAM-SHA-1',
      'mongodb://u:p@192.0.2.1/?authMechanism=PLAIN&ssl=false',
      'mongodb+srv://u:p@cluster0.example.com/?tls=false',
      'mongodb://u:p@localhost.example.com/',
      'mongodb://u:p@127.1.example/',
    ];
    for (const uri of refused) await assert.rejects(connectMongo(uri, quick), { code: 'mongoPlainLogin' }, uri);
    const short = { timeouts: { selectMs: 50 } };
    for (const uri of ['mongodb://u:p@192.0.2.1/?tls=true', 'mongodb://192.0.2.1/'])
      await assert.rejects(connectMongo(uri, short), (error) => !isHeatlensError(error, 'mongoPlainLogin'), uri);
    await assert.rejects(
      connectMongo(refused[0], { ...short, allowPlainLogin: true }),
      (error) => !isHeatlensError(error, 'mongoPlainLogin'),
    );
    // Allowed members are hosts like others.
    await assert.rejects(
      connectMongo(`mongodb://u:p@${hostOf(named)}/?replicaSet=rs0`, { ...short, allowHosts: ['192.0.2.1:27017'] }),
      { code: 'mongoPlainLogin' },
    );
  });

  it('are not reached by proxies, nor with logins of this machine', async () => {
    for (const options of [
      'proxyHost=127.0.0.2&proxyPort=1',
      'authMechanism=MONGODB-AWS',
      'authMechanism=MONGODB-OIDC&authMechanismProperties=ENVIRONMENT:azure,TOKEN_RESOURCE:x',
      'authMechanism=GSSAPI&authSource=$external',
    ]) {
      const uri = `mongodb://${options.includes('GSSAPI') ? 'u@' : ''}${hostOf(named)}/?${options}`;
      await assert.rejects(connectMongo(uri, quick), { code: 'mongoMissingMechanism' }, options);
    }
    assert.equal(named.visits(), 0);
  });

  it('take a login that is right, and no other', async () => {
    let first = '';
    const turn = (command: Record<string, unknown>): string =>
      Buffer.from((command.payload as { buffer: Uint8Array }).buffer).toString();
    const server = await startFakeServer((command) => {
      if ('saslStart' in command) {
        const bare = turn(command).replace(/^n,,/, '');
        const said = `${/r=[^,]+/.exec(bare)?.[0]}server,s=${Buffer.from('salt').toString('base64')},i=15000`;
        first = `${bare},${said}`;
        return { ok: 1, conversationId: 1, done: false, payload: Buffer.from(said) };
      }
      if ('saslContinue' in command) {
        const { without, proof } = /^(?<without>.*),p=(?<proof>.*)$/.exec(turn(command))?.groups ?? {};
        const salted = pbkdf2Sync('hunter2', 'salt', 15_000, 32, 'sha256');
        const mac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
        const clientKey = mac(salted, 'Client Key');
        const signature = mac(createHash('sha256').update(clientKey).digest(), `${first},${without}`);
        const expected = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at])).toString('base64');
        if (proof !== expected) return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'no' };
        const verified = mac(mac(salted, 'Server Key'), `${first},${without}`).toString('base64');
        return { ok: 1, conversationId: 1, done: true, payload: Buffer.from(`v=${verified}`) };
      }
      return answer(command);
    });
    try {
      const uri = (password: string): string => server.uri.replace('://', `://ada:${password}@`);
      const options = '/shop?authMechanism=SCRAM-SHA-256&authSource=admin';
      await visit(`${uri('hunter2')}${options}`);
      await assert.rejects(visit(`${uri('hunter3')}${options}`), { code: 'mongoAuthFailed' });
    } finally {
      await server.close();
    }
  });

  it('are the same for us and for the driver', async () => {
    for (const uri of ['mongodb://[0:0:0:0:0:0:0:1]:1/', 'mongodb://LOCALHOST:1/', 'mongodb://%2Ftmp%2Fnone.sock/'])
      await assert.rejects(
        connectMongo(uri, { timeouts: { selectMs: 100 } }),
        (error) => isHeatlensError(error) && !error.message.includes('told apart'),
        uri,
      );
  });

  it('take certificates from files of this machine only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatlens-tls-'));
    try {
      const pipe = join(folder, 'pipe');
      spawnSync('mkfifo', [pipe]);
      const secret = join(folder, 'not-a-key');
      writeFileSync(secret, 'root:x:0:0');
      const paths = [folder, pipe, '/dev/zero', '//host/share/ca.pem', '\\\\host\\share\\ca.pem', join(folder, 'none')];
      for (const path of paths) {
        for (const option of ['tlsCAFile', 'tlsCertificateKeyFile', 'tlsCRLFile']) {
          const uri = `${named.uri}/?tls=true&${option}=${encodeURIComponent(path)}`;
          await assert.rejects(connectMongo(uri, quick), { code: 'mongoBadUri' }, `${option} ${path}`);
        }
      }
      await assert.rejects(
        connectMongo(`${named.uri}/?tls=true&tlsCertificateKeyFile=${encodeURIComponent(secret)}`, quick),
        (error) => isHeatlensError(error) && !error.oneLine.includes('root:x'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
