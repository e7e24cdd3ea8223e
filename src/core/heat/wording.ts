import { t } from '@vscode/l10n';
import type { Interval } from '../interval';
import type { HeatSnapshot, MethodHeat, TargetState } from './heatSnapshot';
import type { SourceMethod, UnmappedReason } from './methodResolver';
import type { MethodKind } from '../method/method';
import { waitingShare, type Measure } from './measures';
import { formatBytes } from '../words/bytes';
import { formatDuration } from '../words/times';
import { visibleText } from '../words/foreignText';
import { markedBytes, selfShareText, totalShareText, withAccuracy } from './accuracyWording';

/** What a lens needs to know of the snapshot beside the method's own heat. */
export interface LensContext {
  readonly snapshot: Pick<HeatSnapshot, 'cpu' | 'memory'>;
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

/** `48 % total · 31 ± 2 % self · ≈12 MB live · ≈210 MB allocated in 4 s`; without a bound `48 % total · 31 % self ≈` */
export function lensText(heat: MethodHeat, context: LensContext, flags: LensFlags = {}): string {
  const parts = [...cpuParts(heat, context), ...waitingParts(heat, context), ...memoryParts(heat, context)];
  if (heat.source.generated) parts.push(t('generated code'));
  if (flags.stale) parts.unshift(t('edited since measured'));
  const text = withAccuracy(parts.join(' · '), heat.accuracy);
  return flags.label ? `${flags.label}: ${text}` : text;
}

function cpuParts(heat: MethodHeat, { snapshot }: LensContext): string[] {
  if (snapshot.cpu.samples <= 0 || heat.cpu.totalMs <= 0) return [];
  const { samples } = snapshot.cpu;
  return [t('{0} total', totalShareText(heat, samples)), t('{0} self', selfShareText(heat, samples))];
}

/** Waiting of which a lens speaks: a share of the time that was not idle. */
const LENS_WAITING_SHARE = 0.05;

function waitingParts(heat: MethodHeat, { snapshot }: LensContext): string[] {
  return waitingShare(heat, snapshot) < LENS_WAITING_SHARE
    ? []
    : [t('waited {0}', formatDuration(heat.cpu.totalWaitingMs))];
}

function memoryParts(heat: MethodHeat, { snapshot, heapIntervalBytes, memoryPending }: LensContext): string[] {
  const { liveInterval, allocatedInterval, allocatedWindowMs } = snapshot.memory;
  if (!liveInterval && !allocatedInterval) return memoryPending ? [t('memory unknown yet')] : [];
  const { liveBytes, allocatedBytes } = heat.memory;
  const text = (bytes: number): string => markedBytes(formatBytes(bytes, heapIntervalBytes), heat);
  const parts: string[] = [];
  if (liveInterval && liveBytes > 0) parts.push(t('{0} live', text(liveBytes)));
  if (allocatedInterval && allocatedBytes > 0) {
    parts.push(t('{0} allocated in {1}', text(allocatedBytes), formatDuration(allocatedWindowMs)));
  }
  return parts;
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

/** Why the code is shown as it runs; undefined where it is the source. */
export function generatedText({ generated }: Pick<SourceMethod, 'generated'>): string | undefined {
  if (!generated) return undefined;
  const { reason, detail } = generated;
  return t('Generated code, not its source: {0}.', visibleText(detail ?? unmappedReasonText(reason)));
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
    case 'webassembly':
      return t('WebAssembly: no source is known');
  }
}
