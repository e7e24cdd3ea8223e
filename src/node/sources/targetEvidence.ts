import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../core/inParallel';
import { baseName, fileUrlToPath, isAbsolutePath, pathToFileUrl } from '../../core/source/paths';
import { scriptPath } from '../../core/source/sourceLocations';
import type { Channel } from '../channel';
import type { EvidenceContext } from './evidenceContext';
import type { Script, ScriptEvidence } from './scriptState';
import { inMegabytes } from '../../core/words/bytes';
import { askTargetForMaps } from './targetMaps';

/** Threads that are asked at once, and ms after which no more are: heat waits for them. */
const MOST_AT_ONCE = 16;
const MOST_MS = 3_000;

/** What the target's threads know of scripts that the disk does not explain; scripts that they do not know are left out. */
export async function evidenceFromTarget(
  scripts: readonly Script[],
  channels: readonly Channel[],
  context: EvidenceContext,
): Promise<Map<Script, ScriptEvidence>> {
  const found = new Map<Script, ScriptEvidence>();
  let deadline = Infinity;
  const ask = async (channel: Channel): Promise<void> => {
    const open = scripts.filter((script) => !found.has(script));
    if (open.length === 0 || performance.now() > deadline) return;
    const questions = open.map(({ url }) => ({ url, path: fileUrlToPath(url) ?? url }));
    // A target that is gone or does not answer is reported by whoever measures it; here it only knows nothing.
    const maps = await askTargetForMaps(channel, questions).catch(() => undefined);
    if (!maps) return;
    for (const script of open) {
      const map = maps.get(script.url);
      if (!map || found.has(script)) continue;
      const evidence =
        'tooLarge' in map ? tooLarge(script.url, map.tooLarge) : await readMap(script.url, map.json, context);
      found.set(script, evidence);
    }
  };
  // What the main thread knows is mostly all; its workers may be many, and silent.
  await inParallel(channels.slice(0, 1), 1, ask);
  deadline = performance.now() + MOST_MS;
  await Promise.race([inParallel(channels.slice(1), MOST_AT_ONCE, ask), delay(MOST_MS, undefined, { ref: false })]);
  return new Map(found);
}

async function readMap(url: string, json: string, context: EvidenceContext): Promise<ScriptEvidence> {
  const result = await context.readMap({ kind: 'json', text: json }, isAbsolutePath(url) ? pathToFileUrl(url) : url);
  if ('problem' in result) {
    const detail = `the source map that the target has of ${baseName(url)} ${result.problem}`;
    return { kind: 'unmapped', problem: 'broken-source-map', detail };
  }
  return { kind: 'mapped', map: result.map, path: scriptPath(url, context.pathMappings) };
}

function tooLarge(url: string, characters: number): ScriptEvidence {
  const detail = `the source map that the target has of ${baseName(url)} is too large (${inMegabytes(characters)})`;
  return { kind: 'unmapped', problem: 'broken-source-map', detail };
}
