import type { HeatSnapshot, MethodHeat, RuntimeHeat, TargetSummary } from '../core/heat/heatSnapshot';
import { formatDuration } from '../core/words/times';
import type { NoSource } from '../core/heat/methodResolver';
import type { Accuracy } from '../core/profile/accuracy';
import { visibleText } from '../core/words/foreignText';
import { costPercent, percentText } from '../core/words/shares';
import { inDigits } from '../core/words/numbers';
import { runtimeLines, waitingLines } from './outsideLines';
import { methodLines, unmappedLines } from './reportRows';

/** Threads whose costs are told each by itself. */
const COST_ROWS = 6;

/**
 * What `--json` prints. `file` is absolute, `line` and `column` 1-based, shares 0..1 of `cpu.sampledMs` (non-idle time).
 *
 * Allocated bytes are sampled in windows that alternate with those of live bytes; here they are scaled from their
 * windows (`allocatedWindowMs`) to `intervalMs`. Live bytes were allocated in the last `liveWindowMs` and were alive at
 * the end; they are not scaled.
 *
 * A method's `accuracy` says how its time was told from that of the methods that V8 inlines with it: `calibrated`,
 * `approximate` or `exact`. `bound` is half the width of the interval in which its true `selfShare` lies with 95 %
 * certainty, a share too; null where it is unknown. `exact` is true where everything was measured in exact mode.
 */
export interface HeatReport {
  readonly target: ReportTarget | null;
  readonly intervalMs: number;
  readonly exact: boolean;
  readonly cpu: {
    readonly sampledMs: number;
    readonly idleMs: number;
    /** Blocked inside calls, in no share; null where it cannot be told from running. */
    readonly waitingMs: number | null;
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
    /** How bytes were told from those of inlined methods: "calibrated" with --calibrate; each method tells its own. */
    readonly accuracy: Accuracy;
  };
  readonly methods: readonly ReportMethod[];
  readonly unmapped: readonly {
    readonly name: string;
    readonly url: string;
    readonly line: number;
    readonly reason: string;
    readonly detail?: string;
    readonly selfMs: number;
    readonly waitingMs: number;
    readonly liveBytes: number;
    readonly allocatedBytes: number;
  }[];
  /** What `nativeMs` and `nodeMs` are made of, the costliest first; V8 names no module of native code. */
  readonly runtime: readonly RuntimeHeat[];
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
  /** `file` is not what ran: it was changed since, or its source map has another text of it. The line is that of the file where it has the method. */
  readonly changed?: true;
  /** Why `file` is the code that runs and not its source; absent where it is the source. */
  readonly generated?: NoSource;
  readonly accuracy: Accuracy;
  readonly bound: number | null;
  readonly cpu: {
    readonly selfMs: number;
    readonly totalMs: number;
    readonly selfShare: number;
    readonly totalShare: number;
    readonly selfWaitingMs: number;
    readonly totalWaitingMs: number;
  };
  readonly memory: {
    readonly liveBytes: number;
    readonly allocatedBytes: number;
    readonly totalLiveBytes: number;
    readonly totalAllocatedBytes: number;
    readonly accuracy: Accuracy;
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
      waitingMs: cpu?.waitingMs === undefined ? null : round(cpu.waitingMs),
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
      accuracy: memory?.accuracy ?? 'approximate',
    },
    methods: [...(snapshot?.methods ?? [])].sort(hottestFirst).map((method) => reportMethod(method, scale)),
    unmapped: (snapshot?.unmapped ?? []).map(({ selfMs, waitingMs, line, liveBytes, allocatedBytes, ...frame }) => ({
      ...frame,
      line: line + 1,
      selfMs: round(selfMs),
      waitingMs: round(waitingMs),
      liveBytes: Math.round(liveBytes),
      allocatedBytes: Math.round(allocatedBytes * scale),
    })),
    runtime: (snapshot?.runtime ?? []).map((runtime) => ({ ...runtime, selfMs: round(runtime.selfMs) })),
    problems,
  };
}

/** Lines of the report that people read. */
export function formatReport(report: HeatReport): string[] {
  const { cpu, memory } = report;
  const accuracy = reportAccuracy(report);
  const lines = [
    `${visibleText(report.target?.label ?? 'No target')}${report.target?.nodeVersion ? `, Node ${visibleText(report.target.nodeVersion)}` : ''}, ${formatDuration(report.intervalMs)} (${accuracy})`,
    accuracyLine(accuracy),
    `busy ${formatDuration(cpu.sampledMs)}, ${cpu.waitingMs === null ? '' : `waiting ${formatDuration(cpu.waitingMs)}, `}idle ${formatDuration(cpu.idleMs)}; of the busy time: garbage collection ${formatDuration(cpu.gcMs)}, ` +
      `native ${formatDuration(cpu.nativeMs)}, Node itself ${formatDuration(cpu.nodeMs)}, not mapped ${formatDuration(cpu.unmappedMs)}`,
  ];
  lines.push(...waitingLines(report), ...runtimeLines(report));
  if (memory.liveWindowMs !== null)
    lines.push(`live: allocated in ${formatWindow(memory.liveWindowMs)} and still alive at its end`);
  if (memory.allocatedWindowMs !== null) {
    lines.push(
      memory.allocatedWindowMs < report.intervalMs
        ? `allocated: sampled for ${formatDuration(memory.allocatedWindowMs)} and scaled to the ${formatDuration(report.intervalMs)} measured`
        : `allocated: sampled in ${formatWindow(memory.allocatedWindowMs)}`,
    );
  }
  if (memory.accuracy === 'calibrated')
    lines.push('live and allocated: calibrated, divided as a window without inlining did');
  lines.push(...costLines(report.target?.threads ?? []));
  lines.push('', ...methodLines(report), ...unmappedLines(report));
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

/** What most of the numbers are: one method that is told apart makes the sign of the others worth reading. */
function reportAccuracy({ exact, methods }: HeatReport): Accuracy {
  if (exact) return 'exact';
  return methods.some(({ accuracy }) => accuracy === 'calibrated') ? 'calibrated' : 'approximate';
}

function accuracyLine(accuracy: Accuracy): string {
  switch (accuracy) {
    case 'exact':
      return 'exact: V8 inlined nothing meanwhile, which makes another program of it: calls cost a call each, numbers are boxed';
    case 'calibrated':
      return 'calibrated: the true self share is within ± points, 95 times in 100; ≈ where inlined methods are not told apart';
    case 'approximate':
      return 'approximate (≈): V8 inlines methods into each other, and too few samples told their time apart';
  }
}

function reportMethod({ source, cpu, memory, accuracy, bound }: MethodHeat, scale: number): ReportMethod {
  const { method, file, packageName, generated, sourceChanged, nameOnDisk } = source;
  const place = nameOnDisk ?? method.nameStart;
  return {
    name: method.name,
    qualifiedName: method.qualifiedName,
    kind: method.kind,
    file,
    line: place.line + 1,
    column: place.column + 1,
    package: packageName,
    changed: sourceChanged,
    generated,
    accuracy,
    bound: bound ?? null,
    cpu: {
      selfMs: round(cpu.selfMs),
      totalMs: round(cpu.totalMs),
      selfShare: cpu.selfShare,
      totalShare: cpu.totalShare,
      selfWaitingMs: round(cpu.selfWaitingMs),
      totalWaitingMs: round(cpu.totalWaitingMs),
    },
    memory: {
      liveBytes: Math.round(memory.liveBytes),
      allocatedBytes: Math.round(memory.allocatedBytes * scale),
      totalLiveBytes: Math.round(memory.totalLiveBytes),
      totalAllocatedBytes: Math.round(memory.totalAllocatedBytes * scale),
      accuracy: memory.accuracy,
    },
  };
}

/** One line for each thread that was measured, as long as there are few of them. */
function costLines(threads: ReportTarget['threads']): string[] {
  const measured = threads.filter(({ cost }) => cost.startStallMs !== undefined);
  const more = measured.slice(COST_ROWS);
  const lines = measured.slice(0, COST_ROWS).flatMap(costLine);
  if (!more.length) return lines;
  const longest = Math.max(...more.map(({ cost }) => cost.startStallMs!));
  const reads = more.reduce((sum, { cost }) => sum + cost.heapReadShare, 0);
  return [
    ...lines,
    `cost of measuring ${more.length} more: stall at start at most ${formatDuration(longest)}, heap reads ${percentText(reads, 1)} of the time`,
  ];
}

function costLine({ label, cost }: ReportTarget['threads'][number]): string[] {
  if (cost.startStallMs === undefined) return [];
  const parts = [`stall at start ${formatDuration(cost.startStallMs)}`];
  if (cost.refreshMs !== undefined) parts.push(`${formatDuration(cost.refreshMs)} per refresh`);
  if (cost.samplingShare !== undefined) parts.push(`sampling thread ${percentText(cost.samplingShare, 1)} of a core`);
  if (cost.interruptShare !== undefined) {
    const count = cost.interruptSamples === undefined ? '' : ` (${inDigits(cost.interruptSamples)})`;
    parts.push(`interrupt samples${count} ${costPercent(cost.interruptShare)} of its CPU`);
  }
  if (cost.heapReadMs !== undefined) parts.push(`heap reads ${percentText(cost.heapReadShare, 1)} of the time`);
  if (cost.leftOutMs) parts.push(`left out ${formatDuration(cost.leftOutMs)} that measuring caused`);
  if (cost.sampledShare !== undefined) parts.push(`sampled ${percentText(cost.sampledShare)} of its time`);
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
