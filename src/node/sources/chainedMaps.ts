import { hasContents } from '../../core/source/sourceContents';
import { sourceLocations } from '../../core/source/sourceLocations';
import type { SourceMap } from '../../core/source/sourceMap';
import { findSourceMapUrl } from '../../core/source/sourceMapUrl';
import { findDiskMap } from './diskMaps';
import { MAX_PARSED_BYTES, type EvidenceContext } from './evidenceContext';

// A source of a map may be what another compiler has made, and then it names a map of its own.

/** The map that the text of a file names, if it leads anywhere: libraries are published with maps that do not. */
export async function mapOfSource(
  path: string,
  text: string,
  context: EvidenceContext,
): Promise<SourceMap | undefined> {
  if (findSourceMapUrl(text) === undefined) return undefined;
  const found = await findDiskMap(path, text, context);
  return found && 'map' in found && (await hasSources(found.map, path, context)) ? found.map : undefined;
}

/** The same of a text that is only in a map: a map on disk is of another one, unless there is no file of that name here. */
export async function mapInside(
  path: string,
  text: string,
  context: EvidenceContext,
  hasOther: boolean,
): Promise<SourceMap | undefined> {
  const isInside = findSourceMapUrl(text)?.startsWith('data:') ?? false;
  return isInside || !hasOther ? mapOfSource(path, text, context) : undefined;
}

/** Whether some of the first sources can be had. */
export async function hasSources(map: SourceMap, path: string, context: EvidenceContext): Promise<boolean> {
  if (hasContents(map.contents)) return true;
  for (const source of map.sources.slice(0, 3)) {
    for (const place of sourceLocations(source, { ...context, generatedPath: path }, 4)) {
      if (!('problem' in (await context.readFile(place, MAX_PARSED_BYTES)))) return true;
    }
  }
  return false;
}
