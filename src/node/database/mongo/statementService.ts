import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Unread } from '../../../core/database/mongo/calls/findStatements';
import type { Disposable } from '../../../core/disposable';
import type { Statement } from '../../../core/database/statement';
import { workerScript } from '../../workerScript';
import {
  SIGNAL,
  type FromStatementWorker,
  type StatementWorkerData,
  type ToStatementWorker,
} from './statementMessages';

/** What is known of one version of a file. */
export interface FoundStatements {
  /** In order; of two answers for one file those that did not change or move are the same objects. */
  readonly statements: readonly Statement[];
  readonly unread?: Unread | Failed;
}

/** The thread ended while it read the file. */
export interface Failed {
  /** Of the last statement that was found. */
  readonly line: number;
  readonly why: 'time' | 'memory' | 'failed';
  readonly message?: string;
}

export interface FindRequest {
  /** Versions of one file have the same. */
  readonly key: string;
  readonly fileName: string;
  readonly text: string;
  /** Where imports may lead. */
  readonly folders: readonly string[];
  /** Called with what was found so far, when a file takes long. */
  onProgress?(soFar: readonly Statement[]): void;
}

/**
 * Finds statements in a worker thread: whatever a file has in it, the caller's thread goes on. The thread is started by the first
 * request, ended when a file holds it up, and started again by the next.
 */
export interface StatementService extends Disposable {
  /** Undefined when another version of the file was asked for meanwhile, or it was forgotten. Never rejects. */
  find(request: FindRequest): Promise<FoundStatements | undefined>;
  forget(key: string): void;
  /** What a file holds that is not saved; undefined once it is. */
  setUnsaved(fileName: string, text: string | undefined): void;
}

export interface ServiceOptions {
  /** The worker's script; else the one that the build puts beside this one. */
  readonly script?: string;
  readonly limits?: ResourceLimits;
  readonly hardLimitMs?: number;
  readonly maxStatements?: number;
  /** Told when a statement arrives: its text as the shell takes it. */
  onStatement?(statement: Statement, text: string): void;
}

/** Nobody looks at more in one file, and the editor makes something of each. */
const MAX_STATEMENTS = 500;
/** The thread ends a search by itself after `TIME_LIMIT_MS` of work; one that does not is stuck, or the machine very busy. */
const HARD_LIMIT_MS = 10_000;
const LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 400, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

interface Asked extends FindRequest {
  readonly id: number;
  readonly resolve: (found: FoundStatements | undefined) => void;
  isSuperseded: boolean;
  /** The list that is arriving. */
  arriving: Statement[];
  /** The last whole list of it. */
  soFar: readonly Statement[];
}

export function createStatementService({
  script = workerScript(__dirname, 'statementWorker'),
  limits = LIMITS,
  hardLimitMs = HARD_LIMIT_MS,
  maxStatements = MAX_STATEMENTS,
  onStatement,
}: ServiceOptions = {}): StatementService {
  let worker: Worker | undefined;
  let lastId = 0;
  let active: Asked | undefined;
  let limit: NodeJS.Timeout | undefined;
  const waiting = new Map<string, Asked>();
  /** By file, the statements that the thread knows to be here. */
  const known = new Map<string, Map<number, Statement>>();
  const unsaved = new Map<string, string>();
  const signals = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Object.keys(SIGNAL).length));

  function post(message: ToStatementWorker): void {
    worker?.postMessage(message);
  }

  function start(): Worker {
    const started = new Worker(script, {
      workerData: { signals: signals.buffer, maxStatements } satisfies StatementWorkerData,
      resourceLimits: limits,
      name: 'heatlens statements',
    });
    // It is no reason for the process to go on.
    started.unref();
    started.on('message', (message: FromStatementWorker) => received(message));
    started.on('error', (error: NodeJS.ErrnoException) =>
      lost(started, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'failed', error.message),
    );
    started.on('exit', (code) => lost(started, 'failed', `the thread ended with ${code}`));
    for (const [fileName, text] of unsaved) started.postMessage({ type: 'unsaved', fileName, text });
    return started;
  }

  /** The thread is gone, or is to be. */
  function lost(which: Worker, why: Failed['why'], message?: string): void {
    if (which !== worker) return;
    worker = undefined;
    known.clear();
    which.removeAllListeners();
    which.on('error', () => undefined);
    void which.terminate();
    if (!active) return;
    const line = active.soFar.at(-1)?.span.start.line ?? 0;
    settle({ statements: active.soFar, unread: { line, why, message } });
  }

  function settle(found: FoundStatements | undefined): void {
    const asked = active;
    active = undefined;
    clearTimeout(limit);
    asked?.resolve(asked.isSuperseded ? undefined : found);
    next();
  }

  function next(): void {
    const [asked] = waiting.values();
    if (active || !asked) return;
    waiting.delete(asked.key);
    active = asked;
    try {
      worker ??= start();
    } catch (error) {
      return settle({ statements: [], unread: { line: 0, why: 'failed', message: String(error) } });
    }
    const { id, key, fileName, text, folders } = asked;
    const busy = worker;
    limit = setTimeout(() => lost(busy, 'time'), hardLimitMs);
    limit.unref();
    post({ type: 'find', request: id, key, fileName, text, folders });
  }

  function taken(): void {
    Atomics.add(signals, SIGNAL.taken, 1);
    Atomics.notify(signals, SIGNAL.taken);
  }

  function received(message: FromStatementWorker): void {
    // In a turn of the event loop of its own: what else waits there comes first.
    if (message.type === 'part') setImmediate(taken);
    if (message.request !== active?.id) return;
    const { key, onProgress } = active;
    switch (message.type) {
      case 'part': {
        let ofKey = known.get(key);
        if (!ofKey) known.set(key, (ofKey = new Map()));
        for (const item of message.items) {
          if (typeof item === 'number') {
            const statement = ofKey.get(item);
            if (statement) active.arriving.push(statement);
          } else {
            ofKey.set(item.id, item.statement);
            active.arriving.push(item.statement);
            onStatement?.(item.statement, item.text);
          }
        }
        return;
      }
      case 'end': {
        const statements = active.arriving;
        active.arriving = [];
        active.soFar = statements;
        if (message.whole) {
          forgetGone(key, statements);
          return settle({ statements, unread: message.unread });
        }
        if (!active.isSuperseded) onProgress?.(statements);
        return;
      }
      case 'failed':
        return settle({
          statements: active.soFar,
          unread: { line: active.soFar.at(-1)?.span.start.line ?? 0, why: 'failed', message: message.message },
        });
    }
  }

  /** The thread names only those of the last list. */
  function forgetGone(key: string, present: readonly Statement[]): void {
    const ofKey = known.get(key);
    if (!ofKey || ofKey.size === present.length) return;
    const here = new Set(present);
    for (const [id, statement] of ofKey) if (!here.has(statement)) ofKey.delete(id);
  }

  function giveUp(key: string): void {
    waiting.get(key)?.resolve(undefined);
    waiting.delete(key);
    if (active?.key !== key) return;
    active.isSuperseded = true;
    Atomics.store(signals, SIGNAL.superseded, active.id);
  }

  return {
    find: (request) =>
      new Promise((resolve) => {
        giveUp(request.key);
        waiting.set(request.key, {
          ...request,
          id: ++lastId,
          resolve,
          isSuperseded: false,
          arriving: [],
          soFar: [],
        });
        next();
      }),
    forget(key) {
      giveUp(key);
      known.delete(key);
      post({ type: 'forget', key });
    },
    setUnsaved(fileName, text) {
      if (text === undefined) unsaved.delete(fileName);
      else unsaved.set(fileName, text);
      post({ type: 'unsaved', fileName, text: text ?? null });
    },
    dispose() {
      for (const { resolve } of waiting.values()) resolve(undefined);
      waiting.clear();
      if (active) active.isSuperseded = true;
      if (worker) lost(worker, 'failed');
    },
  };
}
