import { FrameTable } from '../../src/core/profile/frameTable';
import type { MeasureColumn, ProfileColumns } from '../../src/core/profile/profileColumns';
import { TreeBuilder } from '../../src/core/profile/tree/treeBuilder';
import { callFrame } from './profileBuilder';

/** Columns by hand: values by stack, a stack written as in `profileBuilder` (`main@/app/a.js:0 > hot@/app/a.js:5`, '' is the root). */
export function columnsOf(
  values: Readonly<Record<string, number | readonly number[]>>,
  options: {
    title?: string;
    measures?: readonly Omit<MeasureColumn, 'self'>[];
    timeline?: readonly (readonly [stack: string, us: number])[];
    startUs?: number;
  } = {},
): ProfileColumns {
  const table = new FrameTable();
  const tree = new TreeBuilder(table.intern({ functionName: '(root)' }));
  const nodeOf = (stack: string): number =>
    stack ? stack.split(' > ').reduce((parent, text) => tree.child(parent, table.intern(callFrame(text))), 0) : 0;
  const cells = Object.entries(values).map(
    ([stack, value]) => [nodeOf(stack), typeof value === 'number' ? [value] : value] as const,
  );
  const steps = options.timeline?.map(([stack, us]) => [nodeOf(stack), us] as const);
  const kinds = options.measures ?? [{ kind: 'cpu', label: 'CPU time', unit: 'µs' }];
  const measures = kinds.map((kind, i) => {
    const self = new Float64Array(tree.nodeCount);
    for (const [node, numbers] of cells) self[node] += numbers[i];
    return { ...kind, self };
  });
  let clock = options.startUs ?? 0;
  const startsUs = new Float64Array(steps?.length ?? 0);
  steps?.forEach(([node, us], i) => {
    startsUs[i] = clock;
    clock += us;
    if (node > 0) measures[0].self[node] += us;
  });
  return {
    title: options.title ?? 'by hand',
    frames: table.frames,
    ...tree.columns(),
    measures,
    timeline: steps && { measure: 0, nodes: Int32Array.from(steps, ([node]) => node), startsUs, endUs: clock },
    problems: [],
  };
}

/** Values by stack, frames as `name@url:line:column`, of one measure; what a round trip must keep. */
export function valuesByStack(
  { frames, parents, nodeFrames, measures }: ProfileColumns,
  measure = 0,
): Record<string, number> {
  const texts: string[] = [''];
  const result: Record<string, number> = {};
  for (let node = 0; node < parents.length; node++) {
    if (node) {
      const { functionName, url, line, column } = frames[nodeFrames[node]];
      const own = url || line >= 0 ? `${functionName}@${url}:${line}:${column}` : functionName;
      texts[node] = parents[node] ? `${texts[parents[node]]} > ${own}` : own;
    }
    const value = measures[measure].self[node];
    if (value) result[texts[node]] = (result[texts[node]] ?? 0) + value;
  }
  return result;
}

/** What every reader promises (see `ProfileColumns`); throws where a promise is broken. */
export function assertColumns(columns: ProfileColumns): void {
  const { frames, parents, nodeFrames, measures, timeline, problems } = columns;
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${columns.title}: ${what}`);
  };
  must(parents.length > 0 && parents.length === nodeFrames.length, 'as many parents as frames, and a root');
  must(parents[0] === -1, 'node 0 is the root');
  for (let node = 1; node < parents.length; node++)
    must(parents[node] >= 0 && parents[node] < node, `the parent of ${node} precedes it`);
  must(
    nodeFrames.every((frame) => frame >= 0 && frame < frames.length),
    'every node has a frame',
  );
  must(
    frames.every(({ line, column }) => Number.isFinite(line) && Number.isFinite(column) && line >= -1 && column >= -1),
    'positions are 0-based or -1',
  );
  must(measures.length > 0, 'a measure');
  for (const { self, label } of measures) {
    must(self.length === parents.length, `${label} has a value for each node`);
    must(
      self.every((value) => Number.isFinite(value) && value >= 0),
      `values of ${label} are finite and not negative`,
    );
  }
  if (timeline) {
    const { nodes, startsUs, endUs } = timeline;
    must(measures[timeline.measure]?.unit === 'µs', 'the timeline is of a measure in µs');
    must(nodes.length === startsUs.length, 'each sample has a start');
    must(
      nodes.every((node) => node >= 0 && node < parents.length),
      'samples name nodes',
    );
    must(
      startsUs.every((start, i) => Number.isFinite(start) && (i === 0 || start >= startsUs[i - 1])),
      'samples ascend',
    );
    must(Number.isFinite(endUs) && (!startsUs.length || endUs >= startsUs[startsUs.length - 1]), 'the end is the end');
  }
  must(
    problems.every((problem) => typeof problem === 'string' && problem !== '' && !problem.includes('\n')),
    'problems are sentences',
  );
}
