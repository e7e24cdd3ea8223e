import { parseSourceMap, type SourceMapResult } from '../../core/source/parseSourceMap';
import { decodeDataUri } from '../../core/source/sourceMapUrl';

/** A source map as a file or a target has it (`json`), or as a script names it (`data`, a `data:` URI). */
export interface MapText {
  readonly kind: 'json' | 'data';
  readonly text: string;
}

export function parseMapText({ kind, text }: MapText, mapUrl: string): SourceMapResult {
  const json = kind === 'json' ? text : decodeDataUri(text);
  return json === undefined ? { problem: 'is not a valid data URI' } : parseSourceMap(json, mapUrl);
}
