import { parentPort, workerData } from 'node:worker_threads';
import { parseMapText } from './mapText';
import type { MapWorkerData, ToMapWorker } from './readMap';

/** Entry of the worker thread of `readMap`: one map, whose text comes in pieces, then it ends. */
const { kind, mapUrl } = workerData as MapWorkerData;
const pieces: string[] = [];

parentPort?.on('message', (message: ToMapWorker) => {
  if (message.piece !== undefined) {
    pieces.push(message.piece);
    return;
  }
  const result = parseMapText({ kind, text: pieces.join('') }, mapUrl);
  const buffers =
    'map' in result
      ? [
          result.map.lineStarts,
          result.map.columns,
          result.map.sourceIndices,
          result.map.sourceLines,
          result.map.sourceColumns,
          result.map.contents.bytes,
        ].map(({ buffer }) => buffer as ArrayBuffer)
      : [];
  parentPort?.postMessage(result, buffers);
  parentPort?.close();
});
