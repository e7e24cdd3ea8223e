import { startFlamePage } from './page';
import { startFlameWorker, type FlameWorkerScope } from './worker/startFlameWorker';


// One script is both: where there is no document it is the worker.
if (typeof document === 'undefined') startFlameWorker(globalThis as unknown as FlameWorkerScope);
else startFlamePage(document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined);
