import { setImmediate as nextTurn } from 'node:timers/promises';
import { frameCategory } from '../../core/profile/frame';
import { frameSources, type FrameSources } from '../../core/flame/frameSources';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { ShownProfile } from './flameContent';

/** Frames that are looked up before the page is told; the first ones are on the screen soon, and each message is small. */
const FRAMES_PER_MESSAGE = 2_000;

/** Resolves the frames of a profile part by part, after it was sent. Ends early when `send` returns false. */
export async function sendSources(
  { columns, resolverOf }: ShownProfile,
  mappings: () => readonly RemoteDirectory[],
  send: (sources: FrameSources) => boolean,
): Promise<void> {
  const { frames } = columns;
  for (let first = 0; first < frames.length; first += FRAMES_PER_MESSAGE) {
    const part = frames.slice(first, first + FRAMES_PER_MESSAGE);
    const byResolver = new Map<MethodResolver, typeof part>();
    part.forEach((frame, i) => {
      if (frameCategory(frame) !== 'source') return;
      const resolver = resolverOf(first + i);
      const list = byResolver.get(resolver);
      if (list) list.push(frame);
      else byResolver.set(resolver, [frame]);
    });
    for (const [resolver, list] of byResolver) await resolver.prepare(list);
    if (!send(frameSources(part, first, resolverOf, mappings()))) return;
    await nextTurn();
  }
}
