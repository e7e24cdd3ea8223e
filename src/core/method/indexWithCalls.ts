import { boundCallsInSteps, type BoundCalls } from './boundCalls';
import { buildIndex } from './buildIndex';
import { collectMethods } from './collectMethods';
import type { MethodIndex } from './method';
import { withoutByteOrderMark } from './methodIndex';
import { parseableText, parseGradually, parseSource } from './parseSource';
import { codeIn } from './scriptBlocks';

export interface IndexWithCalls {
  readonly index: MethodIndex;
  readonly calls: BoundCalls;
}

/** Characters; shorter texts take less than a slice or two. */
const GRADUAL_LENGTH = 50_000;

/**
 * As `indexMethods`, with what the methods certainly call: both from one syntax tree, which is not kept. Awaits `pause` after every
 * `sliceMs` of texts that take long (about half a second per megabyte).
 */
export async function indexWithCalls(
  textOfFile: string,
  fileName: string,
  pause: () => Promise<void>,
  sliceMs = 20,
): Promise<IndexWithCalls> {
  const text = codeIn(withoutByteOrderMark(textOfFile), fileName);
  const parsedText = parseableText(text);
  const isLong = text.length > GRADUAL_LENGTH;
  const tree = isLong ? await parseGradually(parsedText, fileName, pause, sliceMs) : parseSource(parsedText, fileName);
  const collected = collectMethods(tree, text);
  const index = buildIndex(text, collected);
  let sliceStart = performance.now();
  const steps = boundCallsInSteps(tree, text, parsedText, collected);
  for (;;) {
    const step = steps.next();
    if (step.done) return { index, calls: step.value };
    if (performance.now() - sliceStart < sliceMs) continue;
    await pause();
    sliceStart = performance.now();
  }
}
