import type { HeatSnapshot, LineHeat, MethodHeat } from '../../core/heat/heatSnapshot';
import { isHot } from '../../core/heat/measures';

export interface HotMethod {
  readonly heat: MethodHeat;
  /** In `HeatSnapshot.methods`. */
  readonly index: number;
}

/** A snapshot ordered for the editor: what is above the threshold, by file. Made once per refresh. */
export interface HeatView {
  readonly snapshot: HeatSnapshot;
  readonly hot: readonly HotMethod[];
  readonly hotByFile: ReadonlyMap<string, readonly HotMethod[]>;
  /** Self share per file, cold methods included; only files with a hot method. */
  readonly fileShares: ReadonlyMap<string, number>;
}

/** `threshold` is a share, 0..1. */
export function createHeatView(snapshot: HeatSnapshot, threshold: number): HeatView {
  const hot: HotMethod[] = [];
  const hotByFile = new Map<string, HotMethod[]>();
  const shares = new Map<string, number>();
  snapshot.methods.forEach((heat, index) => {
    const { file } = heat.source;
    shares.set(file, (shares.get(file) ?? 0) + heat.cpu.selfShare);
    if (!isHot(heat, snapshot, threshold)) return;
    const method = { heat, index };
    hot.push(method);
    const ofFile = hotByFile.get(file);
    if (ofFile) ofFile.push(method);
    else hotByFile.set(file, [method]);
  });
  const fileShares = new Map([...shares].filter(([file]) => hotByFile.has(file)));
  return { snapshot, hot, hotByFile, fileShares };
}

/** Self share per line (0-based) of the measured file, above the threshold; lines that several methods share are added up. */
export function hotLines(lines: Iterable<LineHeat>, threshold: number): Map<number, number> {
  const shares = new Map<number, number>();
  for (const { line, selfShare } of lines) shares.set(line, (shares.get(line) ?? 0) + selfShare);
  for (const [line, share] of shares) if (share < threshold || share <= 0) shares.delete(line);
  return shares;
}
