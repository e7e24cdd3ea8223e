import { Long } from 'bson';
import { ServerError } from '../errors';
import type { Executor } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import type { Turns } from '../execution/turns';
import type { Doc } from '../values/types';
import { bytesOf } from '../wire/messages';

/** Documents of a first batch when the client does not say. */
const FIRST_BATCH = 101;
/** Bytes of documents in one batch; a reply stays below the limit of a document. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 64 * 1024;
/** Documents taken from a source at once. */
const CHUNK = 256;
const IDLE_MILLIS = 10 * 60 * 1000;

/** Where the documents of a cursor come from. */
export interface Source {
  /** The query behind it, if it reads as the client asks. */
  readonly executor?: Executor;
  /** Up to `count` documents; fewer when there are no more. */
  take(count: number, turns: Turns): Promise<Doc[]>;
  readonly isEnd: boolean;
}

export function listSource(docs: readonly Doc[]): Source {
  let at = 0;
  return {
    take: (count) => Promise.resolve(docs.slice(at, (at = Math.min(docs.length, at + count)))),
    get isEnd() {
      return at >= docs.length;
    },
  };
}

export function querySource(executor: Executor): Source {
  return {
    executor,
    take: async (count, turns) => (await executor.take(count, turns)).map(memberDoc),
    get isEnd() {
      return executor.isEnd;
    },
  };
}

/** An open cursor. */
export interface OpenCursor {
  readonly namespace: string;
  readonly source: Source;
  /** The command that opened it. */
  readonly command: Doc;
  /** Documents that did not fit into the last batch. */
  held: Doc[];
  used: number;
  busy: boolean;
}

export interface Batch {
  readonly cursor: Doc;
  readonly returned: number;
  readonly exhausted: boolean;
}

export interface Opening {
  readonly namespace: string;
  readonly command: Doc;
  readonly batchSize?: number | undefined;
  /** The client wants one batch and no cursor. */
  readonly single?: boolean;
  readonly turns: Turns;
}

/** The open cursors of a server. */
export class CursorTable {
  private readonly open = new Map<number, OpenCursor>();
  private nextId = 1 + Math.floor(Math.random() * 0x7fffffff);

  get size(): number {
    return this.open.size;
  }

  /** The reply of a command that opens a cursor; a cursor stays open when documents are left. */
  async first(source: Source, { namespace, command, batchSize, single = false, turns }: Opening): Promise<Batch> {
    this.dropIdle();
    const cursor: OpenCursor = { namespace, source, command, held: [], used: Date.now(), busy: false };
    const batch = await take(cursor, batchSize ?? FIRST_BATCH, turns);
    const exhausted = batch.done || single;
    const id = exhausted ? 0 : this.keep(cursor);
    return {
      cursor: { firstBatch: batch.docs, id: Long.fromNumber(id), ns: namespace },
      returned: batch.docs.length,
      exhausted,
    };
  }

  /** The cursor of a number; throws when there is none, or when it belongs to another collection. */
  find(id: number, namespace: string): OpenCursor {
    const cursor = this.open.get(id);
    if (!cursor) throw new ServerError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new ServerError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.busy) throw new ServerError(12051, `cursor id ${id} is already in use`);
    return cursor;
  }

  async next(id: number, namespace: string, batchSize: number | undefined, turns: Turns): Promise<Batch> {
    const cursor = this.find(id, namespace);
    cursor.busy = true;
    try {
      const batch = await take(cursor, batchSize || Infinity, turns);
      if (batch.done) this.open.delete(id);
      return {
        cursor: { nextBatch: batch.docs, id: Long.fromNumber(batch.done ? 0 : id), ns: namespace },
        returned: batch.docs.length,
        exhausted: batch.done,
      };
    } catch (error) {
      this.open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.used = Date.now();
    }
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
    for (const [id, cursor] of this.open) if (!cursor.busy && cursor.used < oldest) this.open.delete(id);
  }
}

async function take(cursor: OpenCursor, count: number, turns: Turns): Promise<{ docs: Doc[]; done: boolean }> {
  const docs: Doc[] = [];
  let bytes = 0;
  for (;;) {
    for (const [i, doc] of cursor.held.entries()) {
      bytes += bytesOf(doc);
      if (docs.length > 0 && bytes > MAX_BATCH_BYTES) {
        cursor.held = cursor.held.slice(i);
        return { docs, done: false };
      }
      docs.push(doc);
    }
    cursor.held = [];
    if (cursor.source.isEnd) return { docs, done: true };
    if (docs.length >= count) return { docs, done: false };
    cursor.held = await cursor.source.take(Math.min(count - docs.length, CHUNK), turns);
    if (cursor.held.length === 0) return { docs, done: true };
  }
}
