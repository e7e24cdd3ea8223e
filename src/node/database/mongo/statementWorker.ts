import { parentPort, workerData } from 'node:worker_threads';
import { createStatementFinder, type StatementFinder } from '../../../core/database/mongo/calls/findStatements';
import type { Statement } from '../../../core/database/statement';
import { shellText } from '../../../core/database/mongo/shell/shellText';
import { findLimits } from './findLimits';
import { createImportedFiles } from './importedFiles';
import {
  SIGNAL,
  type FromStatementWorker,
  type SentStatement,
  type StatementWorkerData,
  type ToStatementWorker,
} from './statementMessages';

/** Entry of the worker thread of `createStatementService`: finds the statements of one version of a file after the other. */

/** Files whose parts are kept for their next version: the ones that were asked for last. */
const MAX_KEPT = 30;
/** Characters of the statements of one message, and statements. */
const MAX_CHARACTERS = 10_000;
const MAX_ITEMS = 50;
/** ms to wait until a part is taken; then the other side is too busy to be spared. */
const TAKEN_WITHIN_MS = 1_000;
/** Between two lists of a file that is still being read. */
const PROGRESS_MS = 150;

interface Kept {
  readonly finder: StatementFinder;
  /** Those that the other side has. */
  ids: Map<Statement, number>;
}

const { signals: buffer, maxStatements } = workerData as StatementWorkerData;
const signals = new Int32Array(buffer);
const kept = new Map<string, Kept>();
const unsaved = new Map<string, string>();
let folders: readonly string[] = [];
let current = 0;
let lastId = 0;

const imported = createImportedFiles(() => folders);
const resolveImport: typeof imported.resolveImport = (from, specifier) => {
  const file = imported.resolveImport(from, specifier);
  const text = file && unsaved.get(file.fileName);
  return file && text !== undefined ? { fileName: file.fileName, text } : file;
};
const limits = {
  ...findLimits,
  maxStatements,
  now: () =>
    Atomics.load(signals, SIGNAL.superseded) === current ? Infinity : (findLimits.now?.() ?? performance.now()),
};

function post(message: FromStatementWorker): void {
  parentPort?.postMessage(message);
}

function keptOf(key: string, fileName: string): Kept {
  const found = kept.get(key) ?? { finder: createStatementFinder(fileName, { resolveImport }, limits), ids: new Map() };
  // To the end: the first are the ones that were not asked for longest.
  kept.delete(key);
  kept.set(key, found);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT) kept.delete(oldest);
  return found;
}

/** Of a list that is not whole, those behind it may still come. */
function send(of: Kept, statements: readonly Statement[], isWhole: boolean): void {
  const ids = new Map(isWhole ? [] : of.ids);
  let items: (number | SentStatement)[] = [];
  let characters = 0;
  const flush = (): void => {
    if (items.length) {
      const before = Atomics.load(signals, SIGNAL.taken);
      post({ type: 'part', request: current, items });
      Atomics.wait(signals, SIGNAL.taken, before, TAKEN_WITHIN_MS);
    }
    items = [];
    characters = 0;
  };
  for (const statement of statements) {
    const known = of.ids.get(statement);
    ids.set(statement, known ?? ++lastId);
    if (known !== undefined) items.push(known);
    else {
      const { text } = shellText(statement);
      items.push({ id: lastId, statement, text });
      characters += text.length;
    }
    if (items.length >= MAX_ITEMS || characters >= MAX_CHARACTERS) flush();
  }
  flush();
  of.ids = ids;
}

function find({ request, key, fileName, text, folders: roots }: Extract<ToStatementWorker, { type: 'find' }>): void {
  current = request;
  folders = roots;
  const of = keptOf(key, fileName);
  let last = performance.now();
  try {
    const statements = of.finder.find(text, (soFar) => {
      if (performance.now() - last < PROGRESS_MS) return;
      send(of, soFar(), false);
      post({ type: 'end', request, whole: false });
      last = performance.now();
    });
    send(of, statements, true);
    post({ type: 'end', request, whole: true, unread: of.finder.unread() });
  } catch (error) {
    kept.delete(key);
    post({ type: 'failed', request, message: error instanceof Error ? error.message : String(error) });
  }
}

parentPort?.on('message', (message: ToStatementWorker) => {
  switch (message.type) {
    case 'find':
      return find(message);
    case 'unsaved':
      if (message.text === null) unsaved.delete(message.fileName);
      else unsaved.set(message.fileName, message.text);
      return;
    case 'forget':
      kept.delete(message.key);
  }
});
