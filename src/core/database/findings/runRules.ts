import type { Finding } from '../finding';

/** Looks at one thing in all that is known, the context of its kind of server, and says what is worth saying. */
export type Rule<Context> = (context: Context) => readonly Finding[];

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** What the rules say, the worst first; equal ones in the order of the rules. */
export function runRules<Context>(rules: readonly Rule<Context>[], context: Context): Finding[] {
  return rules.flatMap((rule) => rule(context)).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
