import { t } from '@vscode/l10n';
import type { HeatSnapshot, MethodHeat, UnmappedHeat } from '../../core/heat/heatSnapshot';
import type { UnmappedReason } from '../../core/heat/methodResolver';
import type { Measure } from '../../core/heat/measures';
import { compareByMeasure, measureShare, measureValue, usableMeasure } from '../../core/heat/measures';
import { formatBytes } from '../../core/words/bytes';
import { formatDuration } from '../../core/words/times';
import { formatShare, shareUncertainty } from '../../core/words/sampledShares';
import {
  accuracyWord,
  bytesAccuracy,
  markedBytes,
  methodAccuracyText,
  selfShareText,
  totalShareText,
  withAccuracy,
} from '../../core/heat/accuracyWording';
import { inlinesCallbacks, type RuntimeKind } from '../../core/heat/runtimeSums';
import { generatedText, measureLabel, methodLabel, unmappedReasonText } from '../../core/heat/wording';
import type { HotMethod } from '../heat/heatView';
import { percentText } from '../../core/words/shares';

export type Grouping = 'none' | 'file' | 'package';

export interface HotMethodsSettings {
  readonly sort: Measure;
  readonly group: Grouping;
  readonly ownCodeOnly: boolean;
  readonly heapIntervalBytes: number;
  /** A path as people know it, relative to the workspace where it is inside. */
  readonly shortPath: (file: string) => string;
}

/** A row of the Hot Methods view. Ids are stable between refreshes, so that the tree keeps its selection and scroll. */
export interface HotNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip?: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Of the sort measure, 0..1: its colour. */
  readonly share: number;
  readonly kind: 'method' | 'file' | 'package' | 'outside' | 'fact';
  readonly method?: HotMethod;
  readonly file?: string;
  readonly children?: readonly HotNode[];
}

export function hotMethodRows(
  snapshot: HeatSnapshot,
  hot: readonly HotMethod[],
  wished: HotMethodsSettings,
): HotNode[] {
  const settings = { ...wished, sort: usableMeasure(wished.sort, snapshot) };
  const shown = settings.ownCodeOnly ? hot.filter(({ heat }) => heat.source.packageName === undefined) : [...hot];
  const compare = compareByMeasure(settings.sort);
  shown.sort((a, b) => compare(a.heat, b.heat));
  const rows = grouped(shown, snapshot, settings);
  const outside = outsideNode(snapshot);
  return outside ? [...rows, outside] : rows;
}

/** In the order of the view, groups unfolded: what stepping to the next hot method follows. */
export function methodsInOrder(rows: readonly HotNode[]): HotMethod[] {
  return rows.flatMap((row) =>
    row.method ? [row.method] : row.kind === 'outside' ? [] : methodsInOrder(row.children ?? []),
  );
}

function grouped(methods: readonly HotMethod[], snapshot: HeatSnapshot, settings: HotMethodsSettings): HotNode[] {
  if (settings.group === 'none') return methods.map((method) => methodNode(method, snapshot, settings, true));
  const byFile = settings.group === 'file';
  const groups = new Map<string, HotMethod[]>();
  for (const method of methods) {
    const key = byFile ? method.heat.source.file : (method.heat.source.packageName ?? '');
    const group = groups.get(key);
    if (group) group.push(method);
    else groups.set(key, [method]);
  }
  const nodes = [...groups].map(([key, members]) => {
    const label = byFile ? settings.shortPath(key) : key || t('Your code');
    const children = members.map((method) => methodNode(method, snapshot, settings, !byFile));
    return groupNode(key, label, byFile ? 'file' : 'package', members, children, snapshot, settings);
  });
  return nodes.sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
}

function groupNode(
  key: string,
  label: string,
  kind: 'file' | 'package',
  members: readonly HotMethod[],
  children: readonly HotNode[],
  snapshot: HeatSnapshot,
  settings: HotMethodsSettings,
): HotNode {
  // Totals of methods overlap (a caller's holds its callees'), so a group has the sum of what can be added up.
  const measure = settings.sort === 'total' ? 'self' : settings.sort;
  const share = members.reduce((sum, { heat }) => sum + measureShare(heat, measure, snapshot), 0);
  const value = members.reduce((sum, { heat }) => sum + measureValue(heat, measure), 0);
  const cpu = measure === 'self';
  const isTold = members.every(({ heat }) => (cpu ? heat.accuracy : bytesAccuracy(heat)) !== 'approximate');
  const figure = cpu ? t('{0} self', groupShare(share, members, snapshot)) : bytesText(measure, value, settings);
  const description = isTold ? figure : withAccuracy(figure, 'approximate');
  return {
    id: `${kind}:${key}`,
    label,
    description,
    tooltip: key || label,
    spoken: `${label}, ${description}`,
    share,
    kind,
    ...(kind === 'file' ? { file: key } : {}),
    children,
  };
}

/** A sum is no more certain than the least certain of what it has. */
function groupShare(share: number, members: readonly HotMethod[], { cpu }: HeatSnapshot): string {
  const bounds = members.map(({ heat }) => heat.bound ?? 0);
  return formatShare(share, cpu.samples, Math.max(shareUncertainty(share, cpu.samples), ...bounds));
}

function methodNode(
  method: HotMethod,
  snapshot: HeatSnapshot,
  settings: HotMethodsSettings,
  withFile: boolean,
): HotNode {
  const { heat } = method;
  const { source } = heat;
  const label = methodLabel(source.method);
  const figures = methodFigures(heat, snapshot, settings);
  const generated = generatedText(source);
  const place = `${settings.shortPath(source.file)}:${source.method.nameStart.line + 1}`;
  // At the first figure, since a row is cut off at its end; where all are exact, that is said once, above the rows.
  const isSaid = snapshot.accuracy === 'exact';
  const marked = figures.map((text, i) => (i > 0 || isSaid ? text : withAccuracy(text, heat.accuracy)));
  const from = source.packageName ? ` · ${source.packageName}` : '';
  return {
    id: `method:${source.file}:${source.index}`,
    label,
    description: (withFile ? [...marked, baseName(place) + from] : marked).join(' · '),
    tooltip: [place, ...figures, methodAccuracyText(heat), ...(generated ? [generated] : [])].join('\n'),
    spoken: [label, ...figures, accuracyWord(heat.accuracy), place, ...(generated ? [generated] : [])].join(', '),
    share: measureShare(heat, settings.sort, snapshot),
    kind: 'method',
    method,
    file: source.file,
  };
}

/** The sort measure first, then its companion: self beside total, live beside allocated. */
function methodFigures(heat: MethodHeat, snapshot: HeatSnapshot, settings: HotMethodsSettings): string[] {
  const companions: Record<Measure, Measure> = { self: 'total', total: 'self', live: 'allocated', allocated: 'live' };
  const shown: Measure[] = [settings.sort, companions[settings.sort]];
  return shown
    .filter((measure) => isMeasured(measure, snapshot))
    .map((measure) => {
      switch (measure) {
        case 'self':
          return t('{0} self', selfShareText(heat, snapshot.cpu.samples));
        case 'total':
          return t('{0} total', totalShareText(heat, snapshot.cpu.samples));
        default:
          return bytesText(measure, measureValue(heat, measure), settings, heat);
      }
    });
}

function isMeasured(measure: Measure, { cpu, memory }: HeatSnapshot): boolean {
  if (measure === 'live') return memory.liveInterval !== undefined;
  if (measure === 'allocated') return memory.allocatedInterval !== undefined;
  return cpu.samples > 0;
}

function bytesText(
  measure: 'live' | 'allocated',
  value: number,
  { heapIntervalBytes }: HotMethodsSettings,
  heat?: MethodHeat,
): string {
  const text = formatBytes(value, heapIntervalBytes);
  const marked = heat ? markedBytes(text, heat) : text;
  return measure === 'live' ? t('{0} live', marked) : t('{0} allocated', marked);
}

/** Time that belongs to no method of a source file, each kind with its reason; never smeared over the methods. */
function outsideNode(snapshot: HeatSnapshot): HotNode | undefined {
  const { cpu } = snapshot;
  const waitingMs = cpu.waitingMs ?? 0;
  const wallMs = cpu.sampledMs + waitingMs + cpu.idleMs;
  if (wallMs <= 0 && !snapshot.unmapped.length) return undefined;
  const facts: HotNode[] = [];
  const add = (id: string, label: string, ms: number, tooltip: string, children?: readonly HotNode[]): void => {
    if (ms <= 0 && !children?.length) return;
    const share = cpu.sampledMs > 0 ? ms / cpu.sampledMs : 0;
    facts.push(fact(id, label, `${formatShare(share, cpu.samples)} · ${formatDuration(ms)}`, tooltip, children));
  };
  add('gc', t('Garbage collection'), cpu.gcMs, t('Allocating less reduces it: sort by allocated bytes.'));
  const native = runtimeNodes(snapshot, 'native');
  add('native', t('Native code'), cpu.nativeMs, t('Builtins of V8, C++ of Node and add-ons.'), native);
  const inlined = snapshot.runtime.some((each) => inlinesCallbacks(each) && each.selfMs >= TOLD_SHARE * cpu.sampledMs);
  const node = inlined
    ? t('V8 inlines hot callbacks into these functions. Measure longer to tell them apart.')
    : t('node: modules that your methods call.');
  add('node', t('Node’s own JavaScript'), cpu.nodeMs, node, runtimeNodes(snapshot, 'node'));
  add('unmapped', t('Code without a known source'), cpu.unmappedMs, t('Each entry says why.'), unmappedNodes(snapshot));
  const busyMs = cpu.gcMs + cpu.nativeMs + cpu.nodeMs + cpu.unmappedMs;
  const share = cpu.sampledMs > 0 ? busyMs / cpu.sampledMs : 0;
  const addWall = (id: string, label: string, ms: number, tooltip: string): void => {
    if (ms <= 0) return;
    const text = t('{0} of the wall time · {1}', percentText(ms / wallMs), formatDuration(ms));
    facts.push(fact(id, label, text, tooltip));
  };
  const blocked = t('Blocked inside a call outside of JavaScript. No CPU time: not counted in the shares of methods.');
  addWall('waiting', t('Waiting'), waitingMs, blocked);
  addWall('idle', t('Idle'), cpu.idleMs, t('Waiting for work. Not counted in the shares of methods.'));
  if (!facts.length) return undefined;
  const label = t('Not in your methods');
  const description = formatShare(share, cpu.samples);
  return {
    id: 'outside',
    label,
    description,
    spoken: `${label}, ${description}`,
    share: 0,
    kind: 'outside',
    children: facts,
  };
}

const SHOWN_RUNTIME = 20;
/** Share of the busy time from which on it is told what a function of Node's may hold. */
const TOLD_SHARE = 0.1;

function runtimeNodes({ runtime }: HeatSnapshot, kind: RuntimeKind): HotNode[] | undefined {
  const shown = runtime.filter((each) => each.kind === kind && each.selfMs > 0).slice(0, SHOWN_RUNTIME);
  if (!shown.length) return undefined;
  return shown.map(({ name, url, selfMs }) => {
    const label = name || t('(anonymous)');
    const description = [formatDuration(selfMs), url].filter(Boolean).join(' · ');
    return fact(`runtime:${kind}:${url}:${name}`, label, description, [label, url].filter(Boolean).join('\n'));
  });
}

const SHOWN_UNMAPPED = 50;

function unmappedNodes(snapshot: HeatSnapshot): HotNode[] {
  const byReason = new Map<UnmappedReason, UnmappedHeat[]>();
  for (const heat of snapshot.unmapped) {
    const group = byReason.get(heat.reason);
    if (group) group.push(heat);
    else byReason.set(heat.reason, [heat]);
  }
  const sum = (group: readonly UnmappedHeat[]): number => group.reduce((ms, { selfMs }) => ms + selfMs, 0);
  const groups = [...byReason].sort(([, a], [, b]) => sum(b) - sum(a));
  return groups.map(([reason, group]) => {
    const frames = [...group].sort((a, b) => b.selfMs - a.selfMs).slice(0, SHOWN_UNMAPPED);
    const children = frames.map((heat) => {
      const place = heat.url ? `${heat.url}:${heat.line + 1}` : '';
      const name = heat.name || t('(anonymous)');
      const tooltip = [name, place, heat.detail].filter(Boolean).join('\n');
      const id = `unmapped:${reason}:${heat.url}:${heat.line}:${heat.name}`;
      return fact(id, name, `${formatDuration(heat.selfMs)} · ${baseName(place)}`, tooltip);
    });
    const label = unmappedReasonText(reason);
    return fact(`reason:${reason}`, label, formatDuration(sum(group)), label, children);
  });
}

function fact(id: string, label: string, description: string, tooltip: string, children?: readonly HotNode[]): HotNode {
  const spoken = `${label}, ${description}`;
  return {
    id: `fact:${id}`,
    label,
    description,
    tooltip,
    spoken,
    share: 0,
    kind: 'fact',
    ...(children ? { children } : {}),
  };
}

export function sortTitle(measure: Measure): string {
  return t('By {0}', measureLabel(measure));
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
