import { isMainThread, parentPort } from 'node:worker_threads';
import { provideRequire } from '../builtin';
import { serveThread } from './agentServer';
import { requireBuiltin } from './builtins';

// Entry of the preloaded bundle: node -r heatlens/agent app.js, or node --import heatlens/agent app.js.
// Whatever goes wrong here must leave the application as it is.

const marker = Symbol.for('heatlens.agent');

// Module loaders run in a thread of Node's own, which has no parent port and runs -r preloads too on Node 20 to 26.
const isApplicationThread = isMainThread || parentPort !== null;

// Both -r and --import, or one of them twice through NODE_OPTIONS, load this file again.
if (isApplicationThread && !(marker in process)) {
  Object.defineProperty(process, marker, { value: true });
  provideRequire(requireBuiltin);
  serveThread();
}
