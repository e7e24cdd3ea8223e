import { parseRegExp, UnsupportedRegExp, type RegExpNode } from './parseRegExp';

/** The parser follows nested groups by its own calls. */
const LONGEST = 2_000;

/** Longer programs would be slow on long names; `x{1000}` is what gets there. */
const MOST_INSTRUCTIONS = 1_000;

const CHAR = 0;
const SPLIT = 1;
const JUMP = 2;
const ASSERT = 3;
const MATCH = 4;

const assertions = ['start', 'end', 'boundary', 'noBoundary'] as const;

/** Says whether an expression occurs in a text. Time is bounded by the product of their lengths, whatever they are. */
export interface LinearRegExp {
  test(text: string): boolean;
}

/**
 * Compiles an expression of JavaScript's syntax to an automaton that follows all alternatives at once (Thompson's way), as
 * V8's own engine, which tries one after the other, can hang for hours on what a user types: `(a+)+$`.
 *
 * @throws SyntaxError for what JavaScript refuses; UnsupportedRegExp for what no automaton of reasonable size can match.
 */
export function compileLinear(source: string, ignoreCase: boolean): LinearRegExp {
  if (source.length > LONGEST) throw new UnsupportedRegExp(`expressions longer than ${LONGEST} characters`);
  const { ops, args, chars } = compile(parseRegExp(source), ignoreCase);
  const size = ops.length;
  // Sets of instructions: members in order of arrival, and where each stands.
  let current = new Int32Array(size);
  let following = new Int32Array(size);
  const seenAt = new Int32Array(size);
  const pending: number[] = [];
  let generation = 0;

  /** Adds what can be reached without reading, and returns how many there are then; -1 where that is the end. */
  const reach = (from: number, members: Int32Array, count: number, text: string, at: number): number => {
    pending.push(from);
    while (pending.length) {
      const pc = pending.pop()!;
      if (seenAt[pc] === generation) continue;
      seenAt[pc] = generation;
      switch (ops[pc]) {
        case MATCH:
          pending.length = 0;
          return -1;
        case JUMP:
          pending.push(args[pc]);
          break;
        case SPLIT:
          pending.push(args[pc], pc + 1);
          break;
        case ASSERT:
          if (holds(args[pc], text, at)) pending.push(pc + 1);
          break;
        default:
          members[count++] = pc;
      }
    }
    return count;
  };

  const test = (text: string): boolean => {
    let count = 0;
    generation++;
    for (let at = 0; ; at++) {
      // A match may begin anywhere.
      count = reach(0, current, count, text, at);
      if (count < 0) return true;
      if (at === text.length) return false;
      const code = text.charCodeAt(at);
      let next = 0;
      generation++;
      for (let i = 0; i < count; i++) {
        if (!chars[args[current[i]]](code)) continue;
        next = reach(current[i] + 1, following, next, text, at + 1);
        if (next < 0) return true;
      }
      [current, following] = [following, current];
      count = next;
    }
  };
  return { test };
}

interface Program {
  readonly ops: readonly number[];
  readonly args: readonly number[];
  readonly chars: readonly ((code: number) => boolean)[];
}

function compile(root: RegExpNode, ignoreCase: boolean): Program {
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
        emit(ASSERT, assertions.indexOf(node.kind));
        return;
      case 'sequence':
        node.parts.forEach(add);
        return;
      case 'choice': {
        const jumps: number[] = [];
        node.options.forEach((option, i) => {
          if (i === node.options.length - 1) return add(option);
          const split = emit(SPLIT);
          add(option);
          jumps.push(emit(JUMP));
          args[split] = ops.length;
        });
        for (const jump of jumps) args[jump] = ops.length;
        return;
      }
      case 'repeat':
        addRepeat(node);
    }
  };
  const addRepeat = ({ part, least, most }: Extract<RegExpNode, { type: 'repeat' }>): void => {
    // A part that emits nothing is nothing, however often.
    const begin = ops.length;
    for (let i = 0; i < least; i++) {
      add(part);
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

/** One code unit against V8's own idea of a class, an escape or a letter of any case; each is asked once. */
function charTest(source: string, ignoreCase: boolean): (code: number) => boolean {
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
  const ascii = new Int8Array(128);
  const others = new Map<number, boolean>();
  return (code) => {
    if (code < 128) {
      if (ascii[code] === 0) ascii[code] = expression.test(String.fromCharCode(code)) ? 1 : -1;
      return ascii[code] > 0;
    }
    let known = others.get(code);
    if (known === undefined) others.set(code, (known = expression.test(String.fromCharCode(code))));
    return known;
  };
}

function holds(assertion: number, text: string, at: number): boolean {
  switch (assertions[assertion]) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'boundary':
      return isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at));
    case 'noBoundary':
      return isWord(text.charCodeAt(at - 1)) === isWord(text.charCodeAt(at));
  }
}

/** `NaN` beyond the ends is none. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
