import { contentOf, contentSize } from '../../core/source/sourceContents';
import type { SourceMap } from '../../core/source/sourceMap';
import { isBundlerRuntime, pathOnTheWeb, sourceLocations } from '../../core/source/sourceLocations';
import { isLater, MAX_PARSED_BYTES, unsupportedLanguage } from './evidenceContext';
import type { EvidenceContext, SourceProblem } from './evidenceContext';
import { mapInside, mapOfSource } from './chainedMaps';
import type { FileText } from './sourceFiles';
import { inMegabytes } from '../../core/words/bytes';
import type { SourceText } from './sourceTexts';

/** One source of a map: its text; its own map where it was generated itself; or why there is neither. */
export type OriginalSource = SourceText | { readonly madeBy: SourceMap } | SourceProblem;

/**
 * The text of one source of a map as it was compiled: the map's own copy where the file on disk differs from it or is
 * missing, else the file. `generatedPath` is the script's path on this machine.
 */
export async function loadOriginalSource(
  map: SourceMap,
  source: number,
  generatedPath: string | undefined,
  context: EvidenceContext,
): Promise<OriginalSource> {
  const name = map.sources[source];
  if (isBundlerRuntime(name)) return { problem: 'not-mapped', detail: 'code that the bundler added' };
  const places = sourceLocations(name, { ...context, generatedPath }, context.tries.left > 0 ? undefined : 1);
  const unsupported = unsupportedLanguage(places[0] ?? name);
  if (unsupported) return { ...unsupported, file: (await firstThere(places, context)) ?? places[0] };
  const size = contentSize(map.contents, source);
  if (size > MAX_PARSED_BYTES)
    return { ...tooLarge(name, size), file: (await firstThere(places, context)) ?? places[0] };
  const content = contentOf(map.contents, source);
  let refused: string | undefined;
  let best: { path: string; file: Extract<FileText, { text: string }> } | undefined;
  for (const path of places) {
    const file = await context.readFile(path, MAX_PARSED_BYTES);
    if ('text' in file) {
      if (content === null || sameText(file.text, content)) {
        const madeBy = await mapOfSource(path, file.text, context);
        if (madeBy) return { madeBy };
        return context.texts.add(path, file.text, {
          changed: content === null && isLater(file.modifiedAt, context),
        });
      }
      best ??= { path, file };
    } else if (file.problem === 'missing') context.tries.left--;
    else if (file.problem === 'too-large' && content === null) {
      return {
        problem: 'no-method',
        detail: `${file.detail}; methods are read from files up to ${inMegabytes(MAX_PARSED_BYTES)}`,
        file: path,
      };
    } else refused ??= file.detail;
  }
  const shown = pathOnTheWeb(name) === undefined ? (places[0] ?? name) : name;
  if (content !== null) {
    const madeBy = await mapInside(best?.path ?? shown, content, context, best !== undefined);
    return madeBy
      ? { madeBy }
      : context.texts.add(best?.path ?? shown, content, {
          changed: best !== undefined,
          onDisk: best?.file.text,
        });
  }
  const why =
    refused ?? (shown === name ? `${name || 'an unnamed source'} is not on this machine` : `${shown} does not exist`);
  return { problem: 'source-missing', detail: `${why}, and the source map has no copy of it` };
}

/** The first of the places that has a file, however large. */
async function firstThere(places: readonly string[], context: EvidenceContext): Promise<string | undefined> {
  for (const path of places) {
    const file = await context.readFile(path, 0);
    if (!('problem' in file) || file.problem === 'too-large') return path;
  }
  return undefined;
}

function tooLarge(name: string, length: number): SourceProblem {
  return {
    problem: 'no-method',
    detail: `${name} has ${inMegabytes(length)}; methods are read from files up to ${inMegabytes(MAX_PARSED_BYTES)}`,
  };
}

function sameText(a: string, b: string): boolean {
  return a === b || a.replace(/\r\n/g, '\n').replace(/^\uFEFF/, '') === b.replace(/\r\n/g, '\n').replace(/^\uFEFF/, '');
}
