import { isRootFrame, type Frame } from '../frame';
import { FrameTable } from '../frameTable';
import { GrowableInt32 } from '../../collections/growable';
import type { ProfileColumns } from '../profileColumns';
import { NodeSums, TreeBuilder } from '../tree/treeBuilder';
import { treeOrder } from '../tree/treeOrder';
import { exportTooLarge, nothingUsable } from './formatErrors';
import { foreignFrame, writtenName } from './frameText';
import { inChunks } from './textChunks';
import { amount, unitScale } from './units';

const countScale = unitScale('count');

/**
 * Reads folded stacks: a line per stack, frames from the root separated by semicolons, then a space and a count. Frames
 * written `name (file:line:column)` have their place. Where every line ends in two counts, as difffolded.pl writes them, they are those
 * before and after a change. Throws a HeatlensError when hardly any line has that shape.
 */
export function readFolded(text: string, title: string): ProfileColumns {
  const table = new FrameTable();
  const tree = new TreeBuilder(table.intern({ functionName: '(root)' }));
  const sums = new NodeSums();
  const sumsBefore = isDifferential(text) ? new NodeSums() : undefined;
  const frameOf = new Map<string, number>();
  const isRoot = new Set<number>();
  const intern = (frame: string): number => {
    let index = frameOf.get(frame);
    if (index === undefined) {
      index = table.intern(parseFrame(frame));
      if (isRootFrame(table.frames[index])) isRoot.add(index);
      frameOf.set(frame, index);
    }
    return index;
  };
  // Where the frames of the line before end, and their nodes: sorted files share most of a stack with it.
  const ends = new GrowableInt32();
  const nodes = new GrowableInt32();
  let previous = '';
  let counted = 0;
  let shapeless = 0;
  let invalid = 0;

  for (const line of linesOf(text)) {
    const last = splitCount(line);
    if (!last) {
      shapeless++;
      continue;
    }
    counted++;
    const before = sumsBefore && splitCount(last.rest)!;
    const value = amount(last.count, countScale);
    const valueBefore = before ? amount(before.count, countScale) : 0;
    if (value === undefined || valueBefore === undefined) {
      invalid++;
      continue;
    }
    const stack = (before ?? last).rest;
    let shared = 0;
    while (shared < stack.length && stack.charCodeAt(shared) === previous.charCodeAt(shared)) shared++;
    // A frame is shared only if it ends in both lines where it did before.
    while (ends.length && (ends.get(ends.length - 1) > shared || !isEnd(stack, ends.get(ends.length - 1)))) {
      ends.length--;
      nodes.length--;
    }
    let node = nodes.length ? nodes.get(nodes.length - 1) : 0;
    for (let from = ends.length ? ends.get(ends.length - 1) + 1 : 0; from <= stack.length && stack;) {
      let to = stack.indexOf(';', from);
      if (to < 0) to = stack.length;
      const frame = to > from ? intern(stack.slice(from, to)) : -1;
      if (frame >= 0 && (node > 0 || !isRoot.has(frame))) node = tree.child(node, frame);
      ends.push(to);
      nodes.push(node);
      from = to + 1;
    }
    previous = stack;
    sums.add(node, value);
    sumsBefore?.add(node, valueBefore);
  }
  if (!counted) throw nothingUsable(title, 'folded stacks', 'no line of it is a stack, a space and a number');
  // Other texts have lines that end in a number as well.
  if (shapeless > counted || (shapeless && !text.includes(';')))
    throw nothingUsable(title, 'folded stacks', 'its lines are no stacks of frames with a semicolon between them');

  const { parents, nodeFrames } = tree.columns();
  const problems: string[] = [];
  if (shapeless) problems.push(`${shapeless} lines do not end with a number; they are left out.`);
  if (invalid) problems.push(`${invalid} counts are negative or too large; their lines are left out.`);
  return {
    title,
    frames: table.frames,
    parents,
    nodeFrames,
    measures: [
      {
        kind: 'other',
        label: sumsBefore ? 'Samples after' : 'Samples',
        unit: 'count',
        self: sums.column(parents.length),
      },
      ...(sumsBefore
        ? [{ kind: 'other', label: 'Samples before', unit: 'count', self: sumsBefore.column(parents.length) } as const]
        : []),
    ],
    problems,
  };
}

/** Those that are not empty and no comment. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).trimEnd();
    start = end + 1;
    if (line.trimStart() !== '' && !line.startsWith('#')) yield line;
  }
}

/** `rest` is what stands before the number that ends the line; undefined where none does. */
function splitCount(line: string): { readonly rest: string; readonly count: number } | undefined {
  const space = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
  if (space < 0) return undefined;
  const count = Number(line.slice(space + 1));
  return Number.isNaN(count) ? undefined : { rest: line.slice(0, space).trimEnd(), count };
}

/** A name may end in a number, but not all of them. */
function isDifferential(text: string): boolean {
  let isAny = false;
  for (const line of linesOf(text)) {
    const last = splitCount(line);
    if (!last) continue;
    if (!splitCount(last.rest)) return false;
    isAny = true;
  }
  return isAny;
}

function isEnd(stack: string, at: number): boolean {
  return at === stack.length || stack[at] === ';';
}

/** `name (file:line:column)`, as stack traces and py-spy write it; a bare `(…)` is believed to be a file if it looks so. */
function parseFrame(text: string): ReturnType<typeof foreignFrame> {
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  if (open > 0) {
    const place = text.slice(open + 2, -1);
    const positions = /:(\d+)(?::(\d+))?$/.exec(place);
    const url = positions ? place.slice(0, positions.index) : place;
    // Code from eval has a line, but no file.
    if (positions || /[\\/]|^\w+:|\.\w{1,4}$/.test(url)) {
      return foreignFrame(
        text.slice(0, open),
        url,
        positions?.[1] && Number(positions[1]),
        positions?.[2] && Number(positions[2]),
      );
    }
  }
  return foreignFrame(text, '', undefined, undefined);
}

/** All of a file must fit into what tools read; every line repeats its whole stack. */
const MOST_CHARACTERS = 2 ** 31;

/** The measure as folded stacks, whole numbers of its unit, depth first. Chunks of text. */
export function writeFolded(columns: ProfileColumns, measure: number): Generator<string, void, undefined> {
  return inChunks(lines(columns, measure));
}

function* lines(
  { title, frames, parents, nodeFrames, measures }: ProfileColumns,
  measure: number,
): Generator<string, void, undefined> {
  const { self } = measures[measure];
  const texts = frames.map(frameText);
  const { order, depths } = treeOrder(parents);
  /** By depth: the frames from the root, joined. */
  const stacks: string[] = [''];
  let characters = 0;
  for (const node of order) {
    const depth = depths[node];
    if (depth) stacks[depth] = depth > 1 ? `${stacks[depth - 1]};${texts[nodeFrames[node]]}` : texts[nodeFrames[node]];
    const count = Math.round(self[node]);
    if (count <= 0) continue;
    const line = `${depth ? stacks[depth] : '(root)'} ${count}\n`;
    characters += line.length;
    if (characters > MOST_CHARACTERS) throw exportTooLarge(title, 'folded stacks');
    yield line;
  }
}

function frameText(frame: Frame): string {
  const { url, line, column } = frame;
  const position = line < 0 ? '' : column < 0 ? `:${line + 1}` : `:${line + 1}:${column + 1}`;
  const text = url || position ? `${writtenName(frame)} (${url}${position})` : writtenName(frame);
  // The format has no escapes: these two would end the frame or the line.
  return text.replace(/;/g, ':').replace(/[\r\n\u2028\u2029]+/g, ' ');
}
