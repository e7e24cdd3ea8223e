import type { Statement } from '../../../core/database/statement';
import type { Unread } from '../../../core/database/mongo/calls/findStatements';

/** What the worker thread is started with. */
export interface StatementWorkerData {
  /** Numbers by `SIGNAL`. */
  readonly signals: SharedArrayBuffer;
  readonly maxStatements: number;
}

/** What both sides see at once, while the thread is at work and reads no messages. */
export const SIGNAL = {
  /** The request that is to be given up, as nobody waits for it any more. */
  superseded: 0,
  /** How many parts were taken. The thread waits for that: all messages that have come are read in one turn of the event loop. */
  taken: 1,
} as const;

export type ToStatementWorker =
  | {
      readonly type: 'find';
      readonly request: number;
      /** Of the finder: successive versions of a file have the same. */
      readonly key: string;
      readonly fileName: string;
      readonly text: string;
      /** Where imports may lead; the file's own project where it is in none of them. */
      readonly folders: readonly string[];
    }
  /** What is typed into a file counts before it is saved; null once it is. */
  | { readonly type: 'unsaved'; readonly fileName: string; readonly text: string | null }
  | { readonly type: 'forget'; readonly key: string };

/** A statement that the other side does not have yet. */
export interface SentStatement {
  readonly id: number;
  readonly statement: Statement;
  /** As the shell takes it. */
  readonly text: string;
}

/** Statements come in order and in small lists, so that reading one of them takes no time; a number is the id of a known one. */
export type FromStatementWorker =
  | { readonly type: 'part'; readonly request: number; readonly items: readonly (number | SentStatement)[] }
  /** The end of a list; one that is not `whole` is of a file that is still being read. */
  | { readonly type: 'end'; readonly request: number; readonly whole: boolean; readonly unread?: Unread }
  | { readonly type: 'failed'; readonly request: number; readonly message: string };
