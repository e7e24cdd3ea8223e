import type { FrameCategory } from '../../../src/core/profile/frame';
import { formatChange, formatValue } from '../../../src/core/words/measures';
import { shareOf, percentText } from '../../../src/core/words/shares';
import { text } from '../model/strings';
import type { ViewResult } from '../model/workerProtocol';

/** Values of one box; `before` of a difference. */
export interface BoxValues {
  readonly self: number;
  readonly total: number;
  readonly before?: number;
}

/** What kind of frame it is, for those that are not code of a file. */
export function categoryText(category: FrameCategory): string {
  return category === 'source' || category === 'root' ? '' : text(`category.${category}`);
}

/** `total 1.2 s (34.5 %) · self 45 ms (1.2 %)`; of the box, then of all calls where that is more. */
export function valuesText(result: ViewResult, frame: number, box: BoxValues | undefined): string {
  const { unit } = result.measure;
  const told = (value: number): string => `${formatValue(value, unit)} (${shareOf(value, result.total)})`;
  const frameTotal = result.frameTotals[frame] ?? 0;
  const frameSelf = result.frameSelfs[frame] ?? 0;
  if (box?.before !== undefined) return changeText(box.before, box.total, result);
  if (!box) {
    const before = result.frameTotalsBefore?.[frame];
    if (before !== undefined) return changeText(before, frameTotal, result);
    return `${text('detail.total')} ${told(frameTotal)} · ${text('detail.self')} ${told(frameSelf)}`;
  }
  const own = `${text('detail.total')} ${told(box.total)} · ${text('detail.self')} ${told(box.self)}`;
  const more = frameTotal > box.total * 1.0005;
  return more
    ? `${own} · ${text('detail.ofMethod')}: ${text('detail.total')} ${told(frameTotal)} · ${text('detail.self')} ${told(frameSelf)}`
    : own;
}

function changeText(before: number, after: number, { measure: { unit } }: ViewResult): string {
  const parts = [
    `${text('detail.before')} ${formatValue(before, unit)}`,
    `${text('detail.after')} ${formatValue(after, unit)}`,
    `${text('detail.change')} ${formatChange(after - before, unit)}`,
  ];
  if (before === 0 && after > 0) parts.push(text('detail.new'));
  else if (after === 0 && before > 0) parts.push(text('detail.gone'));
  else if (before > 0) parts.push(`${after >= before ? '+' : '−'}${percentText(Math.abs((after - before) / before))}`);
  return parts.join(' · ');
}
