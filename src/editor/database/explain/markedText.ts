import type { Statement } from '../../../core/database/statement';
import type { Choices, HoleValues } from '../../../core/evaluate/choose';
import { shellText } from '../../../core/database/mongo/shell/shellText';
import { ejsonText } from '../../../core/ejson/ejsonText';
import type { StatementView } from '../../../core/protocol/explain';
import { decidedConditions } from '../../../core/database/mongo/calls/conditions';

/** Stands for a value while the text is made; strings of a statement are escaped, so that nothing else has these marks. */
const mark = (index: number): string => `\u{e010}${index}\u{e011}`;
const MARKED = /"\u{e010}(\d+)\u{e011}"/gu;

/** The statement as shell text, and where each hole stands in it: those with a value too, so that they can be changed. */
export function markedText(
  statement: Statement,
  values: HoleValues,
  choices: Choices,
): Pick<StatementView, 'text' | 'ranges'> {
  const names = [...values.keys()];
  const marks = new Map(names.map((name, index) => [name, mark(index)]));
  // A mark is true for every condition: they are decided by the values themselves.
  const decided = new Map(
    decidedConditions(statement, values, choices).map(({ condition, holds }) => [condition, holds]),
  );
  const { text: marked, holes } = shellText(statement, marks, decided);

  const ranges: { from: number; to: number; hole: string }[] = [];
  let text = '';
  let last = 0;
  const open = [...holes];
  const copyTo = (end: number): void => {
    while (open.length && open[0].from < end) {
      const [{ from, to, hole }] = open.splice(0, 1);
      ranges.push({ from: text.length + from - last, to: text.length + to - last, hole: hole.name });
    }
    text += marked.slice(last, end);
    last = end;
  };
  for (const match of marked.matchAll(MARKED)) {
    copyTo(match.index);
    const name = names[Number(match[1])];
    const value = ejsonText(values.get(name));
    ranges.push({ from: text.length, to: text.length + value.length, hole: name });
    text += value;
    last = match.index + match[0].length;
  }
  copyTo(marked.length);
  return { text, ranges };
}
