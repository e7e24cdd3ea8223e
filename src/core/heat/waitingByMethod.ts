import type { FrameCategory } from '../profile/frame';
import { subtreeTotals, type CallTree } from '../profile/tree/callTree';
import { foldByMethod } from './methodFold';

/** µs that a thread waited. */
export interface WaitingByMethod {
  readonly whole: number;
  /** By method. */
  readonly self: ReadonlyMap<number, number>;
  readonly total: Float64Array;
  /** By frame, of code without a method. */
  readonly unmapped: ReadonlyMap<number, number>;
}

/**
 * Time that the thread waited, by method. What it waited in a builtin without a script (`Atomics.wait`, a call of an add-on) it
 * did for the caller, whose own waiting that is; what it waited in Node's own JavaScript counts in totals only.
 */
export function waitingByMethod(
  tree: Pick<CallTree, 'parents' | 'frames' | 'nodeCount'>,
  waitingUs: ReadonlyMap<number, number>,
  { nodeMethod, category }: { readonly nodeMethod: Int32Array; readonly category: readonly FrameCategory[] },
  methodCount: number,
): WaitingByMethod {
  const { parents, frames } = tree;
  const waited = new Float64Array(tree.nodeCount);
  const self = new Map<number, number>();
  const unmapped = new Map<number, number>();
  let whole = 0;
  for (const [node, us] of waitingUs) {
    waited[node] = us;
    whole += us;
    let owner = node;
    while (owner > 0 && category[owner] === 'native') owner = parents[owner];
    const method = nodeMethod[owner];
    if (method >= 0) self.set(method, (self.get(method) ?? 0) + us);
    else if (category[owner] === 'source' || category[owner] === 'wasm')
      unmapped.set(frames[owner], (unmapped.get(frames[owner]) ?? 0) + us);
  }
  const { total } = foldByMethod(parents, subtreeTotals(parents, waited), nodeMethod, methodCount);
  return { whole, self, total, unmapped };
}
