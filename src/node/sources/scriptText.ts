import { GrowableInt32 } from '../../core/collections/growable';
import type { Frame } from '../../core/profile/frame';
import { MOST_LINES } from '../../core/profile/v8/v8Columns';

/** True when the frame tells something about the text: the top-level code of every script starts at 0:0. */
export function isInformative(frame: Frame): boolean {
  return frame.line > 0 || frame.column > 0;
}

/** Enough of the informative frames to judge a script by. */
export function informativeFrames(frames: readonly Frame[]): Frame[] {
  const found: Frame[] = [];
  for (const frame of frames) {
    if (isInformative(frame)) found.push(frame);
    if (found.length === 500) break;
  }
  return found;
}

/**
 * Tells, without parsing, whether a frame stands where a function may start in the text; `strict` also wants its name
 * there, which holds for what is certainly another version of the text when nothing around the function has changed.
 */
export function frameChecker(text: string, { strict = false } = {}): (frame: Frame) => boolean {
  const lineStarts = new GrowableInt32();
  lineStarts.push(0);
  for (let at = text.indexOf('\n'); at >= 0 && lineStarts.length <= MOST_LINES; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return ({ line, column, functionName }) => {
    if (!(line >= 0 && line < lineStarts.length)) return false;
    const start = lineStarts.get(line);
    const end = line + 1 < lineStarts.length ? lineStarts.get(line + 1) : text.length;
    if (start + column >= end || !startsFunction(text, start + column, functionName)) return false;
    return !strict || namesFunction(text.slice(Math.max(start, start + column - 120), start + column), functionName);
  };
}

/** Share (0..1) of the frames that stand where a function may start in the text; 1 when no frame is informative. */
export function shareOfFittingFrames(text: string, frames: readonly Frame[]): number {
  const informative = informativeFrames(frames);
  if (informative.length === 0) return 1;
  return informative.filter(frameChecker(text)).length / informative.length;
}

function startsFunction(text: string, at: number, functionName: string): boolean {
  if (text[at] === '(') return true;
  if (functionName.endsWith('_initializer>')) return true;
  return /^(?:async\b|class\b|\{|[\w$\u0080-\uffff]+[ \t\r\n]*=>)/.test(text.slice(at, at + 200));
}

function namesFunction(before: string, functionName: string): boolean {
  const name = functionName.slice(Math.max(functionName.lastIndexOf('.'), functionName.lastIndexOf(' ')) + 1);
  return name === '' || before.includes(name) || /\bconstructor\s*$/.test(before);
}
