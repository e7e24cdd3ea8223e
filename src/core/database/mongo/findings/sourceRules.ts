import type { Value } from '../../../evaluate/value';
import type { Statement } from '../../statement';
import { finding } from './context';
import type { Finding } from '../../finding';

/** What the code around a statement tells without running it: rules R36, R42 and R43. */
export function findInSource(statement: Statement): Finding[] {
  return [...unusedResult(statement), ...oncePerItem(statement), ...serialReads(statement)];
}

/** R36: a document is sent back for nobody. */
function unusedResult({ command, use }: Statement): Finding[] {
  if (command.kind !== 'findAndModify' || !use?.unused || command.options.sort) return [];
  const instead = command.options.remove ? 'deleteOne' : 'updateOne';
  return [
    finding('R36', 'info', null, {
      evidence: 'The document that it returns is not used.',
      guard: 'The call stands alone, and no sort chooses the document.',
      advice: `Use ${instead}: it does the same without sending the document back.`,
    }),
  ];
}

/** R42: one query for each item of a list. */
function oncePerItem({ command, use, holes }: Statement): Finding[] {
  const reads = command.kind === 'find' || command.kind === 'count' || command.kind === 'distinct';
  if (!use?.loop || !reads || hasList(command.filter)) return [];
  const { text, names } = use.loop;
  const varying = holes.filter(
    (hole) => hole.path.startsWith('filter') && names.some((name) => mentions(hole.name, name)),
  );
  if (!varying.length) return [];
  return [
    finding('R42', 'warning', null, {
      evidence: `One query for each turn of ${text}: the filter differs in ${varying
        .map(({ name }) => name)
        .slice(0, 3)
        .join(', ')}.`,
      guard: 'The filter has no $in, so it is no batch, and its value comes from the item of the loop.',
      advice: 'Ask once for all items with $in and put the answers in a Map, or join with $lookup or populate().',
    }),
  ];
}

function mentions(expression: string, name: string): boolean {
  const words: readonly string[] = expression.match(/[\w$]+/g) ?? [];
  return words.includes(name);
}

function hasList(filter: Value): boolean {
  const open: Value[] = [filter];
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.kind === 'document') {
      if (value.entries.some(([key]) => key === '$in')) return true;
      for (const [, entry] of value.entries) open.push(entry);
    } else if (value.kind === 'either') open.push(value.then, value.otherwise);
    else if (value.kind === 'array') for (const item of value.items) open.push(item);
    else if (value.kind === 'spread') open.push(value.value);
  }
  return false;
}

/** R43: reads that wait for each other without need. */
function serialReads({ use, language }: Statement): Finding[] {
  if (!use?.waitsFor) return [];
  const line = use.waitsFor.start.line + 1;
  const together = language === 'python' ? 'asyncio.gather()' : 'Promise.all()';
  return [
    finding('R43', 'info', null, {
      evidence: `It waits for the query of line ${line}, whose result it does not need.`,
      guard: 'Both only read, outside of a transaction, one right after the other.',
      advice: `Run both at the same time with ${together}.`,
    }),
  ];
}
