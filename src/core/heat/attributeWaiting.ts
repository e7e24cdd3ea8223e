import type { CallTree } from '../profile/tree/callTree';
import { classify, sumsOf, unmappedOf, type HeatPart } from './heatPart';
import { waitingByMethod } from './waitingByMethod';

/** @param waitingUs by node */
export function attributeWaiting(part: HeatPart, tree: CallTree, waitingUs: ReadonlyMap<number, number>): void {
  const waiting = waitingByMethod(tree, waitingUs, classify(part, tree), part.resolver.methods.length);
  part.waitingUs = waiting.whole;
  for (const [method, us] of waiting.self) sumsOf(part, method).waitingUs += us;
  for (const [frame, us] of waiting.unmapped) unmappedOf(part, tree, frame).waitingUs += us;
  waiting.total.forEach((us, method) => {
    if (us > 0) sumsOf(part, method).totalWaitingUs += us;
  });
}
