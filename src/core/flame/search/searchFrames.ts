import { compileLinear } from './linearRegExp';
import { UnsupportedRegExp } from './parseRegExp';
import type { ProfileView } from '../view/profileView';

export interface SearchQuery {
  readonly query: string;
  readonly isRegExp: boolean;
  readonly matchCase: boolean;
}

export interface SearchResult {
  /** Why nothing is matched, or not everything: for a broken expression, what is wrong with it. */
  readonly hint?: string;
  /** By frame: 1 where its name or its package's name matches. */
  readonly matches: Uint8Array;
  readonly matchedFrames: number;
  /** Value of all stacks that have a match in them: no stack counts twice. */
  readonly matchedValue: number;
}

/** Names take at most this long, however many and long they are. */
const BUDGET_MS = 1_000;

/** An empty query matches nothing. Never throws. */
export function searchFrames(
  view: Pick<ProfileView, 'frames' | 'parents' | 'nodeFrames' | 'totals'>,
  query: SearchQuery,
  budgetMs = BUDGET_MS,
): SearchResult {
  const matches = new Uint8Array(view.frames.length);
  const found = query.query ? testOf(query) : { test: () => false };
  if ('hint' in found) return { hint: found.hint, matches, matchedFrames: 0, matchedValue: 0 };

  const known = new Map<string, boolean>();
  const until = performance.now() + budgetMs;
  const matchesText = (text: string): boolean => {
    let result = known.get(text);
    if (result === undefined) known.set(text, (result = found.test(text)));
    return result;
  };
  let matchedFrames = 0;
  for (let index = 0; index < matches.length; index++) {
    if (index % 32 === 31 && performance.now() > until) {
      return {
        hint: 'The search takes too long; a simpler expression may find it.',
        matches: matches.fill(0),
        matchedFrames: 0,
        matchedValue: 0,
      };
    }
    const { name, packageName } = view.frames[index];
    if (!matchesText(name) && !(packageName !== undefined && matchesText(packageName))) continue;
    matches[index] = 1;
    matchedFrames++;
  }
  return { matches, matchedFrames, matchedValue: valueOf(view, matches) };
}

function testOf({ query, isRegExp, matchCase }: SearchQuery): { test(text: string): boolean } | { hint: string } {
  if (!isRegExp) {
    if (matchCase) return { test: (text) => text.includes(query) };
    const lower = query.toLowerCase();
    return { test: (text) => text.toLowerCase().includes(lower) };
  }
  try {
    return compileLinear(query, !matchCase);
  } catch (error) {
    if (error instanceof UnsupportedRegExp) return { hint: `The search does not understand ${error.message}.` };
    if (!(error instanceof SyntaxError)) throw error;
    return { hint: `${error.message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /s, '')}.` };
  }
}

/** The outermost matches carry whatever is below them. */
function valueOf(
  { parents, nodeFrames, totals }: Pick<ProfileView, 'parents' | 'nodeFrames' | 'totals'>,
  matches: Uint8Array,
): number {
  const within = new Uint8Array(parents.length);
  let value = 0;
  for (let node = 0; node < parents.length; node++) {
    if (node && within[parents[node]]) within[node] = 1;
    else if (matches[nodeFrames[node]]) {
      within[node] = 1;
      value += totals[node];
    }
  }
  return value;
}
