import { counted, inDigits, inDecimals } from '../words/numbers';
import { inBytes } from '../words/bytes';
import type { Plan, Stage } from './plan';

const DEEPEST_INDENT = 60;

/** The tree of a plan as indented lines, the output of the query first. */
export function treeLines(root: Stage): string[] {
  const lines: string[] = [];
  const open: [Stage, number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [stage, depth] = next;
    lines.push(`${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}${stageText(stage)}`);
    for (let i = stage.children.length - 1; i >= 0; i--) open.push([stage.children[i], depth + 1]);
  }
  return lines;
}

/** One stage on one line: `IXSCAN category_1  20 returned, 20 keys, 0.4 ms`. */
export function stageText(stage: Stage): string {
  const spilled = stage.fields.spilledDataStorageSize;
  const parts = [
    stage.name,
    stage.index ?? '',
    stage.shard === undefined ? '' : `on ${stage.shard}`,
    stage.collection === undefined ? '' : `of ${stage.collection}`,
    typeof stage.fields.branch === 'string' ? `branch ${stage.fields.branch}` : '',
  ].filter(Boolean);
  const numbers = [
    stage.returned === undefined ? '' : `${inDigits(stage.returned)} returned`,
    stage.keysExamined === undefined ? '' : counted(stage.keysExamined, 'key'),
    stage.docsExamined === undefined ? '' : counted(stage.docsExamined, 'document'),
    stage.selfMillis === undefined ? '' : `${inDecimals(stage.selfMillis)} ms`,
    stage.spilled ? `spilled${typeof spilled === 'number' ? ` ${inBytes(spilled)}` : ''}` : '',
  ].filter(Boolean);
  return `${parts.join(' ')}${numbers.length ? `  ${numbers.join(', ')}` : ''}`;
}

/** How the first leaf of a plan reaches its documents: `IXSCAN category_1`. */
export function leafText(root: Stage): string {
  let leaf = root;
  while (leaf.children.length) leaf = leaf.children[0];
  return accessText(leaf);
}

function accessText(leaf: Stage): string {
  return leaf.index === undefined ? leaf.name : `${leaf.name} ${leaf.index}`;
}

/**
 * How a plan reaches the documents of its own collection, each way once, in the order of the plan: `['IXSCAN a_1', 'COLLSCAN']`
 * of an `$or`. What joins read in other collections is not among them.
 */
export function accessPaths({ root }: Pick<Plan, 'root'>): string[] {
  const paths = new Set<string>();
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    // The branches of a `$facet` begin with what they are fed.
    if (!stage.children.length && !stage.name.startsWith('$')) paths.add(accessText(stage));
    for (let i = stage.children.length - 1; i >= 0; i--)
      if (stage.children[i].collection === undefined) open.push(stage.children[i]);
  }
  return paths.size ? [...paths] : [leafText(root)];
}

/** Names and values of foreign servers must command neither a terminal nor a reader's eye. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '␣');
}
