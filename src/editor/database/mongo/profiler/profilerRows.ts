import { t } from '@vscode/l10n';
import { inDigits } from '../../../../core/words/numbers';
import { formatDuration } from '../../../../core/words/times';
import type { ProfileShapes, ShapeUse } from '../../../../core/database/mongo/shapes/profileShapes';
import type { ProfilingLevel } from '../../../../node/database/mongo/databaseProfiler';
import { inside, messageRow, type MongoNode } from '../tree/mongoTreeModel';

/** Slower shapes come first; those behind cost next to nothing. */
const MAX_SHAPES = 30;

/** The level of a database, with what is counted down to; then the costliest shapes that were recorded. */
export function profilerRows(
  parent: MongoNode,
  level: ProfilingLevel,
  until: number | undefined,
  { shapes, entries, since }: ProfileShapes,
): MongoNode[] {
  const status: MongoNode = {
    ...inside(parent, 'level'),
    kind: 'fact',
    label: levelText(level),
    ...(until === undefined ? {} : { until }),
    icon: level.level === 0 ? 'circle-outline' : 'record',
    context: 'mongoProfiler',
    expandable: false,
  };
  if (!shapes.length)
    return [status, messageRow(parent, level.level === 0 ? t('Nothing was recorded') : t('Nothing was recorded yet'))];
  const when = since === undefined ? '' : t('since {0}', new Date(since).toLocaleTimeString());
  const head: MongoNode = {
    ...inside(parent, 'recorded'),
    kind: 'fact',
    label: t('{0} recorded operations', inDigits(entries)),
    description: when,
    expandable: false,
  };
  return [status, head, ...shapes.slice(0, MAX_SHAPES).map((use, at) => shapeRow(parent, use, at))];
}

function shapeRow(parent: MongoNode, use: ShapeUse, at: number): MongoNode {
  const { shape, count, totalMillis, maxMillis, docsExamined, keysExamined, returned, planSummaries } = use;
  const numbers = [
    t('{0} ×', inDigits(count)),
    t('{0} in all', formatDuration(totalMillis)),
    t('at most {0}', formatDuration(maxMillis)),
    planSummaries[0] ?? '',
  ];
  const work = t(
    '{0} documents and {1} keys examined for {2} returned',
    inDigits(docsExamined),
    inDigits(keysExamined),
    inDigits(returned),
  );
  return {
    ...inside(parent, `shape ${at}`),
    kind: 'shape',
    label: `${shape.kind} ${shape.collection ?? ''}`.trim(),
    description: numbers.filter(Boolean).join(' · '),
    tooltip: [shape.text, work, ...planSummaries].join('\n'),
    icon: 'symbol-event',
    context: 'mongoShape',
    expandable: false,
    shape,
  };
}

export function levelText({ level, slowms, filter }: ProfilingLevel): string {
  if (level === 0) return t('Off');
  if (level === 2) return t('Records all operations');
  return filter ? t('Records operations that pass a filter') : t('Records operations slower than {0} ms', slowms);
}
