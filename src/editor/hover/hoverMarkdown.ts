import { t } from '@vscode/l10n';
import type { CallEdge, HeatSnapshot, MethodHeat } from '../../core/heat/heatSnapshot';
import { measureShare } from '../../core/heat/measures';
import { formatBytes } from '../../core/words/bytes';
import { inDigits } from '../../core/words/numbers';
import { formatDuration } from '../../core/words/times';
import { formatShare, formatShareWithError } from '../../core/words/sampledShares';
import { accuracyText, intervalText, methodLabel, withAccuracy } from '../../core/heat/wording';
import { commandId } from '../contributions';
import { percentText } from '../../core/words/shares';
import { escapeMarkdown } from '../../core/words/markdown';

export interface HoverContext {
  readonly snapshot: HeatSnapshot;
  readonly heapIntervalBytes: number;
  readonly memoryPending: boolean;
  /** Epoch ms. */
  readonly now: number;
  readonly stale: boolean;
  /** Lines that the method has moved since it was measured; undefined when its lines cannot be told any more. */
  readonly lineShift?: number;
  /** A target is attached that could be measured exactly. */
  readonly canMeasureExactly: boolean;
}

/** Commands that the links of a hover may run; nothing else is trusted. */
export const hoverCommands = [commandId('goToMethod'), commandId('measureExactly'), commandId('showInFlameGraph')];

/** Everything known about one method, as Markdown with command links. */
export function methodHover(heat: MethodHeat, context: HoverContext): string {
  const { snapshot } = context;
  const rows = [...cpuRows(heat, snapshot), ...memoryRows(heat, context)];
  const sections = [
    withAccuracy(`**${escapeMarkdown(methodLabel(heat.source.method))}**`, snapshot.accuracy),
    table(rows),
    lineSection(heat, context),
    edgeSection(t('Called by'), heat.callers, snapshot),
    edgeSection(t('Calls'), heat.callees, snapshot),
    notes(heat, context).join(' '),
    link(t('Show in flame graph'), [heat.source.file, heat.source.index], 'showInFlameGraph'),
  ];
  return sections.filter(Boolean).join('\n\n');
}

/** One line for a hot line that is not a method's first. */
export function lineHover(selfShare: number, snapshot: HeatSnapshot): string {
  const share = formatShareWithError(selfShare, snapshot.cpu.samples);
  return withAccuracy(`$(flame) ${escapeMarkdown(t('{0} of the CPU time on this line', share))}`, snapshot.accuracy);
}

function cpuRows(heat: MethodHeat, { cpu }: HeatSnapshot): [string, string][] {
  if (cpu.samples <= 0) return [];
  const row = (share: number, ms: number): string =>
    `${formatShareWithError(share, cpu.samples)} · ${formatDuration(ms)}`;
  return [
    [t('CPU self'), row(heat.cpu.selfShare, heat.cpu.selfMs)],
    [t('CPU total'), row(heat.cpu.totalShare, heat.cpu.totalMs)],
  ];
}

function memoryRows(heat: MethodHeat, context: HoverContext): [string, string][] {
  const { snapshot, heapIntervalBytes, memoryPending, now } = context;
  const { memory } = snapshot;
  const unknown = memoryPending ? t('unknown until its first window was read') : undefined;
  const bytes = (own: number, total: number): string => {
    const text = formatBytes(own, heapIntervalBytes);
    return total > own ? t('{0}, with callees {1}', text, formatBytes(total, heapIntervalBytes)) : text;
  };
  const live = memory.liveInterval
    ? t(
        '{0} ({1} of all), allocated in the {2} and still alive',
        bytes(heat.memory.liveBytes, heat.memory.totalLiveBytes),
        percentText(measureShare(heat, 'live', snapshot)),
        intervalText(memory.liveInterval, now),
      )
    : unknown;
  const allocated = memory.allocatedInterval
    ? t(
        '{0} ({1} of all) in {2}',
        bytes(heat.memory.allocatedBytes, heat.memory.totalAllocatedBytes),
        percentText(measureShare(heat, 'allocated', snapshot)),
        formatDuration(memory.allocatedWindowMs),
      )
    : unknown;
  const rows: [string, string][] = [];
  if (live) rows.push([t('Live'), live]);
  if (allocated) rows.push([t('Allocated'), allocated]);
  return rows;
}

const SHOWN_LINES = 3;

function lineSection(heat: MethodHeat, { snapshot, lineShift, stale }: HoverContext): string {
  if (stale || lineShift === undefined || snapshot.cpu.samples <= 0) return '';
  const hottest = [...heat.lines]
    .filter((line) => line.selfShare > 0)
    .sort((a, b) => b.selfShare - a.selfShare)
    .slice(0, SHOWN_LINES);
  if (hottest.length < 2) return '';
  const texts = hottest.map(({ line, selfShare }) => {
    const share = formatShare(selfShare, snapshot.cpu.samples);
    return `${link(String(line + lineShift + 1), [heat.source.file, heat.source.index, line])} (${share})`;
  });
  return `${t('Hottest lines')}: ${texts.join(', ')}`;
}

function edgeSection(title: string, edges: readonly CallEdge[], snapshot: HeatSnapshot): string {
  if (!edges.length) return '';
  const items = edges.map((edge) => {
    const target = snapshot.methods[edge.method]?.source;
    const name = target ? methodLabel(target.method) : edge.name;
    const text = target ? link(name, [target.file, target.index]) : escapeMarkdown(name);
    return `${text} ${formatShare(edge.totalShare, snapshot.cpu.samples)}`;
  });
  return `${title}: ${items.join(' · ')}`;
}

function notes(heat: MethodHeat, { snapshot, stale, now, canMeasureExactly }: HoverContext): string[] {
  const texts: string[] = [];
  if (stale) texts.push(t('This method was edited after it was measured.'));
  if (snapshot.cpu.samples > 0) {
    const count = inDigits(snapshot.cpu.samples);
    texts.push(t('{0} samples ({1}).', count, intervalText(snapshot.cpu.interval, now)));
  }
  texts.push(accuracyText(snapshot.accuracy));
  if (heat.fromTicks) texts.push(t('Part of its self time was inferred from line numbers in its caller.'));
  if (snapshot.accuracy === 'approximate' && canMeasureExactly) {
    texts.push(`[${t('Measure exactly')}](command:${commandId('measureExactly')})`);
  }
  return texts;
}

function table(rows: readonly [string, string][]): string {
  if (!rows.length) return '';
  return ['| | |', '|---|---|', ...rows.map(([name, text]) => `| ${name} | ${escapeMarkdown(text)} |`)].join('\n');
}

function link(
  text: string,
  args: readonly (string | number)[],
  command: 'goToMethod' | 'showInFlameGraph' = 'goToMethod',
): string {
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${escapeMarkdown(text)}](command:${commandId(command)}?${query})`;
}
