import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf, isStill, numbering } from '../processes/birth';
import { namesInOwnFolders, ownFolder } from '../processes/ownFolder';
import type { TcpListener } from '../processes/tcpSockets';

// What Heatlens opens is written down before it is opened, in a file that outlives us: whatever kills our side, and when,
// the next start finds what was left open.

/** An inspector that Heatlens opened, or was about to open, and everything that is needed to close it. */
export interface Opened {
  readonly pid: number;
  /** See `birthOf`. */
  readonly birth: string | undefined;
  /** Our name in the target's list of what is to be undone. */
  readonly lease: string;
  /** `ADDRESS PORT` of what the process listened on before: none of it is the inspector that was opened. */
  readonly before: readonly string[];
  /** Absent while it is not known. */
  readonly port?: number;
  /** The process was asked to open it. */
  readonly isAsked?: boolean;
  /** Epoch ms. */
  readonly at: number;
}

export interface OpenedNote {
  /** False where there is nowhere to keep it. */
  readonly isKept: boolean;
  update(change: { readonly port: number } | { readonly isAsked: true }): void;
  /** The inspector is closed again, or was never opened. */
  remove(): void;
  /** Nobody is going to close it now: from here on it is as if its owner had gone. */
  abandon(): void;
}

interface Written extends Opened {
  readonly owner: { readonly pid: number; readonly birth: string | undefined };
  readonly numbering: string;
}

export interface LeftOpen {
  readonly file: string;
  readonly opened: Opened;
}

const NAME = /^opened-\d+-[0-9a-f-]{36}\.json$/;
/** A note is some hundred bytes; anything else is none of ours. */
const MAX_BYTES = 64 * 1024;

/** Files that are in use here. */
const inUse = new Set<string>();

export function listenerKey(listener: TcpListener): string {
  return `${listener.address} ${listener.port}`;
}

/** Never throws: an attach does not fail because it could not be noted. */
export async function noteOpened(opened: Opened): Promise<OpenedNote> {
  const folder = ownFolder();
  const owner = { pid: process.pid, birth: await birthOf(process.pid) };
  let written: Written = { ...opened, owner, numbering: numbering() };
  const file = folder && join(folder, `opened-${opened.pid}-${randomUUID()}.json`);
  let isKept = false;
  const write = (): void => {
    if (file === undefined) return;
    try {
      writeFileSync(`${file}.new`, JSON.stringify(written), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      inUse.add(file);
      isKept = true;
    } catch {
      // A full disk, for one.
    }
  };
  write();
  return {
    get isKept() {
      return isKept;
    },
    update(change) {
      written = { ...written, ...change };
      write();
    },
    remove() {
      if (file === undefined) return;
      rmSync(file, { force: true });
      inUse.delete(file);
    },
    abandon() {
      if (file !== undefined) inUse.delete(file);
    },
  };
}

/** Whether it is worth a closer look. */
export function hasNotes(): boolean {
  return namesInOwnFolders().some((name) => NAME.test(name));
}

/** Whether a Heatlens, this one or another, caused the inspector at that port to be opened: then it is to be closed again. */
export function isOpenedByHeatlens(pid: number, birth: string | undefined, at: { readonly port: number }): boolean {
  const folder = ownFolder();
  if (folder === undefined) return false;
  const here = numbering();
  return namesInOwnFolders()
    .filter((name) => NAME.test(name))
    .map((name) => read(join(folder, name)))
    .some(
      (note) =>
        note?.pid === pid &&
        note.birth === birth &&
        note.numbering === here &&
        (note.port === undefined
          ? note.isAsked === true && !note.before.some((each) => each.endsWith(` ${at.port}`))
          : note.port === at.port),
    );
}

/** What nobody is going to close: its owner is gone, and the process that it was opened in is not. Removes all other notes. */
export async function notesOfLost(): Promise<LeftOpen[]> {
  const folder = ownFolder();
  if (folder === undefined) return [];
  const here = numbering();
  const lost: LeftOpen[] = [];
  for (const name of readdirSync(folder)) {
    if (!NAME.test(name)) continue;
    const file = join(folder, name);
    if (inUse.has(file)) continue;
    const note = read(file);
    if (!note) continue;
    // In a container that shares the folder, our numbers are those of other processes; after a restart they are nobody's.
    if (note.numbering !== here) {
      if (note.numbering.split(' ')[0] !== here.split(' ')[0]) rmSync(file, { force: true });
      continue;
    }
    const isOurs = note.owner.pid === process.pid;
    if (!isOurs && (await isRunning(note.owner))) continue;
    if (await isRunning(note)) lost.push({ file, opened: note });
    else rmSync(file, { force: true });
  }
  return lost;
}

async function isRunning({ pid, birth }: { pid: number; birth: string | undefined }): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return isStill(pid, birth);
}

function read(file: string): Written | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const note = text.length <= MAX_BYTES ? (JSON.parse(text) as Partial<Written> | null) : null;
    const isWhole =
      Number.isSafeInteger(note?.pid) &&
      Number.isSafeInteger(note?.owner?.pid) &&
      typeof note?.lease === 'string' &&
      typeof note.numbering === 'string' &&
      typeof note.at === 'number' &&
      Array.isArray(note.before);
    return isWhole ? (note as Written) : undefined;
  } catch {
    return undefined; // removed meanwhile, or cut off in the middle
  }
}
