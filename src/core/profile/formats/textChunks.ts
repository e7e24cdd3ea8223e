const CHUNK_CHARACTERS = 65_536;

/** Joins small pieces, so that whoever writes them to a file or a socket does so a few times a megabyte. */
export function* inChunks(pieces: Iterable<string>): Generator<string, void, undefined> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}
