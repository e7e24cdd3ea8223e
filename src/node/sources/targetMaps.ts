import type { TargetMap, TargetScript } from '../../core/protocol/targetFunctions';
import type { Channel } from '../channel';
import { callTarget } from '../inspector/callTarget';

/**
 * ms that one question may hold up the target's event loop. Decoding one map cannot be interrupted, so a question ends
 * with the first map that exceeds this and the remaining scripts are asked for again.
 */
const BUDGET_MS = 4;
const MAX_SCRIPTS = 40;
/** ms; a worker with a blocked event loop must not hold up the heat of the others. */
const ANSWER_MS = 3_000;
const MAX_MAP_CHARACTERS = 64 * 1024 * 1024;
/** Of all maps of one answer to us; they are held until they are read. */
const MAX_CHARACTERS = 256 * 1024 * 1024;

/**
 * Asks the target for the source maps of code that was compiled in memory. Nothing changes in the target besides the
 * caches of its own source map support; the Debugger domain stays off, because it would make `debugger;` pause the service.
 * The result holds what is known, by URL; rejects only as `Channel.send` does.
 */
export async function askTargetForMaps(
  channel: Channel,
  scripts: readonly TargetScript[],
): Promise<Map<string, TargetMap>> {
  const found = new Map<string, TargetMap>();
  let characters = 0;
  for (let next = 0; next < scripts.length;) {
    const batch = scripts.slice(next, next + MAX_SCRIPTS);
    const { maps } = await callTarget(channel, 'findSourceMaps', [batch, BUDGET_MS, MAX_MAP_CHARACTERS], {
      timeoutMs: ANSWER_MS,
    });
    if (!maps.length) break;
    maps.slice(0, batch.length).forEach((map, i) => {
      if (!map) return;
      const length = 'json' in map ? map.json.length : 0;
      characters += length;
      found.set(batch[i].url, characters > MAX_CHARACTERS ? { tooLarge: length } : map);
    });
    next += maps.length;
  }
  return found;
}
