import { calculateObjectSize, deserialize, serialize } from 'bson';
import type { Doc } from '../values/types';
import { restoreNumberTypes } from './numberTypes';
import { ProtocolError } from './protocolError';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const KNOWN_FLAGS = 0x10003;

/** Bytes of the largest message taken, as a server says in `hello`. */
export const MAX_MESSAGE_BYTES = 48000000;

/** A command as it came over the wire. */
export interface Request {
  readonly id: number;
  readonly legacy: boolean;
  /** False when the client wants no reply. */
  readonly wantsReply: boolean;
  readonly body: Doc;
}

function read(bytes: Buffer): Doc {
  return deserialize(bytes, { promoteLongs: true, bsonRegExp: true });
}

/** Documents to be stored keep the types of their numbers; everywhere else plain numbers do. */
function document(message: Buffer, at: number, isStored: (doc: Doc) => boolean): { doc: Doc; end: number } {
  if (at + 4 > message.length) throw new ProtocolError('a document is cut off');
  const end = at + message.readInt32LE(at);
  if (end > message.length || end < at + 5) throw new ProtocolError('a document is cut off');
  const bytes = message.subarray(at, end);
  const doc = read(bytes);
  if (isStored(doc)) restoreNumberTypes(bytes, doc);
  return { doc, end };
}

/** Reads one whole message. Throws for anything but OP_MSG and OP_QUERY. */
export function parseMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const code = message.readInt32LE(12);
  if (code === OP_MSG) return parseMsg(message, id);
  if (code === OP_QUERY) return parseLegacy(message, id);
  throw new ProtocolError(`operation code ${code} is not supported`);
}

function parseMsg(message: Buffer, id: number): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & 0xffff & ~KNOWN_FLAGS) !== 0) throw new ProtocolError(`unknown required flags ${flags}`);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const lists: Record<string, Doc[]> = {};
  let body: Doc | undefined;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message[at++];
    if (kind === 0) {
      const section = document(message, at, (doc) => 'insert' in doc);
      [body, at] = [section.doc, section.end];
    } else if (kind === 1) {
      const sectionEnd = at + message.readInt32LE(at);
      const nameEnd = message.indexOf(0, at + 4);
      if (sectionEnd > end || nameEnd < 0 || nameEnd >= sectionEnd) throw new ProtocolError('a section is cut off');
      const name = message.toString('utf8', at + 4, nameEnd);
      const list: Doc[] = (lists[name] = []);
      for (at = nameEnd + 1; at < sectionEnd;) {
        const item = document(message, at, () => name === 'documents');
        list.push(item.doc);
        at = item.end;
      }
    } else throw new ProtocolError(`unknown section kind ${kind}`);
  }
  if (!body) throw new ProtocolError('a message without a command');
  return { id, legacy: false, wantsReply: (flags & MORE_TO_COME) === 0, body: { ...body, ...lists } };
}

function parseLegacy(message: Buffer, id: number): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  if (nameEnd < 0) throw new ProtocolError('a namespace is cut off');
  const namespace = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  const { doc } = document(message, nameEnd + 9, () => false);
  const query = '$query' in doc ? (doc.$query as Doc) : doc;
  return { id, legacy: true, wantsReply: true, body: { ...query, $db: namespace.split('.')[0], $legacy: namespace } };
}

let nextId = 1;

/** The message that answers a request. */
export function formatReply(request: Request, reply: Doc): Buffer {
  const bytes = serialize(reply, { ignoreUndefined: true });
  const preamble = Buffer.alloc(request.legacy ? 36 : 21);
  preamble.writeInt32LE(preamble.length + bytes.length, 0);
  preamble.writeInt32LE(nextId++ & 0x7fffffff, 4);
  preamble.writeInt32LE(request.id, 8);
  preamble.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) {
    preamble.writeInt32LE(8, 16);
    preamble.writeInt32LE(1, 32);
  }
  return Buffer.concat([preamble, bytes]);
}

export function bytesOf(doc: Doc): number {
  return calculateObjectSize(doc, { ignoreUndefined: true });
}

/** Cuts a stream of bytes into messages. */
export class MessageSplitter {
  private chunks: Buffer[] = [];
  private length = 0;

  /** The messages that are complete with this chunk. */
  *add(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.length >= HEADER_BYTES) {
      if (this.chunks[0].length < 4) this.join();
      const wanted = this.chunks[0].readInt32LE(0);
      if (wanted < HEADER_BYTES || wanted > MAX_MESSAGE_BYTES) throw new ProtocolError(`a message of ${wanted} bytes`);
      if (this.length < wanted) return;
      const all = this.join();
      this.chunks = [all.subarray(wanted)];
      this.length -= wanted;
      yield all.subarray(0, wanted);
    }
  }

  private join(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }
}
