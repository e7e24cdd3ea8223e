import { percentText } from '../core/words/shares';
import { formatDuration } from '../core/words/times';
import { visibleText } from '../core/words/foreignText';
import { inlinesCallbacks } from '../core/heat/runtimeSums';
import type { RuntimeHeat } from '../core/heat/heatSnapshot';

/** Methods, and functions of Node or of native code, that are named in one line. */
const NAMED = 3;
/** Shares of the busy time below which nobody asks what was in it. */
const WORTH_NAMING = 0.05;
const WORTH_ADVICE = 0.1;

/** What these lines need of a report. */
interface Outside {
  readonly cpu: {
    readonly sampledMs: number;
    readonly waitingMs: number | null;
    readonly nativeMs: number;
    readonly nodeMs: number;
  };
  readonly methods: readonly {
    readonly qualifiedName: string;
    readonly cpu: { readonly selfWaitingMs: number; readonly totalWaitingMs: number };
  }[];
  readonly runtime: readonly RuntimeHeat[];
}

/** Which methods waited: their time is in no column of the table. */
export function waitingLines({ cpu, methods }: Pick<Outside, 'cpu' | 'methods'>): string[] {
  if (!cpu.waitingMs) return [];
  const waiting = methods
    .filter((method) => method.cpu.totalWaitingMs > 0)
    .sort((a, b) => b.cpu.selfWaitingMs - a.cpu.selfWaitingMs || b.cpu.totalWaitingMs - a.cpu.totalWaitingMs)
    .slice(0, NAMED)
    .map(({ qualifiedName, cpu: { selfWaitingMs, totalWaitingMs } }) => {
      const time = selfWaitingMs > 0 ? selfWaitingMs : totalWaitingMs;
      return `${visibleText(qualifiedName)} ${formatDuration(time)}${selfWaitingMs > 0 ? '' : ' in what it calls'}`;
    });
  return [`waiting: blocked outside of JavaScript, no CPU time${waiting.length ? `; ${waiting.join(', ')}` : ''}`];
}

/** What native code and Node itself were busy with. */
export function runtimeLines({ cpu, runtime }: Pick<Outside, 'cpu' | 'runtime'>): string[] {
  const share = (ms: number): number => (cpu.sampledMs > 0 ? ms / cpu.sampledMs : 0);
  const line = (label: string, kind: 'native' | 'node', ms: number): string[] => {
    if (share(ms) < WORTH_NAMING) return [];
    const named = runtime
      .filter((each) => each.kind === kind)
      .slice(0, NAMED)
      .map(({ name, url, selfMs }) => {
        const place = url ? ` (${visibleText(url)})` : '';
        return `${visibleText(name || '(anonymous)')}${place} ${formatDuration(selfMs)}`;
      });
    return named.length ? [`${label} ${percentText(share(ms))}: ${named.join(', ')}`] : [];
  };
  const inlined = runtime.filter(inlinesCallbacks).reduce((sum, { selfMs }) => sum + selfMs, 0);
  const lines = [...line('native', 'native', cpu.nativeMs), ...line('Node itself', 'node', cpu.nodeMs)];
  if (share(inlined) >= WORTH_ADVICE)
    lines.push(
      'V8 inlines hot callbacks into these functions of Node, and most of their time is the callbacks’: measure longer to tell them apart',
    );
  return lines;
}
