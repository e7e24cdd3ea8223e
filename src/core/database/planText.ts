import { inDigits, inDecimals } from '../words/numbers';
import { inBytes } from '../words/bytes';
import type { Plan, Stage } from './plan';
import { entriesText, type PlanWords, rowsText } from './planWords';

const DEEPEST_INDENT = 60;

/** The tree of a plan as indented lines, the output of the query first. */
export function treeLines({ root, words }: Pick<Plan, 'root' | 'words'>): string[] {
  const lines: string[] = [];
  const open: [Stage, number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [stage, depth] = next;
    lines.push(`${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}${stageText(stage, words)}`);
    for (let i = stage.children.length - 1; i >= 0; i--) open.push([stage.children[i], depth + 1]);
  }
  return lines;
}

/** One stage on one line: `IXSCAN category_1  20 returned, 20 keys, 0.4 ms`. */
export function stageText(stage: Stage, words: PlanWords): string {
  const { relation, tempBytes } = stage;
  const parts = [
    stage.name,
    stage.index ?? '',
    stage.shard === undefined ? '' : `on ${stage.shard}`,
    stage.target === undefined ? '' : `of ${stage.target}`,
    relation?.kind === 'branch' ? `branch ${relation.name}` : '',
  ].filter(Boolean);
  const numbers = [
    stage.returned === undefined ? '' : `${inDigits(stage.returned)} returned`,
    stage.entriesRead === undefined ? '' : entriesText(stage.entriesRead, words),
    stage.rowsRead === undefined ? '' : rowsText(stage.rowsRead, words),
    stage.selfMillis === undefined ? '' : `${inDecimals(stage.selfMillis)} ms`,
    stage.spilled ? `spilled${tempBytes === undefined ? '' : ` ${inBytes(tempBytes)}`}` : '',
  ].filter(Boolean);
  return `${parts.join(' ')}${numbers.length ? `  ${numbers.join(', ')}` : ''}`;
}
