import { errorText } from '../../../src/core/errors';
import type { WorkerAnswer, WorkerRequest, WorkerRequests } from '../model/workerProtocol';
import { createFlameModel } from './flameModel';

/** The part of a worker's global scope that is used; a port of a MessageChannel has it too. */
export interface FlameWorkerScope {
  postMessage(answer: WorkerAnswer, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: WorkerRequest }) => void): void;
}

/** Of these only the last one that waits is worth answering. */
const REPLACEABLE: ReadonlySet<keyof WorkerRequests> = new Set(['view', 'search', 'heatMap']);

/** Answers the page's requests, one after the other, until the worker is terminated. */
export function startFlameWorker(scope: FlameWorkerScope): void {
  const model = createFlameModel();
  const waiting: WorkerRequest[] = [];

  const answerNext = (): void => {
    const request = waiting.shift()!;
    const isSuperseded = REPLACEABLE.has(request.kind) && waiting.some(({ kind }) => kind === request.kind);
    if (isSuperseded) scope.postMessage({ id: request.id, superseded: true }, []);
    else answer(request);
    // By a timer, so that what the page sent meanwhile is heard before the next one is begun.
    if (waiting.length) setTimeout(answerNext);
  };

  const answer = (request: WorkerRequest): void => {
    let result: ReturnType<typeof carryOut>;
    try {
      result = carryOut(model, request);
    } catch (error) {
      scope.postMessage({ id: request.id, error: errorText(error) }, []);
      return;
    }
    scope.postMessage({ id: request.id, result }, buffersOf(result));
  };

  scope.addEventListener('message', ({ data }) => {
    waiting.push(data);
    if (waiting.length === 1) setTimeout(answerNext);
  });
}

function carryOut(
  model: ReturnType<typeof createFlameModel>,
  request: WorkerRequest,
): WorkerRequests[keyof WorkerRequests]['result'] {
  switch (request.kind) {
    case 'load':
      return model.load(request.params);
    case 'compareWith':
      return model.compareWith(request.params);
    case 'compareRanges':
      return model.compareRanges(request.params);
    case 'view':
      return model.view(request.params);
    case 'search':
      return model.search(request.params);
    case 'heatMap':
      return model.heatMap(request.params);
    case 'frameDetails':
      return model.frameDetails(request.params);
  }
}

/** Memory of the typed arrays in an answer, which goes to the page instead of being copied. */
function buffersOf(result: object | undefined): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const collect = (values: readonly unknown[], deeper: boolean): void => {
    for (const value of values) {
      if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
      else if (deeper && value && typeof value === 'object' && !Array.isArray(value))
        collect(Object.values(value), false);
    }
  };
  // Layouts hold arrays one level down; lists of frames hold none.
  if (result) collect(Object.values(result), true);
  return [...buffers];
}
