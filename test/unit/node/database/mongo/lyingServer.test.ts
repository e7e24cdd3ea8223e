import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { deflateSync } from 'node:zlib';
import { BSON, Long, ObjectId } from 'mongodb';
import { formatReply, MessageSplitter, parseMessage } from '../../../../../demo/embedded-mongo/src/wire/messages';
import { isHeatlensError } from '../../../../../src/core/errors';
import { listCollections } from '../../../../../src/node/database/mongo/collectionList';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { describePlace } from '../../../../../src/node/database/mongo/collectionFacts';
import type { MongoConnection, WalkOptions } from '../../../../../src/node/database/mongo/mongoConnection';
import { type FakeServer, startFakeServer } from './fakeServer';

type Doc = Record<string, unknown>;

const quick = { timeouts: { selectMs: 1_000, patienceMs: 1_000 } };
const HELLO = { ok: 1, ismaster: true, minWireVersion: 0, maxWireVersion: 21, maxBsonObjectSize: 16777216 };

/** What nobody caught, which would end the process. */
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(isHeatlensError(error), String(error instanceof Error ? error.stack : error));
    assert.ok(error.oneLine.length < 1_500, 'short');
    return error.code;
  }
  return 'none';
}

describe('a server that lies', function () {
  this.timeout(60_000);
  let listeners: NodeJS.UncaughtExceptionListener[];

  before(() => {
    listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  after(() => {
    process.removeListener('uncaughtException', note);
    process.removeListener('unhandledRejection', note);
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  afterEach(async () => {
    // Monitors look again after half a second.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(uncaught.splice(0), []);
  });

  /** BSON of documents in documents. */
  const deep = (levels: number): Buffer => {
    let document = Buffer.from([5, 0, 0, 0, 0]);
    for (let at = 0; at < levels; at++) {
      const length = Buffer.alloc(4);
      length.writeInt32LE(document.length + 8);
      document = Buffer.concat([length, Buffer.from([3, 97, 0]), document, Buffer.from([0])]);
    }
    return document;
  };

  describe('in its greeting', () => {
    const greetings: Record<string, Doc> = {
      'hosts that are a number': { setName: 'rs', hosts: 5 },
      'hosts that are none': { setName: 'rs', hosts: [5, null, {}] },
      'hosts that are a text': { setName: 'rs', hosts: 'a:1' },
      'hosts that are a document': { setName: 'rs', hosts: { map: 1 } },
      'hosts with a login': { setName: 'rs', hosts: ['u:p@h:1'] },
      'hosts with a port out of range': { setName: 'rs', hosts: ['h:99999'] },
      'hosts with port 0': { setName: 'rs', hosts: ['h:0'] },
      'ten thousand hosts': { setName: 'rs', hosts: Array.from({ length: 10_000 }, (_, at) => `h${at}:1`) },
      'an empty host': { setName: 'rs', hosts: [''] },
      'passives that are a number': { setName: 'rs', passives: 5 },
      'arbiters that are none': { setName: 'rs', arbiters: [{}] },
      'a primary that is a number': { setName: 'rs', primary: 5 },
      'a name of its own that is a document': { setName: 'rs', me: {} },
      'a name of its own that is a list': { setName: 'rs', me: ['a'] },
      'a set that is a number': { setName: 5 },
      'a set that is a document': { setName: { a: 1 }, hosts: [] },
      'a message that is a number': { msg: 5 },
      'tags that are a number': { setName: 'rs', tags: 5 },
      'tags of documents': { setName: 'rs', tags: { a: {} } },
      'versions that are texts': { minWireVersion: 'a', maxWireVersion: 'b' },
      'versions that are documents': { minWireVersion: {}, maxWireVersion: {} },
      'no versions that exist': { minWireVersion: 90, maxWireVersion: 99 },
      'a version from long ago': { minWireVersion: 0, maxWireVersion: 1 },
      'sizes that are negative': { maxBsonObjectSize: -1 },
      'sizes that are absurd': { maxMessageSizeBytes: 1e308 },
      'sizes that are no number': { maxWriteBatchSize: NaN },
      'a session time that is a document': { logicalSessionTimeoutMinutes: {} },
      'an election that is a number': { setName: 'rs', electionId: 5 },
      'flags that are texts': { isWritablePrimary: 'yes' },
      'mechanisms that are a number': { saslSupportedMechs: 5 },
      'ok that is a text': { ok: 'yes' },
      'a time of a cluster that is none': { $clusterTime: { clusterTime: 5 } },
    };
    for (const [what, hello] of Object.entries(greetings)) {
      for (const options of ['', '?directConnection=false']) {
        it(`says ${what}${options}`, async () => {
          const server = await startFakeServer(() => ({ ok: 1 }), hello);
          try {
            const began = performance.now();
            const code = await failureOf(connectMongo(`${server.uri}/shop${options}`, quick));
            const codes = ['mongoBadReply', 'mongoUnreachable', 'mongoFailed', 'mongoNoAnswer'];
            assert.ok(codes.includes(code), code);
            assert.ok(performance.now() - began < 10_000);
          } finally {
            await server.close();
          }
        });
      }
    }

    it('says more than it is asked, which nobody looks at', async () => {
      const server = await startFakeServer(() => ({ ok: 1 }), {
        topologyVersion: { processId: 5, counter: 'x' },
        lastWrite: { lastWriteDate: 'yesterday' },
        localTime: 5,
        connectionId: {},
        compression: ['zlib', 5],
        hosts: null,
      });
      try {
        const connection = await connectMongo(server.uri, quick);
        await connection.run('shop', { ping: 1 });
        await connection.close();
      } finally {
        await server.close();
      }
    });

    it('is a load balancer, or takes a certificate, and is right', async () => {
      const hello: Doc = {
        serviceId: new ObjectId(),
        connectionId: Long.fromString('9007199254740999'),
        speculativeAuthenticate: { dbname: '$external', user: 'CN=ada' },
        setName: 'rs0',
        setVersion: 3,
        electionId: new ObjectId(),
        topologyVersion: { processId: new ObjectId(), counter: Long.fromNumber(3) },
        lastWrite: { lastWriteDate: new Date(), opTime: { ts: 1 } },
        tags: { region: 'EU' },
        secondary: false,
      };
      const server = await startFakeServer(
        () => ({ ok: 1 }),
        () => hello,
      );
      hello.hosts = [`127.0.0.1:${server.port}`];
      try {
        const uri = `${server.uri}/?authMechanism=MONGODB-X509`;
        for (const option of ['&loadBalanced=true', '', '&directConnection=false', '&replicaSet=rs0']) {
          const connection = await connectMongo(`${uri}${option}`, quick);
          assert.equal((await connection.run('shop', { ping: 1 })).ok, 1, option);
          await connection.close();
        }
      } finally {
        await server.close();
      }
    });

    it('lies only later', async () => {
      for (const hello of [greetings['hosts that are a number'], greetings['no versions that exist']]) {
        let now: Doc = {};
        const server = await startFakeServer(
          () => ({ ok: 1 }),
          () => now,
        );
        try {
          const connection = await connectMongo(`${server.uri}/?heartbeatFrequencyMS=500`, quick);
          now = hello;
          await new Promise((resolve) => setTimeout(resolve, 1_200));
          await failureOf(connection.run('shop', { ping: 1 }));
          await connection.close();
        } finally {
          await server.close();
        }
      }
    });
  });

  /** `reply` is what goes over the wire for the first command that is no greeting. */
  async function withBytes(
    reply: (request: Parameters<typeof formatReply>[0], socket: Socket) => Buffer | undefined,
    work: (uri: string) => Promise<void>,
    from: 'hello' | 'command' = 'command',
  ): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      const splitter = new MessageSplitter();
      socket.on('data', (chunk: Buffer) => {
        for (const message of splitter.add(chunk)) {
          const request = parseMessage(message);
          const isGreeting = /^(hello|ismaster)$/i.test(Object.keys(request.body)[0]);
          const isPlain = isGreeting ? from !== 'hello' : 'buildInfo' in request.body;
          const bytes = isPlain ? formatReply(request, HELLO) : reply(request, socket);
          if (bytes) socket.write(bytes);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      await work(`mongodb://127.0.0.1:${port}/shop`);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  const header = (length: number, code: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeInt32LE(length, 0);
    bytes.writeInt32LE(code, 12);
    return bytes;
  };
  const message = (document: Buffer): Buffer =>
    Buffer.concat([header(21 + document.length, 2013), Buffer.alloc(5), document]);
  const many = (): Buffer => {
    const count = 2_000_000;
    const list = Buffer.alloc(5 + count * 2 + 1);
    list.writeInt32LE(list.length, 0);
    list.fill(Buffer.from([10, 0]), 4, 4 + count * 2);
    const document = Buffer.alloc(4 + 3 + list.length + 1);
    document.writeInt32LE(document.length, 0);
    document.write('\x04a\0', 4, 'latin1');
    list.copy(document, 7);
    return document;
  };
  const inner = deflateSync(Buffer.alloc(50_000_000));
  const bomb = (): Buffer => {
    const part = Buffer.alloc(9);
    part.writeInt32LE(2013, 0);
    part.writeInt32LE(50_000_000, 4);
    part[8] = 2;
    return Buffer.concat([header(25 + inner.length, 2012), part, inner]);
  };
  const valid = Buffer.from(BSON.serialize({ ok: 1, text: 'abc' }));
  const bytes: Record<string, () => Buffer> = {
    'no length': () => header(0, 2013),
    'a negative length': () => header(-5, 2013),
    'the length of a header': () => header(16, 2013),
    'two gigabytes': () => Buffer.concat([header(0x7fffffff, 2013), Buffer.alloc(1_000_000)]),
    'more than a document may have': () => header(20_000_000, 2013),
    'an unknown kind': () => Buffer.concat([header(100, 5), Buffer.alloc(84)]),
    'a compressed bomb': bomb,
    'the answer of a web server': () => Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    'no document': () => message(Buffer.alloc(0)),
    'a document with a wrong length': () => message(Buffer.concat([Buffer.from([200, 0, 0, 0]), valid.subarray(4)])),
    'a document of an unknown type': () => message(Buffer.from([8, 0, 0, 0, 77, 97, 0, 0])),
    'a text with a negative length': () =>
      message(Buffer.concat([valid.subarray(0, -9), Buffer.from([255, 255, 255, 255]), valid.subarray(-5)])),
    'a document that is nested too deep': () => message(deep(2_000)),
    'too many values': () => message(many()),
    'random bytes': () => message(Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 7919 + 13) % 256))),
  };
  describe('in its bytes', () => {
    for (const [what, make] of Object.entries(bytes)) {
      for (const from of ['hello', 'command'] as const) {
        it(`sends ${what} for a ${from}`, () =>
          withBytes(
            make,
            async (uri) => {
              const before = process.memoryUsage().rss;
              const opening = connectMongo(uri, quick);
              const code =
                from === 'hello'
                  ? await failureOf(opening)
                  : await opening.then(async (connection) => {
                      const failure = await failureOf(connection.run('shop', { count: 'x' }));
                      await connection.close();
                      return failure;
                    });
              assert.ok(/^mongo(BadReply|NoAnswer)$/.test(code), code);
              assert.ok(process.memoryUsage().rss - before < 300_000_000);
            },
            from,
          ));
      }
    }

    it('cuts in the middle', () =>
      withBytes(
        (_request, socket) => {
          socket.end(message(valid).subarray(0, 20));
          return undefined;
        },
        async (uri) => {
          const connection = await connectMongo(uri, quick);
          assert.equal(await failureOf(connection.run('shop', { count: 'x' })), 'mongoDisconnected');
          await connection.close();
        },
      ));

    it('takes a whole answer in small pieces', () =>
      withBytes(
        (_request, socket) => {
          const whole = message(valid);
          for (let at = 0; at < whole.length; at++) socket.write(whole.subarray(at, at + 1));
          return undefined;
        },
        async (uri) => {
          const connection = await connectMongo(uri, quick);
          assert.equal((await connection.run('shop', { count: 'x' })).text, 'abc');
          await connection.close();
        },
      ));
  });

  describe('in its lists', () => {
    let server: FakeServer;
    let connection: MongoConnection;
    let next: (command: Doc) => Doc[];

    before(async () => {
      server = await startFakeServer((command) => {
        const list = 'getMore' in command ? 'nextBatch' : 'firstBatch';
        if ('getMore' in command || 'listCollections' in command || 'find' in command)
          return { cursor: { id: Long.fromNumber(7), ns: 'shop.x', [list]: next(command) }, ok: 1 };
        return { ok: 1 };
      });
      connection = await connectMongo(server.uri, quick);
    });
    after(async () => {
      await connection.close();
      await server.close();
    });

    async function count(options: WalkOptions): Promise<number> {
      let read = 0;
      for await (const _ of connection.documents('shop', { find: 'x' }, options)) read++;
      return read;
    }

    it('never ends, and what was read so far is given with a note', async () => {
      next = () => [{ name: 'x', type: 'collection' }];
      const notes: string[] = [];
      assert.equal(await count({ most: 500, onCut: (text) => notes.push(text) }), 500);
      assert.match(notes.join(), /only the first 500 documents/);
      assert.equal((await describePlace(connection, 'shop', 'x')).type, 'unknown');
    });

    it('is an error where nobody is told', async () => {
      next = () => [{ name: 'x' }];
      assert.equal(await failureOf(count({ most: 50 })), 'mongoBadReply');
      assert.equal(await failureOf(listCollections(connection, 'shop', { most: 20 })), 'mongoBadReply');
    });

    it('ends after its time', async () => {
      next = () => Array.from({ length: 10 }, () => ({ name: 'x' }));
      const notes: string[] = [];
      const began = performance.now();
      assert.ok((await count({ walkMs: 200, most: 1e9, onCut: (text) => notes.push(text) })) > 0);
      assert.equal(notes.length, 1);
      assert.ok(performance.now() - began < 5_000);
    });

    it('gives nothing for ever', async () => {
      next = () => [];
      const before = server.seen.length;
      assert.equal(await failureOf(count({ walkMs: 200 })), 'mongoNoAnswer');
      await new Promise((resolve) => setTimeout(resolve, 200));
      const after = server.seen.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.ok(after > before);
      assert.ok(server.seen.length - after < 5, 'nobody asks on');
    });

    it('has more bytes than are kept', async () => {
      next = () => [{ name: 'x'.repeat(100_000) }];
      const notes: string[] = [];
      assert.ok((await count({ mostBytes: 1_000_000, onCut: (text) => notes.push(text) })) <= 10);
      assert.equal(notes.length, 1);
    });

    const cursors: Record<string, unknown> = {
      'no cursor': undefined,
      'a cursor that is a number': 5,
      'a cursor that is null': null,
      'a cursor without an id': { ns: 'shop.x', firstBatch: [] },
      'an id that is a text': { id: 'x', ns: 'shop.x', firstBatch: [] },
      'no namespace': { id: Long.ZERO, firstBatch: [] },
      'a namespace that is a number': { id: Long.ZERO, ns: 5, firstBatch: [] },
      'no batch': { id: Long.ZERO, ns: 'shop.x' },
      'a batch that is a document': { id: Long.ZERO, ns: 'shop.x', firstBatch: { a: 1 } },
      'a batch of numbers': { id: Long.ZERO, ns: 'shop.x', firstBatch: [1, 'a', null] },
    };
    for (const [what, cursor] of Object.entries(cursors)) {
      it(`has ${what}`, async () => {
        const odd = await startFakeServer(() => ({ ok: 1, ...(cursor === undefined ? {} : { cursor }) }));
        try {
          const own = await connectMongo(odd.uri, quick);
          const code = await failureOf(listCollections(own, 'shop'));
          assert.ok(['mongoBadReply', 'none'].includes(code), code);
          await own.close();
        } finally {
          await odd.close();
        }
      });
    }
  });

  describe('in its errors', () => {
    const errors: Record<string, Doc> = {
      'a text of 2 MB': { code: 2, codeName: 'BadValue', errmsg: `mongodb://${'@a?c=d&'.repeat(200_000)}=!` },
      'a word of 2 MB': { code: 2, errmsg: 'a'.repeat(2_000_000) },
      dots: { code: 2, errmsg: '. '.repeat(1_000_000) },
      'a document for a text': { code: 2, errmsg: { toString: 1 } },
      'a list for a text': { code: 2, errmsg: ['a'] },
      'nothing for a text': { code: 2 },
      'a number for a text': { code: 2, errmsg: 5 },
      'a code that is a text': { code: 'x', errmsg: 'a' },
      'a code that is a document': { code: {}, codeName: {}, errmsg: 'a' },
      'a code that is absurd': { code: 1e308, errmsg: 'a' },
      'labels that are a number': { code: 2, errmsg: 'a', errorLabels: 5 },
      'labels that are documents': { code: 2, errmsg: 'a', errorLabels: [{}] },
    };
    for (const [what, error] of Object.entries(errors)) {
      it(`has ${what}`, async () => {
        const server = await startFakeServer((command) => ('count' in command ? { ok: 0, ...error } : { ok: 1 }));
        try {
          const connection = await connectMongo(server.uri, quick);
          const began = performance.now();
          assert.notEqual(await failureOf(connection.run('shop', { count: 'x' })), 'none');
          assert.ok(performance.now() - began < 5_000);
          await connection.close();
        } finally {
          await server.close();
        }
      });
    }
  });

  it('wants a login to be computed for hours', async () => {
    const server = await startFakeServer((command) => {
      const payload = Buffer.from((command.payload as { buffer?: Uint8Array } | undefined)?.buffer ?? []).toString();
      const nonce = /r=([^,]*)/.exec(payload)?.[1] ?? '';
      return 'saslStart' in command
        ? { ok: 1, done: false, conversationId: 1, payload: Buffer.from(`r=${nonce}x,s=c2FsdA==,i=2147483647`) }
        : { ok: 1 };
    });
    try {
      const began = performance.now();
      for (const mechanism of ['SCRAM-SHA-1', 'SCRAM-SHA-256']) {
        const uri = server.uri.replace('://', '://ada:hunter2@');
        assert.equal(await failureOf(connectMongo(`${uri}/?authMechanism=${mechanism}`, quick)), 'mongoBadReply');
      }
      assert.ok(performance.now() - began < 5_000);
    } finally {
      await server.close();
    }
  });
});
