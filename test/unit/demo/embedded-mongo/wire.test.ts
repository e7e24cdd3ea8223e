// What may come over the wire besides well-formed messages of a driver, and the end of the server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { calculateObjectSize, deserialize, serialize } from 'bson';
import type { Document } from 'bson';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';

const OP_QUERY = 2004;
const OP_MSG = 2013;

function message(code: number, ...parts: readonly Buffer[]): Buffer {
  const length = 16 + parts.reduce((sum, part) => sum + part.length, 0);
  const header = Buffer.alloc(16);
  [length, 7, 0, code].forEach((value, i) => header.writeInt32LE(value, 4 * i));
  return Buffer.concat([header, ...parts]);
}

function command(body: Document): Buffer {
  return message(OP_MSG, Buffer.alloc(5), Buffer.from(serialize(body)));
}

function legacyQuery(namespace: string, body: Document): Buffer {
  const numbers = Buffer.alloc(8);
  numbers.writeInt32LE(-1, 4);
  return message(OP_QUERY, Buffer.alloc(4), Buffer.from(`${namespace}\0`), numbers, Buffer.from(serialize(body)));
}

describe('the wire of the embedded server', function () {
  this.timeout(30_000);
  let server: EmbeddedMongo;
  let client: MongoClient;
  const sockets: Socket[] = [];

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
    await client.db('work').collection<{ _id: number }>('things').insertOne({ _id: 1 });
  });

  after(async () => {
    sockets.forEach((socket) => socket.destroy());
    await client.close();
    await server.close();
  });

  async function connect(): Promise<Socket> {
    const socket = createConnection(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async function answer(socket: Socket, request: Buffer): Promise<Document> {
    socket.write(request);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return deserialize(reply.subarray(reply.readInt32LE(12) === OP_MSG ? 21 : 36));
  }

  it('answers the first hello of old drivers', async () => {
    const socket = await connect();
    for (const name of ['ismaster', 'isMaster']) {
      const reply = await answer(socket, legacyQuery('admin.$cmd', { [name]: 1, helloOk: true }));
      assert.deepEqual([reply.ismaster, reply.helloOk, reply.ok, reply.maxWireVersion], [true, true, 1, 12]);
    }
  });

  it('answers requests of one connection in their order, also when they come at once', async () => {
    const socket = await connect();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const requests = Array.from({ length: 40 }, (_, i) =>
      command({ [i % 2 ? 'ping' : 'find']: i % 2 ? 1 : 'things', $db: 'work' }),
    );
    socket.write(Buffer.concat(requests));
    const kinds: boolean[] = [];
    while (kinds.length < 40) {
      await sleep(5);
      let rest = Buffer.concat(chunks.splice(0));
      while (rest.length > 0 && rest.length >= rest.readInt32LE(0)) {
        kinds.push('cursor' in deserialize(rest.subarray(21, rest.readInt32LE(0))));
        rest = rest.subarray(rest.readInt32LE(0));
      }
      if (rest.length > 0) chunks.unshift(rest);
    }
    assert.deepEqual(
      kinds,
      Array.from({ length: 40 }, (_, i) => i % 2 === 0),
    );
  });

  it('takes a message that comes byte by byte', async () => {
    const socket = await connect();
    const request = command({ ping: 1, $db: 'admin' });
    for (const byte of request.subarray(0, -1)) {
      socket.write(Buffer.from([byte]));
      await sleep(0);
    }
    assert.equal((await answer(socket, request.subarray(-1))).ok, 1);
  });

  const broken = new Map<string, Buffer>([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a length of nothing', Buffer.alloc(64)],
    ['more than 48 MB', message(OP_MSG, Buffer.alloc(16)).fill(0x7f, 0, 4)],
    ['an old insert', message(2002, Buffer.alloc(40))],
    ['a message without a command', message(OP_MSG, Buffer.alloc(4))],
    ['an unknown section', message(OP_MSG, Buffer.alloc(4), Buffer.from([9, 0, 0, 0, 0, 0]))],
    ['unknown flags', message(OP_MSG, Buffer.from([0, 0x40, 0, 0, 0]), Buffer.from(serialize({ ping: 1 })))],
    [
      'a document that says it is longer',
      message(OP_MSG, Buffer.alloc(5), Buffer.from(serialize({ ping: 1 })).fill(0x70, 0, 1)),
    ],
    [
      'a document of damaged elements',
      message(OP_MSG, Buffer.alloc(5), Buffer.from(serialize({ ping: 'text' })).fill(0xee, 4, 5)),
    ],
    ['a document too deep', message(OP_MSG, Buffer.alloc(5), deep(20000))],
  ]);

  for (const [name, bytes] of broken) {
    it(`ends the connection that sends ${name}, and no other`, async () => {
      const socket = await connect();
      const closed = once(socket, 'close');
      socket.resume();
      socket.write(bytes);
      await closed;
      assert.deepEqual(await client.db('work').collection('things').findOne(), { _id: 1 });
    });
  }

  it('waits for the rest of a message that is cut off, without harm', async () => {
    const socket = await connect();
    socket.write(command({ ping: 1, $db: 'admin' }).subarray(0, 20));
    await sleep(20);
    assert.equal(await client.db('work').collection('things').countDocuments(), 1);
    socket.destroy();
  });

  it('answers damaged commands with an error', async () => {
    const socket = await connect();
    for (const body of [
      {},
      { find: 5, $db: 'work' },
      { ping: 1, $db: 'a b' },
      { insert: 'things', documents: [5], $db: 'work' },
      { update: 'things', updates: [5], $db: 'work' },
    ]) {
      const reply = await answer(socket, command(body));
      assert.ok(reply.ok === 0 || Array.isArray(reply.writeErrors), JSON.stringify(reply));
      assert.notEqual(reply.code, 8, JSON.stringify(reply));
    }
  });

  it('takes a batch of the largest size, and refuses a larger document', async () => {
    const big = client.db('work').collection('big');
    const text = 'x'.repeat(15_000_000);
    await big.insertMany([{ text }, { text }, { text }]);
    assert.equal(await big.countDocuments({ text: { $type: 'string' } }), 3);
    const socket = await connect();
    const reply = await answer(
      socket,
      command({ insert: 'big', documents: [{ text: 'x'.repeat(17_000_000) }], $db: 'work' }),
    );
    assert.equal(((reply.writeErrors ?? [reply]) as Document[])[0].code, 10334);
    await big.drop();
  });

  it('keeps nothing of a connection that is gone', async () => {
    const hello = command({ hello: 1, $db: 'admin' });
    const open = async () => (await client.db('admin').command({ serverStatus: 1 })).connections as { current: number };
    const before = (await open()).current;
    for (let round = 0; round < 100; round++) {
      const socket = await connect();
      await answer(socket, hello);
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    }
    let after = before + 1;
    for (let i = 0; i < 100 && after > before; i++) {
      await sleep(10);
      after = (await open()).current;
    }
    assert.equal(after, before);
    assert.deepEqual(
      ((await client.db('admin').command({ currentOp: 1 })).inprog as Document[]).map(({ ns }) => String(ns)),
      ['admin.1'],
    );
  });

  it('ends at once on SIGTERM, also with clients and work', async () => {
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'demo/embedded-mongo/src/main.ts', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const uri = /mongodb:\/\/\S+/.exec(String(line))?.[0] ?? '';
      const other = await MongoClient.connect(uri, { retryReads: false, serverSelectionTimeoutMS: 500 });
      const things = other.db('work').collection<{ _id: number }>('things');
      await things.insertMany(Array.from({ length: 3000 }, (_, i) => ({ _id: i })));
      const work = things
        .aggregate([{ $lookup: { from: 'things', localField: 'none', foreignField: 'no', as: 'all' } }])
        .toArray();
      const failed = assert.rejects(work);
      await sleep(50);
      const began = performance.now();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      assert.ok(performance.now() - began < 2000);
      await failed;
      await other.close();
    } finally {
      child.kill('SIGKILL');
    }
  });
});

/** A document nested that deeply. */
function deep(levels: number): Buffer {
  const size = calculateObjectSize({}) + levels * 8;
  const bytes = Buffer.alloc(size);
  for (let level = 0, at = 0; level <= levels; level++, at += 7) {
    bytes.writeInt32LE(size - level * 8, at);
    if (level < levels) bytes.write('\u0003a\0', at + 4, 'latin1');
  }
  return bytes;
}
