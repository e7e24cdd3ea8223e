import { formatBytes } from '../core/words/bytes';
import { formatDuration } from '../core/words/times';
import { formatShare, pointsText } from '../core/words/sampledShares';
import { totalShareText } from '../core/heat/accuracyWording';
import { generatedText } from '../core/heat/wording';
import { visibleText } from '../core/words/foreignText';
import type { HeatReport, ReportMethod } from './heatReport';
import { formatTable } from './output';

/** Methods with most self time; the JSON has all. */
const ROWS = 25;
/** Of each kind of bytes: methods that have most of them and are not among the hottest. */
const BYTES_ROWS = 5;
/** Of all bytes of a kind: who has less is not looked for. */
const WORTH_A_ROW = 0.01;
const UNMAPPED_ROWS = 5;

/** Behind a place in code whose source could not be had; why is said below the table. */
const GENERATED = ' *';
const GENERATED_REASONS = 3;
/** Behind a place in a file that is not what ran. */
const CHANGED = ' !';

type MemoryColumn = 'liveBytes' | 'allocatedBytes';

/** The table of methods: the hottest, and who leads live and allocated bytes, however little time that one takes. */
export function methodLines(report: HeatReport): string[] {
  const methods = report.methods.filter(
    ({ cpu, memory }) => cpu.totalMs > 0 || memory.liveBytes > 0 || memory.allocatedBytes > 0,
  );
  if (!methods.length)
    return ['No method of a source file was seen: the process was idle, or its time was spent elsewhere (see above).'];
  const shown = new Set(methods.slice(0, ROWS));
  const groups = [{ title: '', rows: [...shown] }];
  for (const [column, title] of [
    ['liveBytes', 'Cooler ones with most live bytes:'],
    ['allocatedBytes', 'Cooler ones with most allocated bytes:'],
  ] as const) {
    const rows = leaders(methods, column, report.memory[column], shown);
    for (const row of rows) shown.add(row);
    if (rows.length) groups.push({ title, rows });
  }
  const [header, ...cells] = formatTable(
    ['SELF', 'SELF %', '±', 'TOTAL', 'TOTAL %', 'LIVE', 'ALLOCATED', 'METHOD', 'AT'],
    groups.flatMap(({ rows }) => rows.map((method) => methodCells(method, report))),
    new Set([0, 1, 2, 3, 4, 5, 6]),
  );
  const lines = [header];
  for (const { title, rows } of groups) lines.push(...(title ? [title] : []), ...cells.splice(0, rows.length));
  const hidden = report.methods.length - shown.size;
  if (hidden > 0) lines.push(`… and ${hidden} cooler ${hidden === 1 ? 'method' : 'methods'} (--json lists all)`);
  return [...lines, ...changedLines([...shown]), ...generatedLines([...shown])];
}

function changedLines(shown: readonly ReportMethod[]): string[] {
  return shown.some(({ changed }) => changed)
    ? [
        '! the file is not what ran: it was changed since, or the source map has another text of it; methods were found by their names',
      ]
    : [];
}

/** Why what is shown is not the source, each reason once. */
function generatedLines(shown: readonly ReportMethod[]): string[] {
  const reasons = [...new Set(shown.flatMap((method) => generatedText(method) ?? []))];
  const told = reasons.slice(0, GENERATED_REASONS).map((text) => `* ${text}`);
  const more = reasons.length - told.length;
  return more > 0 ? [...told, `* … and ${more} more ${more === 1 ? 'reason' : 'reasons'} (--json has all)`] : told;
}

/** What stood in no source file that could be read, the most time and the most bytes first. */
export function unmappedLines({ unmapped, memory }: HeatReport): string[] {
  const shown = new Set([
    ...mostOf(unmapped, ({ selfMs }) => selfMs, 0),
    ...mostOf(unmapped, ({ liveBytes }) => liveBytes, memory.liveBytes * WORTH_A_ROW),
    ...mostOf(unmapped, ({ allocatedBytes }) => allocatedBytes, memory.allocatedBytes * WORTH_A_ROW),
  ]);
  if (!shown.size) return [];
  return [
    '',
    'Not mapped to a source file:',
    ...[...shown].map(({ name, url, line, reason, detail, selfMs, liveBytes, allocatedBytes }) => {
      const bytes = [
        ...(liveBytes > 0 ? [`${formatBytes(liveBytes)} live`] : []),
        ...(allocatedBytes > 0 ? [`${formatBytes(allocatedBytes)} allocated`] : []),
      ];
      const place = `${visibleText(url)}${reason === 'webassembly' ? '' : `:${line}`}`;
      return `  ${[formatDuration(selfMs), ...bytes].join(', ')}  ${visibleText(name)}  ${place}  (${visibleText(detail ?? reason)})`;
    }),
  ];
}

function leaders(
  methods: readonly ReportMethod[],
  column: MemoryColumn,
  total: number,
  shown: ReadonlySet<ReportMethod>,
): ReportMethod[] {
  return methods
    .filter((method) => !shown.has(method) && method.memory[column] > total * WORTH_A_ROW)
    .sort((a, b) => b.memory[column] - a.memory[column])
    .slice(0, BYTES_ROWS);
}

function mostOf<T>(list: readonly T[], size: (item: T) => number, above: number): T[] {
  return list
    .filter((item) => size(item) > above)
    .sort((a, b) => size(b) - size(a))
    .slice(0, UNMAPPED_ROWS);
}

function methodCells(method: ReportMethod, { cpu, memory }: HeatReport): string[] {
  const bytes = (value: number, windowMs: number | null): string => (windowMs === null ? '-' : formatBytes(value));
  return [
    formatDuration(method.cpu.selfMs),
    formatShare(method.cpu.selfShare, cpu.samples, method.bound ?? undefined),
    boundText(method),
    formatDuration(method.cpu.totalMs),
    totalShareText({ cpu: method.cpu, bound: method.bound ?? undefined }, cpu.samples),
    bytes(method.memory.liveBytes, memory.liveWindowMs),
    bytes(method.memory.allocatedBytes, memory.allocatedWindowMs),
    method.qualifiedName,
    `${method.file}:${method.line}${method.changed ? CHANGED : ''}${method.generated ? GENERATED : ''}`,
  ];
}

/** `2`, `0.6` points; `≈` beside a bound that is unknown, or wide. */
function boundText({ accuracy, bound }: ReportMethod): string {
  const points = bound === null ? '' : pointsText(bound);
  return accuracy === 'approximate' ? `≈${points && ` ${points}`}` : points;
}
