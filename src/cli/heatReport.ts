import type { HeatSnapshot, MethodHeat, TargetSummary } from '../core/heat/heatSnapshot';
import { formatBytes } from '../core/words/bytes';
import { formatDuration } from '../core/words/times';
import { formatShare } from '../core/words/sampledShares';
import { visibleText } from '../core/words/foreignText';
import { formatTable } from './output';
import { percentText } from '../core/words/shares';

/** Rows of the table; the JSON has all. */
const ROWS = 25;

/**
 * What `--json` prints. `file` is absolute, `line` and `column` 1-based, shares 0..1 of `cpu.sampledMs` (non-idle time).
 *
 * Allocated bytes are sampled in windows that alternate with those of live bytes; here they are scaled from their
 * windows (`allocatedWindowMs`) to `intervalMs`. Live bytes were allocated in the last `liveWindowMs` and were alive at
 * the end; they are not scaled.
 */
export interface HeatReport {
  readonly target: ReportTarget | null;
  readonly intervalMs: number;
  readonly exact: boolean;
  readonly cpu: {
    readonly sampledMs: number;
    readonly idleMs: number;
    readonly gcMs: number;
    readonly nativeMs: number;
    readonly nodeMs: number;
    readonly unmappedMs: number;
    readonly samples: number;
    readonly intervalUs: number;
  };
  readonly memory: {
    readonly liveBytes: number;
    readonly allocatedBytes: number;
    readonly liveWindowMs: number | null;
    readonly allocatedWindowMs: number | null;
  };
  readonly methods: readonly ReportMethod[];
  readonly unmapped: readonly {
    readonly name: string;
    readonly url: string;
    readonly line: number;
    readonly reason: string;
    readonly detail?: string;
    readonly selfMs: number;
    readonly liveBytes: number;
    readonly allocatedBytes: number;
  }[];
  readonly problems: readonly string[];
}

export interface ReportTarget {
  readonly pid: number | null;
  readonly label: string;
  readonly nodeVersion: string | null;
  readonly threads: readonly Pick<
    TargetSummary,
    'id' | 'label' | 'state' | 'cost' | 'heapUsedBytes' | 'externalBytes'
  >[];
}

export interface ReportMethod {
  readonly name: string;
  readonly qualifiedName: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly package?: string;
  readonly cpu: {
    readonly selfMs: number;
    readonly totalMs: number;
    readonly selfShare: number;
    readonly totalShare: number;
  };
  readonly memory: {
    readonly liveBytes: number;
    readonly allocatedBytes: number;
    readonly totalLiveBytes: number;
    readonly totalAllocatedBytes: number;
  };
}

/** The report of a snapshot; of nothing measured, when there is none. Hottest method (self time, then bytes) first. */
export function heatReport(
  snapshot: HeatSnapshot | undefined,
  targets: readonly TargetSummary[],
  problems: readonly string[],
): HeatReport {
  const cpu = snapshot?.cpu;
  const memory = snapshot?.memory;
  const intervalMs = cpu ? cpu.interval.endMs - cpu.interval.startMs : 0;
  const allocatedWindowMs = memory?.allocatedInterval ? memory.allocatedWindowMs : null;
  const scale = allocatedWindowMs && intervalMs > allocatedWindowMs ? intervalMs / allocatedWindowMs : 1;
  return {
    target: reportTarget(targets),
    intervalMs: round(intervalMs),
    exact: snapshot?.accuracy === 'exact',
    cpu: {
      sampledMs: round(cpu?.sampledMs ?? 0),
      idleMs: round(cpu?.idleMs ?? 0),
      gcMs: round(cpu?.gcMs ?? 0),
      nativeMs: round(cpu?.nativeMs ?? 0),
      nodeMs: round(cpu?.nodeMs ?? 0),
      unmappedMs: round(cpu?.unmappedMs ?? 0),
      samples: cpu?.samples ?? 0,
      intervalUs: cpu?.samplingIntervalUs ?? 0,
    },
    memory: {
      liveBytes: Math.round(memory?.liveBytes ?? 0),
      allocatedBytes: Math.round((memory?.allocatedBytes ?? 0) * scale),
      liveWindowMs: memory?.liveInterval ? memory.liveInterval.endMs - memory.liveInterval.startMs : null,
      allocatedWindowMs,
    },
    methods: [...(snapshot?.methods ?? [])].sort(hottestFirst).map((method) => reportMethod(method, scale)),
    unmapped: (snapshot?.unmapped ?? []).map(({ selfMs, line, liveBytes, allocatedBytes, ...frame }) => ({
      ...frame,
      line: line + 1,
      selfMs: round(selfMs),
      liveBytes: Math.round(liveBytes),
      allocatedBytes: Math.round(allocatedBytes * scale),
    })),
    problems,
  };
}

/** Lines of the report that people read. */
export function formatReport(report: HeatReport): string[] {
  const { cpu, memory } = report;
  const rows = report.methods
    .filter((method) => method.cpu.totalMs > 0 || method.memory.liveBytes > 0 || method.memory.allocatedBytes > 0)
    .slice(0, ROWS);
  const bytes = (value: number, windowMs: number | null): string => (windowMs === null ? '-' : formatBytes(value));
  const table = formatTable(
    ['SELF', 'SELF %', 'TOTAL', 'TOTAL %', 'LIVE', 'ALLOCATED', 'METHOD', 'AT'],
    rows.map((method) => [
      formatDuration(method.cpu.selfMs),
      formatShare(method.cpu.selfShare, cpu.samples),
      formatDuration(method.cpu.totalMs),
      formatShare(method.cpu.totalShare, cpu.samples),
      bytes(method.memory.liveBytes, memory.liveWindowMs),
      bytes(method.memory.allocatedBytes, memory.allocatedWindowMs),
      method.qualifiedName,
      `${method.file}:${method.line}`,
    ]),
    new Set([0, 1, 2, 3, 4, 5]),
  );
  const mode = report.exact
    ? 'exact'
    : 'approximate: V8 may charge inlined functions to their callers, --exact does not';
  const lines = [
    `${visibleText(report.target?.label ?? 'No target')}${report.target?.nodeVersion ? `, Node ${visibleText(report.target.nodeVersion)}` : ''}, ${formatDuration(report.intervalMs)} (${mode})`,
    `busy ${formatDuration(cpu.sampledMs)}, idle ${formatDuration(cpu.idleMs)}; of the busy time: garbage collection ${formatDuration(cpu.gcMs)}, ` +
      `native ${formatDuration(cpu.nativeMs)}, Node itself ${formatDuration(cpu.nodeMs)}, not mapped ${formatDuration(cpu.unmappedMs)}`,
  ];
  if (memory.liveWindowMs !== null)
    lines.push(`live: allocated in ${formatWindow(memory.liveWindowMs)} and still alive at its end`);
  if (memory.allocatedWindowMs !== null) {
    lines.push(
      memory.allocatedWindowMs < report.intervalMs
        ? `allocated: sampled for ${formatDuration(memory.allocatedWindowMs)} and scaled to the ${formatDuration(report.intervalMs)} measured`
        : `allocated: sampled in ${formatWindow(memory.allocatedWindowMs)}`,
    );
  }
  for (const thread of report.target?.threads ?? []) lines.push(...costLine(thread));
  lines.push(
    '',
    ...(rows.length
      ? table
      : ['No method of a source file was seen: the process was idle, or its time was spent elsewhere (see above).']),
  );
  const hidden = report.methods.length - rows.length;
  if (hidden > 0) lines.push(`… and ${hidden} cooler ${hidden === 1 ? 'method' : 'methods'} (--json lists all)`);
  const unmapped = report.unmapped.filter((frame) => frame.selfMs > 0).slice(0, 5);
  if (unmapped.length) {
    lines.push('', 'Not mapped to a source file:');
    for (const frame of unmapped)
      lines.push(
        `  ${formatDuration(frame.selfMs)}  ${visibleText(frame.name)}  ${visibleText(frame.url)}:${frame.line}  (${visibleText(frame.detail ?? frame.reason)})`,
      );
  }
  for (const problem of report.problems) lines.push(`! ${problem}`);
  return lines;
}

function reportTarget(targets: readonly TargetSummary[]): ReportTarget | null {
  if (!targets.length) return null;
  const [first] = targets;
  return {
    pid: first.pid ?? null,
    label: targets.length === 1 ? first.label : `${first.label} and ${targets.length - 1} more`,
    nodeVersion: first.nodeVersion ?? null,
    threads: targets.map(({ id, label, state, cost, heapUsedBytes, externalBytes }) => ({
      id,
      label,
      state,
      cost,
      heapUsedBytes,
      externalBytes,
    })),
  };
}

function reportMethod({ source, cpu, memory }: MethodHeat, scale: number): ReportMethod {
  const { method, file, packageName } = source;
  return {
    name: method.name,
    qualifiedName: method.qualifiedName,
    kind: method.kind,
    file,
    line: method.nameStart.line + 1,
    column: method.nameStart.column + 1,
    package: packageName,
    cpu: {
      selfMs: round(cpu.selfMs),
      totalMs: round(cpu.totalMs),
      selfShare: cpu.selfShare,
      totalShare: cpu.totalShare,
    },
    memory: {
      liveBytes: Math.round(memory.liveBytes),
      allocatedBytes: Math.round(memory.allocatedBytes * scale),
      totalLiveBytes: Math.round(memory.totalLiveBytes),
      totalAllocatedBytes: Math.round(memory.totalAllocatedBytes * scale),
    },
  };
}

function costLine({ label, cost }: ReportTarget['threads'][number]): string[] {
  if (cost.startStallMs === undefined) return [];
  const parts = [`stall at start ${formatDuration(cost.startStallMs)}`];
  if (cost.refreshMs !== undefined) parts.push(`${formatDuration(cost.refreshMs)} per refresh`);
  if (cost.samplingShare !== undefined) parts.push(`sampling thread ${percentText(cost.samplingShare, 1)} of a core`);
  if (cost.heapReadMs !== undefined) parts.push(`heap reads ${percentText(cost.heapReadShare, 1)} of the time`);
  return [`cost of measuring ${visibleText(label)}: ${parts.join(', ')}`];
}

function hottestFirst(a: MethodHeat, b: MethodHeat): number {
  return (
    b.cpu.selfMs - a.cpu.selfMs ||
    b.memory.allocatedBytes - a.memory.allocatedBytes ||
    b.memory.liveBytes - a.memory.liveBytes ||
    b.cpu.totalMs - a.cpu.totalMs
  );
}

function formatWindow(ms: number): string {
  return ms > 0 ? formatDuration(ms) : 'the recorded time';
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
