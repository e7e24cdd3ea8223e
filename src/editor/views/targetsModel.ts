import { t } from '@vscode/l10n';
import type { CpuSummary, MeasuringCost, TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import type { MemorySummary } from '../../core/heat/heatSnapshot';
import { formatBytes } from '../../core/words/bytes';
import { inDigits } from '../../core/words/numbers';
import { formatDuration } from '../../core/words/times';
import { intervalText, stateText } from '../../core/heat/wording';
import { costPercent } from '../../core/words/shares';

/** A row of the Targets view: a target, or a fact about it. */
export interface TargetNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip?: string;
  readonly spoken: string;
  readonly icon?: string;
  readonly target?: TargetSummary;
  readonly children?: readonly TargetNode[];
}

export interface TargetsContext {
  readonly selected: ReadonlySet<string> | undefined;
  readonly cpu?: CpuSummary;
  readonly memory?: MemorySummary;
  /** Epoch ms. */
  readonly now: number;
}

export function targetRows(targets: readonly TargetSummary[], context: TargetsContext): TargetNode[] {
  const rows = targets.map((target) => targetNode(target, context.selected));
  const shown = intervalNodes(context);
  if (!shown.length) return rows;
  const label = t('Intervals shown');
  return [...rows, { id: 'intervals', label, description: '', spoken: label, icon: 'history', children: shown }];
}

function targetNode(target: TargetSummary, selected: ReadonlySet<string> | undefined): TargetNode {
  const hidden = selected !== undefined && !selected.has(target.id);
  const isFile = isProfileFile(target);
  const parts = [isFile ? t('profile file') : stateText(target.state)];
  if (hidden) parts.push(t('not shown'));
  if (target.nodeVersion) parts.push(target.nodeVersion);
  const description = parts.join(' · ');
  return {
    id: target.id,
    label: target.label,
    description,
    spoken: `${target.label}, ${parts.join(', ')}`,
    icon: isFile ? 'file' : stateIcon(target.state),
    target,
    children: costNodes(target),
  };
}

/** A profile that was loaded shows as a target that has ended. */
export function isProfileFile(target: Pick<TargetSummary, 'id'>): boolean {
  return target.id.startsWith('file:');
}

/** What measuring costs this target, as measured on it. */
function costNodes(target: TargetSummary): TargetNode[] {
  const { cost } = target;
  const nodes: TargetNode[] = [];
  const add = (id: string, label: string, description: string | undefined, tooltip: string): void => {
    if (description === undefined) return;
    nodes.push({ id: `${target.id}:${id}`, label, description, tooltip, spoken: `${label}, ${description}` });
  };
  add('stall', t('Pause at start'), stallText(cost), t('Longest stall of the event loop while the profilers started.'));
  add('sampling', t('CPU sampling'), percent(cost.samplingShare), t('Estimated share of CPU time spent on sampling.'));
  const interrupt = t('Share of the CPU time of the target; a setting limits it. They tell inlined methods apart.');
  add('interrupt', t('Interrupt samples'), interruptText(cost), interrupt);
  add('refresh', t('CPU refresh'), refreshText(cost), t('Time that switching the CPU window takes in the target.'));
  add('heap', t('Heap reads'), heapText(cost), t('Share of wall time; reads are limited to keep it small.'));
  add('used', t('Heap in use'), bytes(target.heapUsedBytes), t('JavaScript heap of this isolate.'));
  const outside = t('Buffers of the whole process. V8 cannot assign them to methods.');
  add('external', t('Outside the heap'), bytes(target.externalBytes), outside);
  return nodes;
}

function stallText({ startStallMs, predictedStartStallMs }: MeasuringCost): string | undefined {
  if (startStallMs !== undefined) return formatDuration(startStallMs);
  return predictedStartStallMs === undefined ? undefined : t('{0} predicted', formatDuration(predictedStartStallMs));
}

function interruptText({ interruptShare, interruptSamples }: MeasuringCost): string | undefined {
  if (interruptShare === undefined) return undefined;
  const share = costPercent(interruptShare);
  return interruptSamples === undefined ? share : t('{0} · {1} samples', share, inDigits(interruptSamples));
}

function refreshText({ refreshMs, refreshMaxMs }: MeasuringCost): string | undefined {
  if (refreshMs === undefined) return undefined;
  if (refreshMaxMs === undefined) return formatDuration(refreshMs);
  return t('{0}, at most {1}', formatDuration(refreshMs), formatDuration(refreshMaxMs));
}

function heapText({ heapReadShare, heapReadMs, nextHeapReadInMs }: MeasuringCost): string | undefined {
  const next = nextHeapReadInMs === undefined ? undefined : t('next in {0}', formatDuration(nextHeapReadInMs));
  if (heapReadMs === undefined) return next;
  const parts = [percent(heapReadShare) ?? '', t('last took {0}', formatDuration(heapReadMs))];
  return (next ? [...parts, next] : parts).join(' · ');
}

function intervalNodes({ cpu, memory, now }: TargetsContext): TargetNode[] {
  const nodes: TargetNode[] = [];
  const add = (id: string, label: string, description: string): void => {
    nodes.push({ id: `interval:${id}`, label, description, spoken: `${label}, ${description}` });
  };
  if (cpu && cpu.samples > 0) {
    const every = formatDuration(cpu.samplingIntervalUs / 1000);
    add(
      'cpu',
      t('CPU'),
      t('{0} · {1} samples every {2}', intervalText(cpu.interval, now), inDigits(cpu.samples), every),
    );
  }
  if (memory?.liveInterval) add('live', t('Live bytes'), intervalText(memory.liveInterval, now));
  if (memory?.allocatedInterval) {
    const windows = formatDuration(memory.allocatedWindowMs);
    add('allocated', t('Allocated bytes'), t('{0} of the {1}', windows, intervalText(memory.allocatedInterval, now)));
  }
  return nodes;
}

export function stateIcon(state: TargetState): string {
  switch (state) {
    case 'starting':
      return 'loading~spin';
    case 'measuring':
      return 'pulse';
    case 'measuring-exactly':
      return 'beaker';
    case 'paused':
      return 'debug-pause';
    case 'unresponsive':
      return 'warning';
    case 'ended':
    case 'detached':
      return 'circle-slash';
  }
}

function percent(share: number | undefined): string | undefined {
  if (share === undefined) return undefined;
  return costPercent(share);
}

function bytes(count: number | undefined): string | undefined {
  return count === undefined ? undefined : formatBytes(count);
}
