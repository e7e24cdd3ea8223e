import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isNodeExecutable } from './nodeExecutable';

/** What a program file is: Node, or Node with a program packed into it (a single executable application). */
export type NodeInside = 'node' | 'packed';

/** Node 20 and later: https://nodejs.org/api/single-executable-applications.html. `:1` follows where a program was put in. */
const FUSE = Buffer.from('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:');
/** Electron has all of Node, and answers a signal differently. */
const ELECTRON = Buffer.from('ELECTRON_RUN_AS_NODE');

/** Bytes: Node is larger than the first; its words stand in the first 52 MB, and a packed program behind them, so no more than the second is read. */
const SMALLEST = 30e6;
const MOST_READ = 200e6;
const CHUNK = 1024 * 1024;
/** Files that are remembered; each takes some 50 ms to read. */
const MOST_FILES = 500;

const known = new Map<string, NodeInside | undefined>();

/** What runs in a process of Linux, by the name of its file, and else by what is in that; undefined where it is something else. */
export function nodeInside(pid: number, executable: string): NodeInside | undefined {
  return isNodeExecutable(executable) ? 'node' : readProgram(`/proc/${pid}/exe`);
}

/** Undefined, too, where the file may not be read. */
export function readProgram(path: string): NodeInside | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { dev, ino, size, mtimeMs } = fstatSync(file);
    if (size < SMALLEST) return undefined;
    const key = `${dev}:${ino}:${size}:${mtimeMs}`;
    if (!known.has(key)) {
      if (known.size >= MOST_FILES) known.clear();
      known.set(key, search(file));
    }
    return known.get(key);
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

function search(file: number): NodeInside | undefined {
  // A word may lie across the end of a piece.
  const overlap = FUSE.length + 1;
  const piece = Buffer.allocUnsafe(CHUNK);
  let found: NodeInside | undefined;
  for (let at = 0; ; at += CHUNK - overlap) {
    const length = readSync(file, piece, 0, CHUNK, at);
    const bytes = piece.subarray(0, length);
    if (bytes.includes(ELECTRON)) return undefined;
    const fuse = bytes.indexOf(FUSE);
    if (fuse >= 0 && fuse + FUSE.length < length) {
      if (bytes[fuse + FUSE.length] === 0x31) found = 'packed';
      else found ??= 'node';
    }
    if (length < CHUNK || at > MOST_READ) return found;
  }
}
