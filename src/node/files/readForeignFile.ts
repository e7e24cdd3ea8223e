import { closeSync, constants, fstatSync, openSync, readSync, statfsSync, statSync, type Stats } from 'node:fs';
import { open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { whyNotLocal, type NotLocal, type PathFlavour } from '../../core/source/localPath';
import { inMegabytes } from '../../core/words/bytes';
import { createLinkJudge } from './judgeLinks';
import type { ReadBudget } from './readBudget';
import { createTurns, StuckError } from './turns';

/** What a file of a stranger's naming held. */
export interface ForeignFile {
  readonly bytes: Buffer;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface ForeignText {
  readonly text: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface FileProblem {
  readonly problem: 'missing' | 'not-here' | 'not-a-file' | 'too-large' | 'too-many' | 'unreadable';
  /** For people, without a full stop. Holds the path, and nothing of what is in the file. */
  readonly detail: string;
  readonly isFolder?: boolean;
}

export interface LookOptions {
  /** Folders that the user named: what lies in them may be on another machine. */
  readonly given?: readonly string[];
  /** Reading rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface ReadLimits extends LookOptions {
  readonly maxBytes: number;
  /** For all files that are read for one thing, such as the sources of a profile. */
  readonly budget?: ReadBudget;
}

/** Files that are open or looked at at once: libuv has four threads for everybody's, and a disk may not answer. */
const AT_ONCE = 2;
/** ms; a disk that has not answered by then is given up. */
const PATIENCE_MS = 20_000;
const CHUNK_BYTES = 1024 * 1024;
/** Null bytes are in no text that anybody writes, and soon in everything else. */
const HEAD_BYTES = 8_192;
/** Of this machine. */
export const FLAVOUR: PathFlavour = process.platform === 'win32' ? 'win32' : 'posix';
/** Windows knows neither; there, what is no file is told by its name and by `stat`. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
/** `f_type` of what Linux shows of itself: proc, sysfs, debugfs, tracefs, cgroup and its second version, securityfs, bpf, configfs, pstore, efivarfs, binfmt_misc, nsfs, selinuxfs, fusectl, mqueue. */
const KERNEL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x27e0eb, 0x63677270, 0x73636673, 0xcafe4a11, 0x62656570, 0x6165676c,
  0xde5e81e4, 0x42494e4d, 0x6e736673, 0xf97cff8c, 0x65735543, 0x19800202,
]);

const judgeLinks = FLAVOUR === 'win32' ? createLinkJudge(FLAVOUR) : undefined;
const turns = createTurns(AT_ONCE, PATIENCE_MS);
/** By device number: whether the file system is the kernel's own. */
const kernelDevices = new Map<number, boolean>();

/**
 * Reads a file that a profile, a source map, an import or a setting of a workspace names: a plain file of this machine, up
 * to `maxBytes`, however large it grows meanwhile. A path that leads elsewhere is not even looked at; FIFOs, devices,
 * sockets, folders and what the kernel shows as files are never opened. Rejects with the signal's reason only.
 */
export async function readForeignFile(path: string, limits: ReadLimits): Promise<ForeignFile | FileProblem> {
  return read(path, limits, false);
}

/** The same as text, UTF-8; a file with null bytes at its beginning is none. */
export async function readForeignText(path: string, limits: ReadLimits): Promise<ForeignText | FileProblem> {
  const file = await read(path, limits, true);
  return 'problem' in file ? file : textOf(file);
}

/** Why the file is not one that may be opened; undefined for one that may be. Nothing is opened. */
export async function lookAtForeignFile(path: string, options: LookOptions = {}): Promise<FileProblem | undefined> {
  return attempt(path, options, async () => {
    const stats = await stat(path);
    return kindProblem(path, stats) ?? (await kernelProblem(path, stats));
  });
}

/** `readForeignText` for callers that cannot wait. */
export function readForeignTextSync(path: string, limits: Omit<ReadLimits, 'signal'>): ForeignText | FileProblem {
  const refused = pathProblem(path, limits.given);
  if (refused) return refused;
  try {
    const before = statSync(path);
    const wrong = kindProblem(path, before) ?? kernelProblemSync(path, before);
    if (wrong) return wrong;
    const handle = openSync(path, OPEN_FLAGS);
    try {
      const stats = fstatSync(handle);
      const problem =
        kindProblem(path, stats) ?? kernelProblemSync(path, stats) ?? sizeProblem(path, stats.size, limits);
      if (problem) return problem;
      const content = createContent(path, stats, limits, true);
      for (;;) {
        const { buffer, length, room } = content.next();
        const end = content.took(readSync(handle, buffer, length, room, null));
        if (end) return 'problem' in end ? end : textOf(end);
      }
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return errorProblem(path, error);
  }
}

/**
 * Opens a plain file for reading without waiting for anybody, or says why it is none. The path is not judged: it is the
 * user's own, or was judged before. Rejects as `open` does.
 */
export async function openRegularFile(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly stats: Stats } | FileProblem> {
  // Looked at first: opening alone wakes whoever waits at the other end of a FIFO, and rewinds tapes.
  const before = await stat(path);
  const wrong = kindProblem(path, before) ?? (await kernelProblem(path, before));
  if (wrong) return wrong;
  const handle = await open(path, OPEN_FLAGS);
  try {
    const stats = await handle.stat();
    const changed = kindProblem(path, stats) ?? (await kernelProblem(path, stats));
    if (!changed) return { handle, stats };
    await handle.close();
    return changed;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function attempt<T>(
  path: string,
  { given, signal }: LookOptions,
  task: () => Promise<T | FileProblem>,
): Promise<T | FileProblem> {
  signal?.throwIfAborted();
  const refused = pathProblem(path, given);
  if (refused) return refused;
  try {
    return await turns.run(task, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return errorProblem(path, error);
  }
}

function read(path: string, limits: ReadLimits, isText: boolean): Promise<ForeignFile | FileProblem> {
  return attempt(path, limits, async () => {
    const file = await openRegularFile(path);
    if ('problem' in file) return file;
    const { handle, stats } = file;
    try {
      const problem = sizeProblem(path, stats.size, limits);
      if (problem) return problem;
      const content = createContent(path, stats, limits, isText);
      for (;;) {
        limits.signal?.throwIfAborted();
        const { buffer, length, room } = content.next();
        const end = content.took((await handle.read(buffer, length, room, null)).bytesRead);
        if (end) return end;
      }
    } finally {
      await handle.close();
    }
  });
}

/** Collects what is read until nothing comes, or more than may. The first part is small, to see what it is. */
function createContent(path: string, stats: Stats, { maxBytes, budget }: ReadLimits, isText: boolean) {
  // As long as the file was when it was opened, and one more to see that it ends there.
  let buffer = Buffer.allocUnsafe(stats.size + 1);
  let length = 0;
  return {
    next() {
      if (length === buffer.length) {
        const longer = Buffer.allocUnsafe(Math.min(maxBytes + 1, 2 * length + CHUNK_BYTES));
        buffer.copy(longer, 0, 0, length);
        buffer = longer;
      }
      return { buffer, length, room: Math.min(buffer.length - length, length ? CHUNK_BYTES : HEAD_BYTES) };
    },
    took(count: number): ForeignFile | FileProblem | undefined {
      if (count === 0) return { bytes: buffer.subarray(0, length), modifiedAt: stats.mtimeMs };
      if (isText && length === 0 && buffer.subarray(0, count).includes(0)) return notText(path);
      length += count;
      if (length > maxBytes) return tooLarge(path, length);
      return budget && !budget.takeBytes(count) ? tooMany(path, budget) : undefined;
    },
  };
}

function pathProblem(path: string, given: readonly string[] | undefined): FileProblem | undefined {
  const why = whyNotHere(path, given);
  if (why === undefined) return undefined;
  if (why === 'elsewhere') return { problem: 'not-here', detail: `${shownPath(path)} is not on this machine` };
  return notAFile(path);
}

/** `whyNotLocal` for this machine; on Windows, where a look is enough to log in somewhere, links count for where they lead. */
export function whyNotHere(path: string, given: readonly string[] = []): NotLocal | undefined {
  return whyNotLocal(path, FLAVOUR, given) ?? judgeLinks?.(path, given);
}

function kindProblem(path: string, stats: Stats): FileProblem | undefined {
  return stats.isFile() ? undefined : { ...notAFile(path), isFolder: stats.isDirectory() };
}

function kernelProblemSync(path: string, { dev }: Stats): FileProblem | undefined {
  if (process.platform !== 'linux') return undefined;
  if (!kernelDevices.has(dev)) noteKernel(dev, statfsSync(path).type);
  return kernelDevices.get(dev) ? notAFile(path) : undefined;
}

async function kernelProblem(path: string, { dev }: Stats): Promise<FileProblem | undefined> {
  if (process.platform !== 'linux') return undefined;
  if (!kernelDevices.has(dev)) noteKernel(dev, (await statfs(path)).type);
  return kernelDevices.get(dev) ? notAFile(path) : undefined;
}

function noteKernel(dev: number, type: number): void {
  // Containers come and go with file systems of their own.
  if (kernelDevices.size >= 1_000) kernelDevices.clear();
  kernelDevices.set(dev, KERNEL_FILE_SYSTEMS.has(type >>> 0));
}

function sizeProblem(path: string, size: number, { maxBytes, budget }: ReadLimits): FileProblem | undefined {
  if (size > maxBytes) return tooLarge(path, size);
  return budget && !budget.takeFile(size) ? tooMany(path, budget) : undefined;
}

function notAFile(path: string): FileProblem {
  return { problem: 'not-a-file', detail: `${shownPath(path)} is not a file` };
}

function tooLarge(path: string, size: number): FileProblem {
  return { problem: 'too-large', detail: `${shownPath(path)} has ${inMegabytes(size)}` };
}

function tooMany(path: string, { limits }: ReadBudget): FileProblem {
  return {
    problem: 'too-many',
    detail: `${shownPath(path)} was left out: no more than ${limits.files} files of ${inMegabytes(limits.bytes)} in all are read`,
  };
}

function notText(path: string): FileProblem {
  return { problem: 'unreadable', detail: `${shownPath(path)} is not text` };
}

function textOf({ bytes, modifiedAt }: ForeignFile): ForeignText {
  return { text: bytes.toString('utf8'), modifiedAt };
}

function errorProblem(path: string, error: unknown): FileProblem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const shown = shownPath(path);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'missing', detail: `${shown} does not exist` };
  return { problem: 'unreadable', detail: `${shown} cannot be read (${whyUnreadable(code, error)})` };
}

function whyUnreadable(code: unknown, error: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'there is no permission';
    case 'ELOOP':
      return 'its links lead in a circle';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      if (error instanceof StuckError) return 'its disk does not answer';
      return typeof code === 'string' ? code : 'the system refuses it';
  }
}

/** Characters of a path that are shown: names of strangers may be of any length. */
const SHOWN_CHARACTERS = 300;

function shownPath(path: string): string {
  return path.length > SHOWN_CHARACTERS ? `${path.slice(0, SHOWN_CHARACTERS)}…` : path;
}
