import { baseName, fileUrlToPath, isAbsolutePath, pathToFileUrl } from '../../core/source/paths';
import { scriptPath } from '../../core/source/sourceLocations';
import type { Channel } from '../channel';
import type { EvidenceContext } from './evidenceContext';
import type { Script, ScriptEvidence } from './scriptState';
import { inMegabytes } from '../../core/words/bytes';
import { askTargetForMaps } from './targetMaps';

/** What the target's threads know of scripts that the disk does not explain; scripts that they do not know are left out. */
export async function evidenceFromTarget(
  scripts: readonly Script[],
  channels: readonly Channel[],
  context: EvidenceContext,
): Promise<Map<Script, ScriptEvidence>> {
  const found = new Map<Script, ScriptEvidence>();
  for (const channel of channels) {
    const open = scripts.filter((script) => !found.has(script));
    if (open.length === 0) break;
    const questions = open.map(({ url }) => ({ url, path: fileUrlToPath(url) ?? url }));
    // A target that is gone or does not answer is reported by whoever measures it; here it only knows nothing.
    const maps = await askTargetForMaps(channel, questions).catch(() => undefined);
    if (!maps) continue;
    for (const script of open) {
      const map = maps.get(script.url);
      if (!map) continue;
      const evidence =
        'tooLarge' in map ? tooLarge(script.url, map.tooLarge) : await readMap(script.url, map.json, context);
      found.set(script, evidence);
    }
  }
  return found;
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
