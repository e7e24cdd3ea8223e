import { t } from '@vscode/l10n';
import type { CallEdge, HeatSnapshot, MethodHeat } from '../../core/heat/heatSnapshot';
import { measureShare } from '../../core/heat/measures';
import { formatBytes } from '../../core/words/bytes';
import { inDigits } from '../../core/words/numbers';
import { formatDuration } from '../../core/words/times';
import { formatShare } from '../../core/words/sampledShares';
import {
  accuracyWord,
  markedBytes,
  methodAccuracyText,
  selfShareText,
  totalShareText,
  withAccuracy,
} from '../../core/heat/accuracyWording';
import { generatedText, intervalText, methodLabel } from '../../core/heat/wording';
import type { Accuracy } from '../../core/profile/accuracy';
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
}

/** Commands that the links of a hover may run; nothing else is trusted. */
export const hoverCommands = [commandId('goToMethod'), commandId('showInFlameGraph')];

/** Everything known about one method, as Markdown with command links. */
export function methodHover(heat: MethodHeat, context: HoverContext): string {
  const { snapshot } = context;
  const rows = [...cpuRows(heat, snapshot), ...waitingRows(heat), ...memoryRows(heat, context)];
  const sections = [
    `**${escapeMarkdown(methodLabel(heat.source.method))}** · ${badge(heat.accuracy)}`,
    table(rows),
    lineSection(heat, context),
    edgeSection(t('Called by'), heat.callers, snapshot),
    edgeSection(t('Calls'), heat.callees, snapshot),
    notes(heat, context).join(' '),
    link(t('Show in flame graph'), [heat.source.file, heat.source.index], 'showInFlameGraph'),
  ];
  return sections.filter(Boolean).join('\n\n');
}

/** One line for a hot line that is not a method's first, with the accuracy of the method that it stands in. */
export function lineHover(selfShare: number, { cpu }: HeatSnapshot, accuracy: Accuracy): string {
  const share = formatShare(selfShare, cpu.samples);
  return withAccuracy(`$(flame) ${escapeMarkdown(t('{0} of the CPU time on this line', share))}`, accuracy);
}

/** The sign of the lens beside its word. */
function badge(accuracy: Accuracy): string {
  return accuracy === 'approximate' ? `≈ ${accuracyWord(accuracy)}` : accuracyWord(accuracy);
}

function cpuRows(heat: MethodHeat, { cpu }: HeatSnapshot): [string, string][] {
  if (cpu.samples <= 0) return [];
  return [
    [t('CPU self'), `${selfShareText(heat, cpu.samples)} · ${formatDuration(heat.cpu.selfMs)}`],
    [t('CPU total'), `${totalShareText(heat, cpu.samples)} · ${formatDuration(heat.cpu.totalMs)}`],
  ];
}

function waitingRows({ cpu: { selfWaitingMs, totalWaitingMs } }: MethodHeat): [string, string][] {
  if (totalWaitingMs < 1) return [];
  const whole = formatDuration(totalWaitingMs);
  const text =
    selfWaitingMs >= totalWaitingMs
      ? t('{0}, blocked outside of JavaScript: no CPU time', whole)
      : t('{0}, blocked outside of JavaScript: no CPU time; {1} of it by itself', whole, formatDuration(selfWaitingMs));
  return [[t('Waited'), text]];
}

function memoryRows(heat: MethodHeat, context: HoverContext): [string, string][] {
  const { snapshot, heapIntervalBytes, memoryPending, now } = context;
  const { memory } = snapshot;
  const unknown = memoryPending ? t('unknown until its first window was read') : undefined;
  const bytes = (own: number, total: number): string => {
    const text = markedBytes(formatBytes(own, heapIntervalBytes), heat);
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
    // Two `~` would strike out what stands between.
    const share = escapeMarkdown(formatShare(selfShare, snapshot.cpu.samples));
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
    return `${text} ${escapeMarkdown(formatShare(edge.totalShare, snapshot.cpu.samples))}`;
  });
  return `${title}: ${items.join(' · ')}`;
}

function notes(heat: MethodHeat, { snapshot, stale, now }: HoverContext): string[] {
  const texts: string[] = [];
  if (stale) texts.push(t('This method was edited after it was measured.'));
  if (snapshot.cpu.samples > 0) {
    const count = inDigits(snapshot.cpu.samples);
    texts.push(t('{0} samples ({1}).', count, intervalText(snapshot.cpu.interval, now)));
  }
  texts.push(methodAccuracyText(heat));
  const generated = generatedText(heat.source);
  if (generated) texts.push(escapeMarkdown(generated));
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
