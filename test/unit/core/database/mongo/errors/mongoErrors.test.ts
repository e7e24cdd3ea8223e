import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRefusedOption } from '../../../../../../src/core/database/mongo/errors/commandErrors';
import { HeatlensError } from '../../../../../../src/core/errors';
import { cancelled, mongoError, unknownCollection } from '../../../../../../src/core/database/mongo/errors/mongoErrors';

const context = {
  connection: 'db.example:27017/shop',
  uri: 'mongodb://ada:hunter2@db.example:27017/shop',
  database: 'shop',
  collection: 'orders',
};

/** As the driver throws it. */
function driverError(name: string, message: string, more: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

function selection(error: Error, type = 'Unknown'): Error {
  return driverError('MongoServerSelectionError', error.message, {
    reason: { type, servers: new Map([['db.example:27017', { error }]]) },
  });
}

const network = (message: string, cause: Record<string, unknown> = {}): Error =>
  driverError('MongoNetworkError', message, { cause: Object.assign(new Error(message), cause) });
const server = (code: number, message: string, codeName?: string): Error =>
  driverError('MongoServerError', message, { code, codeName });

describe('mongoError', () => {
  const cases: [what: string, error: unknown, code: string, text: RegExp][] = [
    [
      'no server',
      selection(network('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' })),
      'mongoDown',
      /No server listens at db\.example:27017\/shop\. Start the database/,
    ],
    [
      'an unknown name',
      selection(network('getaddrinfo ENOTFOUND db.example', { code: 'ENOTFOUND' })),
      'mongoHostUnknown',
      /The name db\.example cannot be resolved/,
    ],
    [
      'no SRV record',
      driverError('Error', 'querySrv ENOTFOUND _mongodb._tcp.x.net', { code: 'ENOTFOUND' }),
      'mongoHostUnknown',
      /DNS/,
    ],
    [
      'no answer',
      selection(driverError('MongoServerSelectionError', 'Server selection timed out after 5000 ms')),
      'mongoUnreachable',
      /does not answer/,
    ],
    ['no member', selection(network('x'), 'ReplicaSetNoPrimary'), 'mongoNoMember', /directConnection=true/],
    ['a reset', network('read ECONNRESET', { code: 'ECONNRESET' }), 'mongoDisconnected', /cut the connection/],
    ['TLS wanted', selection(network('connection 1 to 1.2.3.4:5 closed')), 'mongoDisconnected', /tls=true/],
    [
      'TLS wanted, as the monitor sees it',
      selection(network('connection <monitor> to 127.0.0.1:5 closed')),
      'mongoDisconnected',
      /tls=true/,
    ],
    [
      'a certificate file that is not there',
      driverError('Error', "ENOENT: no such file or directory, open '/nope.pem'", { code: 'ENOENT' }),
      'mongoBadUri',
      /\/nope\.pem/,
    ],
    [
      'no TLS',
      selection(network('write EPROTO wrong version number', { code: 'EPROTO' })),
      'mongoTls',
      /Take tls=true out/,
    ],
    [
      'a server without logins',
      server(59, "no such command: 'saslStart'", 'CommandNotFound'),
      'mongoAuthFailed',
      /knows no logins\. Take user and password out/,
    ],
    [
      'an expired certificate',
      selection(network('certificate has expired', { code: 'CERT_HAS_EXPIRED' })),
      'mongoCertificate',
      /has expired/,
    ],
    [
      'a self-signed certificate',
      selection(network('self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })),
      'mongoCertificate',
      /tlsCAFile/,
    ],
    [
      'another name',
      selection(network('x', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })),
      'mongoCertificate',
      /for another name/,
    ],
    [
      'a wrong password',
      server(18, 'Authentication failed.', 'AuthenticationFailed'),
      'mongoAuthFailed',
      /authSource=admin/,
    ],
    [
      "Atlas' wrong password",
      server(8000, 'bad auth : authentication failed', 'AtlasError'),
      'mongoAuthFailed',
      /bad auth/,
    ],
    [
      'a bad string',
      driverError('MongoParseError', 'Password contains unescaped characters'),
      'mongoBadUri',
      /percent-encoded/,
    ],
    [
      'a lacking part',
      driverError(
        'MongoMissingDependencyError',
        "Optional module `kerberos` not found. Cannot find module 'kerberos' Require stack: - /a/b.js",
      ),
      'mongoMissingMechanism',
      /needs kerberos\. Use a login/,
    ],
    [
      'no permission',
      server(13, 'not authorized on shop to execute command { explain: … }', 'Unauthorized'),
      'mongoNotAuthorised',
      /may not do this on shop\.orders/,
    ],
    [
      'no login',
      server(13, 'command explain requires authentication', 'Unauthorized'),
      'mongoNotAuthorised',
      /requires authentication/,
    ],
    ['a time limit', server(50, 'operation exceeded time limit', 'MaxTimeMSExpired'), 'mongoSlow', /queryPlanner/],
    ['an unknown operator', server(2, 'unknown operator: $nope', 'BadValue'), 'mongoBadCommand', /\$nope \(error 2\)/],
    ['bad syntax', server(9, 'FailedToParse: unknown top level operator'), 'mongoBadCommand', /error 9/],
    ['an invalid pipeline operator', server(168, 'Unrecognized expression $x'), 'mongoBadCommand', /error 168/],
    ['an unknown stage', server(40324, "Unrecognized pipeline stage name: '$nope'"), 'mongoBadCommand', /\$nope/],
    [
      'a wrong hint',
      server(
        2,
        'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
      ),
      'mongoBadHint',
      /Take the hint out/,
    ],
    [
      'no text index',
      server(27, 'text index required for $text query', 'IndexNotFound'),
      'mongoNoTextIndex',
      /Create one/,
    ],
    [
      'no place index',
      server(291, 'error processing query: unable to find index for $geoNear query'),
      'mongoNoGeoIndex',
      /2dsphere/,
    ],
    ['no scripts', server(2, 'no globalScriptEngine in $where parsing', 'BadValue'), 'mongoJavaScript', /\$expr/],
    ['a view', server(166, 'Namespace shop.openOrders is a view, not a collection'), 'mongoView', /view/],
    [
      'a capped collection',
      server(2, 'error processing query: tailable cursor requested on non capped collection'),
      'mongoCapped',
      /tailable/,
    ],
    [
      'a time series',
      server(72, 'Cannot perform an update on a time-series collection'),
      'mongoTimeSeries',
      /time series/,
    ],
    [
      'a too large answer',
      server(10334, 'BSONObj size: 20000000 (0x1312D00) is invalid. Size must be between 0 and 16793600(16MB)'),
      'mongoTooLarge',
      /16 MB/,
    ],
    [
      'a too large answer, otherwise',
      server(13548, 'BufBuilder attempted to grow() to 67108868 bytes, past the 64MB limit.'),
      'mongoTooLarge',
      /16 MB/,
    ],
    [
      'an unknown command',
      server(59, "no such command: 'explain'", 'CommandNotFound'),
      'mongoUnsupported',
      /look-alikes/,
    ],
    [
      'an unknown feature',
      server(303, "Feature not supported: 'allPlansExecution'"),
      'mongoUnsupported',
      /Feature not supported/,
    ],
    ['no place', server(26, 'ns not found', 'NamespaceNotFound'), 'mongoUnknownCollection', /does not exist/],
    ['no primary', server(10107, 'not primary'), 'mongoNotPrimary', /replicaSet=NAME/],
    ['a shutdown', server(11600, 'interrupted at shutdown'), 'mongoDisconnected', /Run it again/],
    ['memory', server(292, 'Sort exceeded memory limit of 104857600 bytes'), 'mongoMemory', /allowDiskUse/],
    ['a full Cosmos', server(16500, 'Request rate is large.'), 'mongoBusy', /few seconds/],
    ['a killed operation', server(11601, 'operation was interrupted'), 'mongoInterrupted', /ended the command/],
    [
      'an error reply',
      { ok: 0, errmsg: 'unknown operator: $nope', code: 2, codeName: 'BadValue' },
      'mongoBadCommand',
      /\$nope/,
    ],
    ['anything else', new Error('boom'), 'mongoFailed', /boom/],
    ['a text', 'boom', 'mongoFailed', /boom/],
  ];
  for (const [what, error, code, text] of cases) {
    it(`explains ${what}`, () => {
      const found = mongoError(error, context);
      assert.equal(found.code, code, found.oneLine);
      assert.match(found.oneLine, text);
      assert.ok(found.message.endsWith('.') && found.nextStep.endsWith('.'), found.oneLine);
    });
  }

  for (const name of ['bad-pipeline', 'unknown-operator', 'where-no-js']) {
    it(`explains the recorded error ${name}`, () => {
      const { error } = JSON.parse(
        readFileSync(join(process.cwd(), `test/fixtures/mongo/recorded/special/${name}.json`), 'utf8'),
      ) as { error: { code: number; message: string } };
      const found = mongoError(server(error.code, error.message), context);
      assert.equal(found.code, name === 'where-no-js' ? 'mongoJavaScript' : 'mongoBadCommand');
      assert.ok(found.message.includes(error.message.slice(0, 20)));
    });
  }

  it('does not doubt the connection string of a connection that worked', () => {
    assert.doesNotMatch(
      mongoError(selection(network('connection 1 to 1.2.3.4:5 closed')), { ...context, hasAnswered: true }).oneLine,
      /tls/,
    );
  });

  it('suspects TLS that was asked for of a server that hangs up', () => {
    const error = selection(
      network('Client network socket disconnected before secure TLS connection was established', {
        code: 'ECONNRESET',
      }),
    );
    assert.equal(mongoError(error, { ...context, uri: 'mongodb://h/?tls=true' }).code, 'mongoTls');
    assert.equal(
      mongoError(error, { ...context, uri: 'mongodb://h/?tls=true', hasAnswered: true }).code,
      'mongoDisconnected',
    );
  });

  it('keeps what is explained already', () => {
    const error = cancelled();
    assert.equal(mongoError(error, context), error);
  });

  it('hides the password wherever a text has it', () => {
    for (const error of [
      server(18, 'login ada:hunter2 failed'),
      server(2, `see mongodb://ada:hunter2@x/`),
      driverError('MongoParseError', 'bad: hunter2'),
      new Error('hunter2'),
    ]) {
      const found = mongoError(error, context);
      assert.ok(!found.oneLine.includes('hunter2'), found.oneLine);
    }
  });

  it('cuts long texts', () => {
    assert.ok(mongoError(server(2, `unknown operator: ${'$x '.repeat(50_000)}`), context).oneLine.length < 700);
  });

  it('survives errors that contain themselves', () => {
    const error = driverError('MongoNetworkError', 'x');
    Object.assign(error, { cause: error });
    assert.ok(mongoError(error, context) instanceof HeatlensError);
  });

  it('names collections that are near', () => {
    assert.match(unknownCollection('shop', 'order', ['orders']).oneLine, /no collection order\. There is orders\./);
    assert.match(unknownCollection('shop', 'order', []).oneLine, /has no collections/);
  });
});

describe('an option that a server refuses', () => {
  it('is told by the translator of its wording, whoever asks', () => {
    const refused = (text: string, code = 9): boolean => isRefusedOption(mongoError(server(code, text), context));
    assert.ok(refused("BSON field 'explain.comment' is an unknown field.", 40415));
    assert.ok(refused('unrecognized field "maxTimeMS"'));
    assert.ok(!refused("BSON field 'find.fliter' is an unknown field.", 40415));
    assert.ok(!refused('maxTimeMS must be positive'));
    assert.ok(!isRefusedOption(new Error('unknown field comment')));
  });
});
