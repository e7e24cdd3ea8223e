import { buildIndex } from './buildIndex';
import { collectMethods } from './collectMethods';
import type { MethodIndex } from './method';
import { withoutByteOrderMark } from './methodIndex';
import { parseableText, parseGradually } from './parseSource';

/**
 * As `indexMethods`, for texts that take long (about half a second per megabyte): awaits `pause` after every `sliceMs` of
 * parsing, which is most of the work.
 */
export async function indexMethodsGradually(
  textOfFile: string,
  fileName: string,
  pause: () => Promise<void>,
  sliceMs = 20,
): Promise<MethodIndex> {
  const text = withoutByteOrderMark(textOfFile);
  const tree = await parseGradually(parseableText(text), fileName, pause, sliceMs);
  return buildIndex(text, collectMethods(tree, text));
}
