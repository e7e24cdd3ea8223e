import { t } from '@vscode/l10n';
import type { Interval } from '../interval';
import type { Accuracy } from '../profile/accuracy';
import type { HeatSnapshot, MethodHeat, TargetState } from './heatSnapshot';
import type { UnmappedReason } from './methodResolver';
import type { MethodKind } from '../method/method';
import type { Measure } from './measures';
import { formatBytes } from '../words/bytes';
import { formatDuration } from '../words/times';
import { formatShare } from '../words/sampledShares';

/** What a lens needs to know of the snapshot beside the method's own heat. */
export interface LensContext {
  readonly snapshot: Pick<HeatSnapshot, 'accuracy' | 'cpu' | 'memory'>;
  /** Mean bytes between heap samples: the base of the uncertainty of bytes. */
  readonly heapIntervalBytes?: number;
  /** Memory is being measured: an interval that is missing is "unknown yet", otherwise it is left out. */
  readonly memoryPending: boolean;
}

export interface LensFlags {
  /** The text of the method has changed since it was measured. */
  readonly stale?: boolean;
  /** Put first where several lenses share a line. */
  readonly label?: string;
}

/** `48.2 % total · 31.0 % self · 12 MB live · 210 MB allocated in 4 s ≈` */
export function lensText(heat: MethodHeat, context: LensContext, flags: LensFlags = {}): string {
  const parts = [...cpuParts(heat, context), ...memoryParts(heat, context)];
  if (flags.stale) parts.unshift(t('edited since measured'));
  const text = withAccuracy(parts.join(' · '), context.snapshot.accuracy);
  return flags.label ? `${flags.label}: ${text}` : text;
}

function cpuParts(heat: MethodHeat, { snapshot }: LensContext): string[] {
  if (snapshot.cpu.samples <= 0 || heat.cpu.totalMs <= 0) return [];
  const { totalShare, selfShare } = heat.cpu;
  return [
    t('{0} total', formatShare(totalShare, snapshot.cpu.samples)),
    t('{0} self', formatShare(selfShare, snapshot.cpu.samples)),
  ];
}

function memoryParts(heat: MethodHeat, { snapshot, heapIntervalBytes, memoryPending }: LensContext): string[] {
  const { liveInterval, allocatedInterval, allocatedWindowMs } = snapshot.memory;
  if (!liveInterval && !allocatedInterval) return memoryPending ? [t('memory unknown yet')] : [];
  const { liveBytes, allocatedBytes } = heat.memory;
  const parts: string[] = [];
  if (liveInterval && liveBytes > 0) parts.push(t('{0} live', formatBytes(liveBytes, heapIntervalBytes)));
  if (allocatedInterval && allocatedBytes > 0) {
    const bytes = formatBytes(allocatedBytes, heapIntervalBytes);
    parts.push(t('{0} allocated in {1}', bytes, formatDuration(allocatedWindowMs)));
  }
  return parts;
}

function accuracySign(accuracy: Accuracy): string {
  return accuracy === 'exact' ? t('exact') : '≈';
}

/** `… ≈` or `… · exact`: every figure that is shown carries its badge. */
export function withAccuracy(text: string, accuracy: Accuracy): string {
  return accuracy === 'exact' ? `${text} · ${accuracySign(accuracy)}` : `${text} ${accuracySign(accuracy)}`;
}

export function accuracyText(accuracy: Accuracy): string {
  return accuracy === 'exact'
    ? t('Exact: measured while V8 inlined nothing, so each method is charged only for its own work.')
    : t('Approximate: V8 charges an inlined function to its caller. Measure Exactly tells them apart.');
}

/** `last 12 s`, `12 s, until 3 min ago`; `now` in epoch ms. */
export function intervalText(interval: Interval, now: number): string {
  const length = formatDuration(Math.max(0, interval.endMs - interval.startMs));
  const age = now - interval.endMs;
  return age < 10_000 ? t('last {0}', length) : t('{0}, until {1} ago', length, formatDuration(age));
}

export function measureLabel(measure: Measure): string {
  switch (measure) {
    case 'self':
      return t('self time');
    case 'total':
      return t('total time');
    case 'live':
      return t('live bytes');
    case 'allocated':
      return t('allocated bytes');
  }
}

export function stateText(state: TargetState): string {
  switch (state) {
    case 'starting':
      return t('starting');
    case 'measuring':
      return t('measuring');
    case 'measuring-exactly':
      return t('measuring exactly');
    case 'paused':
      return t('paused');
    case 'unresponsive':
      return t('not responding');
    case 'ended':
      return t('ended');
    case 'detached':
      return t('detached');
  }
}

/** Methods without a name of their own in the source are named by what they are. */
export function methodLabel(method: { readonly qualifiedName: string; readonly kind: MethodKind }): string {
  switch (method.kind) {
    case 'module':
      return t('top level of the file');
    case 'fields':
      return t('field initialisers of {0}', ownerOf(method.qualifiedName));
    case 'class':
      return t('constructor of {0}', method.qualifiedName);
    default:
      return method.qualifiedName;
  }
}

function ownerOf(qualifiedName: string): string {
  const dot = qualifiedName.lastIndexOf('.');
  return dot > 0 ? qualifiedName.slice(0, dot) : qualifiedName;
}

export function unmappedReasonText(reason: UnmappedReason): string {
  switch (reason) {
    case 'no-file':
      return t('The file is not on this machine; a path mapping may help');
    case 'evaluated':
      return t('Evaluated code: no file');
    case 'no-source-map':
      return t('Compiled code without a source map');
    case 'broken-source-map':
      return t('The source map cannot be read');
    case 'source-missing':
      return t('The original file is neither on disk nor in the source map');
    case 'not-mapped':
      return t('Code added by the compiler');
    case 'no-method':
      return t('The file differs from what runs');
    case 'unsupported-language':
      return t('Not JavaScript or TypeScript');
  }
}
