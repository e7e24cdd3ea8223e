import { startFlamePage } from './page';
import { startFlameWorker, type FlameWorkerScope } from './worker/startFlameWorker';
import { warmUp } from './worker/warmUp';

// One script is both: where there is no document it is the worker.
if (typeof document === 'undefined') {
  const scope = globalThis as unknown as FlameWorkerScope;
  startFlameWorker(scope);
  warmUp(scope);
} else startFlamePage(document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined);
