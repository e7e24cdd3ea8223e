import { Long } from 'bson';
import { ServerError } from '../errors';
import type { Doc } from '../values/types';
import { bytesOf } from '../wire/messages';

/** Documents of a first batch when the client does not say. */
const FIRST_BATCH = 101;
/** Bytes of documents in one batch; a reply stays below the limit of a document. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 64 * 1024;
const IDLE_MILLIS = 10 * 60 * 1000;

interface OpenCursor {
  readonly namespace: string;
  readonly docs: Iterator<Doc>;
  /** A document that did not fit into the last batch. */
  held?: Doc | undefined;
  used: number;
}

/** The open cursors of a server. */
export class CursorTable {
  private readonly open = new Map<number, OpenCursor>();
  private nextId = 1 + Math.floor(Math.random() * 0x7fffffff);

  get size(): number {
    return this.open.size;
  }

  /** The reply of a command that opens a cursor; a cursor stays open when documents are left. */
  first(namespace: string, docs: Iterable<Doc>, batchSize: number | undefined, single: boolean): { cursor: Doc; returned: number; exhausted: boolean } {
    this.dropIdle();
    const cursor: OpenCursor = { namespace, docs: docs[Symbol.iterator](), used: Date.now() };
    const batch = take(cursor, batchSize ?? FIRST_BATCH);
    const exhausted = batch.done || single;
    const id = exhausted ? 0 : this.keep(cursor);
    return { cursor: { firstBatch: batch.docs, id: Long.fromNumber(id), ns: namespace }, returned: batch.docs.length, exhausted };
  }

  next(id: number, namespace: string, batchSize: number | undefined): { cursor: Doc; returned: number; exhausted: boolean } {
    const cursor = this.open.get(id);
    if (!cursor) throw new ServerError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new ServerError(13, `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`);
    }
    cursor.used = Date.now();
    let batch: { docs: Doc[]; done: boolean };
    try {
      batch = take(cursor, batchSize || Infinity);
    } catch (error) {
      this.open.delete(id);
      throw error;
    }
    if (batch.done) this.open.delete(id);
    return { cursor: { nextBatch: batch.docs, id: Long.fromNumber(batch.done ? 0 : id), ns: namespace }, returned: batch.docs.length, exhausted: batch.done };
  }

  kill(id: number): boolean {
    return this.open.delete(id);
  }

  private keep(cursor: OpenCursor): number {
    const id = this.nextId++;
    this.open.set(id, cursor);
    return id;
  }

  private dropIdle(): void {
    const oldest = Date.now() - IDLE_MILLIS;
    for (const [id, cursor] of this.open) if (cursor.used < oldest) this.open.delete(id);
  }
}

function take(cursor: OpenCursor, count: number): { docs: Doc[]; done: boolean } {
  const docs: Doc[] = [];
  let bytes = 0;
  while (docs.length < count) {
    let doc = cursor.held;
    if (!doc) {
      const next = cursor.docs.next();
      if (next.done) return { docs, done: true };
      doc = next.value;
    }
    bytes += bytesOf(doc);
    cursor.held = undefined;
    if (docs.length > 0 && bytes > MAX_BATCH_BYTES) {
      cursor.held = doc;
      return { docs, done: false };
    }
    docs.push(doc);
  }
  return { docs, done: false };
}
