import { UnsupportedRegExp, type RegExpNode } from './parseRegExp';

/** Longer programs would be slow on long names; `x{1000}` is what gets there. */
const MOST_INSTRUCTIONS = 1_000;

/** Instructions: accept one character and go on; go on at both the argument and the next; at the argument; if it holds. */
export const CHAR = 0;
export const SPLIT = 1;
export const JUMP = 2;
export const ASSERT = 3;
export const MATCH = 4;

/** Arguments of ASSERT. */
export const START = 0;
export const END = 1;
export const BOUNDARY = 2;
const NO_BOUNDARY = 3;

const assertions = { start: START, end: END, boundary: BOUNDARY, noBoundary: NO_BOUNDARY };

/** Starts at instruction 0. */
export interface Program {
  readonly ops: readonly number[];
  readonly args: readonly number[];
  /** By argument of CHAR: whether a code unit is accepted. */
  readonly chars: readonly ((code: number) => boolean)[];
}

/** @throws UnsupportedRegExp where the program would be too long. */
export function compileProgram(root: RegExpNode, ignoreCase: boolean): Program {
  const ops: number[] = [];
  const args: number[] = [];
  const sources = new Map<string, number>();
  const emit = (op: number, arg = 0): number => {
    if (ops.length >= MOST_INSTRUCTIONS) throw new UnsupportedRegExp('so many repetitions');
    ops.push(op);
    args.push(arg);
    return ops.length - 1;
  };
  const add = (node: RegExpNode): void => {
    switch (node.type) {
      case 'char':
        if (!sources.has(node.source)) sources.set(node.source, sources.size);
        emit(CHAR, sources.get(node.source));
        return;
      case 'assertion':
        emit(ASSERT, assertions[node.kind]);
        return;
      case 'sequence':
        node.parts.forEach(add);
        return;
      case 'choice':
        addChoice(node.options);
        return;
      case 'repeat':
        addRepeat(node);
    }
  };
  const addChoice = (options: readonly RegExpNode[]): void => {
    const jumps: number[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) return add(option);
      const split = emit(SPLIT);
      add(option);
      jumps.push(emit(JUMP));
      args[split] = ops.length;
    });
    for (const jump of jumps) args[jump] = ops.length;
  };
  const addRepeat = ({ part, least, most }: Extract<RegExpNode, { type: 'repeat' }>): void => {
    const begin = ops.length;
    for (let i = 0; i < least; i++) {
      add(part);
      // A part that emits nothing is nothing, however often.
      if (ops.length === begin) return;
    }
    if (most === Infinity) {
      const split = emit(SPLIT);
      add(part);
      emit(JUMP, split);
      args[split] = ops.length;
      return;
    }
    const splits: number[] = [];
    for (let i = least; i < most; i++) {
      splits.push(emit(SPLIT));
      add(part);
    }
    for (const split of splits) args[split] = ops.length;
  };
  add(root);
  emit(MATCH);
  return { ops, args, chars: [...sources.keys()].map((source) => charTest(source, ignoreCase)) };
}

/** One code unit against V8's own idea of a class, an escape or a letter of any case. */
function charTest(source: string, ignoreCase: boolean): (code: number) => boolean {
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
  return (code) => expression.test(String.fromCharCode(code));
}
