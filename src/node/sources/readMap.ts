import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SourceMapResult } from '../../core/source/parseSourceMap';
import type { SourceMap } from '../../core/source/sourceMap';
import { workerScript } from '../workerScript';
import { parseMapText, type MapText } from './mapText';

export interface MapWorkerData {
  readonly kind: MapText['kind'];
  readonly mapUrl: string;
}

/** Pieces of the text, then one without a piece: that was all. */
export interface ToMapWorker {
  readonly piece?: string;
}

/** Reads source maps, one large one at a time; never rejects. See `parseSourceMap`. */
export type ReadMap = (text: MapText, mapUrl: string) => Promise<SourceMapResult>;

/** Characters; a text up to here takes some ms, which is less than a thread takes to start. */
const LARGE = 256 * 1024;
/** Characters; sending a piece to a thread copies it, which takes a ms or two. */
const PIECE = 4 * 1024 * 1024;
/** Megabytes of objects of the thread; the text and the columns of a map are not among them. */
const MOST_HEAP_MB = 768;
/** Bytes of all maps of one reader. A million segments are 16 MB, and the sources' own texts come to it. */
const MOST_HELD_BYTES = 512 * 1024 * 1024;

/** Large maps are read in a thread of their own, so that the editor goes on meanwhile. */
export function createMapReader({ mostBytes = MOST_HELD_BYTES, large = LARGE } = {}): ReadMap {
  let heldBytes = 0;
  let last: Promise<unknown> = Promise.resolve();
  const hold = (result: SourceMapResult): SourceMapResult => {
    if (!('map' in result)) return result;
    const bytes = sizeOf(result.map);
    if (heldBytes + bytes > mostBytes) return { problem: 'is not read: those before it take all the memory for maps' };
    heldBytes += bytes;
    return result;
  };
  return (text, mapUrl) => {
    if (text.text.length <= large) return Promise.resolve(hold(parseMapText(text, mapUrl)));
    const result = last.then(async () => hold(await parseInThread(text, mapUrl)));
    last = result;
    return result;
  };
}

function sizeOf({ lineStarts, columns, contents }: SourceMap): number {
  return lineStarts.byteLength + 4 * columns.byteLength + contents.bytes.byteLength;
}

function parseInThread({ kind, text }: MapText, mapUrl: string): Promise<SourceMapResult> {
  return new Promise((resolve) => {
    const worker = new Worker(workerScript(__dirname, 'mapWorker'), {
      workerData: { kind, mapUrl } satisfies MapWorkerData,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      name: 'heatlens source map',
    });
    let isOver = false;
    const settle = (result: SourceMapResult): void => {
      if (isOver) return;
      isOver = true;
      void worker.terminate();
      resolve(result);
    };
    worker.on('message', settle);
    worker.on('messageerror', () => settle({ problem: 'cannot be handed over by the thread that read it' }));
    worker.on('error', (error: NodeJS.ErrnoException) =>
      settle({
        problem:
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError
            ? `is too large: reading it takes more than ${MOST_HEAP_MB} MB of memory`
            : `cannot be read (${error.message})`,
      }),
    );
    worker.on('exit', (code) => settle({ problem: `cannot be read (its reader ended with ${code})` }));
    void (async () => {
      for (let from = 0; from < text.length && !isOver; from += PIECE) {
        worker.postMessage({ piece: text.slice(from, from + PIECE) } satisfies ToMapWorker);
        await nextTurn();
      }
      if (!isOver) worker.postMessage({} satisfies ToMapWorker);
    })();
  });
}
