import type { Channel } from '../channel';
import type { SamplingBackend } from './samplingBackend';

/**
 * While an inspector is open V8 keeps the last thousand messages of `console`, for a client that comes later, and all that they refer
 * to: what a program logs would look like a leak. In an inspector that is there for us alone nobody will ask for them.
 */
export function withoutConsoleMemory(backend: SamplingBackend, { send }: Pick<Channel, 'send'>): SamplingBackend {
  // A target that ends or refuses it is told of by what it is asked beside this.
  const forget = (): void => void send('Runtime.discardConsoleEntries').catch(() => undefined);
  return {
    ...backend,
    async changeCpuWindow(change) {
      const changed = await backend.changeCpuWindow(change);
      forget();
      return changed;
    },
    async stopHeap() {
      forget();
      return backend.stopHeap();
    },
    async readLive() {
      forget();
      return backend.readLive();
    },
    async dispose() {
      await backend.dispose();
      forget();
    },
  };
}
