import type { WorkerAnswer, WorkerRequest, WorkerRequests } from '../model/workerProtocol';
import { startFlameWorker } from '../worker/startFlameWorker';

type Kind = keyof WorkerRequests;

export interface FlameWorker {
  /** Undefined when a later request of the kind took its place. @throws Error with a text for people. */
  ask<K extends Kind>(
    kind: K,
    params: WorkerRequests[K]['params'],
    transfer?: ArrayBuffer[],
  ): Promise<{ readonly result: WorkerRequests[K]['result'] } | undefined>;
}

interface Port {
  postMessage(request: WorkerRequest, transfer: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<WorkerAnswer>) => void) | null;
}

/**
 * The worker is this very script, started from its own text: a webview may start none from a URL, and a report has no second
 * file. Where no worker may be started at all, the work is done here, and the page stops for it.
 */
export async function startWorker(script: HTMLScriptElement | undefined): Promise<FlameWorker> {
  return clientOf((await ownWorker(script).catch(() => undefined)) ?? inThisThread());
}

async function ownWorker(script: HTMLScriptElement | undefined): Promise<Port> {
  if (!script) throw new Error('The script does not know its own text.');
  const text = script.src ? await fetchText(script.src) : (script.textContent ?? '');
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'heatlens' });
  // A policy that forbids the worker is told by an event, not by an exception; the first word of the worker clears it.
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The worker does not answer.')), 5000);
    worker.onerror = (event) => {
      clearTimeout(timer);
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.onmessage = () => {
      clearTimeout(timer);
      resolve();
    };
    worker.postMessage({
      id: -1,
      kind: 'search',
      params: { query: '', isRegExp: false, matchCase: false },
    } satisfies WorkerRequest);
  });
  worker.onerror = null;
  URL.revokeObjectURL(url);
  return worker;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function inThisThread(): Port {
  const { port1, port2 } = new MessageChannel();
  startFlameWorker(port2);
  port2.start();
  return port1;
}

function clientOf(port: Port): FlameWorker {
  const waiting = new Map<number, (answer: WorkerAnswer) => void>();
  let last = 0;
  port.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  return {
    ask: (kind, params, transfer = []) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, (answer) => {
          if ('error' in answer) reject(new Error(answer.error));
          else if ('superseded' in answer) resolve(undefined);
          // The worker answers a request with the result of its kind.
          else resolve({ result: answer.result as WorkerRequests[typeof kind]['result'] });
        });
        port.postMessage({ id, kind, params } as WorkerRequest, transfer);
      }),
  };
}
