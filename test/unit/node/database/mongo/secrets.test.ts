import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { inspect } from 'node:util';
import {
  databaseOfUri,
  nameOfUri,
  redactUri,
  withoutSecrets,
} from '../../../../../src/core/database/mongo/connection/connectionString';
import { redactText } from '../../../../../src/core/database/mongo/connection/redactText';
import { rememberUri, secretsOfUri } from '../../../../../src/core/database/mongo/connection/secrets';
import { mongoError } from '../../../../../src/core/database/mongo/errors/mongoErrors';
import { isHeatlensError } from '../../../../../src/core/errors';
import { redact } from '../../../../../src/core/redact';
import { shownMessage } from '../../../../../src/editor/messages/shownText';
import { candidatesIn } from '../../../../../src/node/database/mongo/connectionCandidates';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { explainStatement } from '../../../../../src/node/database/mongo/explainStatement';
import { planJson } from '../../../../../src/core/database/mongo/run/planJson';
import { runMarkdown } from '../../../../../src/core/database/runText';
import { runCli } from '../../../../support/cli';
import { findStatements } from '../../../../support/findStatements';
import { ODD_CONNECTION_STRINGS } from '../../../../support/oddConnectionStrings';
import { startFakeServer } from './fakeServer';

/** All of an error that anything could show: also what is not enumerable, and what it was caused by. */
function allOf(error: unknown): string {
  return `${inspect(error, { showHidden: true, depth: 8 })} ${error instanceof Error ? error.stack : ''}`;
}

describe('the secrets of a connection string', function () {
  this.timeout(120_000);

  function check(text: string, secrets: readonly string[], where: string): void {
    for (const secret of secrets)
      assert.ok(!text.includes(secret), `${where} shows ${secret}: ${text.slice(0, 2_000)}`);
  }

  for (const { uri, secrets } of ODD_CONNECTION_STRINGS) {
    it(`are not shown of ${JSON.stringify(uri)}`, async () => {
      check(nameOfUri(uri), secrets, 'the name');
      check(databaseOfUri(uri) ?? '', secrets, 'the database');
      check(redactUri(uri), secrets, 'the redacted string');
      check(withoutSecrets(uri) ?? '', secrets, 'the harmless string');
      for (const { label, origin, variable } of candidatesIn({ MONGODB_URI: uri }, '.env'))
        check(`${label} ${origin} ${variable}`, secrets, 'a row of the picker');
      const said = [uri, ...secrets, JSON.stringify(uri), encodeURIComponent(uri)].join(' | ');
      check(redactText(said, uri), secrets, 'a text of a server');
      const refused = mongoError({ code: 2, codeName: said, errmsg: said, message: said }, { connection: 'h', uri });
      check(allOf(refused), secrets, 'the error of a server');
      const failed = await connectMongo(uri, { timeouts: { selectMs: 20 } }).then(
        () => assert.fail('connected'),
        (error: unknown) => error,
      );
      assert.ok(isHeatlensError(failed), allOf(failed));
      check(allOf(failed), secrets, 'the error of the connection');
      // The string is known by now.
      rememberUri(uri);
      check(redact(`connecting to ${said}`), secrets, 'the log');
      check(shownMessage(`connecting to ${said}`), secrets, 'a message, question, progress or status');
    });
  }

  it('are none where a string has no login', () => {
    for (const uri of [
      '',
      'mongodb://',
      'localhost:27017',
      'mongodb://h:99999999/',
      'mongodb:/h',
      'mongodb://a:1,b:2/db',
    ])
      assert.deepEqual(secretsOfUri(uri), { texts: [], short: [] }, uri);
  });

  it('are at least forty strings', () => assert.ok(ODD_CONNECTION_STRINGS.length >= 40));

  it('are not shown in the form in which a login carries them', () => {
    const uri = 'mongodb://ada:hunter2@h/?authMechanism=PLAIN';
    for (const form of ['\0ada\0hunter2', 'ada:hunter2', 'hunter2', 'ada\0ada\0hunter2']) {
      const packed = Buffer.from(form).toString('base64').replace(/=+$/, '');
      assert.ok(!redactText(`payload ${packed}`, uri).includes(packed), form);
    }
  });

  it('that are too short to be found in a text are not shown with it', () => {
    for (const password of ['a', '1', 'ab', '%40']) {
      const uri = `mongodb://ada:${password}@h/`;
      assert.match(redactText('a plain answer that has none of it'.replaceAll(' a', ' x').slice(1), uri), /plain/);
      assert.match(redactText(`wrong password "${decodeURIComponent(password)}"`, uri), /^\(not shown: /);
      assert.ok(!redactText(`failed for ${uri}`, uri).includes(`ada:${password}`));
    }
  });

  it('are not cut through', () => {
    const uri = 'mongodb://ada:a-very-long-secret-of-forty-characters-0123@h/';
    const [secret] = secretsOfUri(uri).texts.filter((text) => text.startsWith('a-very'));
    for (let before = 1_900; before < 2_100; before += 7) {
      const text = redactText(`${'x'.repeat(before)}${secret} and more`.padEnd(10_000, 'y'), uri);
      assert.ok(!text.includes('a-ver'), `${before}: ${text.slice(-60)}`);
    }
    const many = redactText(`${secret} `.repeat(1_000), uri);
    assert.ok(!many.includes('a-ver'), many.slice(-60));
  });

  it('are not in a plan, its JSON, its copies or its raw answer, whatever the server puts there', async () => {
    const password = 'hunter2hunter2';
    const secret = (): string =>
      `mongodb://ada:${password}@h/ ${password} ${Buffer.from(`\0ada\0${password}`).toString('base64')}`;
    const server = await startFakeServer((command) =>
      'explain' in command
        ? {
            ok: 1,
            queryPlanner: {
              namespace: 'shop.products',
              winningPlan: { stage: 'COLLSCAN', [secret()]: secret(), filter: { a: secret() } },
              rejectedPlans: [{ stage: secret() }],
            },
            command: { find: 'products', filter: { a: secret() }, comment: secret() },
            serverInfo: { host: secret(), version: secret() },
          }
        : 'listCollections' in command
          ? { ok: 1, cursor: { id: 0n, ns: 'shop.x', firstBatch: [{ name: 'products', type: 'collection' }] } }
          : { ok: 1 },
    );
    const connection = await connectMongo(
      `${server.uri.replace('://', `://ada:${password}@`)}/shop?authMechanism=PLAIN`,
    );
    try {
      const text = `import { MongoClient } from 'mongodb';\nexport const f = (db) => db.collection("products").find({ a: 1 });`;
      const [statement] = findStatements(text, 'search.ts');
      const { run, raw } = await explainStatement(connection, statement, {
        database: 'shop',
        verbosity: 'queryPlanner',
      });
      for (const shown of [raw, JSON.stringify(run), JSON.stringify(planJson(run)), runMarkdown(run)]) {
        check(shown, [password, Buffer.from(`\0ada\0${password}`).toString('base64')], 'a plan');
        assert.deepEqual(shown.match(/mongodb:\/\/(?!\\?\*).{0,40}/g), null, 'no connection string');
      }
    } finally {
      await connection.close();
      await server.close();
    }
  });

  it('are not shown in the command lines of other processes', async () => {
    const uri = 'mongodb://ada:hunter2hunter2@127.0.0.1:1/shop';
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', '--', '--uri', uri], {
      stdio: 'ignore',
    });
    try {
      const { stdout } = await runCli(['processes', '--json']);
      const listed = (JSON.parse(stdout) as { pid: number }[]).find(({ pid }) => pid === child.pid);
      assert.ok(listed, 'it is listed');
      check(stdout, ['hunter2hunter2'], 'the list of processes');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('are not shown by the command line, also where a string stands in the wrong place', async () => {
    const odd = ODD_CONNECTION_STRINGS.filter((_, at) => at % 4 === 0);
    const check1 = async ({ uri, secrets }: (typeof odd)[number]): Promise<void> => {
      for (const args of [
        ['explain', `${__filename}:1`, '--uri', uri],
        ['explain', uri],
        ['explain', '--url', uri],
        [uri],
      ]) {
        const { stdout, errors, code } = await runCli(args);
        assert.notEqual(code, 0);
        check(`${stdout}\n${errors.join('\n')}`, secrets, args.map((arg) => (arg === uri ? 'URI' : arg)).join(' '));
      }
    };
    for (let at = 0; at < odd.length; at += 4) await Promise.all(odd.slice(at, at + 4).map(check1));
  });
});
