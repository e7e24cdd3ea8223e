import { keyOfState } from '../../core/protocol/page';
import type { Memory } from '../workspace/memory';

/** Tabs that were closed before they were shown again are never asked for. */
const MAX_PENDING = 20;

/**
 * What finds the content of a window's panels again after the window was reloaded. The editor gives a panel back when its
 * tab is shown, with the state of its page; that holds the key of the content.
 */
export class KeptPanels<T extends { readonly key: string }> {
  private pending: readonly T[];
  private written = '';

  constructor(
    private readonly memory: Memory,
    private readonly name: string,
  ) {
    this.pending = (memory.get<T[]>(name) ?? []).slice(0, MAX_PENDING);
  }

  /** What the panel of that state showed. It is given once. */
  take(state: unknown): T | undefined {
    const key = keyOfState(state);
    const found = key === undefined ? undefined : this.pending.find((each) => each.key === key);
    this.pending = this.pending.filter((each) => each !== found);
    return found;
  }

  /** Keeps what is open, and what was not given back yet. Written when something of it changed. */
  keep(open: readonly T[]): void {
    const all = [...open, ...this.pending];
    const text = JSON.stringify(all);
    if (text === this.written) return;
    this.written = text;
    void this.memory.update(this.name, all);
  }
}
