import { parseRegExp, UnsupportedRegExp } from './parseRegExp';
import { ASSERT, BOUNDARY, CHAR, compileProgram, END, JUMP, MATCH, SPLIT, START, type Program } from './regExpProgram';

/** The parser follows nested groups by its own calls. */
const LONGEST = 2_000;

/** States are found as texts need them; when there are more, all are forgotten and found again. */
const MOST_STATES = 1_000;

/** The end of a text, among the characters that a state goes on by. */
const TEXT_END = -1;

/** Says whether an expression occurs in a text. Time is bounded by the product of their lengths, whatever they are. */
export interface LinearRegExp {
  test(text: string): boolean;
}

/** Where a search can be between two characters. */
interface State {
  /** Ascending: instructions that accept a character, that ask what is next, or that match. */
  readonly instructions: readonly number[];
  /** Of the character before; `NaN` before the first one. */
  readonly before: number;
  /** By ASCII character; undefined where nobody asked yet. */
  readonly next: (State | undefined)[];
  /** By other characters, and the end. */
  readonly others: Map<number, State>;
}

/**
 * Compiles an expression of JavaScript's syntax to an automaton that follows all alternatives at once, as V8's own engine,
 * which tries one after the other, can hang for hours on what a user types: `(a+)+$`.
 *
 * @throws SyntaxError for what JavaScript refuses; UnsupportedRegExp for what no automaton of reasonable size can match.
 */
export function compileLinear(source: string, ignoreCase: boolean): LinearRegExp {
  if (source.length > LONGEST) throw new UnsupportedRegExp(`expressions longer than ${LONGEST} characters`);
  const program = compileProgram(parseRegExp(source), ignoreCase);
  const matched: State = { instructions: [], before: NaN, next: [], others: new Map() };
  const failed: State = { instructions: [], before: NaN, next: [], others: new Map() };
  const states = new Map<string, State>();
  let first: State | undefined;

  const stateOf = (instructions: number[], before: number): State => {
    // Of the character before, only this much is ever asked.
    const kind = Number.isNaN(before) ? 0 : isWord(before) ? 1 : 2;
    instructions.sort((a, b) => a - b);
    const key = `${kind} ${instructions.join()}`;
    let state = states.get(key);
    if (!state) {
      if (states.size >= MOST_STATES) {
        // The first one leads to all of them.
        states.clear();
        first = undefined;
      }
      states.set(key, (state = { instructions, before, next: new Array<State | undefined>(128), others: new Map() }));
    }
    return state;
  };

  const step = ({ instructions, before }: State, code: number): State => {
    const reached = resolve(program, instructions, before, code);
    if (reached.some((pc) => program.ops[pc] === MATCH)) return matched;
    if (code === TEXT_END) return failed;
    const following: number[] = [];
    const seen = new Set<number>();
    for (const pc of reached) {
      if (program.ops[pc] === CHAR && program.chars[program.args[pc]](code)) reach(program, pc + 1, seen, following);
    }
    // A match may begin anywhere.
    reach(program, 0, seen, following);
    return stateOf(following, code);
  };

  const begin = (): State => {
    const instructions: number[] = [];
    reach(program, 0, new Set(), instructions);
    return stateOf(instructions, NaN);
  };

  const test = (text: string): boolean => {
    let state = (first ??= begin());
    for (let at = 0; state !== matched && state !== failed; at++) {
      const code = at < text.length ? text.charCodeAt(at) : TEXT_END;
      const known: State | undefined = code >= 0 && code < 128 ? state.next[code] : state.others.get(code);
      if (known) {
        state = known;
        continue;
      }
      const next = step(state, code);
      if (code >= 0 && code < 128) state.next[code] = next;
      else state.others.set(code, next);
      state = next;
    }
    return state === matched;
  };
  return { test };
}

/** Adds what can be reached from an instruction without reading, up to assertions. */
function reach({ ops, args }: Program, from: number, seen: Set<number>, reached: number[]): void {
  const pending = [from];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    if (ops[pc] === JUMP) pending.push(args[pc]);
    else if (ops[pc] === SPLIT) pending.push(args[pc], pc + 1);
    else reached.push(pc);
  }
}

/** What is reached when assertions are answered, which needs the characters on both sides. */
function resolve(program: Program, instructions: readonly number[], before: number, after: number): readonly number[] {
  const { ops, args } = program;
  if (!instructions.some((pc) => ops[pc] === ASSERT)) return instructions;
  const seen = new Set(instructions);
  const reached: number[] = [];
  const pending = [...instructions];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (ops[pc] !== ASSERT) reached.push(pc);
    else if (holds(args[pc], before, after)) reach(program, pc + 1, seen, pending);
  }
  return reached;
}

function holds(assertion: number, before: number, after: number): boolean {
  switch (assertion) {
    case START:
      return Number.isNaN(before);
    case END:
      return after === TEXT_END;
    default:
      return (isWord(before) !== isWord(after)) === (assertion === BOUNDARY);
  }
}

/** Beyond the ends there is none. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
