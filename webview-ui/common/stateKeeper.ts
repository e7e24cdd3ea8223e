import type { NoRequests, Side } from '../../src/core/protocol/messenger';
import type { PageEvent } from '../../src/core/protocol/page';
import type { HostChannel } from './hostChannel';

const DEBOUNCE_MS = 400;

/** Saves once things rest: a state at every frame of a movement would be work for nobody. */
export function createStateKeeper<Page extends Side, State>(
  host: HostChannel<Page, { readonly event: PageEvent<State>; readonly requests: NoRequests }, State>,
  state: () => State | undefined,
): { changed(): void } {
  let timer = 0;
  let last = '';
  return {
    changed: () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const now = state();
        const written = JSON.stringify(now);
        if (!now || written === last) return;
        last = written;
        host.saveState(now);
        host.post({ type: 'state', state: now });
      }, DEBOUNCE_MS);
    },
  };
}
