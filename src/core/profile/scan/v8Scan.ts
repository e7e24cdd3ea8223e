import { JsonScanner } from './jsonScanner';
import { v8Shape } from './v8Shape';
import { V8Sink, type ScannedProfile } from './v8Sink';

/** V8 starts to use compiled code when a function is called anew, so calls are kept short. */
const PIECE_BYTES = 32 * 1024;

/**
 * Reads a JSON file chunk by chunk, straight into columns: a `.cpuprofile`, a `.heapprofile`, or something else. Of a key
 * that occurs twice the last one counts, as everywhere in JavaScript. Throws a JsonError where the text is not JSON.
 */
export class V8Scan {
  private readonly sink = new V8Sink();
  private readonly scanner = new JsonScanner(v8Shape(this.sink.frames.memo), this.sink);

  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      // Buffers of Node are another class than plain arrays, and V8 would compile everything for both.
      this.scanner.push(
        new Uint8Array(chunk.buffer, chunk.byteOffset + from, Math.min(PIECE_BYTES, chunk.length - from)),
      );
    }
  }

  /** True as soon as the file names that format, so that reading on is idle. */
  get isSpeedscope(): boolean {
    return this.sink.isSpeedscope;
  }

  end(): ScannedProfile {
    this.scanner.end();
    return this.sink.result();
  }
}
