import { frameCategory, type FramePlace } from '../../core/profile/frame';
import { subtreeTotals } from '../../core/profile/tree/callTree';
import type { ShownProfile } from './flameContent';

/**
 * Frames of a profile that are this method of the source, most of the first measure's total first: V8 may know one method
 * under several positions (two workers, two builds). Frames that were not looked up yet are not found.
 */
export function framesOfMethod({ columns, resolverOf }: ShownProfile, file: string, index: number): FramePlace[] {
  const { frames, parents, nodeFrames, measures } = columns;
  const found = new Map<number, number>();
  frames.forEach((frame, i) => {
    if (frameCategory(frame) !== 'source') return;
    const resolver = resolverOf(i);
    const resolution = resolver.resolveFrame(frame);
    if (!('method' in resolution)) return;
    const method = resolver.methods[resolution.method];
    if (method.file === file && method.index === index) found.set(i, 0);
  });
  if (found.size > 1) {
    const totals = subtreeTotals(parents, measures[0].self);
    nodeFrames.forEach((frame, node) => {
      const sum = found.get(frame);
      if (sum !== undefined) found.set(frame, sum + totals[node]);
    });
  }
  return [...found]
    .sort((a, b) => b[1] - a[1])
    .map(([i]) => {
      const { functionName, url, line, column } = frames[i];
      return { functionName, url, line, column };
    });
}
