import { constants } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { LimitError } from '../../core/collections/limitError';
import type { HeatlensError } from '../../core/errors';
import { hasManyValues } from '../../core/jsonValues';
import { JsonError } from '../../core/profile/scan/jsonSink';
import { V8Scan } from '../../core/profile/scan/v8Scan';
import type { ScannedProfile } from '../../core/profile/scan/v8Sink';
import { ownNote } from '../../core/profile/v8/profileNote';
import { treeColumns } from '../../core/profile/v8/treeProfile';
import { warmUp } from '../../core/profile/scan/warmUp';
import { allBytes, allText, profileBytes, type ReadOptions, type SizeLimit } from './profileBytes';
import {
  profileBeyondLimits,
  profileForeign,
  profileOutOfMemory,
  profileTooLarge,
  profileTruncated,
} from './profileErrors';

export type ProfileContent =
  | Extract<ScannedProfile, { readonly format: 'cpuprofile' | 'heapprofile' }>
  | { readonly format: 'speedscope'; readonly json: unknown }
  | { readonly format: 'pprof'; readonly bytes: Uint8Array }
  | { readonly format: 'folded'; readonly text: string };

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** What may stand before the text. */
const SPACES: readonly number[] = [0x20, 0x09, 0x0a, 0x0c, 0x0d, ...BYTE_ORDER_MARK];
const isSpace = new Uint8Array(256);
for (const space of SPACES) isSpace[space] = 1;
/** Unpacked. Tools that write pprof stay below a tenth of it. */
const LARGEST_PPROF_BYTES = 256 * 1024 ** 2;
/** Of a speedscope file or a tree, which becomes an object each: five million events or samples. */
const MOST_VALUES = 24_000_000;

/**
 * What a profile file holds, told by its content and not by its name; packed ones (gzip) are unpacked. V8's formats are
 * read straight into columns, in memory proportional to those. Throws a HeatlensError that names the file, or the
 * signal's reason.
 */
export async function readProfile(path: string, options: ReadOptions = {}): Promise<ProfileContent> {
  try {
    const format = await guessFormat(path, options.signal);
    switch (format) {
      case 'json':
        return await readJson(path, options);
      case 'pprof':
        return { format, bytes: await allBytes(path, limit(path, format, LARGEST_PPROF_BYTES), options) };
      case 'folded':
        return { format, text: await allText(path, textLimit(path, 'folded stacks'), options) };
    }
  } catch (error) {
    throw asLimit(path, error);
  }
}

/** What was too much, as the error that names the file; anything else as it is. */
export function asLimit(path: string, error: unknown): unknown {
  if (error instanceof LimitError) return profileBeyondLimits(path, error.message, error);
  return error instanceof RangeError ? profileOutOfMemory(path, error) : error;
}

async function readJson(path: string, options: ReadOptions): Promise<ProfileContent> {
  warmUp();
  const scan = new V8Scan();
  let scanned: ScannedProfile | undefined;
  try {
    for await (const chunk of profileBytes(path, options)) {
      scan.push(chunk);
      if (scan.isSpeedscope) break;
    }
    if (!scan.isSpeedscope) scanned = scan.end();
  } catch (error) {
    if (error instanceof JsonError) throw profileTruncated(path, 'its JSON breaks off or is broken', error);
    throw error;
  }
  if (scanned?.format === 'cpuprofile' || scanned?.format === 'heapprofile') return scanned;
  if (scanned && scanned.format !== 'cputree') throw profileForeign(path);
  const text = await wholeText(path, scanned ? 'CPU profile of before 2017' : 'speedscope', options);
  if (hasManyValues(text, MOST_VALUES))
    throw profileBeyondLimits(path, `it has more than ${MOST_VALUES.toLocaleString('en')} values`);
  try {
    const json = JSON.parse(text) as unknown;
    return scanned
      ? { format: 'cpuprofile', note: ownNote({}), profile: treeColumns(json) }
      : { format: 'speedscope', json };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8's error repeats what is in the file.
    throw profileTruncated(path, 'its JSON breaks off or is broken');
  }
}

/** Of the formats that become an object each. */
async function wholeText(path: string, format: string, options: ReadOptions): Promise<string> {
  const most = textLimit(path, format);
  const { size } = await stat(path);
  if (size > most.bytes) throw most.error(size);
  return allText(path, most, options);
}

/** A string of V8 holds no more, and these formats are read from one. */
function textLimit(path: string, format: string): SizeLimit {
  return limit(path, format, constants.MAX_STRING_LENGTH);
}

function limit(path: string, format: string, most: number): SizeLimit {
  return { bytes: most, error: (bytes): HeatlensError => profileTooLarge(path, bytes, format, most) };
}

/** By the first bytes: JSON, a protocol buffer, or lines of text. */
async function guessFormat(path: string, signal: AbortSignal | undefined): Promise<'json' | 'pprof' | 'folded'> {
  let first = -1;
  let head: Uint8Array | undefined;
  for await (const chunk of profileBytes(path, { signal })) {
    if (first < 0) first = chunk[0];
    let start = 0;
    while (start < chunk.length && isSpace[chunk[start]]) start++;
    if (start === chunk.length) continue;
    head = chunk.slice(start, start + 4_096);
    break;
  }
  if (!head) throw profileForeign(path);
  const text = new TextDecoder().decode(head);
  if (/^[[{]/.test(text)) {
    // Perf writes "[unknown];main 5".
    const [line] = text.split(/\r?\n/, 1);
    return /^[^"]*[^",:] \d+$/.test(line) ? 'folded' : 'json';
  }
  if (!head.some((byte) => byte < 0x20 && !SPACES.includes(byte))) {
    // Any text could be meant; one whose lines never end with a count is none.
    if (text.includes('\n') && !/\s\d+(?:\.\d+)?\r?$/m.test(text)) throw profileForeign(path);
    return 'folded';
  }
  // The usual first byte of a pprof file is a line feed, too.
  if (isProtobufTag(first)) return 'pprof';
  throw profileForeign(path);
}

/** Fields of a pprof profile are numbered up to 15, and are numbers or counted bytes. */
function isProtobufTag(byte: number): boolean {
  const field = byte >> 3;
  return field >= 1 && field <= 15 && ((byte & 7) === 0 || (byte & 7) === 2);
}
