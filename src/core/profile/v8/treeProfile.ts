import type { V8CallFrame } from '../frame';
import { columnOf, CpuColumnsBuilder, numberOf, type V8CpuColumns } from './v8Columns';

/*
 * CPU profiles as V8's own interface and the DevTools had them before 2017, and as v8-profiler still writes them: nodes hold
 * their children, lines and columns count from 1, times of the profile are seconds and those of samples µs.
 */

type Fields = Readonly<Record<string, unknown>>;

/** The columns of such a profile. Tolerates whatever a foreign file may have instead; what has no head has no nodes. */
export function treeColumns(raw: unknown): V8CpuColumns {
  const builder = new CpuColumnsBuilder();
  const frames: Partial<V8CallFrame>[] = [];
  const profile = fieldsOf(raw);
  // Iterative, since the file may be thousands of frames deep; children follow their parents.
  const stack: Fields[] = isFields(profile['head']) ? [profile['head']] : [];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const children = listOf(node['children']).filter(isFields);
    for (const child of children) builder.addChild(numberOf(child['id']));
    for (const child of children.reverse()) stack.push(child);
    for (const tick of listOf(node['lineTicks'])) {
      const { line, hitCount } = fieldsOf(tick);
      builder.addTick(numberOf(line), numberOf(hitCount));
    }
    builder.addNode(numberOf(node['id']), frames.push(frameOf(node)) - 1, numberOf(node['hitCount']), NaN);
  }
  const startUs = numberOf(profile['startTime']) * 1e6;
  builder.startTime = startUs;
  builder.endTime = numberOf(profile['endTime']) * 1e6;
  const samples = listOf(profile['samples']);
  const timestamps = listOf(profile['timestamps']);
  if (samples.length > 0 && samples.length === timestamps.length) {
    builder.samples = columnOf(samples);
    builder.timeDeltas = columnOf(
      timestamps.map((at, n) => numberOf(at) - (n > 0 ? numberOf(timestamps[n - 1]) : startUs)),
    );
  }
  return builder.columns(frames);
}

function frameOf({ functionName, url, scriptId, lineNumber, columnNumber }: Fields): V8CallFrame {
  return {
    functionName: textOf(functionName),
    url: textOf(url),
    scriptId: typeof scriptId === 'number' ? String(scriptId) : textOf(scriptId),
    // Functions of V8's own have 0.
    lineNumber: Math.max(0, (numberOf(lineNumber) || 0) - 1),
    columnNumber: Math.max(0, (numberOf(columnNumber) || 0) - 1),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
