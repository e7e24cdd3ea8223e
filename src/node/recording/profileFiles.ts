import { readFile, stat } from 'node:fs/promises';
import { errorText, HeatlensError } from '../../core/errors';
import type { Accuracy } from '../../core/heat/heatSnapshot';
import type { RawCpuProfile, RawHeapProfile } from '../../core/profile/rawProfile';
import type { HeapMeasure } from '../sampler/samplingBackend';

export type ProfileFile =
  | { readonly kind: 'cpu'; readonly accuracy: Accuracy; readonly profile: RawCpuProfile }
  | { readonly kind: 'heap'; readonly accuracy: Accuracy; readonly measure: HeapMeasure; readonly windowMs: number; readonly profile: RawHeapProfile };

/** V8 cannot hold a longer string, and JSON.parse needs one. */
const LARGEST_FILE_BYTES = 512 * 1024 * 1024;

/**
 * What our own files say beside V8's fields, which other tools pass over. A foreign file is approximate, and a foreign
 * heap profile holds live bytes, which is what V8 records by default.
 */
export interface ProfileNote {
  heatlens?: { accuracy?: Accuracy; measure?: HeapMeasure; windowMs?: number };
}

export function profileUnreadable(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError('profileUnreadable', `${path} cannot be read: ${why}.`, 'Check the path and the permissions.', { cause });
}

export function profileTruncated(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileTruncated',
    `${path} is not a complete profile: ${why}.`,
    'Record it again, and wait until the tool that writes it has ended.',
    { cause },
  );
}

export function profileForeign(path: string): HeatlensError {
  return new HeatlensError(
    'profileForeign',
    `${path} is neither a V8 CPU profile (nodes) nor a V8 heap profile (head).`,
    'Choose a .cpuprofile or .heapprofile file as Node, Chrome DevTools or VS Code write it.',
  );
}

export function profileTooLarge(path: string, bytes: number): HeatlensError {
  return new HeatlensError(
    'profileTooLarge',
    `${path} has ${Math.round(bytes / 1e6)} MB, more than the 512 MB that can be read at once.`,
    'Record a shorter time or a longer sampling interval.',
  );
}

/** Reads a `.cpuprofile` or `.heapprofile`, told apart by their content. Throws a HeatlensError that names the file. */
export async function readProfileFile(path: string): Promise<ProfileFile> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) throw profileTooLarge(path, size);
    if (size === 0) throw profileTruncated(path, 'the file is empty');
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof HeatlensError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : errorText(error);
    throw profileUnreadable(path, why, error);
  }
  return parseProfile(path, text);
}

/** The same of a text that was read already; `path` names it in messages. */
export function parseProfile(path: string, text: string): ProfileFile {
  let json: unknown;
  try {
    // Editors on Windows put a byte order mark first.
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw profileTruncated(path, 'its JSON breaks off or is broken', error);
  }
  if (typeof json === 'object' && json !== null) {
    const note = (json as ProfileNote).heatlens;
    const accuracy = note?.accuracy === 'exact' ? 'exact' : 'approximate';
    if (hasCpuNodes(json as RawCpuProfile)) return { kind: 'cpu', accuracy, profile: json as RawCpuProfile };
    const head = (json as RawHeapProfile).head;
    if (typeof head === 'object' && head !== null && Array.isArray(head.children)) {
      return {
        kind: 'heap',
        accuracy,
        measure: note?.measure === 'allocated' ? 'allocated' : 'live',
        windowMs: Number.isSafeInteger(note?.windowMs) ? Math.max(0, note!.windowMs!) : 0,
        profile: json as RawHeapProfile,
      };
    }
  }
  throw profileForeign(path);
}

/** Other formats have `nodes` as well: those of a heap snapshot are numbers. */
function hasCpuNodes({ nodes }: RawCpuProfile): boolean {
  return Array.isArray(nodes) && (nodes.length === 0 || nodes.some((node) => typeof node?.id === 'number'));
}
