import type { createMethodIndexer } from '../../core/method/methodIndex';
import type { followMethods } from '../../core/method/followMethods';
import type { descendantsOf, listNodeProcesses } from '../../node/processes/listNodeProcesses';
import type { createRecording } from '../../node/recording/recording';

/** What the editor needs of the layers below that is too big to load at activation. */
export interface Engine {
  readonly createRecording: typeof createRecording;
  readonly listNodeProcesses: typeof listNodeProcesses;
  readonly descendantsOf: typeof descendantsOf;
  readonly createMethodIndexer: typeof createMethodIndexer;
  readonly followMethods: typeof followMethods;
}

/** One lazy chunk of the bundle. The extensions are there because `import()` always resolves as in an ES module. */
export async function loadEngine(): Promise<Engine> {
  const [recording, processes, indexer, follow] = await Promise.all([
    import(/* webpackChunkName: "engine" */ '../../node/recording/recording.js'),
    import(/* webpackChunkName: "engine" */ '../../node/processes/listNodeProcesses.js'),
    import(/* webpackChunkName: "engine" */ '../../core/method/methodIndex.js'),
    import(/* webpackChunkName: "engine" */ '../../core/method/followMethods.js'),
  ]);
  return {
    createRecording: recording.createRecording,
    listNodeProcesses: processes.listNodeProcesses,
    descendantsOf: processes.descendantsOf,
    createMethodIndexer: indexer.createMethodIndexer,
    followMethods: follow.followMethods,
  };
}
