/** The texts that a map has of its sources, as one buffer: it crosses threads without a copy, and a text is made when asked for. */
export interface SourceContents {
  readonly bytes: Uint8Array;
  /** By source: where its text begins in `bytes` and where it ends; both -1 for a source without a text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** `texts` has an entry for each source; what is no text is none. */
export function packContents(texts: readonly unknown[]): SourceContents {
  const starts = new Int32Array(texts.length).fill(-1);
  const ends = new Int32Array(texts.length).fill(-1);
  const encoder = new TextEncoder();
  // A UTF-16 unit is at most 3 bytes of UTF-8.
  let room = 0;
  for (const text of texts) if (typeof text === 'string') room = Math.max(room, text.length);
  let bytes = new Uint8Array(room);
  let length = 0;
  texts.forEach((text, source) => {
    if (typeof text !== 'string') return;
    if (bytes.length - length < text.length * 3) {
      const larger = new Uint8Array(
        Math.max(length + text.length * 3, Math.min(bytes.length * 2, bytes.length + 2 ** 24)),
      );
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    starts[source] = length;
    length += encoder.encodeInto(text, bytes.subarray(length)).written;
    ends[source] = length;
  });
  return { bytes: bytes.slice(0, length), starts, ends };
}

/** UTF-8 bytes of a source's text; -1 where the map has none. */
export function contentSize({ starts, ends }: SourceContents, source: number): number {
  return starts[source] >= 0 ? ends[source] - starts[source] : -1;
}

export function contentOf({ bytes, starts, ends }: SourceContents, source: number): string | null {
  if (!(starts[source] >= 0)) return null;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(starts[source], ends[source]));
}

/** The texts of several maps, the sources of each behind those of the one before. */
export function joinContents(parts: readonly SourceContents[]): SourceContents {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  const count = parts.reduce((sum, { starts }) => sum + starts.length, 0);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let source = 0;
  let offset = 0;
  for (const part of parts) {
    bytes.set(part.bytes, offset);
    for (let n = 0; n < part.starts.length; n++, source++) {
      starts[source] = part.starts[n] < 0 ? -1 : part.starts[n] + offset;
      ends[source] = part.ends[n] < 0 ? -1 : part.ends[n] + offset;
    }
    offset += part.bytes.length;
  }
  return { bytes, starts, ends };
}

export function hasContents({ starts }: SourceContents): boolean {
  return starts.some((start) => start >= 0);
}
