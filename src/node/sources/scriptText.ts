import type { Frame } from '../../core/profile/frame';

/** True when the frame tells something about the text: the top-level code of every script starts at 0:0. */
export function isInformative(frame: Frame): boolean {
  return frame.line > 0 || frame.column > 0;
}

/**
 * Share (0..1) of the frames that stand where a function may start in the text: tells, without parsing, whether a script
 * on disk is what runs. 1 when no frame is informative.
 */
export function shareOfFittingFrames(text: string, frames: Iterable<Frame>): number {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  let fitting = 0;
  let total = 0;
  for (const frame of frames) {
    if (!isInformative(frame)) continue;
    total++;
    const start = lineStarts[frame.line];
    if (start === undefined) continue;
    const end = lineStarts[frame.line + 1] ?? text.length;
    if (start + frame.column < end && startsFunction(text, start + frame.column, frame.functionName)) fitting++;
  }
  return total === 0 ? 1 : fitting / total;
}

function startsFunction(text: string, at: number, functionName: string): boolean {
  if (text[at] === '(') return true;
  if (functionName.endsWith('_initializer>')) return true;
  return /^(?:async\b|class\b|\{|[\w$\u0080-\uffff]+\s*=>)/.test(text.slice(at, at + 200));
}
