import { joinContents } from './sourceContents';
import { findSegment, segmentAt, type SourceMap } from './sourceMap';

/**
 * A map whose sources were themselves generated, through the maps of those, by the index of the source: to what they were made
 * of. Sources keep their indices, those of `inner` follow them; what is mapped through has no name any more.
 */
export function composeMaps(outer: SourceMap, inner: ReadonlyMap<number, SourceMap>): SourceMap {
  const sources = [...outer.sources];
  const firstOf = new Map<number, number>();
  for (const [source, map] of inner) {
    firstOf.set(source, sources.length);
    sources[source] = '';
    for (const name of map.sources) sources.push(name);
  }
  const contents = joinContents([outer.contents, ...[...inner.values()].map((map) => map.contents)]);
  const sourceIndices = outer.sourceIndices.slice();
  const sourceLines = outer.sourceLines.slice();
  const sourceColumns = outer.sourceColumns.slice();
  for (let n = 0; n < sourceIndices.length; n++) {
    const map = inner.get(sourceIndices[n]);
    if (!map) continue;
    const at = findSegment(map, sourceLines[n], sourceColumns[n]);
    const through = at < 0 ? undefined : segmentAt(map, at);
    const isMapped = through !== undefined && through.source >= 0;
    sourceIndices[n] = isMapped ? firstOf.get(sourceIndices[n])! + through.source : -1;
    sourceLines[n] = isMapped ? through.sourceLine : -1;
    sourceColumns[n] = isMapped ? through.sourceColumn : -1;
  }
  return { ...outer, sources, contents, sourceIndices, sourceLines, sourceColumns };
}
