import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { errorText, isHeatlensError, type HeatlensError } from '../../core/errors';
import { openRegularFile } from '../files/readForeignFile';
import { profileTruncated, profileUnpacksTooLarge, profileUnreadable } from './profileErrors';

const CHUNK_BYTES = 2 * 1024 * 1024;

/**
 * What a packed file may unpack to: gzip can make a thousand bytes of one, and profiles pack to a fifth or a twentieth. The ratio
 * does not count before there are so many bytes.
 */
const MOST_UNPACKED_BYTES = 512 * 1024 ** 2;
const MOST_RATIO = 100;
const RATIO_FROM_BYTES = 32 * 1024 ** 2;

export interface ReadOptions {
  /** Reading rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Of the file's bytes, 0..1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The bytes of a file in order, as long as it was when it was opened, unpacked where it is a gzip, UTF-16 as UTF-8. A chunk is valid until the next one is asked for: plain files
 * are read into one buffer, over and over. Throws a HeatlensError that names the file.
 */
export async function* profileBytes(
  path: string,
  { signal, onProgress }: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    signal?.throwIfAborted();
    // A pipe would be waited for, and can be read only once; a device may have no end.
    const opened = await openRegularFile(path);
    if ('problem' in opened) throw profileUnreadable(path, opened.isFolder ? 'it is a folder' : 'it is not a file');
    const { handle: file, stats } = opened;
    try {
      const progress = (bytes: number): void => {
        if (stats.size) onProgress?.(Math.min(1, bytes / stats.size));
      };
      const read = (await isGzip(file)) ? unpacked : plain;
      yield* inUtf8(read(path, file, stats, signal, progress));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isHeatlensError(error) || signal?.aborted) throw error;
    throw asUnreadable(path, error);
  }
}

/** Windows PowerShell writes what a program prints in UTF-16, with a byte order mark. */
async function* inUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let decoder: ReturnType<typeof utf16Decoder>;
  let isFirst = true;
  const encoder = new TextEncoder();
  for await (const chunk of chunks) {
    if (isFirst) decoder = utf16Decoder(chunk);
    isFirst = false;
    yield decoder ? encoder.encode(decoder.decode(chunk, { stream: true })) : chunk;
  }
  const rest = decoder?.decode();
  if (rest) yield encoder.encode(rest);
}

/** Undefined for what does not begin with the mark of UTF-16: no other profile begins so. */
function utf16Decoder([first, second]: Uint8Array) {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  return first === 0xfe && second === 0xff ? new TextDecoder('utf-16be') : undefined;
}

async function* plain(
  path: string,
  file: FileHandle,
  stats: Stats,
  signal: AbortSignal | undefined,
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(Math.max(4_096, Math.min(CHUNK_BYTES, stats.size)));
  for (let position = 0; ;) {
    // What is added meanwhile might have no end; a profile that is being written is no complete one anyway.
    const wanted = Math.min(buffer.length, stats.size - position);
    const bytesRead = wanted > 0 ? (await file.read(buffer, 0, wanted, position)).bytesRead : 0;
    signal?.throwIfAborted();
    if (!bytesRead) {
      if (!position) throw profileTruncated(path, 'the file is empty');
      return;
    }
    position += bytesRead;
    progress(position);
    yield buffer.subarray(0, bytesRead);
    signal?.throwIfAborted();
  }
}

async function* unpacked(
  path: string,
  handle: FileHandle,
  { size }: Stats,
  signal: AbortSignal | undefined,
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const highWaterMark = CHUNK_BYTES / 4;
  const file = handle.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES / 2 });
  file.on('error', (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  let made = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      made += chunk.length;
      if (made > MOST_UNPACKED_BYTES)
        throw profileUnpacksTooLarge(path, `unpacked it has more than ${MOST_UNPACKED_BYTES / 1024 ** 2} MB`);
      if (made > RATIO_FROM_BYTES && made > MOST_RATIO * file.bytesRead)
        throw profileUnpacksTooLarge(path, `it unpacks to more than ${MOST_RATIO} times its size, as no profile does`);
      progress(file.bytesRead);
      yield chunk;
      signal?.throwIfAborted();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw profileTruncated(path, 'its gzip data breaks off or is broken', error);
    throw error;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
  if (!made) throw profileTruncated(path, 'there is nothing in it');
}

async function isGzip(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

/** More than that is refused as soon as it is there. */
export interface SizeLimit {
  readonly bytes: number;
  error(bytes: number): HeatlensError;
}

/** All of a file, unpacked. */
export async function allBytes(path: string, limit: SizeLimit, options: ReadOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of profileBytes(path, options)) {
    length += chunk.length;
    if (length > limit.bytes) throw limit.error(length);
    parts.push(chunk.slice());
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The same as text; a byte order mark is left out. */
export async function allText(path: string, limit: SizeLimit, options: ReadOptions): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of profileBytes(path, options)) {
    length += chunk.length;
    if (length > limit.bytes) throw limit.error(length);
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return `${parts.join('')}${decoder.decode()}`;
}

function asUnreadable(path: string, error: unknown): HeatlensError {
  const code = (error as NodeJS.ErrnoException).code;
  const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : errorText(error);
  return profileUnreadable(path, why, error);
}
