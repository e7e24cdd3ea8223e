import { buildIndex } from './buildIndex';
import { collectMethods } from './collectMethods';
import type { MethodIndex } from './method';
import { parseableText, parseInSteps } from './parseSource';

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
  const text = textOfFile.charCodeAt(0) === 0xfeff ? textOfFile.slice(1) : textOfFile;
  const steps = parseInSteps(parseableText(text), fileName);
  let sliceStart = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done || performance.now() - sliceStart > sliceMs) {
      await pause();
      sliceStart = performance.now();
    }
    if (step.done) return buildIndex(text, collectMethods(step.value, text));
  }
}
